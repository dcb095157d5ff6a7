"""Who may see what: takedowns and embargoes, beneath every read (DESIGN decision 16).

A restriction names an article, an outlet, or every URL under a urlkey; it holds from when it was
imposed until it is lifted or its time is over. Nothing is destroyed.
"""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    update,
)

from archive.db.crawling import frontier, outlet
from archive.db.schema import (
    article,
    article_url,
    capture,
    extraction,
    restriction,
    screenshot,
    screenshot_part,
    version,
)
from archive.records import OutletId, UrlKey
from archive.urls import host_of, urlkey

Scope = Literal["article", "outlet", "urlkey"]


def impose(
    connection: Connection,
    *,
    scope: Scope,
    target: str,
    reason: str,
    actor: str,
    now: datetime,
    until: datetime | None = None,
    id_: str | None = None,
) -> str:
    """Restrict something from now on; gives the restriction's id."""
    row = {
        "id": id_ or f"p:{uuid.uuid4().hex[:12]}",
        "scope": scope,
        "target": target,
        "reason": reason,
        "actor": actor,
        "imposed_at": now,
        "until": until,
    }
    connection.execute(insert(restriction), row)
    return str(row["id"])


def lift(connection: Connection, id_: str, now: datetime) -> bool:
    """End a restriction; whether there was one in force."""
    one = and_(restriction.c.id == id_, restriction.c.lifted_at.is_(None))
    return connection.execute(update(restriction).where(one).values(lifted_at=now)).rowcount > 0


def imposed_since(connection: Connection, at: datetime) -> bool:
    """Whether anything was restricted at this time or later, whatever became of it."""
    since = select(restriction.c.id).where(restriction.c.imposed_at >= at).limit(1)
    return connection.execute(since).first() is not None


def outlets_under(connection: Connection, scope: Scope, target: str) -> list[OutletId]:
    """The outlets of which such a restriction hides an article; one that it names has none yet."""
    if scope == "outlet":
        return [OutletId(target)]
    if scope == "article":
        found = select(article.c.outlet_id).where(article.c.id == target)
    else:
        known = article_url.c.urlkey
        under = func.substr(known, 1, func.length(literal(target))) == target
        mine = exists().where(article_url.c.outlet_id == outlet.c.id, under)
        found = select(outlet.c.id).where(mine.correlate(outlet)).order_by(outlet.c.id)
    return [OutletId(id_) for id_ in connection.execute(found).scalars()]


def visible(now: datetime) -> ColumnElement[bool]:
    """For statements over `article`: that no restriction hides it, by any URL it is known by."""
    by_outlet = and_(restriction.c.scope == "outlet", restriction.c.target == article.c.outlet_id)
    hidden = exists().where(_in_force(now), or_(by_outlet, _names(article.c.id)))
    return not_(hidden.correlate(article))


