"""Words: the one normaliser that the full-text index and its queries share.

An index and a query find each other only if both cut text into the same tokens, so nothing is left
to an engine's own idea of a word. `indexed` gives tokens parted by one space, and the engines are
told to cut at spaces and nowhere else: SQLite by `FTS5_TOKENIZE`, PostgreSQL by `tsvector_literal`,
which goes around its parser.

    text                          tokens
    Köln's CAFÉ, ﬁnal            koln s cafe final
    e-mail, 1.5 %, snake_case     e mail 1 5 snake case
    п'ять п’ять пʼять             п ять п ять п ять
    东京都 ガス 정부는             东 京 都 ガ ス 정 부 는
    हिन्दी  ภาษาไทย               हिन्दी  ภ า ษ า ไ ท ย

A token is a run of letters, marks and numbers. Case is folded, and the accents U+0300 to U+036F
are dropped; other marks stay, for they are vowels in Indic scripts, Thai and Arabic. A character of
a script that is written without spaces (Han, kana, Bopomofo, Yi, Thai, Lao, Khmer, Myanmar) is a
token by itself with the marks that follow it, so that a word of two characters can be found as a
phrase. So is a Hangul syllable: Korean has spaces but glues particles to nouns, and 정부 must find
정부는.

Which characters are letters is what this Python's Unicode tables say (3.11: 14.0). Text in scripts
younger than that should be reindexed after an upgrade of Python.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

FTS5_TOKENIZE = "ascii"
"""FTS5's tokenizer. `ascii` takes every character beyond ASCII for a letter, so it cuts our tokens
at spaces only and folds nothing. `unicode61` has its own tables of letters and of case, ten years
older than Python's: with categories 'L* M* N* Co' it failed on 1,983 of 69,842 letters."""

TOKEN_CHARACTERS = 256
"""A longer token is cut, in index and query alike: a PostgreSQL lexeme holds 2,046 bytes, and four
of UTF-8 for each of these stay below."""

TITLE_GAP = 128
"""Positions between title and body in a tsvector, more than NEAR can reach: a phrase must not begin
in the title and end in the body, as it cannot in FTS5, where they are two columns."""

_POSITION_MAX = 16_383
_POSITIONS_PER_LEXEME = 255
_TSVECTOR_BYTES = 1_000_000  # PostgreSQL refuses 2^20; what it adds by alignment is left aside

_ACCENTS = "\u0300-\u036f"
# Soft hyphens, joiners, direction marks, variation selectors and tags stand inside words and mean
# nothing to a search. ZERO WIDTH SPACE is not among them: Khmer and Thai part words with it.
_INVISIBLE = (
    "\u00ad\u061c\u180b-\u180f\u200c-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"
)
_DROPPED = re.compile(f"[{_ACCENTS}{_INVISIBLE}]+")
_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"  # Myanmar
    "\u1780-\u17ff"  # Khmer
    "\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff"  # Hangul
    "\u3005-\u3007\u3021-\u3029\u3031-\u303c\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uf900-\ufaff"
    "\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
)
_MARK_PLANES = range(0x20000)  # no mark stands beyond, but for variation selectors


def _ranges(codepoints: Iterable[int]) -> str:
    """The inside of a character class: neighbours joined, `a-c` for a, b and c."""
    spans: list[list[int]] = []
    for codepoint in codepoints:
        if spans and spans[-1][1] == codepoint - 1:
            spans[-1][1] = codepoint
        else:
            spans.append([codepoint, codepoint])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in spans)


_MARKS = _ranges(cp for cp in _MARK_PLANES if unicodedata.category(chr(cp))[0] == "M")
# letters to Unicode, but Ukrainian and Uzbek also write ' and ’ for them
_APOSTROPHES = "\u02bb\u02bc"
_LETTER = rf"[^\W_{_APOSTROPHES}{_UNSPACED}]"
_TOKEN = re.compile(rf"(?=\w)[{_UNSPACED}][{_MARKS}]*|{_LETTER}+(?:[{_MARKS}]+{_LETTER}*)*")

