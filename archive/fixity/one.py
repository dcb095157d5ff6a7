"""One record by its row, for samples: read, unpacked and compared by itself."""

from sqlalchemy import Connection

from archive.db import files
from archive.db.places import Row
from archive.errors import CorruptRecord
from archive.fixity import holdings
from archive.fixity.loss import Loss
from archive.fixity.record import differences, message_of, names_of, wrong_digest, wrong_original
from archive.fixity.verdict import Verdict
from archive.records import Capture, Place
from archive.store import Archive


def check_one(
    archive: Archive, connection: Connection, row: Row, place: Place, verdict: Verdict
) -> None:
    """Read the record at the place of a row, and compare the two.

    Its file is not read, so what lies beside the record, its seal and its root are not checked.
    """
    loss = Loss(archive, connection, files.sealed_row(connection, place.file))
    try:
        record = holdings.record_at(archive, place)
    except CorruptRecord as error:
        what = str(error).removeprefix(f"{place.file} at {place.offset}: ")
        verdict.add(loss.of_record(place, what, row, {}))
        return
    verdict.records += 1
    verdict.bytes += place.length
    message = message_of(record)
    said, uuid = names_of(row)
    at = f"{place.file} at {place.offset}"
    if wrong := wrong_digest(record, message, verdict):
        verdict.add(loss.of_record(place, wrong, row, record.headers))
        return
    if record.uuid != uuid:
        verdict.faults.append(f"{at}: not the record of {said}")
        return
    verdict.rows += 1
    if columns := differences(record, message, row, is_ours=False):
        verdict.faults.append(f"{at}: {said}: its row says another {', '.join(columns)}")
    if isinstance(row, Capture) and row.refers_to:
        verdict.revisits += 1
        if problem := wrong_original(connection, row):
            verdict.faults.append(f"{at}: {said}: {problem}")
