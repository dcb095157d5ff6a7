"""Export as WACZ: an outlet, some articles with all their versions, or all that a query finds."""

from dataclasses import dataclass
from importlib.metadata import version as version_of
from pathlib import Path

from sqlalchemy import Connection

from archive.errors import ArchiveError, NotCaptured
from archive.query.search import articles_matching
from archive.records import OutletId
from archive.store import Archive
from archive.wacz.basket import Basket
from archive.wacz.package import Package
from archive.wacz.selection import select_articles, select_outlet
from archive.wacz.signature import sign, signing_key
from archive.wacz.writer import Export, Tell, WaczWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What shall be exported; everything that is named."""

    outlets: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    query: str | None = None

    def __str__(self) -> str:
        said = [*self.outlets, *self.articles]
        return ", ".join([*said, *([f"hits of: {self.query}"] if self.query else [])])


def export_wacz(
    archive: Archive,
    wanted: Wanted,
    path: Path,
    *,
    title: str | None = None,
    signed: bool = False,
    tell: Tell = lambda _: None,
) -> Export:
    """Write a WACZ; it is there under its name only when it is whole.

    Raises:
        ArchiveError: if there is such a file already, or nothing to put in.
        NotCaptured: if an article is unknown, or not to be seen.
        QuerySyntax: if the query cannot be parsed.
    """
    if path.exists():
        raise ArchiveError(f"{path} is there already; name another file, or move it away.")
    aside = path.with_name(path.name + ".part")
    export = Export(path=path)
    try:
        with Basket() as basket:
            tell("choosing")
            with archive.reading() as connection:
                _fill(connection, basket, wanted, archive)
            if not len(basket):
                raise NotCaptured(f"Nothing was captured that fits: {wanted}.")
            _write(archive, basket, wanted, aside, export, title, signed=signed, tell=tell)
        aside.rename(path)
    finally:
        aside.unlink(missing_ok=True)
    export.bytes = path.stat().st_size
    return export


def _fill(connection: Connection, basket: Basket, wanted: Wanted, archive: Archive) -> None:
    now = archive.clock.now()
    for outlet in wanted.outlets:
        select_outlet(connection, basket, OutletId(outlet), now)
    select_articles(connection, basket, wanted.articles, now)
    if wanted.query:
        with archive.reading() as asking:
            hits = articles_matching(asking, wanted.query, now=now)
            select_articles(connection, basket, hits, now)


def _write(
    archive: Archive,
    basket: Basket,
    wanted: Wanted,
    path: Path,
    export: Export,
    title: str | None,
    *,
    signed: bool,
    tell: Tell,
) -> None:
    now = archive.clock.now()
    created = f"{now:%Y-%m-%dT%H:%M:%SZ}"
    software = f"kliping {version_of('kliping')}"
    about = {
        "title": title or str(wanted),
        "description": f"Exported from {archive.directory.resolve().name}: {wanted}",
        "created": created,
        "software": software,
    }
    package = Package(path, now)
    try:
        warcinfo = [*archive.warcinfo(), ("description", about["description"])]
        WaczWriter(archive.shelf.open, package, export, now).write(basket, warcinfo, tell)
        newest = next(basket.pages(), None)
        if newest is not None:
            at = newest.at
            about["mainPageUrl"] = newest.url
            about["mainPageDate"] = (
                f"{at[:4]}-{at[4:6]}-{at[6:8]}T{at[8:10]}:{at[10:12]}:{at[12:]}Z"
            )
        _, export.digest = package.finish(about)
        signature = None
        if signed:
            key = signing_key(archive.directory)
            signature = sign(key, export.digest, created=created, software=software)
            export.signed_by = signature["publicKey"]
        package.close(export.digest, signature)
    except BaseException:
        package.close()
        raise
