"""Field values made plain: no mark-up, no control characters, one kind of space, a length."""

import html
import re
import unicodedata

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
# Lone surrogates cannot be stored, and the soft hyphen and zero-width space hide a word from
# search. The joiners U+200C and U+200D stay: Persian and the Indic scripts spell with them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef"
    "\ufeff\ufffe\uffff\u00ad\u200b\u2060]"
)
_NOT_WORD = re.compile(r"[\W_]+")


def without_controls(text: str) -> str:
    """The text without characters that no reader sees and no database takes."""
    return _UNWANTED.sub("", text)


def plain(value: object, limit: int) -> str | None:
    """One line of at most `limit` characters, or None if `value` says nothing.

    Entities are undone once more (publishers escape twice: `&amp;quot;`) and tags are dropped.
    """
    if not isinstance(value, str):
        return None
    text = value[: limit * 8]  # an attribute may hold megabytes
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    text = " ".join(without_controls(text).split())
    return text[:limit].rstrip() or None


def folded(text: str | None) -> str:
    """Letters and digits only, in one case and width: for telling whether two texts agree."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text or "").casefold())