# Where no mark, unspaced script or apostrophe is (these few ranges hold them all), a token is any
# run of \w. Found so, the words of most news pages (0.57 ms) cost 0.34 ms.
_UNLIKE_WORDS = re.compile(
    f"[_{_APOSTROPHES}\u0300-\u036f\u0483-\u0489\u0591-\u1dff\u20d0-\u20ff\u2cef-\U0010ffff]"
)
_WORD = re.compile(r"\w+")

# What may change shape when it meets its neighbour is kept in one piece: a character with the
# marks, invisible characters, medial and final jamo and half-width voice marks that follow it.
_GLUE = rf"{_MARKS}{_INVISIBLE}\u1160-\u11ff\ud7b0-\ud7ff\uff9e\uff9f"
_PIECE = re.compile(rf"[\x00-\x7f]+(?![{_GLUE}])|.[{_GLUE}]*", re.DOTALL)

MARK_BEGIN, MARK_END = "\x02", "\x03"
"""What `excerpt` puts around a match; no printable text holds them, so a caller can escape first
and replace them after."""
EXCERPT_CHARACTERS = 200
"""About thirty words of a European language: two lines of a result page."""
_SPACE = re.compile(r"[\s\x02\x03]+")


class Needle(NamedTuple):
    """Something to mark in an excerpt: tokens in a row, of which the last may be a beginning."""

    words: tuple[str, ...]
    is_prefix: bool = False


class _Span(NamedTuple):
    token: str
    begin: int
    end: int


class _Match(NamedTuple):
    needle: int
    first: int
    last: int  # both count tokens, and the last is inside


def tokens(text: str) -> list[str]:
    """Cut text into normalised tokens, in order."""
    folded = _folded(text)
    pattern = _TOKEN if _UNLIKE_WORDS.search(folded) else _WORD
    return [token[:TOKEN_CHARACTERS] for token in pattern.findall(folded)]


def indexed(text: str) -> str:
    """What the full-text index holds for a text: its tokens, parted by single spaces.

    It is stable: `indexed(indexed(text)) == indexed(text)`.
    """
    return " ".join(tokens(text))


def tsvector_literal(title_tokens: Sequence[str], body_tokens: Sequence[str]) -> str:
    """The text of a PostgreSQL tsvector: to be cast with `::tsvector`, which parses no language.

    Title positions weigh A and body positions D. PostgreSQL's own limits are kept: a lexeme has
    255 positions and no position lies above 16,383, so that a phrase beyond either is not found;
    and past one megabyte new lexemes are left out. Of news articles only books reach these.
    """
    places: dict[str, list[str]] = {}
    for position, token in enumerate(title_tokens, 1):
        places.setdefault(token, []).append(f"{min(position, _POSITION_MAX)}A")
    for position, token in enumerate(body_tokens, len(title_tokens) + TITLE_GAP + 1):
        places.setdefault(token, []).append(f"{min(position, _POSITION_MAX)}")
    entries: list[str] = []
    room = _TSVECTOR_BYTES
    for token, positions in places.items():
        kept = positions[:_POSITIONS_PER_LEXEME]
        room -= len(token.encode()) + 2 * len(kept) + 4
        if room < 0:
            break
        entries.append(f"{lexeme(token)}:{','.join(kept)}")
    return " ".join(entries)


