"""Search: a parsed query asked of the index, newest first or most relevant first.

Hit sets, counts and date order are the same on SQLite and PostgreSQL; the order by relevance may
differ, since bm25 and ts_rank weigh words differently.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    cast,
    column,
    exists,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from archive import policy
from archive.db.schema import article, extraction, version
from archive.moments import moment_from_json
from archive.query.language import parse
from archive.query.match import fts5, needles, tsquery
from archive.query.nodes import Filter, Node, Not, Query
from archive.query.particulars import Particulars, particulars_by_version
from archive.records import ArticleId, Moment, Nature, OutletId, Url, VersionId
from archive.words import Needle, excerpt

Order = Literal["date", "relevance"]

_ASCII_CAPITALS = re.compile("[A-Z]+")
_fulltext = table("fulltext", column("rowid"), column("docid"), column("words"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One answer to a query: a version, and the passage that matched."""

    article: ArticleId
    version: VersionId
    outlet: OutletId
    url: Url
    title: str
    published: Moment | None
    captured_at: datetime
    language: str | None
    authors: tuple[str, ...]
    versions: int
    is_gone: bool
    snippet: str
    kind: Nature
    tags: tuple[str, ...]
    wire: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a search found: all of how many, and the hits asked for."""

    total: int
    hits: tuple[Hit, ...]


def search(
    connection: Connection,
    query: str,
    *,
    now: datetime,
    order: Order = "date",
    limit: int = 20,
    offset: int = 0,
) -> Answer:
    """Ask for the current version of every article that a query matches.

    Args:
        connection: from `Archive.reading`.
        query: see `archive.query.language`.
        now: the instant at which restrictions are judged.
        order: newest first, or most relevant first.
        limit: hits to give.
        offset: hits to pass over.

    Raises:
        QuerySyntax: if the query cannot be parsed, with the column.
    """
    parsed = parse(query)
    found = _matching(connection, parsed, now)
    total = connection.execute(select(func.count()).select_from(found.subquery())).scalar() or 0
    ranked = found.order_by(*_order(connection, parsed.text, order)).limit(limit).offset(offset)
    terms = needles(parsed.text) if parsed.text else ()
    rows = connection.execute(ranked).mappings().all()
    said = particulars_by_version(connection, [VersionId(row["version_id"]) for row in rows])
    hits = (_hit(row, terms, said.get(row["version_id"], Particulars())) for row in rows)
    return Answer(total=total, hits=tuple(hits))


def articles_matching(connection: Connection, query: str, *, now: datetime) -> Iterator[ArticleId]:
    """Every article that a query matches, newest first, and never all at once.

    Raises:
        QuerySyntax: if the query cannot be parsed, with the column.
    """
    parsed = parse(query)
    found = _matching(connection, parsed, now).order_by(version.c.docid.desc())
    only = found.with_only_columns(article.c.id, version.c.docid)
    for id_, _ in connection.execute(only.execution_options(yield_per=500)):
        yield ArticleId(id_)


def _matching(connection: Connection, parsed: Query, now: datetime) -> Select[tuple[Any, ...]]:
    others = (
        select(func.count())
        .where(version.c.article_id == article.c.id, version.c.superseded_by.is_(None))
        .correlate(article)
        .scalar_subquery()
    )
    statement: Select[tuple[Any, ...]] = (
        select(
            article.c.id.label("article_id"),
            version.c.id.label("version_id"),
            article.c.outlet_id,
            article.c.url,
            version.c.title,
            version.c.body,
            version.c.published,
            version.c.first_captured_at,
            version.c.language,
            version.c.authors,
            article.c.gone_at,
            version.c.docid,
            others.label("versions"),
        )
        .select_from(version)
        .join(article, article.c.current_version_id == version.c.id)
        .where(policy.visible(now))
    )
    if parsed.text is not None:
        statement = _where_text(connection, statement, parsed.text)
    groups = [or_(*(_condition(one) for one in group)) for group in parsed.conditions]
    return statement.where(*groups)


def _where_text(
    connection: Connection, statement: Select[tuple[Any, ...]], node: Node
) -> Select[tuple[Any, ...]]:
    if isinstance(node, Not):  # only filters find something; less what these words find
        found = _where_text(connection, select(version.c.docid).select_from(version), node.part)
        return statement.where(version.c.docid.not_in(found))
    if connection.dialect.name == "sqlite":
        match = text("fulltext MATCH :match").bindparams(match=fts5(node))
        return statement.join(_fulltext, _fulltext.c.rowid == version.c.docid).where(match)
    match = text("fulltext.words @@ CAST(:match AS tsquery)").bindparams(match=tsquery(node))
    return statement.join(_fulltext, _fulltext.c.docid == version.c.docid).where(match)


def _order(connection: Connection, node: Node | None, order: Order) -> list[Any]:
    newest = version.c.docid.desc()
    if order == "date" or node is None or isinstance(node, Not):
        return [newest]
    if connection.dialect.name == "sqlite":
        return [literal_column("bm25(fulltext, 4.0, 1.0)"), newest]
    words = literal_column("fulltext.words", TSVECTOR)
    query = cast(literal(tsquery(node)), TSQUERY)
    return [func.ts_rank(words, query).desc(), newest]


def _condition(one: Filter) -> ColumnElement[bool]:
    condition = _CONDITIONS[one.name](one)
    return not_(condition) if one.is_negated else condition


def _dated(one: Filter) -> ColumnElement[bool]:
    assert one.days is not None  # noqa: S101 - the parser sets it for these filters
    on = version.c.dated_on
    if one.name == "since":
        return on >= one.days.first
    if one.name == "until":
        return on <= one.days.last
    return and_(on >= one.days.first, on <= one.days.last)


def _language(one: Filter) -> ColumnElement[bool]:
    language = func.lower(func.coalesce(version.c.language, ""))
    return or_(language == one.value, language.startswith(one.value + "-", autoescape=True))


def _author(one: Filter) -> ColumnElement[bool]:
    names = func.lower(cast(version.c.authors, Text))
    plain = _spellings(one.value)
    escaped = {json.dumps(spelling)[1:-1] for spelling in plain}  # as SQLite holds JSON
    return or_(*(names.contains(name, autoescape=True) for name in sorted(plain | escaped)))


def _section(one: Filter) -> ColumnElement[bool]:
    return func.lower(func.coalesce(version.c.section, "")).in_(sorted(_spellings(one.value)))


def _spellings(value: str) -> set[str]:
    """What `lower` may make of a name: SQLite, and PostgreSQL in some locales, fold ASCII alone."""
    cases = (value, value.lower(), value.upper(), value.title(), value.capitalize())
    return {value.lower()} | {_ASCII_CAPITALS.sub(lambda m: m[0].lower(), case) for case in cases}


def _said(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a draft that counts, of any capture of the text, says so; found by its version."""
    mine = (extraction.c.version_id == version.c.id, extraction.c.is_current)
    return exists().where(*mine, condition)


