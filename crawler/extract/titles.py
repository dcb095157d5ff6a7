"""The headline: chosen among what the page declares, without the name of its site."""

import re
from collections.abc import Iterable, Sequence

from archive.records import Claim, Origin
from crawler.extract.claims import Claims
from crawler.extract.links import site_of
from crawler.extract.plain import folded

HEADLINE_WORDS = 2
"""A piece with fewer words is not taken for the headline if the rest has more."""

_RANK: dict[Origin, int] = {
    "rule": 0, "json-ld": 1, "opengraph": 2, "microdata": 3, "h1": 4, "meta": 5,
    "feed": 6, "sitemap": 6, "title-tag": 7, "section": 8,
}  # fmt: skip
_LISTED: tuple[Origin, ...] = ("feed", "sitemap", "section")
_SEPARATOR = re.compile(
    r"\s+[|｜¦•·‹›«»<>~:*⋆/\-–—−]+\s+|\s*[|｜»]\s*|\s*::\s*|\s*—\s+|：|\s*【|】\s*$|\s+-\s*$"
)
_TORN_END = re.compile(r"\s*(?:\.\.\.|…)$")
_MATCH_SHARE = 0.5
_PIECES_LIMIT = 4


def choose_title(claims: Claims, url: str) -> str | None:
    """Choose the headline, put its claim first, and return it without the site's name.

    The order of places is JSON-LD, OpenGraph, microdata, h1 (measured on 258 pages: JSON-LD first
    is right on 86 %); what a listing called the page settles it when it agrees with one of them.
    """
    heard = sorted(claims.of("title"), key=lambda c: _RANK.get(c.origin, 9))
    sites = site_names(claims, url)
    cleaned = {claim: without_site(claim.value, sites, [c.value for c in heard if c is not claim])
               for claim in heard}  # fmt: skip
    chosen = _chosen(heard, cleaned)
    if chosen is None:
        return None
    claims.choose("title", [chosen])
    return cleaned[chosen]


def _chosen(heard: Sequence[Claim], cleaned: dict[Claim, str]) -> Claim | None:
    own = [c for c in heard if c.origin not in _LISTED]
    if not own or own[0].origin == "rule":
        return next(iter(heard), None)
    listed = {folded(cleaned[c]) for c in heard if c.origin in _LISTED}
    for claim in own:
        if folded(cleaned[claim]) in listed:
            return claim
    best = own[0]
    if _TORN_END.search(cleaned[best]):  # cut to length; another place may have the whole
        start = folded(_TORN_END.sub("", cleaned[best]))
        best = next((c for c in own if c is not best and folded(cleaned[c]).startswith(start)
                     and len(cleaned[c]) > len(cleaned[best]) - 1), best)  # fmt: skip
    return best


def site_names(claims: Claims, url: str) -> set[str]:
    """What the site may call itself, folded: declared names, and the parts of its host."""
    labels = site_of(url).split(".")
    names = {folded(name.lstrip("@")) for name in claims.values("site_name")}
    return (names | {folded(".".join(labels)), *map(folded, labels[:-1])}) - {""}


def without_site(title: str, sites: set[str], others: Iterable[str] = ()) -> str:
    """The title without the site's name before or after it.

    A piece goes if it is a name of the site, or if what remains is exactly another headline of
    the page: `Harbour to grow | News | Example Post` beside the h1 `Harbour to grow`.
    """
    known = {folded(other) for other in others}
    for _ in range(_PIECES_LIMIT):
        cuts = list(_SEPARATOR.finditer(title))
        if not cuts:
            return title
        last, first = cuts[-1], cuts[0]
        head, tail = title[: last.start()].strip(), title[last.end() :].strip()
        before, after = title[: first.start()].strip(), title[first.end() :].strip()
        agreed = next(
            (p for p in _heads(title, cuts) if folded(p) in known and len(p) < len(title)), None
        )
        if head and _is_site(tail, sites):
            title = head
        elif after and _is_site(before, sites):
            title = after
        elif agreed and folded(title) not in known:
            return agreed
        else:
            return title
    return title


def _heads(title: str, cuts: list[re.Match[str]]) -> list[str]:
    return [title[: cut.start()].strip() for cut in cuts] + [
        title[cut.end() :].strip() for cut in cuts
    ]


def _is_site(piece: str, sites: set[str]) -> bool:
    name = folded(piece)
    if not name:
        return True
    if name in sites:
        return True
    # "BBC News Online" beside the declared "BBC News", or "朝日新聞デジタル" beside "朝日新聞"
    return any(
        len(site) > 2 and (site in name or name in site)
        and min(len(site), len(name)) >= _MATCH_SHARE * max(len(site), len(name))
        for site in sites
    )  # fmt: skip
