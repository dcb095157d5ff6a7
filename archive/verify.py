"""Verify: does every byte still say what was recorded, and does every row still find its record?

Everything is read from the files themselves: gzip members, record lengths, block and payload
digests, sealed files' size and SHA-256, and the links between rows and records both ways.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select

from archive.db.schema import capture, extraction, version, warc_file
from archive.digests import sha256
from archive.errors import CorruptRecord
from archive.store import Archive
from archive.warc.http import split
from archive.warc.reader import StoredRecord, records_of
from archive.warc.writer import OPEN_SUFFIX, file_sha256


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What was checked, and each thing found wrong as one sentence that names its place."""

    files: int = 0
    records: int = 0
    digests: int = 0
    bytes: int = 0
    rows: int = 0
    unindexed: int = 0
    """Responses without a row: what a crash may leave, and a reindex would find."""
    faults: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(archive: Archive, *, progress: Callable[[str], None] | None = None) -> Verdict:
    """Check the whole archive; nothing is changed.

    Args:
        archive: open; it may be being written meanwhile.
        progress: told the name of each file before it is read.
    """
    verdict = Verdict()
    with archive.reading() as connection:
        expected = _expected(connection)
        sealed = _sealed(connection)
        _check_rows(connection, verdict)
    for path in warc_files(archive.warc_directory):
        if progress:
            progress(path.name)
        name = path.name.removesuffix(OPEN_SUFFIX)
        _check_seal(path, sealed.pop(name, None), verdict)
        _check_records(path, name, expected, verdict)
    verdict.faults += [f"warc/{name} is missing; restore it from a backup" for name in sealed]
    verdict.faults += [
        f"capture {id_}: no such record in {file} at {offset}"
        for (file, offset), (id_, _) in expected.items()
        if file not in sealed
    ]
    return verdict


def warc_files(directory: Path) -> Iterator[Path]:
    """Every WARC file, sealed ones and those still growing, in order of their names."""
    yield from sorted([*directory.glob("*.warc.gz"), *directory.glob(f"*.warc.gz{OPEN_SUFFIX}")])


def _expected(connection: Connection) -> dict[tuple[str, int], tuple[str, int]]:
    found: dict[tuple[str, int], tuple[str, int]] = {}
    for rows, prefix in ((capture, ""), (extraction, "x:")):
        statement = select(rows.c.id, rows.c.file, rows.c.offset, rows.c.length).where(
            rows.c.file.is_not(None)
        )
        for id_, file, offset, length in connection.execute(statement):
            found[file, offset] = (prefix + id_, length)
    return found


def _sealed(connection: Connection) -> dict[str, tuple[int, str]]:
    statement = select(warc_file.c.name, warc_file.c.bytes, warc_file.c.sha256)
    return {name: (size, digest) for name, size, digest in connection.execute(statement)}


def _check_rows(connection: Connection, verdict: Verdict) -> None:
    lost = (
        select(version.c.id)
        .join(capture, capture.c.id == version.c.first_capture_id, isouter=True)
        .where(capture.c.id.is_(None))
    )
    for id_ in connection.execute(lost).scalars():
        verdict.faults.append(f"version {id_}: its first capture has no row")


def _check_seal(path: Path, sealed: tuple[int, str] | None, verdict: Verdict) -> None:
    verdict.files += 1
    size = path.stat().st_size
    verdict.bytes += size
    if path.name.endswith(OPEN_SUFFIX):
        return
    if sealed is None:
        verdict.faults.append(f"{path.name}: not noted in the database; `kliping upgrade` does so")
    elif size != sealed[0] or file_sha256(path) != sealed[1]:
        verdict.faults.append(f"{path.name}: not the bytes that were sealed (size or SHA-256)")


def _check_records(
    path: Path,
    name: str,
    expected: dict[tuple[str, int], tuple[str, int]],
    verdict: Verdict,
) -> None:
    try:
        for record in records_of(path, name):
            verdict.records += 1
            _check_record(record, verdict)
            row = expected.pop((name, record.place.offset), None)
            if row is None:
                verdict.unindexed += record.type == "response"
                continue
            verdict.rows += 1
            id_ = row[0].removeprefix("x:").removeprefix("r:")
            if record.urn != f"<urn:uuid:{id_}>" or record.place.length != row[1]:
                verdict.faults.append(
                    f"{name} at {record.place.offset}: not the record of {row[0]}"
                )
    except CorruptRecord as error:
        if not path.name.endswith(OPEN_SUFFIX):  # the tail of a growing file is not there yet
            verdict.faults.append(str(error))


def _check_record(record: StoredRecord, verdict: Verdict) -> None:
    try:
        record.check()
    except CorruptRecord as error:
        verdict.faults.append(str(error))
        return
    verdict.digests += "warc-block-digest" in record.headers
    said = record.headers.get("warc-payload-digest")
    if record.type == "response" and said:
        verdict.digests += 1
        if sha256(split(record.block).entity()[0]) != said:
            verdict.faults.append(
                f"{record.place.file} at {record.place.offset}: the payload of {record.urn} "
                "is not what was recorded"
            )