def _tag(one: Filter) -> ColumnElement[bool]:
    tags = func.lower(cast(extraction.c.draft["tags"], Text))
    plain = {f'"{spelling}"' for spelling in _spellings(one.value)}
    escaped = {json.dumps(spelling) for spelling in _spellings(one.value)}
    whole = sorted(plain | escaped)
    return _said(or_(*(tags.contains(tag, autoescape=True) for tag in whole)))


def _wire(one: Filter) -> ColumnElement[bool]:
    return _said(func.lower(extraction.c.draft["wire"].as_string()).in_(_spellings(one.value)))


def _kind(one: Filter) -> ColumnElement[bool]:
    kind = func.coalesce(extraction.c.draft["kind"].as_string(), "article")
    return _said(kind == one.value)


def _is(one: Filter) -> ColumnElement[bool]:
    if one.value == "gone":
        return article.c.gone_at.is_not(None)
    if one.value == "corrected":
        return _said(extraction.c.draft["correction"].as_string().is_not(None))
    earlier = version.alias("other")
    return exists().where(
        earlier.c.article_id == article.c.id,
        earlier.c.id != version.c.id,
        earlier.c.superseded_by.is_(None),
    )


_CONDITIONS: dict[str, Callable[[Filter], ColumnElement[bool]]] = {
    "outlet": lambda one: article.c.outlet_id == one.value,
    "lang": _language,
    "section": _section,
    "author": _author,
    "tag": _tag,
    "wire": _wire,
    "kind": _kind,
    "since": _dated,
    "until": _dated,
    "date": _dated,
    "is": _is,
}


def _hit(row: Any, terms: Iterable[Needle], said: Particulars) -> Hit:
    return Hit(
        article=ArticleId(row["article_id"]),
        version=VersionId(row["version_id"]),
        outlet=OutletId(row["outlet_id"]),
        url=Url(row["url"]),
        title=row["title"],
        published=moment_from_json(row["published"]),
        captured_at=row["first_captured_at"],
        language=row["language"],
        authors=tuple(row["authors"]),
        versions=row["versions"],
        is_gone=row["gone_at"] is not None,
        snippet=excerpt(row["body"], terms),
        kind=said.kind,
        tags=said.tags,
        wire=said.wire,
    )
