"""The headline: chosen among what the page declares, without the name of its site."""

import re
from collections.abc import Mapping, Sequence

from archive.records import Claim, Origin
from crawler.extract.claims import Claims
from crawler.extract.plain import folded
from crawler.extract.suffixes import SEPARATOR, host_names, is_site, site_names, without_site

RANK: dict[Origin, int] = {
    "rule": 0,
    "json-ld": 1,
    "opengraph": 2,
    "microdata": 3,
    "h1": 4,
    "meta": 5,
    "feed": 6,
    "sitemap": 6,
    "text": 7,
    "title-tag": 8,
    "section": 9,
}
"""The order of belief. Right after stripping, on two halves of the outlets (news; other pages):
JSON-LD 89 and 88 (86 and 84) %, OpenGraph 87 and 85 (74 and 80), h1 80 and 80 (76 and 77),
meta 84 and 84 (75 and 70), title element 60 and 74 (63 and 66); any of them 99.2 (92)."""
HEADLINE_WORDS = 3
"""A lone h1 of so many words, one of them long and in the declared headline, is what readers saw;
it outweighs OpenGraph, which is often written for searching. Pages better/worse on the two halves:
10/0 and 8/1. With any shared word 10/1 and 9/1, with two 10/0 and 7/2, with none 10/2 and 10/4;
any h1 though there are several: 11/5 and 10/8. Against JSON-LD it is no gain: 8/11 and 10/11."""
_LONG_WORD = 4
KICKER_CHARACTERS = 12
"""A headline this long that ends another is the same without its kicker (`Trial: …`)."""
_LISTED: tuple[Origin, ...] = ("feed", "sitemap", "section")
_WRITTEN_FOR_SEARCH: tuple[Origin, ...] = ("opengraph", "meta")
_TORN_END = re.compile(r"\s*(?:\.\.\.|…)$")
_WORD = re.compile(
    r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]|[^\W_\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]+"
)
_FIRST_UNSPACED = "\u3040"  # a word of these scripts is a single sign

Cleaned = Mapping[Claim, str]


def choose_title(claims: Claims, url: str) -> str | None:
    """Choose the headline, put its claim first, and return it without the site's name.

    What a listing called the page settles it when it agrees with one of the page's own headlines;
    else the best believed one counts, unless what readers saw says otherwise.
    """
    heard = sorted(claims.of("title"), key=lambda c: RANK.get(c.origin, 9))
    sites = site_names(claims, url) | _logos(heard)
    hosts, sections = host_names(url), claims.values("section")
    cleaned = {
        claim: without_site(
            claim.value,
            sites,
            [c.value for c in heard if c is not claim],
            hosts=hosts,
            sections=sections,
        )
        for claim in heard
    }
    chosen = _chosen(heard, cleaned, sites)
    if chosen is None:
        return None
    claims.choose("title", [chosen])
    return cleaned[chosen]


def _logos(heard: Sequence[Claim]) -> set[str]:
    """Headings that the title element has at its end, after another heading: the site's name."""
    title = next((c.value for c in heard if c.origin == "title-tag"), "")
    others = {folded(c.value) for c in heard if c.origin not in ("title-tag", *_WRITTEN_FOR_SEARCH)}
    cuts = list(SEPARATOR.finditer(title))[:12]
    pairs = ((folded(title[: cut.start()]), folded(title[cut.end() :])) for cut in cuts)
    return {tail for head, tail in pairs if tail in others and head in others and head != tail}


def _chosen(heard: Sequence[Claim], cleaned: Cleaned, sites: set[str]) -> Claim | None:
    if heard and heard[0].origin == "rule":
        return heard[0]
    own = [c for c in heard if c.origin not in _LISTED]
    own = [c for c in own if folded(cleaned[c]) not in sites] or own  # an h1 may hold the logo
    listed = {folded(cleaned[c]) for c in heard if c.origin in _LISTED}
    agreed = next((c for c in own if folded(cleaned[c]) in listed), None)
    if agreed or not own:
        return agreed or next(iter(heard), None)
    best = _without_kicker(_seconded(own, cleaned), own, cleaned)
    return _whole(_seen(best, own, cleaned, sites), own, cleaned)


def _seconded(own: Sequence[Claim], cleaned: Cleaned) -> Claim:
    """The best claim; among several h1 elements the one that the title element repeats."""
    if own[0].origin not in ("h1", "text"):
        return own[0]
    title = next((c for c in own if c.origin == "title-tag"), None)
    if title is None:
        return own[0]
    shown = [c for c in own if c.origin in ("h1", "text")]
    repeated = next((c for c in shown if folded(cleaned[c]) in folded(title.value)), None)
    is_said = _is_sentence(cleaned[title])
    is_menu = not any(_is_sentence(cleaned[c]) or _shares(c, title, cleaned) for c in shown)
    return repeated or (title if is_said and is_menu else own[0])


def _without_kicker(best: Claim, own: Sequence[Claim], cleaned: Cleaned) -> Claim:
    """The shorter headline, if OpenGraph and an h1 both leave out what stands before it."""
    if best.origin != "json-ld":
        return best
    h1s = {folded(cleaned[c]) for c in own if c.origin == "h1"}
    for claim in own:
        short = folded(cleaned[claim])
        if claim.origin == "opengraph" and short in h1s and _ends_with(cleaned[best], short):
            return claim
    return best


def _ends_with(text: str, end: str) -> bool:
    whole = folded(text)
    return len(end) >= KICKER_CHARACTERS and whole != end and whole.endswith(end)


def _seen(best: Claim, own: Sequence[Claim], cleaned: Cleaned, sites: set[str]) -> Claim:
    """The lone h1, if the best claim was written for searching and they are about one thing."""
    if best.origin not in _WRITTEN_FOR_SEARCH:
        return best
    shown = [
        c
        for c in own
        if c.origin == "h1"
        and _is_sentence(cleaned[c])
        and _shares(c, best, cleaned)
        and not is_site(cleaned[c], sites)
    ]
    if len(shown) != 1 or folded(cleaned[shown[0]]).endswith(folded(cleaned[best])):
        return best  # an h1 that ends with the headline has a kicker or a date before it
    return shown[0]


def _is_sentence(text: str) -> bool:
    return len(_WORD.findall(text)) >= HEADLINE_WORDS


def _shares(heading: Claim, other: Claim, cleaned: Cleaned) -> bool:
    """Whether two headlines have a long word in common."""
    words = set(_WORD.findall(cleaned[heading].casefold()))
    long = {word for word in words if len(word) >= _LONG_WORD or word >= _FIRST_UNSPACED}
    return not long.isdisjoint(_WORD.findall(cleaned[other].casefold()))


def _whole(best: Claim, own: Sequence[Claim], cleaned: Cleaned) -> Claim:
    """The best claim, or the one that has the words that it leaves out (`…`)."""
    if not _TORN_END.search(cleaned[best]):
        return best
    start = folded(_TORN_END.sub("", cleaned[best]))
    longer = (c for c in own if len(folded(cleaned[c])) > len(start))
    return next((c for c in longer if folded(cleaned[c]).startswith(start)), best)
