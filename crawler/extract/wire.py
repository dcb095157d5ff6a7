"""The wire credit: the news agency whose text a newspaper prints, by dateline, byline or end."""

import re
from collections.abc import Iterable

from crawler.extract.agencies import NAME, agency_of, is_agencies

DATELINE_CHARACTERS = 120
END_CHARACTERS = 160
BYLINE_CHARACTERS = 60
_DATELINE = re.compile(
    rf"^[^.!?()\[\]（【]{{0,70}}[(\[（【](?:(?:dts|red|"
    rf"kyodo)/)?({NAME})(?:[/,;\s][^)\]）】]{{0,30}})?[)\]）】]",
    re.IGNORECASE,
)
"""`BERLIN (dpa) -`, `Jakarta (ANTARA) -`, `【ロイター】`."""
_END = re.compile(
    rf"(?:[(\[（【—–]\s?|(?:©|\(c\)|quelle|source|sumber|fuente|fonte|bron|kaynak|källa|kilde|"
    rf"źródło|"
    rf"zdroj|forrás|sursa|lähde|πηγή|источник|джерело|with inputs? from|with|mit material (?:von|"
    rf"der)|"
    rf"avec|con información de|con|dengan|reporting by)\s?:?\s?)(?:the\s|(?:red|wis|mk|"
    rf"lby)/)?({NAME})"
    rf"(?:[/,-][^\s)\]]{{0,40}})?\s?[)\]）】]?\.?$",
    re.IGNORECASE,
)
"""`(dpa)`, `Quelle: dpa`, `© AFP`, `— Bernama`, `Sumber: Antara`."""
_IN_BYLINE = re.compile(
    rf"(?:^|[,/;(]\s?|\s(?:and|und|et|dan|y|e|/)\s)({NAME})(?:\)|,\s[A-Z ]+)?$", re.IGNORECASE
)


def wire_of(authors: Iterable[str], body: str | None) -> tuple[str, str] | None:
    """The agency and the words that credit it, or None.

    `authors` are the bylines as the page says them; `body` is the text, of which only the dateline
    and the last lines are read: an agency named elsewhere is a source, not the writer.
    """
    for said in authors:
        if found := agency_of(said) or (is_agencies(said) and agency_of(said.split("/")[0])):
            return found, said
        if match := _IN_BYLINE.search(said[-80:]):
            return _named(match[1]), said
    lines = [line for line in (body or "").split("\n\n") if line]
    for line in lines[:2]:
        match = _DATELINE.search(line[:DATELINE_CHARACTERS])
        if match := match or (_IN_BYLINE.search(line) if len(line) <= BYLINE_CHARACTERS else None):
            return _named(match[1]), match[0]
    for line in reversed(lines[-3:]):
        if match := _END.search(line[-END_CHARACTERS:]):
            return _named(match[1]), match[0]
        if len(line) <= DATELINE_CHARACTERS and (found := agency_of(line)):
            return found, line
    return None


def _named(said: str) -> str:
    return agency_of(said) or said
