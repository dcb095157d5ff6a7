"""Document types taken out of XML before it is parsed: where none is, no entity can explode."""

import re

_BEGIN = re.compile(rb"<!DOCTYPE\b", re.IGNORECASE)
_WHOLE = re.compile(rb"<!DOCTYPE[^>\[]*+(?:\[.*?\]\s*+>|>)", re.DOTALL | re.IGNORECASE)
_PROLOG_BYTES = 1_000_000


def without_doctype(body: bytes) -> bytes:
    """The document without its DOCTYPE; no feed or sitemap needs one."""
    begin = _BEGIN.search(body, 0, _PROLOG_BYTES)
    whole = _WHOLE.match(body, begin.start()) if begin else None
    return body[: whole.start()] + body[whole.end() :] if whole else body
