"""What an archive holds after all, told without its own readers: sqlite3, warcio and zlib alone.

Each claim has a name, and a `Broken` carries it.
"""

import hashlib
import json
import shutil
import sqlite3
import tempfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from warcio.archiveiterator import ArchiveIterator

from archive.urls import urlkey
from archive.warc.cdxj import index_of

CAPTURED = ("new", "changed", "same")
"""States that say the same of a URL: which of them it is tells how often it was asked for."""


class Broken(AssertionError):
    """A claim that does not hold."""

    def __init__(self, claim: str, *found: object) -> None:
        shown = "; ".join(str(one) for one in found[:5])
        super().__init__(f"{claim}: {shown}" + (f" … of {len(found)}" if len(found) > 5 else ""))


def hold(claim: str, *exceptions: object) -> None:
    """Say that a claim is broken if anything speaks against it."""
    if exceptions:
        raise Broken(claim, *exceptions)


class Text(NamedTuple):
    """A version, as far as it must be the same in every run."""

    article: str
    id: str
    number: int
    digest: str
    title: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """What a database says that it holds."""

    articles: dict[str, tuple[str, str]]
    """Id: URL, current version."""
    texts: frozenset[Text]
    captures: dict[str, tuple[str, int, int]]
    """Id: the place of its record; captures without any are left out."""
    drafts: dict[str, tuple[str, int, int]]
    states: dict[tuple[str, str], str]
    """Outlet and urlkey of every article URL in the frontier, and how it stands."""
    lent: int
    gone: frozenset[str]


