"""One file: its records read through damage, beside the rows that lead to them.

Both come in order of their offsets, so that they are compared as they go by and a file of any size
takes the same memory. What lies elsewhere than its row says is held until the end of the file.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import Connection

from archive.db import files
from archive.db.files import SealedRow
from archive.db.places import Row, offset_of, row_of, rows_of
from archive.fixity import holdings
from archive.fixity.loss import Loss
from archive.fixity.record import (
    differences,
    message_of,
    names_of,
    row_id,
    wrong_digest,
    wrong_original,
    wrong_provenance,
)
from archive.fixity.seal import Seal, check_seal
from archive.fixity.verdict import Damage, Verdict
from archive.merkle import Tree
from archive.records import Capture
from archive.screenshots import Screenshot
from archive.store import Archive
from archive.warc.reader import StoredRecord
from archive.warc.scan import Gap, Scan
from archive.warc.screenshot import is_picture, pictured_by

NOT_THERE = "no record"
ANOTHER = "not the record"
_OF_DAMAGE = {NOT_THERE: "it is not there", ANOTHER: "another record lies in its place"}


def check_file(
    archive: Archive,
    connection: Connection,
    name: str,
    verdict: Verdict,
    on_read: Callable[[int], None] = lambda _: None,
) -> bool:
    """Read all of a file and compare it with all that is known of it; whether it is sealed.

    Args:
        archive: open.
        connection: sees one state of the database.
        name: the file's, without `.open`.
        verdict: what is found goes here.
        on_read: told how many bytes were read, each time.
    """
    sealed = files.sealed_row(connection, name)
    if not holdings.is_there(archive, name):
        verdict.faults.append(Loss(archive, connection, sealed).of_file(name))
        return False
    _FileCheck(archive, connection, name, sealed, verdict).run(on_read)
    return sealed is not None


class _FileCheck:
    def __init__(
        self,
        archive: Archive,
        connection: Connection,
        name: str,
        sealed: SealedRow | None,
        verdict: Verdict,
    ) -> None:
        self._archive = archive
        self._connection = connection
        self._name = name
        self._sealed = sealed
        self._verdict = verdict
        self._loss = Loss(archive, connection, sealed)
        self._rows: Iterator[Row] = rows_of(connection, name)
        self._next: Row | None = next(self._rows, None)
        self._last: Capture | None = None
        """The capture whose record was read last."""
        self._pictured: Screenshot | None = None
        """The screenshot whose picture was read last."""
        self._lost: list[Damage] = []
        self._gaps: list[tuple[Gap, Capture | None]] = []
        """What could not be read, and whose record came before it."""
        self._astray: dict[str, tuple[Row, str, Mapping[str, str]]] = {}
        """Rows that led to no record of theirs, why, and what is left of its head."""
        self._moved: dict[str, int] = {}
        """Where in the file their records were found."""
        self._tree = Tree()
        self._info: str | None = None
        self._whole = 0
        self._damaged = 0

    def run(self, on_read: Callable[[int], None]) -> None:
        growing = holdings.is_growing(self._archive, self._name)
        with holdings.opened(self._archive, self._name) as file:
            scan = Scan(file, self._name, on_read=on_read)
            for found in scan:
                if isinstance(found, Gap):
                    self._take_gap(found, is_tail=growing and _ends(found, scan.size))
                    continue
                self._tree.add(found.plain)
                if said := _other_name(found.record, self._name):
                    self._verdict.faults.append(
                        f"{self._name}: holds what was recorded as {said}; give each file its own "
                        f"name again. {self._loss.restore(self._name)}"
                    )
                    return
                if found.record.place.offset == 0:
                    self._info = found.record.urn
                self._take_record(found.record)
        self._verdict.files += 1
        self._verdict.bytes += scan.size
        seal = Seal(scan.size, scan.sha256, self._tree.root())
        is_sound = not self._damaged and (self._sealed is None or seal.is_of(self._sealed))
        self._end(scan.size, is_sound=is_sound)
        if self._sealed:  # of one that is not, the chain tells
            parts = f"{self._whole} of {{}} records are whole" if self._damaged else ""
            check_seal(self._name, self._sealed, seal, parts, self._loss, self._verdict)

    # a record, and the rows up to it

    def _take_record(self, record: StoredRecord) -> None:
        self._verdict.records += 1
        message = message_of(record)
        before = self._rows_up_to(record.place.offset + 1)
        rows = [row for row in before if self._leads(row, record)]
        if wrong := wrong_digest(record, message, self._verdict):
            self._damaged += 1
            row = rows[0] if rows else None
            self._lost.append(self._loss.of_record(record.place, wrong, row, record.headers))
            return
        self._whole += 1
        for row in rows:
            self._last = row if isinstance(row, Capture) else self._last
            self._pictured = row if isinstance(row, Screenshot) else self._pictured
            self._compare(
                record, row, differences(record, message, row, is_ours=self._is_ours(record))
            )
        if not rows:
            if self._is_ours(record):
                beside = self._pictured if pictured_by(record) else self._last
                self._compare(record, beside, wrong_provenance(record, beside))
            self._without_row(record)

    def _leads(self, row: Row, record: StoredRecord) -> bool:
        """Whether a row leads to the record at its offset; if not it is held, or told of."""
        said, uuid = names_of(row)
        if offset_of(row) != record.place.offset:
            self._astray[row.id] = (row, NOT_THERE, {})
            return False
        if record.uuid != uuid:
            self._astray[row.id] = (row, ANOTHER, {})
            return False
        self._verdict.rows += 1
        if row.place and row.place.length != record.place.length:
            self._fault(record.place.offset, f"not the record of {said}: it has another length")
        if isinstance(row, Capture) and row.refers_to:
            self._verdict.revisits += 1
            if problem := wrong_original(self._connection, row):
                self._fault(record.place.offset, f"revisit {row.id}: {problem}")
        return True

    def _fault(self, offset: int, sentence: str) -> None:
        self._verdict.faults.append(f"{self._name} at {offset}: {sentence}")

    def _compare(self, record: StoredRecord, row: Row | None, wrong: list[str]) -> None:
        if row and wrong:
            said = f"the row of {names_of(row)[0]} says another {', '.join(wrong)} than its record"
            self._fault(record.place.offset, f"{said}: the row was altered, not the record")

    def _is_ours(self, record: StoredRecord) -> bool:
        """Whether we wrote a record ourselves; others came in with somebody else's file."""
        return self._info is None or record.headers.get("warc-warcinfo-id") == self._info

    def _without_row(self, record: StoredRecord) -> None:
        is_ours = self._is_ours(record)
        if is_ours and (picture := pictured_by(record)) and not row_of(self._connection, picture):
            self._verdict.unindexed_screenshots += 1
        id_ = row_id(record, is_ours=is_ours)
        if id_ is None:
            return
        astray = self._astray.get(id_)
        row = astray[0] if astray else row_of(self._connection, id_)
        if row and row.place and row.place.file == self._name:
            self._astray.setdefault(id_, (row, NOT_THERE, {}))
            self._moved[id_] = record.place.offset
        elif row is None and id_.startswith("r:"):
            self._verdict.unindexed += 1
        elif row is None and not is_picture(record):  # a picture counts by the facts beside it
            self._verdict.unindexed_drafts += 1

    def _rows_up_to(self, offset: int) -> Iterator[Row]:
        while self._next is not None and offset_of(self._next) < offset:
            row, self._next = self._next, next(self._rows, None)
            yield row

    # what is broken

    def _take_gap(self, gap: Gap, *, is_tail: bool) -> None:
        place = gap.place
        rows = list(self._rows_up_to(place.offset + place.length))
        inside = [row for row in rows if offset_of(row) >= place.offset]
        if is_tail and not inside:  # a record that is being written, or was torn by a kill
            self._verdict.unchecked.append(
                f"{place.length} bytes at the end of {self._name}, after its last whole record: "
                "they are being written, or were torn by a kill and `--repair` cuts them off"
            )
        else:
            self._damaged += 1
            self._gaps.append((gap, self._last))
        for row in rows:
            at = offset_of(row)
            if at == place.offset:
                self._astray[row.id] = (row, gap.reason, gap.headers)
            elif at > place.offset:
                what = f"it lies in {place.length} bytes that hold no whole record"
                self._astray[row.id] = (row, what, {})
            else:
                self._astray[row.id] = (row, NOT_THERE, {})

    def _end(self, size: int, *, is_sound: bool) -> None:
        """Tell of what was not found where it should be, now that all records were seen."""
        for row in self._rows_up_to(1 << 63):
            self._astray.setdefault(row.id, (row, NOT_THERE, {}))
        shifts: Counter[int] = Counter()
        told: set[int] = set()
        for row, what, headers in self._astray.values():
            at = self._moved.get(row.id)
            # a file that is as it was written has its records where they were written to
            if is_sound and offset_of(row) < size:
                lies = "" if at is None else f"; it lies at {at}, and the row was altered"
                self._fault(offset_of(row), f"{what} of {names_of(row)[0]}{lies}")
            elif at is not None:
                shifts[at - offset_of(row)] += 1
            elif row.place:
                told.add(offset_of(row))
                said = _OF_DAMAGE.get(what, what)
                self._lost.append(self._loss.of_record(row.place, said, row, headers))
        self._lost += [
            self._loss.of_rowless(gap, near)
            for gap, near in self._gaps
            if gap.place.offset not in told
        ]
        for damage in sorted(self._lost, key=lambda one: one.offset):
            self._verdict.add(damage)
        if shifts:
            by = ", ".join(f"{shift:+d}" for shift, _ in shifts.most_common(3))
            self._verdict.faults.append(
                f"{self._name}: {shifts.total()} records are whole, and lie {by} bytes from where "
                "they were recorded: something was cut out or put in before them. "
                f"{self._loss.restore(self._name)}"
            )


def _other_name(record: StoredRecord, name: str) -> str | None:
    """Under which other name a file was recorded, if its warcinfo says so."""
    is_first = record.type == "warcinfo" and record.place.offset == 0
    said = record.headers.get("warc-filename", name) if is_first else name
    return said if said != name else None


def _ends(gap: Gap, size: int) -> bool:
    return gap.place.offset + gap.place.length >= size
