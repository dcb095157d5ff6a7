"""A byline parted into names as they are written, without offices, addresses and dates."""

import re

from crawler.extract import roles
from crawler.extract.agencies import is_agencies
from crawler.extract.plain import folded

NAME_LIMIT = 200
NAME_WORDS = 7
"""A longer one is a sentence."""
FULL_NAME_WORDS = 5
"""What follows a comma and is longer describes the author: `Ann Lee, professor of law at …`."""
_BYLINE = re.compile(
    rf"^\W*(?:(?:(?:an?\s|eine?\s|un[ea]?\s|en\s)?(?:{roles.any_of(roles.PIECES_BY)})|"
    rf"{roles.any_of(roles.BYLINES)}|(?-i:{roles.any_of(roles.SMALL_BYLINES)}))"
    rf"(?:\s*[:：]\s*|\s+)|(?:{roles.any_of(roles.SURE_BYLINES)})\s*[:：/／]\s*)",
    re.IGNORECASE,
)
_OTHER_OFFICE = re.compile(
    rf"(?:[\s|/,;(–—-]\s{{0,4}})(?:{roles.any_of(roles.OTHER_OFFICES)})\s?[:：]", re.IGNORECASE
)
_OFFICE_BEFORE = re.compile(rf"^(?:本[报報])?(?:{roles.any_of(roles.OFFICES_AFTER)})[\s・]")
"""`记者 张三`, `編集委員・山田太郎`: an office before its name, parted from it."""
_UNSURE = re.compile(rf"(?:,\s|\s)(?:{roles.any_of(roles.BESIDE_NAMES)})(?!\w).*$", re.IGNORECASE)
_OFFICE = re.compile(rf"\s*(?:{roles.any_of(roles.OFFICES_AFTER)})$")
_DEGREE = re.compile(rf"(?:,\s?(?:{roles.any_of(roles.DEGREES)})\b\.?)+$")
_ADDRESS = re.compile(r"https?://\S*|www\.\S*|\S+@\S+\.\S+|(?<!\w)@\w+|^/\S+$")
_BRACKETS = re.compile(r"\s?[(\[（【][^)\]）】(\[（【]{0,80}[)\]）】]\s*$")
_PARTS = re.compile(r"\s?;\s?|\s?\|\s?|\s/\s|\s?[、،]\s?|\s?·\s?|\s?•\s?|\s–\s|\s—\s|\n")
_AND = re.compile(rf",?\s(?:{roles.any_of(roles.AND)})\s|,\s", re.IGNORECASE)
_DATED = re.compile(
    rf"(?P<stamp>[\s,|–—-]{{1,3}}(?:{roles.any_of(roles.AFTER_NAMES)})[:.]?)?[\s,|–—-]{{1,3}}"
    r"(?:\d{1,2}(?:[.:/-]\d|\.?\s[^\W\d]|,|$)|\d{4}).*$|^\d{1,2}[.:/]\d{1,2}.*$",
    re.IGNORECASE,
)
_FOR_WHOM = re.compile(r"\s[Ff]or (?:[Tt]he )?(?:[A-Z][\w.]{1,20}\s?(?:[Oo]n\s)?){1,4}$")
_NUMBER = re.compile(r"\d{3,}")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def names_in(text: str) -> list[str]:
    """The names in one byline: `By Ann Lee and Bo Chan` is two, an address is none."""
    text = _ADDRESS.sub(" ", text[: 4 * NAME_LIMIT]).strip()
    text = _UNSURE.sub("", _OFFICE_BEFORE.sub("", _BYLINE.sub("", text)))
    if (other := _OTHER_OFFICE.search(text)) and other.start():
        text = text[: other.start()]
    found = [piece for part in _PARTS.split(text) for piece in _parted(part)]
    return [name for one in found if (name := _cleaned(one))]


def _parted(part: str) -> list[str]:
    part = _DEGREE.sub("", part)
    pieces = [piece for piece in _AND.split(part) if piece.strip()]
    if len(pieces) > 1 and len(pieces[-1].split()) > FULL_NAME_WORDS:
        return pieces[:-1]
    # "Lee, Ann" is one name; "Ann Lee, dpa" is a name and an agency
    return pieces if all(map(_is_whole, pieces)) else [part]


def _is_whole(piece: str) -> bool:
    piece = piece.strip()
    return bool(len(piece.split()) > 1 or is_agencies(piece) or _UNSPACED.search(piece))


def _cleaned(name: str) -> str | None:
    name = _FOR_WHOM.sub("", _BRACKETS.sub("", _BYLINE.sub("", name)))
    if dated := _DATED.search(name):
        name = name[: dated.start()]
        is_word = not dated["stamp"] and len(name.split()) == 1
        if is_word or name[:1].isdigit():
            return None  # "Apr 7, 2020", "2 March 2026": a date, or a word for how long ago
    name = _OFFICE.sub("", name.strip(" \t,;:.|/-–—·•"))
    if (
        not folded(name)
        or _BYLINE.fullmatch(f"{name} ")
        or _NUMBER.search(name)
        or len(name.split()) > NAME_WORDS
    ):
        return None
    return name[:NAME_LIMIT]
