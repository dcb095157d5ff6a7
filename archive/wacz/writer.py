"""A WACZ written: records copied as they lie, an index over them, the pages, the digests.

Members are copied unchanged but for those that players cannot read (`readable`). Everything is
streamed: what has to be sorted is sorted in temporary files.
"""

import gzip
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.counting import many
from archive.errors import CorruptRecord
from archive.records import Place
from archive.wacz.basket import Basket, PageEntry
from archive.wacz.package import Member, Package
from archive.wacz.readable import readable
from archive.warc.cdxj import line_of
from archive.warc.index import sort_file
from archive.warc.members import Record, warc_fields
from archive.warc.packed import Open, Packed, first_of, packed_at
from archive.warc.reader import parse

WARC_BYTES = 1_000_000_000
"""A WARC member that has grown past this is ended: a ZIP member ends at four gigabytes."""
LINES_A_BLOCK = 1024
"""As in ZipNum: a player reads one block for each look-up."""
Tell = Callable[[str], None]
Index = Callable[[bytes], object]
"""Takes a line of the index, unsorted."""


@dataclass(slots=True, kw_only=True)
class Export:
    """What was packed, and what could not be."""

    path: Path
    captures: int = 0
    records: int = 0
    pages: int = 0
    decoded: int = 0
    """Responses that were transfer-decoded, since players cannot read them as received."""
    bytes: int = 0
    digest: str = ""
    signed_by: str | None = None
    problems: list[str] = field(default_factory=list)


class WaczWriter:
    """Writes what is in a basket into a package."""

    def __init__(self, open_file: Open, package: Package, export: Export, now: datetime) -> None:
        self._open = open_file
        self._package = package
        self._export = export
        self._now = now
        self._told: set[str] = set()
        self._number = 0

    def write(self, basket: Basket, about: list[tuple[str, str | None]], tell: Tell) -> None:
        """Write all members but the descriptions: records, index, pages."""
        with TemporaryDirectory(prefix="kliping-wacz-") as work:
            unsorted, index = Path(work) / "unsorted", Path(work) / "sorted"
            with unsorted.open("wb") as lines:
                places = iter(basket.places())
                waiting = next(places, None)
                while waiting is not None:
                    waiting = self._write_warc(lines.write, waiting, places, about, tell)
            sort_file(unsorted, index)
            self._write_index(index)
        with self._package.member("pages/pages.jsonl") as out:
            for line in page_lines(basket.pages()):
                out.write(line)
                self._export.pages += 1
        self._export.pages -= 1  # the first line is a head
        self._export.captures = len(basket)

    def _write_warc(
        self,
        index: Index,
        first: tuple[Place, bool],
        places: Iterator[tuple[Place, bool]],
        about: list[tuple[str, str | None]],
        tell: Tell,
    ) -> tuple[Place, bool] | None:
        """Write one WARC member; gives what the next one begins with, if there is to be one."""
        self._number += 1
        name = f"data-{self._number:05d}.warc.gz"
        with self._package.member(f"archive/{name}") as out:
            info = Record(
                type="warcinfo",
                id=uuid.uuid4(),
                at=self._now,
                block=warc_fields(about),
                content_type="application/warc-fields",
                fields=(("WARC-Filename", name),),
            )
            out.write(info.member())
            self._export.records += 1
            for place, is_followed in chain([first], places):
                if out.size > WARC_BYTES:
                    return place, is_followed
                tell(many(self._export.records, "record"))
                self._copy(out, name, index, place, is_followed=is_followed)
        return None

    def _copy(
        self, out: Member, name: str, index: Index, place: Place, *, is_followed: bool
    ) -> None:
        try:
            if place.file not in self._told:
                self._told.add(place.file)
                self._put(out, name, index, first_of(self._open, place.file))
            for packed in packed_at(self._open, place, with_followers=is_followed):
                self._put(out, name, index, packed)
        except CorruptRecord as error:
            self._export.problems.append(str(error))

    def _put(self, out: Member, name: str, index: Index, packed: Packed) -> None:
        member, record = packed.member, packed.record
        if (rewritten := readable(record, packed.head)) is not None:
            self._export.decoded += 1
            member = rewritten
            record = parse(gzip.decompress(rewritten), record.place)
        here = Place(file=name, offset=out.size, length=len(member))
        line = line_of(replace(record, place=here))
        if line:
            index(line)
        out.write(member)
        self._export.records += 1

    def _write_index(self, lines: Path) -> None:
        """A compressed CDXJ in blocks, and the list of the blocks (ZipNum)."""
        blocks: list[bytes] = []
        head = {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}
        with lines.open("rb") as file, self._package.member("indexes/index.cdx.gz") as out:
            for block in _blocks(file):
                key = b" ".join(block[0].split(b" ", 2)[:2])
                packed = gzip.compress(b"".join(block), mtime=0)
                place = {"offset": out.size, "length": len(packed), "filename": "index.cdx.gz"}
                blocks.append(key + b" " + json.dumps(place).encode() + b"\n")
                out.write(packed)
        with self._package.member("indexes/index.idx") as out:
            out.write(b"!meta 0 " + json.dumps(head).encode() + b"\n")
            for line in blocks:
                out.write(line)


def _blocks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    block: list[bytes] = []
    for line in lines:
        block.append(line)
        if len(block) == LINES_A_BLOCK:
            yield block
            block = []
    if block:
        yield block


def page_lines(pages: Iterable[PageEntry]) -> Iterator[bytes]:
    """`pages.jsonl`: a head, and a line for each page, newest first."""
    head = {"format": "json-pages-1.0", "id": "pages", "title": "All pages"}
    yield json.dumps(head).encode() + b"\n"
    for page in pages:
        at = datetime.strptime(page.at, "%Y%m%d%H%M%S")  # noqa: DTZ007 - UTC, as it is said below
        said = {
            "id": uuid.uuid5(uuid.NAMESPACE_URL, f"{page.at} {page.url}").hex,
            "url": page.url,
            "ts": f"{at.isoformat()}Z",
            "title": page.title,
        }
        known = {name: value for name, value in said.items() if value is not None}
        yield json.dumps(known, ensure_ascii=False).encode() + b"\n"
