"""Links out of a listing, made absolute and judged: what is hostile or no page is left out."""

import re
from urllib.parse import urldefrag, urljoin, urlsplit

from archive.records import Url

LONGEST_URL = 2000

_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|json|xml|rss|atom|pdf|zip|mp[34]|m4a|webm|avi|mov|ics)$",
    re.IGNORECASE,
)
_BAD = re.compile(r"[\x00-\x20\x7f]")


def absolute(link: str | None, base: str) -> Url | None:
    """The http or https URL that a link leads to, without fragment; None if it leads nowhere."""
    said = (link or "").strip()
    if not said or len(said) > LONGEST_URL or _BAD.search(said):
        return None
    try:
        url = urldefrag(urljoin(base, said)).url
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        return None
    if parts.username or parts.password or len(url) > LONGEST_URL:
        return None
    return Url(url)


def is_page(url: str) -> bool:
    """Whether a URL's path ends like a page and not like a file that a page uses."""
    return not _NO_PAGE.search(urlsplit(url).path)
