"""Bytes to text: byte order mark, header, meta element, and a guess, in that order.

Labels are read as browsers read them (WHATWG Encoding): `iso-8859-1` means windows-1252 and
`gb2312` means gb18030. One thing outranks a label: bytes that are UTF-8 beyond chance, because
servers keep sending the label of a former system.
"""

import codecs
from collections.abc import Iterable

from trafilatura.utils import detect_encoding
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

UTF8_EVIDENCE_BYTES = 24
"""Non-ASCII bytes above which text that happens to be UTF-8 is UTF-8. Below it, GBK and Big5
words can pass for UTF-8 (the famous one is `联通`)."""
TORN_SHARE = 0.02
"""Undecodable share of the non-ASCII text above which a declared UTF-8 is not believed."""

_ASCII = bytes(range(128))
_REPLACED = "\ufffd"
_LEGACY = {
    "ar": "cp1256",
    "fa": "cp1256",
    "ur": "cp1256",
    "he": "cp1255",
    "el": "cp1253",
    "tr": "cp1254",
    "ru": "cp1251",
    "uk": "cp1251",
    "bg": "cp1251",
    "sr": "cp1251",
    "mk": "cp1251",
    "be": "cp1251",
    "pl": "cp1250",
    "cs": "cp1250",
    "sk": "cp1250",
    "hu": "cp1250",
    "sl": "cp1250",
    "hr": "cp1250",
    "ro": "cp1250",
    "lt": "cp1257",
    "lv": "cp1257",
    "et": "cp1257",
    "vi": "cp1258",
    "th": "cp874",
    "ja": "cp932",
    "ko": "cp949",
    "zh": "gb18030",
}


def text_of(body: bytes, content_type: str | None, languages: Iterable[str] = ()) -> str:
    """The text of a page; undecodable bytes become U+FFFD, nothing is raised.

    `languages` (the outlet's) settle the guess when the page declares nothing.
    """
    encoding, mark = read_bom(body)
    if encoding and mark:
        return body[len(mark) :].decode(_known(encoding) or "utf-8", "replace")
    declared = _known(http_content_type_encoding(content_type)) or _known(
        html_body_declared_encoding(body)
    )
    evidence = len(body.translate(None, _ASCII))
    is_likely = evidence >= UTF8_EVIDENCE_BYTES or declared in (None, "utf-8")
    if is_likely and (evidence or not declared) and (text := _as_utf8(body)) is not None:
        return text
    if declared and not declared.startswith("utf-16"):  # a label readable as ASCII cannot be UTF-16
        text = body.decode(declared, "replace")
        if text.count(_REPLACED) <= max(2.0, TORN_SHARE * evidence):
            return text
    return _guessed(body, languages)


def _as_utf8(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _known(name: str | None) -> str | None:
    """The codec's own name if it is a text codec that Python has."""
    try:
        found = codecs.lookup(name) if name else None
    except (LookupError, ValueError):
        return None
    return found.name if found and found._is_text_encoding else None  # noqa: SLF001 -- no public way


def _guessed(body: bytes, languages: Iterable[str]) -> str:
    legacy = [_LEGACY[main] for tag in languages if (main := tag.split("-")[0]) in _LEGACY]
    for name in (*legacy, *detect_encoding(body)):
        try:
            return body.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    torn = body.decode("utf-8", "replace")
    return torn if torn.count(_REPLACED) < body.count(b"<") else body.decode("cp1252", "replace")
