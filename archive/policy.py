"""Who may see what: takedowns and embargoes, beneath every read (DESIGN decision 16).

A restriction names an article, an outlet, or every URL under a urlkey; it holds from when it was
imposed until it is lifted or its time is over. Nothing is destroyed.
"""

import uuid
from datetime import datetime
from typing import Literal

from sqlalchemy import Column, ColumnElement, Connection, and_, exists, insert, not_, or_, update

from archive.db.schema import article, article_url, capture, restriction

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


def visible(now: datetime) -> ColumnElement[bool]:
    """For statements over `article`: that no restriction hides it."""
    return not_(
        _restricted(now, outlet=article.c.outlet_id, key=article.c.urlkey, article_id=article.c.id)
    )


def visible_capture(now: datetime) -> ColumnElement[bool]:
    """For statements over `capture`: that neither its URL nor its article is hidden."""
    by_url = _restricted(now, outlet=capture.c.outlet_id, key=capture.c.urlkey)
    by_article = exists().where(
        article_url.c.urlkey == capture.c.urlkey,
        article_url.c.outlet_id == capture.c.outlet_id,
        article_url.c.article_id == restriction.c.target,
        restriction.c.scope == "article",
        _in_force(now),
    )
    return not_(or_(by_url, by_article))


def _restricted(
    now: datetime, *, outlet: Column[str], key: Column[str], article_id: Column[str] | None = None
) -> ColumnElement[bool]:
    targets: list[ColumnElement[bool]] = [
        and_(restriction.c.scope == "outlet", restriction.c.target == outlet),
        and_(restriction.c.scope == "urlkey", key.startswith(restriction.c.target)),
    ]
    if article_id is not None:
        targets.append(and_(restriction.c.scope == "article", restriction.c.target == article_id))
    return exists().where(_in_force(now), or_(*targets))


def _in_force(now: datetime) -> ColumnElement[bool]:
    return and_(
        restriction.c.lifted_at.is_(None),
        or_(restriction.c.until.is_(None), restriction.c.until > now),
    )
