"""Links out of a listing, made absolute and judged: what is hostile or no page is left out."""

import re
from urllib.parse import urlsplit

from archive.records import Url
from crawler.extract import links

_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|json|xml|rss|atom|pdf|zip|mp[34]|m4a|webm|avi|mov|ics)$",
    re.IGNORECASE,
)
_SPACE = re.compile(r"[\x00-\x20\x7f]")


def absolute(link: str | None, base: str) -> Url | None:
    """The http or https URL that a link leads to, without fragment; None if it leads nowhere.

    A link with a space inside is text that strayed into an address, and leads nowhere.
    """
    said = (link or "").strip()
    return None if _SPACE.search(said) else links.absolute(base, said)


def is_page(url: str) -> bool:
    """Whether a URL's path ends like a page and not like a file that a page uses."""
    return not _NO_PAGE.search(urlsplit(url).path)
