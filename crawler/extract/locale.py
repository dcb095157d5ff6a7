"""How a page writes its dates: told by its outlet, its language and its address."""

from crawler.extract.claims import Claims
from crawler.extract.datetext import Locale
from crawler.extract.page import Page
from crawler.extract.regions import region_of
from crawler.extract.urldays import url_day


def locale_of(claims: Claims, page: Page, language: str | None) -> Locale:
    """The locale of one page; `language` is the one chosen for its text.

    The declared languages come after it: an English story of a German paper is dated in German.
    """
    declared = (tag.replace("_", "-").split("-")[0].lower() for tag in claims.values("language"))
    month, memory = url_day(page.url, page.zone), page.memory
    return Locale(
        tuple(dict.fromkeys([*(page.languages or filter(None, (language,))), *declared])),
        page.zone or (memory.zone.what if memory and memory.zone else None),
        region_of(page.url) or _declared_region(claims),
        (month.on.year, month.on.month) if month else None,
        memory.order if memory else None,
    )


def _declared_region(claims: Claims) -> str | None:
    """The region of the declared language, such as `gb`; every template says `en-US`."""
    for tag in claims.values("language"):
        region = tag.replace("_", "-").lower().partition("-")[2]
        if len(region) == 2 and region != "us":  # noqa: PLR2004 -- ISO 3166
            return region
    return None
