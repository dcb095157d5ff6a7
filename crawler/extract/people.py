"""Authors' names, freed of bylines, addresses and the outlet's own name."""

import re
from collections.abc import Iterable

from archive.records import Claim, Origin
from crawler.extract.claims import Claims
from crawler.extract.plain import folded

AUTHORS_LIMIT = 20
NAME_LIMIT = 200
NAME_WORDS = 7
"""A longer one is a sentence."""
FULL_NAME_WORDS = 5
"""What follows a comma and is longer describes the author: `Ann Lee, professor of law at …`."""

_RANK: dict[Origin, int] = {
    "rule": 0,
    "json-ld": 1,
    "meta": 2,
    "opengraph": 3,
    "microdata": 4,
    "text": 5,
    "trafilatura": 6,
    "feed": 7,
    "sitemap": 7,
    "section": 7,
}
# `di Mario Rossi` and `av Ola Berg` are signed in small letters; Di and Da begin names, too
_BYLINE = re.compile(
    r"^\W*(?:written by|reported by|words by|by|from|oleh|penulis|reporter|ditulis oleh|editor|von|"
    r"par|por|(?-i:di|da|af|av)|door|przez|автор|текст|yazan|author|autor|autore|auteur|"
    r"kirjoittanut|text|tekst|bởi|โดย|בקלם|מאת|بقلم|كتب)(?:\s*[:：]\s*|\s+)",
    re.IGNORECASE,
)
_SURE_BYLINE = re.compile(r"^\W*(?:文|記者|记者|作者|編集|責任編集)\s*[:：/／]\s*")
_OFFICE = re.compile(r"\s*(?:기자|記者|记者)$")
_ADDRESS = re.compile(r"https?://\S*|www\.\S*|\S+@\S+\.\S+|(?<!\w)@\w+|^/\S+$")
_BRACKETS = re.compile(r"\s*[(\[（【][^)\]）】]{0,80}[)\]）】]\s*$")
_PARTS = re.compile(r"\s*;\s*|\s*\|\s*|\s+/\s+|\s*、\s*|\s*·\s*|\s*•\s*")
_AND = re.compile(
    r"\s*,\s*(?:and|und|et|y|e|dan|en|og|och|i|ve)\s+|"
    r"\s+(?:and|und|et|dan|og|och|ve|&)\s+|\s*,\s+"
)
_AGENCY = re.compile(
    r"(?:dpa|apa|sda|afp|ap|epa|kna|epd|sid|ansa|efe|tass|antara|reuters|xinhua|pti|ani|aap)",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"\b(?:admin(?:istrator)?|webmaster|redaksi|newsroom|editorial team|staff|developer|"
    r"user|guest|unknown|null|undefined|none|anonymous)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{3,}")


def choose_authors(claims: Claims, sites: set[str]) -> tuple[str, ...]:
    """Choose the authors, put their claims first, and return their names.

    Persons in JSON-LD come first, then meta elements, bylines and listings. The outlet's own name
    is left out only if a person is named anywhere: many an agency piece is signed by the outlet.
    """
    heard = sorted(claims.of("authors"), key=lambda c: _RANK.get(c.origin, 9))
    signed: tuple[list[Claim], list[str]] = [], []
    for origin in dict.fromkeys(c.origin for c in heard):
        mine = [c for c in heard if c.origin == origin]
        names = _names(mine)
        people = [n for key, n in names.items() if key not in sites and not _NOBODY.search(n)]
        if people:
            claims.choose("authors", mine)
            return tuple(people[:AUTHORS_LIMIT])
        signed = signed if signed[1] else (mine, list(names.values()))
    claims.choose("authors", signed[0])
    return tuple(signed[1][:AUTHORS_LIMIT])


def _names(heard: Iterable[Claim]) -> dict[str, str]:
    names: dict[str, str] = {}
    for claim in heard:
        for name in names_in(claim.value):
            names.setdefault(folded(name), name)
    return names


def names_in(text: str) -> list[str]:
    """The names in one byline: `By Ann Lee and Bo Chan` is two, an address is none."""
    text = _ADDRESS.sub(" ", text).strip()
    text = _SURE_BYLINE.sub("", _BYLINE.sub("", text))
    found = [piece for part in _PARTS.split(text) for piece in _parted(part)]
    return [name for one in found if (name := _cleaned(one))]


def _parted(part: str) -> list[str]:
    pieces = [piece for piece in _AND.split(part) if piece.strip()]
    if len(pieces) > 1 and len(pieces[-1].split()) > FULL_NAME_WORDS:
        return pieces[:-1]
    # "Lee, Ann" is one name; "Ann Lee, dpa" is a name and an agency
    if all(len(piece.split()) > 1 or _AGENCY.fullmatch(piece.strip()) for piece in pieces):
        return pieces
    return [part]


def _cleaned(name: str) -> str | None:
    name = _BRACKETS.sub("", _BYLINE.sub("", name))
    name = _OFFICE.sub("", name.strip(" \t,;:.|/-–—·•"))
    if (
        not folded(name)
        or _BYLINE.fullmatch(f"{name} ")
        or _NUMBER.search(name)
        or len(name.split()) > NAME_WORDS
    ):
        return None
    return name[:NAME_LIMIT]