@contextmanager
def copied(directory: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the database as it lies on the disk: no lock is taken, nothing is checkpointed."""
    with tempfile.TemporaryDirectory() as aside:
        for name in ("archive.db", "archive.db-wal"):
            if (directory / name).exists():
                shutil.copy(directory / name, aside)
        with closing(sqlite3.connect(Path(aside) / "archive.db")) as connection:
            yield connection


def holdings(directory: Path) -> Holdings:
    """Read what the database of an archive holds; nobody may be writing to it."""
    with copied(directory) as db:
        frontier = db.execute(
            "select outlet_id, urlkey, state from frontier where kind = 'article'"
        ).fetchall()
        versions = "select article_id, id, number, text_digest, title, body from version"
        articles = db.execute("select id, url, current_version_id from article").fetchall()
        place = 'select id, file, "offset", length from {} where file is not null'
        return Holdings(
            articles={id_: (url, current) for id_, url, current in articles},
            texts=frozenset(Text(*row) for row in db.execute(versions)),
            captures={row[0]: row[1:] for row in db.execute(place.format("capture"))},
            drafts={row[0]: row[1:] for row in db.execute(place.format("extraction"))},
            states={
                (outlet, key): "captured" if said in CAPTURED else said
                for outlet, key, said in frontier
            },
            lent=db.execute(
                "select count(*) from frontier where lease_token is not null"
            ).fetchone()[0],
            gone=frozenset(
                id_ for (id_,) in db.execute("select id from article where gone_at is not null")
            ),
        )


class Member(NamedTuple):
    """One gzip member of a file, unpacked."""

    offset: int
    length: int
    plain: bytes


def members(path: Path) -> Iterator[Member]:
    """Every whole gzip member; ends before the first that is torn."""
    held = path.read_bytes()
    offset = 0
    while offset < len(held):
        unpacker = zlib.decompressobj(31)
        try:
            plain = unpacker.decompress(held[offset:])
        except zlib.error:
            return
        if not unpacker.eof:
            return
        length = len(held) - offset - len(unpacker.unused_data)
        yield Member(offset, length, plain)
        offset += length


def heads(packed: bytes) -> Iterator[bytes]:
    """How the records begin whose gzip members begin in some bytes of a file."""
    at = -1
    while (at := packed.find(b"\x1f\x8b\x08", at + 1)) >= 0:
        with suppress(zlib.error):
            yield zlib.decompressobj(31).decompress(packed[at:], 1000)


@dataclass(frozen=True, kw_only=True)
class Found:
    """A record as warcio reads it, and where."""

    id: str
    type: str
    content_type: str
    profile: str
    to: str | None
    """The record that it is concurrent to."""
    place: tuple[str, int, int]


@dataclass(kw_only=True)
class Records:
    """Every record of an archive."""

    all: list[Found] = field(default_factory=list)

    def exchanges(self) -> dict[str, Found]:
        """The first record of each exchange, by its id."""
        return {
            one.id: one
            for one in self.all
            if one.type in ("response", "revisit") or (one.type == "request" and one.to is None)
        }

    def drafts(self) -> dict[str, Found]:
        """The records of drafts, by their ids."""
        drafts = (one for one in self.all if one.type == "metadata")
        return {one.id: one for one in drafts if one.content_type == "application/json"}


def records(directory: Path) -> Records:
    """Read every WARC file to its last byte, by warcio and by its gzip members.

    Raises:
        Broken: if a file is growing still, torn, or not what its digests say.
    """
    warc = directory / "warc"
    hold("no file is left open", *warc.glob("*.open"))
    found = Records()
    for path in sorted(warc.glob("*.warc.gz")):
        walked = [(one.offset, one.length) for one in members(path)]
        end = sum(walked[-1]) if walked else 0
        if end != path.stat().st_size:
            raise Broken("every file is whole to its last byte", f"{path.name} after {end}")
        told = list(_told(path))
        if [one.place[1:] for one in told] != walked:
            raise Broken("warcio finds every member where it lies", path.name)
        found.all += told
    ids = Counter(one.id for one in found.all)
    hold("no record is there twice", *(id_ for id_, times in ids.items() if times > 1))
    return found


def _told(path: Path) -> Iterator[Found]:
    with path.open("rb") as stream:
        iterator = ArchiveIterator(stream, no_record_parse=True)
        for record in iterator:
            said = record.rec_headers.get_header
            block = record.raw_stream.read()
            if said("WARC-Block-Digest") != "sha256:" + hashlib.sha256(block).hexdigest():
                raise Broken("every block is what its digest says", f"{path.name} {record}")
            offset = iterator.get_record_offset()
            to = said("WARC-Concurrent-To")
            yield Found(
                id=_bare(said("WARC-Record-ID")),
                type=record.rec_type,
                content_type=said("Content-Type") or "",
                profile=said("WARC-Profile") or "",
                to=_bare(to) if to else None,
                place=(path.name, offset, iterator.get_record_length()),
            )


def _bare(urn: str) -> str:
    return urn.strip("<>").removeprefix("urn:uuid:")


def check_rows(held: Holdings, found: Records) -> None:
    """Every row finds its record, and every record of an exchange or a draft has its row.

    Raises:
        Broken: if not.
    """
    for rows, there, what in (
        (
            {id_.removeprefix("r:"): p for id_, p in held.captures.items()},
            found.exchanges(),
            "capture",
        ),
        (held.drafts, found.drafts(), "draft"),
    ):
        lost = [id_ for id_, place in rows.items() if id_ not in there or there[id_].place != place]
        hold(f"every row of a {what} finds its record", *lost)
        hold(f"every record of a {what} has a row", *(id_ for id_ in there if id_ not in rows))
    places = Counter(held.captures.values())
    hold("no two rows for one record", *(place for place, n in places.items() if n > 1))


def check_indexes(directory: Path) -> None:
    """Every index beside a WARC file lists that file whole; one that is not there can be made.

    Raises:
        Broken: if one is torn, or of another file.
    """
    for path in sorted((directory / "cdxj").glob("*.cdxj")):
        name = path.name.removesuffix(".cdxj")
        with (directory / "warc" / name).open("rb") as file:
            lines = sorted(index_of(file, name))
        if path.read_bytes() != b"".join(lines):
            raise Broken("every index is whole", path.name)


def check_texts(held: Holdings) -> None:
    """No article has the same text twice, or a number twice.

    Raises:
        Broken: if one does.
    """
    digests: dict[str, list[str]] = defaultdict(list)
    numbers: dict[str, list[int]] = defaultdict(list)
    for text in held.texts:
        digests[text.article].append(text.digest)
        numbers[text.article].append(text.number)
    twice = [one for one, said in digests.items() if len(set(said)) < len(said)]
    hold("no two equal versions of an article", *twice)
    wrong = [a for a, said in numbers.items() if sorted(said) != list(range(1, len(said) + 1))]
    hold("versions are numbered from one without a gap", *wrong)


def check_kept(before: Holdings, now: Holdings) -> None:
    """Everything that was acknowledged before is there now.

    Raises:
        Broken: naming what is not.
    """
    hold("every acknowledged article is there", *(before.articles.keys() - now.articles.keys()))
    hold("every acknowledged version is there", *(before.texts - now.texts))
    hold("every acknowledged capture is there", *(before.captures.keys() - now.captures.keys()))
    hold("every acknowledged draft is there", *(before.drafts.keys() - now.drafts.keys()))


def check_sighted(directory: Path, held: Holdings) -> None:
    """Every URL that the journal says was sighted is in the frontier.

    Raises:
        Broken: naming those that are not.
    """
    acts = (act for act in journal(directory) if act["act"] == "sighted")
    sighted = {(act["outlet"], urlkey(act["discovery"]["url"])) for act in acts}
    hold("every sighted URL is in the frontier", *(sighted - held.states.keys()))


def journal(directory: Path) -> Iterator[dict[str, Any]]:
    """Every line of the journal; a torn one is passed over."""
    for path in sorted((directory / "journal").glob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue


def check_alike(held: Holdings, undisturbed: Holdings) -> None:
    """Two archives hold the same articles and texts, and their URLs stand alike.

    Raises:
        Broken: naming what only one of them holds.
    """
    hold("the same articles", *(held.articles.items() ^ undisturbed.articles.items()))
    hold("the same versions", *(text[:5] for text in held.texts ^ undisturbed.texts))
    hold("the same articles are gone", *(held.gone ^ undisturbed.gone))
    if held.states and undisturbed.states:
        hold("every URL is settled alike", *(held.states.items() ^ undisturbed.states.items()))
    hold("nothing is lent any more", *(["leases"] * held.lent))
