"""A headline freed of its site's name, which stands before or after it in any script."""

import re
from collections.abc import Iterable

from crawler.extract.claims import Claims
from crawler.extract.links import site_of
from crawler.extract.plain import folded

SEPARATOR = re.compile(
    r"\s+[|｜¦ㅣ•·‹›«»<>~:*⋆/\-–—−]+\s+|\s*[|｜ㅣ»]\s*|\s*::\s*|\s*—\s+|：|\s*【|】\s*$|\s+-\s*$|"
    # where words are not parted by spaces, neither are a headline and its section or site
    r"(?<=[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])\s?[-_－–—]+\s?|"
    r"\s?[-_－–—]+\s?(?=[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])"
)
"""What may stand between a headline and a site's name."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
AGREEING_SHARE = 0.5
"""Share of the longer of two names that the shorter must make up to be the same name."""
HOST_CHARACTERS = 6
"""A host's name this long inside a last piece marks it as the site's: `tageszeitung` in
`Die Neue Südtiroler Tageszeitung`."""
PIECE_WORDS = 6
SECTIONS = frozenset(
    {
        "news", "latestnews", "article", "story", "nachrichten", "aktuelles", "noticias",
        "actualidad", "actualités", "actualité", "actu", "info", "notizie", "notícias", "nieuws",
        "nyheter", "nyheder", "uutiset", "wiadomości", "aktualności", "zprávy", "správy", "hírek",
        "știri", "stiri", "новости", "новини", "вести", "haberler", "haber", "berita", "tintức",
        "ข่าว", "新闻", "新聞", "ニュース", "뉴스", "أخبار", "اخبار", "خبر", "חדשות", "ειδήσεις",
        "समाचार",
    }
)  # fmt: skip
"""What a piece between a headline and a site's name may be called, folded; with the brackets and
the low line below it changes no title of 753 measured, most of which an h1 settles."""
_ATTACHED = re.compile(r"\s?[(\[（](?P<within>[^()\[\]（）]{2,60})[)\]）]$|_(?P<after>[^_]{2,60})$")
_PIECES_LIMIT = 4
_EDGES = " :–—-|"
_CUTS_LIMIT = 40
_SHORT_NAME = 2


def site_names(claims: Claims, url: str) -> set[str]:
    """What the site may call itself, folded: declared names, and the parts of its host."""
    names = {folded(name.lstrip("@")) for name in claims.values("site_name")}
    return (names | host_names(url)) - {""}


def host_names(url: str) -> set[str]:
    """The parts of a host's name that may be the site's, folded."""
    labels = site_of(url).split(".")
    return {folded(".".join(labels)), *map(folded, labels[:-1])} - {""}


def without_site(
    title: str,
    sites: set[str],
    others: Iterable[str] = (),
    *,
    hosts: Iterable[str] = (),
    sections: Iterable[str] = (),
) -> str:
    """The title without the site's name before or after it.

    A piece goes if it is a name of the site, or if what remains is exactly another headline of
    the page: `Harbour to grow | News | Example Post` beside the h1 `Harbour to grow`. Before the
    site's name, its section goes, too: one that the page declares, or a word for news.
    """
    title = _detached(title, sites)
    if not SEPARATOR.search(title):
        return title
    known = {folded(other) for other in others}
    for _ in range(_PIECES_LIMIT):
        cuts = list(SEPARATOR.finditer(title))[-_CUTS_LIMIT:]
        if not cuts:
            break
        if shorter := _shortened(title, cuts, sites, set(hosts)):
            shorter = _without_section(shorter, {*map(folded, sections)})
        elif not (shorter := _agreed(title, cuts, known)):
            break
        title = shorter
    return title


def _detached(title: str, sites: set[str]) -> str:
    """The title without a site's name in brackets or after a low line."""
    end = _ATTACHED.search(title)
    name = folded(end["within"] or end["after"]) if end else ""
    return title[: end.start()].rstrip() if end and end.start() and name in sites else title


def _without_section(title: str, sections: set[str]) -> str:
    cuts = list(SEPARATOR.finditer(title))[-_CUTS_LIMIT:]
    if not cuts or not title[: cuts[-1].start()].strip():
        return title
    piece = folded(title[cuts[-1].end() :])
    return title[: cuts[-1].start()].strip() if piece in SECTIONS | sections else title


def _shortened(
    title: str, cuts: list[re.Match[str]], sites: set[str], hosts: set[str]
) -> str | None:
    last, first = cuts[-1], cuts[0]
    head, tail = title[: last.start()].strip(), title[last.end() :].strip()
    before, after = title[: first.start()].strip(), title[first.end() :].strip()
    if head and (is_site(tail, sites) or _holds_host(tail, hosts)):
        return head
    return after if after and folded(before) in sites else None


def _agreed(title: str, cuts: list[re.Match[str]], known: set[str]) -> str | None:
    """The part of the title that another place gives as the whole headline."""
    if folded(title) in known:
        return None
    heads = [title[: cut.start()].strip(_EDGES) for cut in reversed(cuts)]
    tails = [title[cut.end() :].strip(_EDGES) for cut in cuts]
    return next((part for part in heads + tails if part and folded(part) in known), None)


def is_site(piece: str, sites: set[str]) -> bool:
    """Whether a piece of a title is one of the site's names, or nearly (`BBC News Online`)."""
    name = folded(piece)
    if not name or name in sites or folded(piece.casefold().translate(_UMLAUTS)) in sites:
        return True
    return any(
        len(site) > _SHORT_NAME
        and (site in name or name in site)
        and min(len(site), len(name)) >= AGREEING_SHARE * max(len(site), len(name))
        for site in sites
    )


def _holds_host(piece: str, hosts: set[str]) -> bool:
    name = folded(piece.casefold().translate(_UMLAUTS))
    return len(piece.split()) <= PIECE_WORDS and any(
        len(host) >= HOST_CHARACTERS and host in name for host in hosts
    )
