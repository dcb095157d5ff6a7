"""What was captured, read back by its id: responses and pictures, their digests checked."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam

from archive import policy
from archive.clock import Clock
from archive.coding import DECODED_LIMIT, decode_beginning
from archive.db import captures, screenshots
from archive.db.schema import capture as capture_table
from archive.db.schema import restriction
from archive.db.schema import screenshot as screenshot_table
from archive.errors import NotCaptured, UndecodableBody
from archive.records import Capture, CaptureId
from archive.warc.exchanges import message_of
from archive.warc.http import Message, split
from archive.warc.shelf import Shelf

_SEEN = captures.select_captures().where(
    capture_table.c.id == bindparam("id_"),
    policy.visible_capture(bindparam("now", type_=restriction.c.until.type)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A response read back from its records.

    Attributes:
        message: the head as it was received; of a 304, the head that it confirmed.
        entity: the entity-body as received: dechunked, still content-encoded. Of a revisit, the
            one it refers to.
    """

    capture: Capture
    message: Message = field(repr=False)
    entity: bytes = field(repr=False)


class Replies:
    """Reads back; `Archive` is the door to it."""

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[Connection]],
        shelf: Shelf,
        clock: Clock,
    ) -> None:
        self._reading = reading
        self._shelf = shelf
        self._clock = clock

    def fetch(self, id_: CaptureId) -> Reply:
        """Read a captured response back, its digest checked.

        Raises:
            NotCaptured: if there is none, it never was answered, or it is not to be seen.
            CorruptRecord: if the record is damaged.
            StorageUnavailable: if it was moved, and what holds it cannot be asked.
        """
        with self._reading() as connection:
            found = captures.captures_in(connection, _SEEN, id_=id_, now=self._clock.now())
        if not found:
            raise NotCaptured(f"no capture {id_}")
        return self._reply(found[0])

    def read_back(self, id_: CaptureId) -> bytes:
        """What a captured response says, its coding undone; also of what is not to be seen.

        For what the database must know again, never for anybody's eyes.

        Raises:
            NotCaptured, CorruptRecord, StorageUnavailable: as `fetch` does.
        """
        with self._reading() as connection:
            one = captures.by_id(connection, id_)
        if one is None:
            raise NotCaptured(f"no capture {id_}")
        reply = self._reply(one)
        try:
            coding = reply.message.header(b"Content-Encoding")
            return decode_beginning(reply.entity, coding, DECODED_LIMIT)
        except UndecodableBody:
            return b""

    def _reply(self, one: Capture) -> Reply:
        id_ = one.id
        if one.place is None:
            raise NotCaptured(f"no capture {id_}")
        with self._reading() as connection:
            held = captures.by_id(connection, one.refers_to) if one.refers_to else one
        if held is None or held.place is None:
            raise NotCaptured(f"capture {id_} is a revisit of {one.refers_to}, which is not here")
        record = self._shelf.record(held.place)
        if record.type not in ("response", "resource"):
            raise NotCaptured(f"capture {id_} has no answer: {one.error or 'none came'}")
        message = message_of(record)
        entity = message.entity()[0]
        if one is not held:
            head = self._shelf.record(one.place).block
            message = split(head) if head else message
        return Reply(capture=one, message=message, entity=entity)

    def fetch_screenshot(self, id_: str) -> bytes:
        """Read the picture of a screenshot back, its digest checked.

        Raises:
            NotCaptured: if there is none, or it is not to be seen.
            CorruptRecord: if the record is damaged.
            StorageUnavailable: if it was moved, and what holds it cannot be asked.
        """
        seen = screenshots.select_screenshots().where(
            screenshot_table.c.id == id_, policy.visible_screenshot(self._clock.now())
        )
        with self._reading() as connection:
            found = next(screenshots.each_in(connection, seen), None)
        if found is None:
            raise NotCaptured(f"no screenshot {id_}")
        return self._shelf.record(found.place).block
