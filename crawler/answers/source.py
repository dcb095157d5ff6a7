"""Where the one page of `kliping extract` comes from: a file, standard input, or a URL.

Nothing is parsed that was not first recorded, and nobody is asked but with all manners. So a URL is
read from the archive's newest capture of it. One that is not held is crawled like any other, alone,
into an archive in a temporary directory, and read from there; that archive is deleted.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from urllib.parse import urljoin

from archive.config import CONFIG_NAME, ArchiveConfig
from archive.console import Failure, clean, err
from archive.query.nearest import newest
from archive.records import Draft, Url
from archive.replies import Reply
from archive.store import Archive
from archive.urls import canonical, host_of
from crawler.answers.question import NO_BOUND, BadLine, bytes_of
from crawler.extract.article import extract
from crawler.extract.errors import Unextractable
from crawler.extract.page import Page
from crawler.extract.tree import HTML_LIMIT
from crawler.readers import Readers, ReadingFailed

BLOCKED = 5
HOPS = 5
"""Redirects that are followed in what is held."""


def draft_of(what: str, archive: Path, *, url: str | None, contact: str | None) -> Draft:
    """What extraction says of a page, read by a process of its own, with bounds.

    Raises:
        Failure: if there is no such page, or it cannot be read.
    """
    if what.startswith(("http://", "https://")):
        page = _held_or_fetched(what, archive, contact)
    else:
        page = _from_file(what, url)
    readers = Readers(1, preload=("crawler.extract.article",))
    try:
        return asyncio.run(readers.read(extract, page))
    except (Unextractable, ReadingFailed) as error:
        raise Failure(f"{what}: {error}") from error
    finally:
        readers.close()


def _from_file(what: str, url: str | None) -> Page:
    try:
        body = (
            sys.stdin.buffer.read(HTML_LIMIT + 1)
            if what == "-"
            else bytes_of(Path(what), HTML_LIMIT)
        )
    except BadLine as error:
        raise Failure(str(error), code=2) from error
    return Page(
        url=Url(url or ""),
        body=body,
        content_type="text/html",
        content_encoding=None,
        captured_at=NO_BOUND,
        is_dated=False,
    )


def _held_or_fetched(what: str, archive: Path, contact: str | None) -> Page:
    try:
        url = canonical(what)
    except ValueError as error:
        raise Failure(f"{what}: {error}", code=2) from error
    if not (archive / CONFIG_NAME).exists():
        return _fetched(url, None, ArchiveConfig(), contact)
    with Archive.open(archive) as opened:
        if page := _held(opened, url, archive):
            return page
        config = opened.config
    # its manners, without its database and storage
    apart = {"database": "archive.db", "storage": None, "notify": None}
    return _fetched(url, archive, config.model_copy(update=apart), contact)


def _held(opened: Archive, url: Url, outlets: Path) -> Page | None:
    """The page as the newest capture of its URL shows it, redirects followed."""
    for _ in range(HOPS):
        with opened.reading() as connection:
            capture = newest(connection, url, opened.clock.now())
        if capture is None:
            return None
        reply = opened.fetch(capture.id)
        place = reply.message.header(b"Location")
        if place is None or not 300 <= (capture.status or 0) < 400:  # noqa: PLR2004
            return _page_of(opened, reply, outlets)
        url = Url(urljoin(url, place))
    return None


def _page_of(opened: Archive, reply: Reply, outlets: Path) -> Page:
    from crawler.learning import known_of  # noqa: PLC0415 -- as stages
    from crawler.outlets.catalogue import outlet_for_url  # noqa: PLC0415 -- as stages
    from crawler.stages import page_of  # noqa: PLC0415 -- Scrapy comes with it

    if outlet := outlet_for_url(outlets, reply.capture.url):
        return page_of(reply, outlet, known_of(opened, outlet.oid))
    return Page(
        url=reply.capture.url,
        body=reply.entity,
        content_type=reply.message.header(b"Content-Type"),
        content_encoding=reply.message.header(b"Content-Encoding"),
        captured_at=reply.capture.captured_at,
        status=reply.capture.status,
    )


def _fetched(url: Url, archive: Path | None, config: ArchiveConfig, contact: str | None) -> Page:
    """The page as its site answers now, recorded in an archive that is thrown away."""
    from crawler.outlets.catalogue import new_outlet, outlet_for_url  # noqa: PLC0415 -- seldom
    from crawler.run.crawl import Report, open_desk  # noqa: PLC0415 -- Scrapy comes with it
    from crawler.run.crawl import crawl as run_crawl  # noqa: PLC0415
    from crawler.run.reactor import run  # noqa: PLC0415
    from crawler.visit import Plan  # noqa: PLC0415

    with (
        tempfile.TemporaryDirectory(prefix="kliping-") as directory,
        Archive.create(Path(directory) / "passing", config) as passing,
    ):
        if contact:
            passing.speak_for(contact)
        passing.require_contact([url])
        err.print(f"{clean(url)} is not held. Asking {clean(host_of(url))} once; nothing is kept.")
        outlets = archive or passing.directory
        outlet = outlet_for_url(outlets, url) or new_outlet(passing.directory, url)[0]

        async def main() -> Report:
            async with open_desk(passing) as desk:
                return await run_crawl(desk, [Plan(outlet=outlet, only=url)])

        report = run(main())
        if page := _held(passing, url, outlets):
            return page
    reasons = "; ".join(reason for _, _, reason in report.misses) or report.reason
    code = BLOCKED if report.counts["articles/refused"] else 1
    raise Failure(f"{url}: {reasons or 'nothing came'}", code=code)
