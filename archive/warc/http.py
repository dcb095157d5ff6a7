"""HTTP/1.1 messages as bytes: the head read without losing anything, the entity-body taken out.

Nothing here re-serialises: the block of a record is always the bytes that crossed the socket.
"""

import re
from dataclasses import dataclass, field

_STATUS_LINE = re.compile(rb"(?i)HTTP/\d(?:\.\d)?[ \t]+(\d{3})")
_LENGTH = re.compile(r"[0-9]{1,18}")
_BEGINS_CHUNKS = re.compile(rb"[ \t]*[0-9a-fA-F]{1,16}[ \t]*(?:;[^\n]*)?(?:\r?\n|\r?\Z)")
_CHUNK_SIZE = re.compile(rb"[ \t]*0*([0-9a-fA-F]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")
_CHUNK_END = re.compile(rb"\r?\n")
_LONGEST_SIZE_LINE = 16 * 1024  # bytes before its LF; as crawler/capture/chunks.py has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A response split at its blank line.

    Attributes:
        head: from the status line to the blank line, inclusive.
        fields: name and value of each header line, in order, undecoded; colon-less lines left out.
        whole: head and body, as received.
    """

    status: int | None
    head: bytes = field(repr=False)
    fields: tuple[tuple[bytes, bytes], ...] = field(repr=False)
    whole: bytes = field(repr=False)

    @property
    def body(self) -> bytes:
        """Everything after the head, still chunked and content-encoded; a copy, each time."""
        return self.whole[len(self.head) :]

    @property
    def has_body(self) -> bool:
        """Whether anything follows the head."""
        return len(self.whole) > len(self.head)

    def header(self, name: bytes) -> str | None:
        """The last value of a header, as latin-1 text without NULs; None if it is absent."""
        wanted = name.lower()
        values = [value for key, value in self.fields if key.lower() == wanted]
        return values[-1].decode("latin-1").replace("\0", "") if values else None

    @property
    def is_chunked(self) -> bool:
        """Whether the body is framed in chunks.

        A recorder may have undone them and left the header: then no chunk size begins the body.
        """
        wanted = b"transfer-encoding"
        said = any(b"chunked" in v.lower() for name, v in self.fields if name.lower() == wanted)
        if not said or not self.has_body:
            return said
        return _BEGINS_CHUNKS.match(self.whole, len(self.head)) is not None

    def entity(self) -> tuple[bytes, bool]:
        """The entity-body, still content-encoded, and whether it is complete."""
        parts, is_whole = self.entity_parts()
        return b"".join(parts), is_whole

    def entity_parts(self) -> tuple[list[memoryview], bool]:
        """As `entity`, in the parts that it came in; they are not copied."""
        begins, whole = len(self.head), memoryview(self.whole)
        if self.is_chunked:
            return _chunks(self.whole, begins)
        length = self.header(b"Content-Length")
        if length is not None and _LENGTH.fullmatch(length):
            ends = begins + int(length)
            return [whole[begins:ends]], len(whole) >= ends
        return [whole[begins:]], True


def split(response: bytes) -> Message:
    """Read a response's head; whatever is malformed in it stays in `head` and hurts nobody."""
    end = re.search(rb"\r?\n\r?\n", response)
    head = response[: end.end()] if end else response
    lines = re.split(rb"\r?\n", head)
    status = _STATUS_LINE.match(lines[0])
    return Message(
        status=int(status[1]) if status else None,
        head=head,
        fields=tuple(_fields(lines[1:])),
        whole=response,
    )


def _fields(lines: list[bytes]) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and found:  # folded (obs-fold, RFC 9112 §5.2)
            name, value = found[-1]
            found[-1] = (name, value + b" " + line.strip())
        elif b":" in line:
            name, value = line.split(b":", 1)
            found.append((name.strip(), value.strip()))
    return found


def dechunk(body: bytes) -> tuple[bytes, bool]:
    """Undo chunked framing (RFC 9112 §7.1); trailers are dropped.

    Padded sizes, any extension and bare LF are accepted, as browsers do. The tap lets the same
    through to the parser, so the entity here is what was read.

    Returns:
        the entity-body, and whether the closing chunk was there.
    """
    pieces, is_closed = _chunks(body, 0)
    return b"".join(pieces), is_closed


def _chunks(body: bytes, at: int) -> tuple[list[memoryview], bool]:
    """What the chunks hold that begin at `at`."""
    pieces: list[memoryview] = []
    view = memoryview(body)
    while size_line := _CHUNK_SIZE.match(body, at):
        size = int(size_line[1], 16)
        if size_line.end() - 1 - at > _LONGEST_SIZE_LINE:
            break
        at = size_line.end()
        if size == 0:
            return pieces, True
        pieces.append(view[at : at + size])
        at += size
        end = _CHUNK_END.match(body, at) if at < len(body) else None
        if end is None:
            break
        at = end.end()
    return pieces, False
