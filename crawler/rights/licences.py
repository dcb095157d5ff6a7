"""Licences that heads, pages and feeds name: RSL 1.0, and `rel=license`.

    Link: <https://…/license.xml>; rel="license"; type="application/rsl+xml"
    <link rel="license" type="application/rsl+xml" href="…">
    <rsl:content url="…" server="…"><rsl:license>…            in a feed's channel or item

RSL 1.0 (rslstandard.org/rsl) §"Discovery". The terms lie in a file of their own and are not read
here: that they are there is the signal. Link is RFC 8288 §3.
"""

import re

from archive.coding import DECODED_LIMIT
from archive.signals import Signal, limited, signal
from crawler.extract.charset import text_of
from crawler.extract.links import absolute
from crawler.extract.page import Page
from crawler.extract.tree import decoded

RSL_TYPE = "application/rsl+xml"
RSL_SPACE = b"https://rslstandard.org/rsl"
LINKS_LIMIT = 16
VALUES_LIMIT = 8000
FEED_LIMIT = 512 * 1024
_LINK = re.compile(r"<([^<>]{1,2000})>([^<]{0,1000})")
_PARAMETER = re.compile(
    r';\s*([a-z]{1,20})\s*=\s*(?:"([^"]{0,500})"|([^\s;,"]{1,200}))', re.IGNORECASE
)
_IN_FEED = re.compile(
    r"<(?:[\w-]{1,20}:)?content\b([^<>]{0,2000})>\s*(?:<!--[^<>]{0,500}-->\s*)?<(?:[\w-]{1,20}:)?license\b"
)
_RSL_SPACE = re.compile(r"""xmlns:([\w-]{1,20})\s*=\s*["']https://rslstandard\.org/rsl["']""")
_ATTRIBUTE = re.compile(r"""\b(url|server)\s*=\s*["']([^"'<>]{1,2000})["']""")


def link_signals(value: str, base: str) -> list[Signal]:
    """The licences that one value of a Link head names."""
    found = []
    for target, parameters in _LINK.findall(value[:VALUES_LIMIT])[:LINKS_LIMIT]:
        said = {
            name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(parameters)
        }
        if "license" in said.get("rel", "").lower().split():
            line = f"Link: <{target}>{parameters.rstrip(', ')}"
            found += licence(base, target, said.get("type"), line)
    return found


def licence(base: str, target: str | None, media: str | None, line: str) -> list[Signal]:
    """One licence by its address; its media type tells RSL from a text for people."""
    address = absolute(base, target)
    if address is None:
        return []
    is_rsl = (media or "").partition(";")[0].strip().lower() == RSL_TYPE
    return [signal("rsl:license" if is_rsl else "license", address, line)]


def signals_of_feed(page: Page) -> tuple[Signal, ...]:
    """What a captured feed states of its items.

    Raises:
        Unextractable: if its coding cannot be undone.
    """
    body = decoded(page, DECODED_LIMIT)
    if RSL_SPACE not in body[:FEED_LIMIT]:
        return ()
    return feed_signals(text_of(body[:FEED_LIMIT], page.content_type, page.languages))


def feed_signals(text: str) -> tuple[Signal, ...]:
    """RSL elements in a feed: for which URLs there are terms; XML may be torn, so by its text."""
    text = text[:FEED_LIMIT]
    prefixes = _RSL_SPACE.findall(text)
    if not prefixes:
        return ()
    found = []
    for element in _IN_FEED.finditer(text):
        if not element[0].startswith(tuple(f"<{prefix}:" for prefix in prefixes)):
            continue
        said = dict(_ATTRIBUTE.findall(element[1]))
        if "url" in said:
            found.append(signal("rsl:content", said["url"], f"<rsl:content {element[1].strip()}>"))
    return limited(found)
