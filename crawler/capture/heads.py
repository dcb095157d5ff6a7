"""The head of a response as Twisted can read it: `clean` gives a copy without what it stumbles on.

Twisted fails a whole response for one header line that browsers skip or understand. What Chromium
and curl both take is put right here, in the copy that is parsed; the record holds what came.
"""

import re
from dataclasses import dataclass

LONGEST_HEAD = 256 * 1024  # bytes, interim heads included; Chromium's limit

_STATUS_LINE = re.compile(rb"(?i)HTTP/(\d(?:\.\d)?)[ \t]+(\d{3})(?!\d)[ \t]*([^\n]*)")
_FIELD = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*:(.*)", re.DOTALL)
_LENGTH = re.compile(rb"[ \t]*[0-9]+[ \t]*(?:,[ \t]*[0-9]+[ \t]*)*")
_INTERIM = range(100, 200)
_BODILESS = (204, 304)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A head, cleaned, and what it says of what follows."""

    cleaned: bytes
    status: int
    is_chunked: bool

    @property
    def is_interim(self) -> bool:
        """Whether another head follows: 1xx is no answer yet."""
        return self.status in _INTERIM

    @property
    def has_body(self) -> bool:
        """Whether a body may follow, going by the status alone."""
        return self.status not in _BODILESS


def clean(head: bytes) -> Head | None:
    """The head that Twisted is to read instead of this one; None if this is none of HTTP.

    - A status line with odd blanks, or `HTTP/2`, becomes one with single spaces.
    - Blanks before a colon go. Lines whose name is no token go too, with what is folded onto them.
    - A `Content-Length` that is no number goes: the body then lasts until the connection closes.
    - `Transfer-Encoding` loses `identity`; if `chunked` is what is left, or comes first, it is all.
    """
    first, *lines = (line.removesuffix(b"\r") for line in head.split(b"\n"))
    status = _STATUS_LINE.match(first)
    if not status:
        return None
    version = status[1] if b"." in status[1] else b"1.1"
    cleaned = [b"HTTP/%b %b %b" % (version, status[2], status[3])]
    codings: list[bytes] = []
    for name, value in _fields(lines):
        if name.lower() == b"transfer-encoding":
            codings += [coding.strip().lower() for coding in value.split(b",")]
        elif name.lower() != b"content-length" or _LENGTH.fullmatch(value):
            cleaned.append(name + b":" + value)
    codings = [coding for coding in codings if coding not in (b"", b"identity")]
    is_chunked = codings[:1] == [b"chunked"]
    if codings:
        said = b"chunked" if is_chunked else b", ".join(codings)
        cleaned.append(b"Transfer-Encoding: " + said)
    return Head(
        cleaned=b"\r\n".join([*cleaned, b"", b""]),
        status=int(status[2]),
        is_chunked=is_chunked,
    )


def _fields(lines: list[bytes]) -> list[tuple[bytes, bytes]]:
    unfolded: list[list[bytes]] = [[]]
    for line in lines:
        if line[:1] in (b" ", b"\t"):  # folded (obs-fold, RFC 9112 §5.2)
            unfolded[-1].append(line)
        else:
            unfolded.append([line])
    found = (_FIELD.fullmatch(b"".join(pieces)) for pieces in unfolded)
    return [(field[1], field[2]) for field in found if field]