def visible_capture(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """For statements over `capture`: that neither its URL nor its article is hidden.

    It takes a millisecond to build; who asks often builds it once, with a parameter for `now`.
    """
    by_outlet = and_(restriction.c.scope == "outlet", restriction.c.target == capture.c.outlet_id)
    by_key = and_(restriction.c.scope == "urlkey", _begins(capture.c.urlkey, restriction.c.target))
    its_url = exists().where(
        article_url.c.urlkey == capture.c.urlkey,
        article_url.c.outlet_id == capture.c.outlet_id,
        _names(article_url.c.article_id),
    )
    its_text = exists().where(  # redirects lead elsewhere than to the URLs an article is known by
        extraction.c.capture_id == capture.c.id,
        extraction.c.version_id == version.c.id,
        _names(version.c.article_id),
    )
    # SQLAlchemy ties a statement to the one around it by itself, and no further
    by_article = [one.correlate(capture, restriction) for one in (its_url, its_text)]
    hidden = exists().where(_in_force(now), or_(by_outlet, by_key, *by_article))
    return not_(hidden.correlate(capture))


def visible_outlet(outlet_id: Column[str], now: datetime) -> ColumnElement[bool]:
    """For statements over rows of outlets: that no restriction hides the outlet itself."""
    hidden = exists().where(
        _in_force(now), restriction.c.scope == "outlet", restriction.c.target == outlet_id
    )
    return not_(hidden.correlate(outlet_id.table))


def visible_url(now: datetime) -> ColumnElement[bool]:
    """For statements over `frontier`: that no restriction hides URL, article or outlet."""
    by_outlet = and_(restriction.c.scope == "outlet", restriction.c.target == frontier.c.outlet_id)
    by_key = and_(restriction.c.scope == "urlkey", _begins(frontier.c.urlkey, restriction.c.target))
    by_article = _names(frontier.c.article_id)
    hidden = exists().where(_in_force(now), or_(by_outlet, by_key, by_article))
    return not_(hidden.correlate(frontier))


def hides(connection: Connection, key: UrlKey, now: datetime) -> bool:
    """Whether a URL is hidden: by its urlkey, or all articles that are known by it."""
    begins = func.substr(literal(str(key)), 1, func.length(restriction.c.target))
    by_key = and_(restriction.c.scope == "urlkey", begins == restriction.c.target)
    if connection.execute(select(restriction.c.id).where(_in_force(now), by_key).limit(1)).first():
        return True
    known = select(article.c.id).join(article_url, article_url.c.article_id == article.c.id)
    every = select(outlet.c.id)  # its index begins with the outlet
    mine = known.where(article_url.c.outlet_id.in_(every), article_url.c.urlkey == key).limit(1)
    if connection.execute(mine).first() is None:
        return False
    return connection.execute(mine.where(visible(now))).first() is None


def visible_name(name: Column[str], now: datetime) -> ColumnElement[str]:
    """For statements over `outlet`: its name, or its id alone if the outlet is hidden."""
    return case((visible_outlet(outlet.c.id, now), name), else_=outlet.c.id)


def hidden_hosts(connection: Connection, now: datetime) -> Callable[[str], bool]:
    """Tells of a host whether it is hidden: by its urlkey, or as home of a hidden outlet alone.

    A host at which a listing of the outlet lies is its home as well.
    """
    is_seen = visible_outlet(outlet.c.id, now)
    homes: dict[bool, set[str]] = {True: set(), False: set()}
    for id_, home, seen in connection.execute(select(outlet.c.id, outlet.c.home, is_seen)).all():
        homes[bool(seen)] |= _hosts([home])
        if not seen:
            listings = select(frontier.c.url).where(
                frontier.c.outlet_id == id_, frontier.c.kind.not_in(("article", "requisite"))
            )
            homes[False] |= _hosts(connection.execute(listings).scalars())
    alone = homes[False] - homes[True]

    def is_hidden(host: str) -> bool:
        return host in alone or hides(connection, urlkey(f"https://{host}/"), now)

    return is_hidden


def _hosts(urls: Iterable[str]) -> set[str]:
    """The hosts of these; an outlet that was made anew from its records alone has no home."""
    return {host_of(url) for url in urls if url}


def visible_screenshot(now: datetime) -> ColumnElement[bool]:
    """For statements over `screenshot`: that no capture which it was drawn from is hidden."""
    hidden = exists().where(
        screenshot_part.c.screenshot_id == screenshot.c.id,
        screenshot_part.c.capture_id == capture.c.id,
        not_(visible_capture(now)),
    )
    return not_(hidden.correlate(screenshot))


def hidden_places(connection: Connection, now: datetime) -> set[tuple[str, int]]:
    """File and offset of each record not to be seen: responses, drafts and pictures of them."""
    hidden = not_(visible_capture(now))
    responses = select(capture.c.file, capture.c.offset).where(hidden, capture.c.file.is_not(None))
    drafts = (
        select(extraction.c.file, extraction.c.offset)
        .join(capture, capture.c.id == extraction.c.capture_id)
        .where(hidden)
    )
    pictures = select(screenshot.c.file, screenshot.c.offset).where(not_(visible_screenshot(now)))
    return {
        (file, offset)
        for statement in (responses, drafts, pictures)
        for file, offset in connection.execute(statement)
    }


def _names(article_id: Column[str]) -> ColumnElement[bool]:
    """That the restriction at hand names this article, or one of the URLs it is known by."""
    known = article_url.alias("known_as")
    by_key = exists().where(
        known.c.article_id == article_id, _begins(known.c.urlkey, restriction.c.target)
    )
    return or_(
        and_(restriction.c.scope == "article", restriction.c.target == article_id),
        and_(restriction.c.scope == "urlkey", by_key.correlate(article_id.table, restriction)),
    )


def _begins(key: Column[str], prefix: Column[str]) -> ColumnElement[bool]:
    # LIKE would read _ and % as wildcards, and on SQLite take A for a
    return func.substr(key, 1, func.length(prefix)) == prefix


def _in_force(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return and_(
        restriction.c.lifted_at.is_(None),
        or_(restriction.c.until.is_(None), restriction.c.until > now),
    )
