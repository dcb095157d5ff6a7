"""Authors' names, freed of bylines, addresses and the outlet's own name."""

import re
from collections.abc import Iterable

from archive.records import Claim, Origin
from crawler.extract.claims import Claims
from crawler.extract.plain import folded

AUTHORS_LIMIT = 20
NAME_LIMIT = 200

_RANK: dict[Origin, int] = {"rule": 0, "json-ld": 1, "meta": 2, "opengraph": 3, "microdata": 4, "text": 5,
                            "trafilatura": 6, "feed": 7, "sitemap": 7, "section": 7}  # fmt: skip
_BYLINE = re.compile(
    r"^\W*(?:written by|reported by|words by|by|from|oleh|penulis|reporter|ditulis oleh|editor|von|par|por|"
    r"di|da|af|av|door|przez|автор|текст|yazan|author|autor|autore|auteur|kirjoittanut|text|"
    r"tekst|bởi|โดย|בקלם|מאת|بقلم|كتب)(?:\s*[:：]\s*|\s+)", re.IGNORECASE)  # fmt: skip
_SURE_BYLINE = re.compile(r"^\W*(?:文|記者|记者|作者|編集|責任編集)\s*[:：/／]\s*")
_ADDRESS = re.compile(r"https?://\S*|www\.\S*|\S+@\S+\.\S+|(?<!\w)@\w+|^/\S+$")
_BRACKETS = re.compile(r"\s*[(\[（【][^)\]）】]{0,80}[)\]）】]\s*$")
_PARTS = re.compile(r"\s*;\s*|\s*\|\s*|\s+/\s+|\s*、\s*|\s*·\s*|\s*•\s*")
_AND = re.compile(
    r"\s*,\s*(?:and|und|et|y|e|dan|en|og|och|i|ve)\s+|\s+(?:and|und|et|dan|og|och|ve|&)\s+|\s*,\s+"
)
_ROLE = re.compile(r"\b(?:admin(?:istrator)?|webmaster|redaksi|newsroom|editorial team|staff|developer|"
                   r"user|guest|unknown|null|undefined|none|anonymous)\b", re.IGNORECASE)  # fmt: skip
_DIGITS = re.compile(r"\d{3,}")
_WORDS_LIMIT = 7


def choose_authors(claims: Claims, sites: set[str]) -> tuple[str, ...]:
    """Choose the authors, put their claims first, and return their names.

    Persons in JSON-LD come first, then meta elements, bylines and listings. The outlet's own name
    is left out only if a person is named beside it: many an agency piece is signed by the outlet.
    """
    heard = sorted(claims.of("authors"), key=lambda c: _RANK.get(c.origin, 9))
    for origin in dict.fromkeys(c.origin for c in heard):
        mine = [c for c in heard if c.origin == origin]
        found = _names(mine, sites)
        if found:
            claims.choose("authors", mine)
            return found
    return ()


def _names(heard: Iterable[Claim], sites: set[str]) -> tuple[str, ...]:
    names: dict[str, str] = {}
    for claim in heard:
        for name in names_in(claim.value):
            names.setdefault(folded(name), name)
    people = {
        key: name for key, name in names.items() if key not in sites and not _ROLE.search(name)
    }
    return tuple((people or names).values())[:AUTHORS_LIMIT]


def names_in(text: str) -> list[str]:
    """The names in one byline: `By Ann Lee and Bo Chan` is two, an address is none."""
    text = _ADDRESS.sub(" ", text).strip()
    text = _SURE_BYLINE.sub("", _BYLINE.sub("", text))
    found = []
    for part in _PARTS.split(text):
        found += _split_by_commas(part)
    return [name for one in found if (name := _cleaned(one))]


def _split_by_commas(part: str) -> list[str]:
    pieces = [piece for piece in _AND.split(part) if piece.strip()]
    # "Lee, Ann" and "Ann Lee, Reuters" read alike; only full names are parted
    if len(pieces) > 1 and all(len(piece.split()) > 1 for piece in pieces):
        return pieces
    return [part]


def _cleaned(name: str) -> str | None:
    name = _BRACKETS.sub("", _BYLINE.sub("", name)).strip(" \t,;:.|/-–—·•")
    words = name.split()
    if not folded(name) or _DIGITS.search(name) or len(words) > _WORDS_LIMIT:
        return None
    return name[:NAME_LIMIT]
