"""Screenshots asked for: which there are of an article, and which pages could have one."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from archive import policy
from archive.db import captures, screenshots
from archive.db.schema import article, capture, extraction, screenshot, version
from archive.errors import NotCaptured
from archive.records import Article, ArticleId, Capture, CaptureId, OutletId, RunId
from archive.screenshots import Screenshot


def screenshots_of(connection: Connection, one: Article, now: datetime) -> list[Screenshot]:
    """Every screenshot of an article's captures that may be seen, oldest first."""
    read = (
        select(extraction.c.capture_id)
        .join(version, version.c.id == extraction.c.version_id)
        .where(version.c.article_id == one.id)
    )
    seen = screenshots.select_screenshots().where(
        screenshot.c.capture_id.in_(read),
        policy.visible_screenshot(now),
        policy.visible_capture(now),
    )
    ordered = seen.order_by(screenshot.c.made_at, screenshot.c.id)
    return list(screenshots.each_in(connection, ordered))


def screenshot_meant(one: Article, held: list[Screenshot], said: str) -> Screenshot:
    """The screenshot that a person means: of the capture or version that was named, or the last.

    Raises:
        NotCaptured: if there is none; it says how to make one.
    """
    wanted = {shot.capture for shot in held}
    if said.startswith("r:"):
        wanted = {id_ for id_ in wanted if id_.startswith(said)}
    elif said.startswith("v:"):
        texts = [text for text in one.versions if text.id.startswith(said)]
        wanted &= {id_ for text in texts for id_ in (text.first_capture, text.last_capture)}
    found = [shot for shot in held if shot.capture in wanted]
    if not found:
        raise NotCaptured(f"There is no screenshot of {said}. Make one: kliping screenshot {said}")
    return found[-1]


def has_screenshot(connection: Connection, of: CaptureId) -> bool:
    """Whether a capture was pictured, whoever may see that."""
    found = connection.execute(select(screenshot.c.id).where(screenshot.c.capture_id == of))
    return found.first() is not None


def captures_with_ids(connection: Connection, ids: list[CaptureId], now: datetime) -> list[Capture]:
    """Those of some captures that may be seen, in the order of time."""
    seen = captures.select_captures().where(capture.c.id.in_(ids), policy.visible_capture(now))
    return captures.captures_in(connection, seen.order_by(capture.c.captured_at, capture.c.id))


def articles_of(connection: Connection, outlet: OutletId, now: datetime) -> Iterator[ArticleId]:
    """Every article of an outlet that may be seen."""
    seen = select(article.c.id).where(article.c.outlet_id == outlet, policy.visible(now))
    for id_ in connection.execute(seen.order_by(article.c.id)).scalars():
        yield ArticleId(id_)


def first_shown_in(connection: Connection, run: RunId, now: datetime) -> list[CaptureId]:
    """The captures of a run that were the first to show a text, and may be seen."""
    shown = select(version.c.first_capture_id).where(version.c.superseded_by.is_(None))
    mine = select(capture.c.id).where(
        capture.c.run_id == run, capture.c.id.in_(shown), policy.visible_capture(now)
    )
    found = connection.execute(mine.order_by(capture.c.captured_at, capture.c.id)).scalars()
    return [CaptureId(id_) for id_ in found]
