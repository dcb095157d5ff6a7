"""A listing's bytes in UTF-8, whatever they claim to be in.

What an XML parser is told must be true: a wrong label makes it give up at the first byte, and a
document in UTF-16 would hide its DOCTYPE from those who look for one.
"""

import re
from collections.abc import Iterable

from crawler.extract.charset import text_of

_DECLARED = re.compile(
    r"^(\s*<\?xml\b[^>]{0,200}?)\s+encoding\s*=\s*(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE
)
_ASCII = frozenset(map(chr, range(128)))
_WIDE = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"), (b"{\x00", "utf-16-le"))
"""How a document in UTF-16 begins that has no byte order mark."""


def as_utf8(body: bytes, content_type: str | None, languages: Iterable[str] = ()) -> bytes:
    """The document in UTF-8 without a mark, its declaration of another encoding taken out.

    UTF-8 that can be read as such is believed before any label; then the label of HTTP or XML;
    then a guess by the outlet's languages. Undecodable bytes become U+FFFD.
    """
    text = _text(body, content_type, languages)
    return _DECLARED.sub(r"\1", text.removeprefix("\ufeff")).encode("utf-8", "replace")


def _text(body: bytes, content_type: str | None, languages: Iterable[str]) -> str:
    for begin, name in _WIDE:
        if body.startswith(begin):
            return body.decode(name, "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = text_of(body, content_type, languages)
    strange = set(text) - _ASCII
    # no character beyond ASCII could be read: the label is wrong, and this is what it mostly hides
    return body.decode("cp1252", "replace") if strange == {"\ufffd"} else text
