"""Digests: of payloads, of texts and of rules, and the identities made from them.

All are SHA-256 in lower-case hexadecimal: base32 pads with `=`, which is no `token` in the WARC
grammar, and SHA-1 is not safe against collisions, so never a key for deduplication.
"""

import base64
import hashlib
import re
import unicodedata

from archive.records import ArticleId, Digest, OutletId, UrlKey, VersionId

ID_CHARACTERS = 12
"""60 bits: among 10^7 articles two share an id with a chance of 1 in 23,000."""

_SPACE = re.compile(r"\s+")


def sha256(content: bytes) -> Digest:
    """Digest of bytes, `sha256:…`."""
    return Digest("sha256:" + hashlib.sha256(content).hexdigest())


def normalized(text: str) -> str:
    """The text with one kind of space and composed characters (NFC), for comparison only."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def text_digest(title: str | None, body: str | None) -> Digest:
    """Digest of an article's words: headline and body, whatever their spacing.

    It decides whether a version is new, so an edited headline is an edit.
    """
    return sha256(f"{normalized(title or '')}\n{normalized(body or '')}".encode())


def article_id(outlet: OutletId, urlkey: UrlKey) -> ArticleId:
    """The identity of an article: its outlet and the first urlkey it was known by (DESIGN 13)."""
    return ArticleId("a:" + _short(f"{outlet}\n{urlkey}"))


def version_id(article: ArticleId, text: Digest) -> VersionId:
    """The identity of one distinct text of an article; the same text is the same version."""
    return VersionId("v:" + _short(f"{article}\n{text}"))


def _short(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.b32encode(digest).decode().lower()[:ID_CHARACTERS]
