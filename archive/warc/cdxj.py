"""One record as a line of a CDXJ index, equal to the line that cdxj-indexer writes for it.

    SURT SP YYYYMMDDhhmmss SP {"url": …, "mime": …, "status": …, "digest": …,
                               "length": …, "offset": …, "filename": …} LF

Indexed are `response`, `revisit` (its mime is `warc/revisit`), and those `resource` and `metadata`
that are no `application/warc-fields`. Values are text; a key whose value is not known is left out.
Format: https://specs.webrecorder.net/cdxj/0.1.0/ ; what it leaves open is as the program does it.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders

from archive.records import Place
from archive.surt import surt
from archive.warc.exchange import FIELDS_TYPE
from archive.warc.members import Record, warc_date
from archive.warc.reader import StoredRecord, records_in

INDEXED = frozenset(["response", "revisit", "resource", "metadata"])
BARE = frozenset(["resource", "metadata"])
REVISIT_MIME = "warc/revisit"
_MIME_END = re.compile(r"[;\s]")

_HEADS = ArcWarcRecordLoader(
    verify_http=False
)  # as the program reads them: any status line will do


def line_of(record: StoredRecord) -> bytes | None:
    """The line of a record, with its line feed; None if an index does not list it."""
    kind = record.type
    content_type = record.headers.get("content-type")
    if kind not in INDEXED or (kind in BARE and content_type == FIELDS_TYPE):
        return None
    url = _url(record.headers.get("warc-target-uri"))
    block = BytesIO(record.block)
    head = _HEADS.load_http_headers(kind, url or "", block, len(record.block))
    known = {
        "url": url,
        "mime": _mime(kind, head, content_type),
        "status": head.get_statuscode() if head else None,
        "digest": record.headers.get("warc-payload-digest") or _digest(kind, block),
        "length": str(record.place.length),
        "offset": str(record.place.offset),
        "filename": record.place.file,
    }
    facts = json.dumps({key: value for key, value in known.items() if value is not None})
    key = surt(url) if url else "-"
    return f"{key} {_stamp(record.headers.get('warc-date', ''))} {facts}\n".encode()


def line_as_written(record: Record, place: Place) -> bytes | None:
    """The line of a record that has just been written at `place`."""
    if record.type not in INDEXED:
        return None
    headers = {name.lower(): value for name, value in record.fields}
    headers |= {
        "warc-type": record.type,
        "warc-date": warc_date(record.at),
        "content-type": record.content_type,
    }
    return line_of(StoredRecord(place=place, headers=headers, block=record.block))


def index_of(file: BinaryIO, name: str) -> Iterator[bytes]:
    """The line of each record of a WARC file that an index lists, in the order of the file.

    Raises:
        CorruptRecord: at the first byte that is no whole record; what came before was given.
    """
    for record in records_in(file, name):
        line = line_of(record)
        if line:
            yield line


def _url(said: str | None) -> str | None:
    if said is None:
        return None
    bare = said[1:-1] if said.startswith("<") and said.endswith(">") else said  # as wget 1.19 did
    return bare.replace(" ", "%20")


def _mime(kind: str, head: StatusAndHeaders | None, content_type: str | None) -> str | None:
    if kind == "revisit":
        return REVISIT_MIME
    said = content_type
    if kind == "response":
        said = head.get_header("Content-Type") if head else None
    return None if said is None else _MIME_END.split(said, maxsplit=1)[0]


def _digest(kind: str, rest: BytesIO) -> str | None:
    """What the program makes up where no payload digest was recorded: of the rest as it lies."""
    if kind == "revisit":
        return None
    made = hashlib.sha1(rest.read(), usedforsecurity=False).digest()
    return f"sha1:{base64.b32encode(made).decode()}"


def _stamp(date: str) -> str:
    return re.sub(r"[^0-9]", "", date)[:14].ljust(14, "0")
