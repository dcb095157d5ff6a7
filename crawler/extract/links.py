"""Addresses found in pages, which are hostile: made absolute, or refused."""

import re
from urllib.parse import urldefrag, urljoin, urlsplit

from archive.records import Url

URL_LIMIT = 2000
"""Characters; longer addresses are traps, and older servers refuse them."""

_UNSEEMLY = re.compile(r"[ \"<>\\^`{|}]")  # browsers escape these, and so do we
_NEVER = re.compile(r"[\s\x00-\x1f\x7f\ud800-\udfff]")
_LINE_BREAKS = re.compile(r"[\t\r\n]+")
_HOST = re.compile(r"(?:[^\W_]|[\w-])+(?:\.(?:[^\W_]|[\w-])+)*\.?|\[[0-9a-f:.]+\]", re.IGNORECASE)
_VARIANTS = frozenset({"www", "m", "amp", "mobile", "mobil", "web"})


def absolute(base: str, href: str | None) -> Url | None:
    """The http or https URL that `href` means on a page at `base`, without fragment, or None."""
    if not href or len(href) > URL_LIMIT:
        return None
    href = _LINE_BREAKS.sub("", href.strip())
    try:
        url = urldefrag(urljoin(base, href)).url
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None  # a bad port or a torn IPv6 host
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or port == 0 or not _HOST.fullmatch(host):
        return None
    url = _UNSEEMLY.sub(lambda match: f"%{ord(match[0]):02X}", url)
    if parts.username or parts.password or len(url) > URL_LIMIT or _NEVER.search(url):
        return None
    return Url(url)


def host_of(url: str) -> str:
    """The host in lower case, or the empty string."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def site_of(url: str) -> str:
    """The host without the prefixes that outlets give their variants: `www.`, `m.`, `amp.`."""
    host = host_of(url)
    while (first := host.partition(".")[0]) in _VARIANTS and host.count(".") > 1:
        host = host.removeprefix(f"{first}.")
    return host


def is_same_site(home: str, url: str) -> bool:
    """Whether `url` is on the host of `home`, on a variant of it or on a host beneath it."""
    site, other = site_of(home), site_of(url)
    return bool(site) and (site == other or other.endswith(f".{site}"))


def is_front_page(url: str) -> bool:
    """Whether the URL names a whole site: no path and no query."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query
