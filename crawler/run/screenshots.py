"""Pictures of captured pages, one after the other: which were taken, which not, and why."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version as version_of
from typing import Literal

from archive.counting import many
from archive.errors import CorruptRecord, NotCaptured, StorageUnavailable, UndecodableBody
from archive.query.history import capture_meant, find_article
from archive.query.screenshots import (
    articles_of,
    captures_with_ids,
    first_shown_in,
    has_screenshot,
)
from archive.query.search import articles_matching
from archive.records import Article, Capture, CaptureId, OutletId, RunId, Url
from archive.screenshots import Picture, Screenshot
from archive.store import Archive
from crawler.screenshots.browser import VIEWPORT, Browser
from crawler.screenshots.devtools import NoPicture
from crawler.screenshots.supply import Supply, answer_of

PAGES = ("text/html", "application/xhtml+xml")
Tell = Callable[[str], None]
_UNREADABLE = (NotCaptured, CorruptRecord, StorageUnavailable, UndecodableBody)


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """A capture of which no screenshot was taken, and why."""

    capture: CaptureId
    url: Url | None
    reason: str


@dataclass(slots=True, kw_only=True)
class Pictured:
    """The account: what was taken, what was left as it is, and what failed."""

    outcome: Literal["finished", "interrupted"] = "finished"
    taken: list[Screenshot] = field(default_factory=list)
    left: list[Without] = field(default_factory=list)
    failed: list[Without] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which articles shall be pictured; everything that is named."""

    articles: tuple[str, ...] = ()
    outlets: tuple[OutletId, ...] = ()
    query: str | None = None
    all_versions: bool = False


def pages_wanted(archive: Archive, wanted: Wanted) -> list[CaptureId]:
    """The captures to be pictured: of each text, the first that showed it.

    Raises:
        NotCaptured: if an article is unknown, or not to be seen.
        ArchiveError: if an id fits several, naming them.
        QuerySyntax: if the query cannot be parsed.
    """
    now = archive.clock.now()
    found: dict[CaptureId, None] = {}
    with archive.reading() as connection:
        named = list(wanted.articles)
        for outlet in wanted.outlets:
            named += articles_of(connection, outlet, now)
        if wanted.query:
            named += articles_matching(connection, wanted.query, now=now)
        for said in named:
            one = find_article(connection, said, now)
            found |= dict.fromkeys(_pages_of(one, said, all_versions=wanted.all_versions))
    return list(found)


def pages_of_run(archive: Archive, run: RunId) -> list[CaptureId]:
    """The captures of a run that were the first to show a text."""
    with archive.reading() as connection:
        return first_shown_in(connection, run, archive.clock.now())


def _pages_of(one: Article, said: str, *, all_versions: bool) -> Iterator[CaptureId]:
    if said.startswith("r:"):
        yield capture_meant(one, said)
    elif all_versions:
        yield from (text.first_capture for text in one.versions)
    else:
        named = [t for t in one.versions if said.startswith("v:") and t.id.startswith(said)]
        yield (named or [one.current])[-1].first_capture


def take_screenshots(
    archive: Archive,
    pages: Iterable[CaptureId],
    browser: Browser,
    *,
    again: bool = False,
    tell: Tell = lambda _: None,
) -> Pictured:
    """Picture captured pages from what the archive holds, and keep each picture as it is made.

    Args:
        archive: open.
        pages: captures.
        browser: pictures them; the caller closes it.
        again: picture those too that were pictured before.
        tell: told what is being done.

    Raises:
        ChromiumMissing: if no browser can be started.
        OSError: if pictures cannot be written.
    """
    pictured = Pictured()
    try:
        for number, id_ in enumerate(pages, start=1):
            taken, failed = len(pictured.taken), len(pictured.failed)
            tell(f"page {number}: {many(taken, 'screenshot')} taken, {failed} failed")
            _take_one(archive, id_, browser, pictured, again=again)
    except KeyboardInterrupt:
        pictured.outcome = "interrupted"
    return pictured


def _take_one(
    archive: Archive, id_: CaptureId, browser: Browser, pictured: Pictured, *, again: bool
) -> None:
    with archive.reading() as connection:
        found = captures_with_ids(connection, [id_], archive.clock.now())
        is_done = has_screenshot(connection, id_)
    if not found:
        pictured.left.append(Without(capture=id_, url=None, reason="not here, or not to be seen"))
        return
    (page,) = found
    if reason := _left_because(page, is_done=is_done and not again):
        pictured.left.append(Without(capture=id_, url=page.url, reason=reason))
        return
    try:
        picture = _draw(archive, page, browser)
    except (NoPicture, *_UNREADABLE) as error:
        pictured.failed.append(Without(capture=id_, url=page.url, reason=str(error)))
        return
    with archive.turn() as turn:
        pictured.taken.append(turn.keep_screenshot(picture, page))


def _left_because(page: Capture, *, is_done: bool) -> str | None:
    if is_done:
        return "has one already"
    if page.status is None:
        return "no answer came"
    if page.mime not in (*PAGES, None):
        return f"no page, but {page.mime}"
    return None


def _draw(archive: Archive, page: Capture, browser: Browser) -> Picture:
    supply = Supply(archive, page)
    shot = browser.picture(page.url, answer_of(archive.fetch(page.id)), supply)
    try:
        return Picture(
            png=shot.png,
            software=f"{browser.software} kliping/{version_of('kliping')}",
            viewport=VIEWPORT,
            made_of=supply.made_of,
            not_held=supply.not_held,
            is_cut=shot.is_cut,
        )
    except ValueError as error:
        raise NoPicture(f"Chromium gave no picture ({error})") from error
