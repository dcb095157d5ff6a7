"""A byline parted into names as they are written, without offices, addresses and dates."""

import re

from crawler.extract import roles
from crawler.extract.agencies import NAME, is_agencies
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
_PICTURE_BY = re.compile(
    rf"(?:^|[\s|/,;.(–—-]{{1,4}})(?:{roles.any_of(roles.PICTURES_BY)})\s.*$", re.IGNORECASE
)
_PICTURE = re.compile(rf"^\W*(?:{roles.any_of(roles.PICTURES)})\s?[:：/／]", re.IGNORECASE)
_STAMPED = re.compile(
    rf"[\s,|(–—·•-]{{1,3}}(?:{roles.any_of(roles.STAMPS)})(?!\w)[^\d\n]{{0,40}}\d.*$",
    re.IGNORECASE,
)
"""`Ann Lee Published June 19, 2024`"""
_ACCORDING = re.compile(r"^Theo\s+(?=[^|,;]{0,40}[ăđơư\u1ea0-\u1ef9ĂĐƠƯ])")
"""`Theo Nguyễn Ví Dụ` is a Vietnamese byline, `Theo Muster` a name."""
_PLACE = re.compile(
    r"(?<=\w)\s(?:in|aus|à|from)\s[A-ZÀ-ÞĀ-ŽΑ-ΩА-Я][\w.'’-]*(?:\s[A-ZÀ-Þ][\w.'’-]*){0,2}$"
)
"""Where it was written: `Ann Lee in Paris`"""
_PLACE_AFTER = re.compile(r"(?<=\S\s)\S+(?P<place>,\s(?!(?:Jr|Sr)\b)[A-ZÀ-ÞĀ-Ž][a-zß-ÿ]{2,20})$")
"""`Jana Muster, Berlin`, in a signed line only: `Muster Beispiel, Jana` is one name."""
_BRACKETED = re.compile(r"^【([^】]{2,40})】$")
_CHINESE_NAMES = re.compile(r"[\u3400-\u9fff]{2,4}(?:\s[\u3400-\u9fff]{2,4}){1,5}")
_CHINESE_OFFICE = re.compile(r"^(?:本[报報])?记者|^本[报報]記者")
_BESIDE = re.compile(r"\s?(?:通讯员|通訊員|实习生|實習生)\s?")
_ARTICLE = re.compile(r"^the\s", re.IGNORECASE)
_OFFICE_BEFORE = re.compile(rf"^(?:本[报報])?(?:{roles.any_of(roles.OFFICES_AFTER)})[\s・]")
"""`记者 张三`, `編集委員・山田太郎`: an office before its name, parted from it."""
_UNSURE = re.compile(rf"(?:,\s|\s)(?:{roles.any_of(roles.BESIDE_NAMES)})(?!\w).*$", re.IGNORECASE)
_OFFICE = re.compile(rf"\s*(?:{roles.any_of(roles.OFFICES_AFTER)})$")
_DEGREE = re.compile(rf"(?:,\s?(?:{roles.any_of(roles.DEGREES)})\b\.?)+$")
_HOUSE = re.compile(rf"(?<=[^\W\d_]),\s(?!(?i:{NAME}|[JS]R|I{{2,3}}|IV)$)[A-Z]{{2,5}}$")
"""For whom, if it is no agency: `Ann Lee, CNN`; of 402 pages with authors 2 better, none worse."""
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
    if _PICTURE.match(text):
        return []
    text = _BRACKETED.sub(r"\1", _ACCORDING.sub("", _PICTURE_BY.sub("", text)))
    is_chinese = bool(_CHINESE_OFFICE.match(text))
    is_signed = bool(signature := _BYLINE.match(text))
    text = text[signature.end() :] if signature else text
    text = _UNSURE.sub("", _STAMPED.sub("", _OFFICE_BEFORE.sub("", text)))
    if (other := _OTHER_OFFICE.search(text)) and other.start():
        text = text[: other.start()]
    if is_chinese:
        text = _BESIDE.sub("、", text.strip())
    parts = _PARTS.split(text)
    if is_signed:
        parts = [_without_place(parts[0]), *filter(_may_sign, parts[1:])]
    elif is_chinese:
        parts = [name for part in parts for name in _chinese(part)]
    found = [piece for part in parts for piece in _parted(part)]
    return [name for one in found if (name := _cleaned(one))]


def _without_place(part: str) -> str:
    after = _PLACE_AFTER.search(part.rstrip())
    return part if not after or is_agencies(after["place"][2:]) else part[: after.start("place")]


def _chinese(part: str) -> list[str]:
    return part.split() if _CHINESE_NAMES.fullmatch(part) else [part]


def _may_sign(part: str) -> bool:
    """Whether a later part of a signed line is a name: `By Ann Lee | Paris | The Example Post`."""
    is_word = len(part.split()) == 1 and not _UNSPACED.search(part) and not is_agencies(part)
    return not is_word and not _ARTICLE.match(part.strip())


def _parted(part: str) -> list[str]:
    part = _HOUSE.sub("", _DEGREE.sub("", part))
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
    if (place := _PLACE.search(name)) and len(name[: place.start()].split()) > 1:
        name = name[: place.start()]
    name = _OFFICE.sub("", name.strip(" \t,;:.|/-–—·•"))
    if (
        not folded(name)
        or _BYLINE.fullmatch(f"{name} ")
        or _NUMBER.search(name)
        or len(name.split()) > NAME_WORDS
    ):
        return None
    return name[:NAME_LIMIT]
