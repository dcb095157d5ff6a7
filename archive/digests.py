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

_KNOWN = frozenset(["md5", "sha1", "sha256", "sha384", "sha512"])
"""Algorithms that other programs' records name."""


def sha256(*parts: bytes | memoryview) -> Digest:
    """Digest of bytes, in one part or in many: `sha256:…`."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return Digest("sha256:" + digest.hexdigest())


def agrees(said: str, content: bytes) -> bool | None:
    """Whether bytes have the digest that somebody wrote, in hexadecimal or base32.

    Returns:
        None if it cannot be told, since we do not know the algorithm.
    """
    name, _, value = said.strip().partition(":")
    algorithm = name.lower().replace("-", "")
    if algorithm not in _KNOWN:
        return None
    made = hashlib.new(algorithm, content, usedforsecurity=False)
    if value.lower() == made.hexdigest():
        return True
    in_base32 = base64.b32encode(made.digest()).decode().rstrip("=")
    return value.upper().rstrip("=") == in_base32


def as_sha256(said: str | None) -> Digest | None:
    """A SHA-256 that somebody wrote, as we write it; None if it is none."""
    name, _, value = (said or "").strip().partition(":")
    if name.lower().replace("-", "") != "sha256":
        return None
    if re.fullmatch(r"[0-9a-fA-F]{64}", value):
        return Digest(f"sha256:{value.lower()}")
    if re.fullmatch(r"[A-Za-z2-7]{52}=*", value):
        return Digest("sha256:" + base64.b32decode(value.upper().rstrip("=") + "====").hex())
    return None


def normalized(text: str) -> str:
    """The text with one kind of space and composed characters (NFC), for comparison only."""
    return " ".join(unicodedata.normalize("NFC", text).split())


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