def lexeme(token: str) -> str:
    """A token quoted for a PostgreSQL tsvector or tsquery."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def excerpt(text: str, needles: Iterable[Needle], width: int = EXCERPT_CHARACTERS) -> str:
    """The passage of an original text where most of a query is found together, matches marked.

    At most about `width` characters on one line, cut between tokens; `…` stands where text was
    cut away and `MARK_BEGIN` and `MARK_END` stand around each match. Without any match it is the
    beginning of the text.
    """
    spans = list(_spans(text))
    if not spans:
        return _SPACE.sub(" ", text).strip()[:width]
    matches = _matches(spans, list(needles))
    first, last = _window(spans, _cluster(spans, matches, width), width)
    begin = 0 if first == 0 else spans[first].begin
    end = len(text) if last == len(spans) - 1 else spans[last + 1].begin
    # of what parts the last token from the next, only what is joined to it: a full stop, a quote
    tail = text[spans[last].end : end].split(maxsplit=1)
    pieces = [] if begin == 0 else ["…"]
    at = begin
    for mark_begin, mark_end in _marked(spans, matches, first, last):
        pieces += [_plain(text[at:mark_begin]), MARK_BEGIN]
        pieces += [_plain(text[mark_begin:mark_end]), MARK_END]
        at = mark_end
    joined = tail[0] if tail and not text[spans[last].end].isspace() else ""
    pieces += [_plain(text[at : spans[last].end]), _plain(joined[:width])]
    if last < len(spans) - 1:
        pieces.append("…")
    return "".join(pieces).strip()


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text)


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    # Accents go before the case is folded, for U+0345 folds to a letter; and once more after, for
    # folding a letter can bring an accent forth.
    bare = _DROPPED.sub("", unicodedata.normalize("NFKD", text)).casefold()
    bare = _DROPPED.sub("", unicodedata.normalize("NFKD", bare))
    return unicodedata.normalize("NFKC", bare)


@lru_cache(maxsize=4096)
def _folded_piece(piece: str) -> str:
    return _folded(piece)


def _spans(text: str) -> Iterator[_Span]:
    """The tokens of a text with the places in it that they came from.

    Folding changes lengths (ß is ss, ﬁ is fi), so it is done piece by piece, and each folded
    character remembers the piece that it is of.
    """
    folded: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    for match in _PIECE.finditer(text):
        begin, end = match.span()
        piece = match[0].lower() if match[0].isascii() else _folded_piece(match[0])
        folded.append(piece)
        if match[0].isascii():
            begins += range(begin, end)
            ends += range(begin + 1, end + 1)
        else:
            begins += [begin] * len(piece)
            ends += [end] * len(piece)
    for match in _TOKEN.finditer("".join(folded)):
        token = match[0][:TOKEN_CHARACTERS]
        yield _Span(token, begins[match.start()], ends[match.end() - 1])


def _matches(spans: Sequence[_Span], needles: Sequence[Needle]) -> list[_Match]:
    """Every place where a needle is found, in the order of the text."""
    return [
        _Match(number, at, at + len(needle.words) - 1)
        for at in range(len(spans))
        for number, needle in enumerate(needles)
        if _is_at(needle, spans, at)
    ]


def _is_at(needle: Needle, spans: Sequence[_Span], at: int) -> bool:
    last = at + len(needle.words) - 1
    if last >= len(spans) or not needle.words:
        return False
    end = needle.words[-1]
    found = spans[last].token
    if not (found.startswith(end) if needle.is_prefix else found == end):
        return False
    return all(spans[at + i].token == word for i, word in enumerate(needle.words[:-1]))


def _cluster(spans: Sequence[_Span], matches: Sequence[_Match], width: int) -> tuple[int, int]:
    """The first and last token of the best group of matches that fit into `width`.

    Best has most different needles, then most matches, then comes first in the text.
    """
    best, best_score = (0, 0), (0, 0)
    for number, match in enumerate(matches):
        group = [match]
        for other in matches[number + 1 : number + 1 + width]:
            if spans[other.last].end - spans[match.first].begin > width:
                break
            group.append(other)
        score = (len({m.needle for m in group}), len(group))
        if score > best_score:
            best, best_score = (match.first, max(m.last for m in group)), score
    return best


def _window(spans: Sequence[_Span], core: tuple[int, int], width: int) -> tuple[int, int]:
    """Widen a group by whole tokens on both sides, as long as it fits."""
    first, last = core
    grown = True
    while grown:
        grown = False
        if first > 0 and spans[last].end - spans[first - 1].begin <= width:
            first, grown = first - 1, True
        if last < len(spans) - 1 and spans[last + 1].end - spans[first].begin <= width:
            last, grown = last + 1, True
    return first, last


def _marked(
    spans: Sequence[_Span], matches: Sequence[_Match], first: int, last: int
) -> list[tuple[int, int]]:
    """The matches inside a window as stretches of text that do not overlap, begin and end."""
    stretches: list[tuple[int, int]] = []
    for match in matches:
        if match.first < first or match.last > last:
            continue
        begin, end = spans[match.first].begin, spans[match.last].end
        if stretches and begin < stretches[-1][1]:  # one character can be two tokens: ½
            begin, before = stretches.pop()
            end = max(end, before)
        stretches.append((begin, end))
    return stretches
