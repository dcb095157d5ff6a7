"""What a page that is being pictured gets for its requests: captures of about its time.

It is the answer that a reader would have got when the page was captured, as far as it is held and
may be seen. Nothing is fetched.
"""

from archive.coding import decode
from archive.errors import CorruptRecord, NotCaptured, StorageUnavailable, UndecodableBody
from archive.query.nearest import nearest
from archive.records import Capture, CaptureId, Url
from archive.replies import Reply
from archive.store import Archive
from crawler.screenshots.browser import Answer

OK_STATUS = 200
_KEPT_HEADERS = (b"Content-Type", b"Location")
"""Of what a server said, what says how its answer is drawn. No cookies, no refreshes."""
_NOT_TO_BE_HAD = (NotCaptured, CorruptRecord, StorageUnavailable, UndecodableBody)


class Supply:
    """Answers the requests of one page, and keeps account of what was given."""

    def __init__(self, archive: Archive, page: Capture) -> None:
        self._archive = archive
        self._page = page
        self._given: dict[CaptureId, None] = {page.id: None}
        self._missing: dict[Url, None] = {}

    @property
    def made_of(self) -> tuple[CaptureId, ...]:
        """The captures that were given, the page's own first."""
        return tuple(self._given)

    @property
    def not_held(self) -> tuple[Url, ...]:
        """The URLs that were asked for and could not be given."""
        return tuple(self._missing)

    def __call__(self, url: str) -> Answer | None:
        """What a URL is answered with; None if there is nothing.

        Raises:
            ValueError: if it is no URL.
        """
        with self._archive.reading() as connection:
            now = self._archive.clock.now()
            found = nearest(connection, Url(url), self._page, now)
        answer = self._read(found) if found else None
        if found is None or answer is None:
            self._missing[Url(url)] = None
            return None
        self._given[found.id] = None
        return answer

    def _read(self, found: Capture) -> Answer | None:
        try:
            return answer_of(self._archive.fetch(found.id))
        except _NOT_TO_BE_HAD:
            return None


def answer_of(reply: Reply) -> Answer:
    """A captured response as a browser is given it, decoded.

    Raises:
        UndecodableBody: if it cannot be.
    """
    body = decode(reply.entity, reply.message.header(b"Content-Encoding"))
    said = ((name, reply.message.header(name)) for name in _KEPT_HEADERS)
    headers = [(name.decode(), _plain(value)) for name, value in said if value]
    # fonts of other hosts are drawn only if those allow it, which they did or it would not be here
    headers.append(("Access-Control-Allow-Origin", "*"))
    # a 304 confirms what was held, and is given as that
    status = reply.capture.status if reply.capture.refers_to is None else OK_STATUS
    return Answer(status=status or OK_STATUS, headers=tuple(headers), body=body)


def _plain(value: str) -> str:
    return "".join(c for c in value if c.isprintable() and c.isascii())
