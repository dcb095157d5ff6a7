"""URLs: one canonical spelling to fetch by, one sortable key to know an article by.

`canonical` keeps a URL's meaning for any server. `urlkey` goes further and is an identity:

    https://www.Example.com:443/News/../a%7eb/?utm_source=x&b=2&a=1#top     as found
    https://www.example.com/a~b/?b=2&a=1                                    canonical
    com,example)/a~b?a=1&b=2                                                urlkey

The key is SURT-like: reversed host, `)`, path, sorted query. It drops the scheme, `www.` and a
trailing slash, keeps a port that is not the scheme's own and the case of the path (news paths may
tell case apart), and folds AMP variants into their article:

    /story/amp  /story/amp/  /story.amp  /story.amp.html  ?amp  ?amp=1  ?outputType=amp  amp.host

Not folded: `m.` and `mobile.` hosts, for many number their pages differently; a first segment
`/amp/`, which some outlets use as a section; the AMP caches of search engines. For these, and for
any other pair, a page's own rel=canonical says more than its spelling.
"""

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, unquote_plus, urlsplit

from w3lib.url import safe_url_string

from archive.records import Url, UrlKey

URL_CHARACTERS = 2_000
"""A longer URL is a trap or a mistake: the longest that common sitemap tools accept is 2,048."""

_TRACKERS = frozenset([
    # Meta
    "fbclid", "fb_action_ids", "fb_action_types", "fb_source", "fb_ref", "mibextid",
    # Google advertising and analytics
    "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid",
    "_ga", "_gl",
    # other networks, as Microsoft, Yandex, X, TikTok, Instagram, LinkedIn, Reddit, Pinterest
    "msclkid", "yclid", "ysclid", "_openstat", "twclid", "__twitter_impression", "ttclid", "igsh",
    "igshid", "li_fat_id", "rdt_cid", "epik", "wickedid", "rb_clickid", "_branch_match_id",
    # newsletters, as Mailchimp, Marketo, HubSpot, Vero, Omeda, MailerLite
    "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "hsctatracking",
    "vero_id", "oly_anon_id", "oly_enc_id", "ml_subscriber", "ml_subscriber_hash",
    # newsrooms, as AOL, CNN, the Guardian's CMP, MSN and BBC, Le Monde, Mail, NYT
    "ncid", "cmpid", "cmp", "ocid", "xtor", "ito", "smid", "smtyp", "icid",
    # Yahoo's consent and sharing
    "guccounter", "guce_referrer", "guce_referrer_sig", "soc_src", "soc_trk",
])  # fmt: skip
"""Parameters that say only how a reader came, in lower case. A name that on some site chooses the
page (`ref`, `id`, `page`, `share_token`) is none of them. Facts from the query-stripping list of
Firefox, AdGuard's and ClearURLs' rules. Who adds a name changes identities: see decision 0006."""

_TRACKER_PREFIXES = (
    "utm_",  # Urchin and Google Analytics
    "wt_mc", "wt.mc", "wt_zmc",  # Webtrekk and Webtrends
    "at_medium", "at_campaign", "at_custom", "at_link", "at_ptr", "at_bbc", "at_format",  # BBC
    "pk_campaign", "pk_kwd", "mtm_",  # Matomo
    "hsa_",  # HubSpot's advertising
)  # fmt: skip

_DEFAULT_PORTS = {"http": 80, "https": 443}
_FORBIDDEN = re.compile(r"[\s\x00-\x20\x7f-\x9f]")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_HOST_CHARACTERS = 253
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_WWW = re.compile(r"(?:www\d*|amp)\.(?=[^.]+\.)")  # never down to one label: www.com, amp.dev
_AMP_SUFFIX = re.compile(r"(?<=[^/])(?:/amp|\.amp(?=(\.html?)?$))(?P<end>\.html?)?$", re.IGNORECASE)
_AMP_PAIRS = frozenset(
    ["amp", "amp=", "amp=1", "amp=true", "outputtype=amp", "output=amp", "view=amp", "format=amp"]
)


class _Parts(NamedTuple):
    scheme: str
    host: str
    port: int | None  # None if it is the scheme's own
    path: str
    pairs: tuple[str, ...]


def canonical(url: str) -> Url:
    """Spell a URL in the one way that we fetch, compare and store.

    Scheme and host in lower case, international hosts in punycode, no default port, no fragment,
    no dot segments, percent-encoding in one form, no tracking parameters. The other parameters
    keep their order, which some servers read.

    Raises:
        ValueError: if it is not an absolute http or https URL with a plain host, with a sentence
            that says why.
    """
    parts = _parts(url)
    query = f"?{'&'.join(parts.pairs)}" if parts.pairs else ""
    spelled = f"{_origin(parts)}{parts.path}{query}"
    if len(spelled) > URL_CHARACTERS:
        raise ValueError(f"the URL is longer than {URL_CHARACTERS:,} characters once encoded")
    return Url(spelled)


def urlkey(url: str) -> UrlKey:
    """The sortable identity of the article at a URL; http, https, `www.` and AMP are one.

    Raises:
        ValueError: as `canonical` does.
    """
    parts = _parts(canonical(url))
    pairs = sorted(pair for pair in parts.pairs if pair.lower() not in _AMP_PAIRS)
    port = f":{parts.port}" if parts.port else ""
    query = f"?{'&'.join(pairs)}" if pairs else ""
    return UrlKey(f"{_reversed_host(parts.host)}{port}){_article_path(parts.path)}{query}")


def host_of(url: str) -> str:
    """The host in lower case and punycode, without port.

    Raises:
        ValueError: as `canonical` does.
    """
    return _parts(url).host


def origin_of(url: str) -> str:
    """`scheme://host`, and `:port` if it is not the scheme's own.

    Raises:
        ValueError: as `canonical` does.
    """
    return _origin(_parts(url))


def _origin(parts: _Parts) -> str:
    return f"{parts.scheme}://{parts.host}" + (f":{parts.port}" if parts.port else "")


@lru_cache(maxsize=4096)  # a page's URL is looked at eight times on its way
def _parts(url: str) -> _Parts:
    if len(url) > URL_CHARACTERS:
        raise ValueError(f"the URL is longer than {URL_CHARACTERS:,} characters")
    if _FORBIDDEN.search(url):
        raise ValueError(f"the URL holds a space or a control character: {url!r}")
    try:
        split = urlsplit(url)
    except ValueError as error:
        raise ValueError(f"the URL cannot be read ({error}): {url!r}") from error
    scheme = split.scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        raise ValueError(f"the URL is not an absolute http or https URL: {url!r}")
    if "@" in split.netloc:
        raise ValueError("the URL holds a user name or password, which an archive must not keep")
    host, port = _host(split, url), _port(split, url)
    path, query = _encoded(split, url)
    return _Parts(
        scheme=scheme,
        host=host,
        port=None if port == _DEFAULT_PORTS[scheme] else port,
        path=_resolved(path),
        pairs=tuple(_wanted(query.split("&"))),
    )


def _port(split: SplitResult, url: str) -> int | None:
    try:
        port = split.port
    except ValueError as error:
        raise ValueError(f"the URL has a bad port: {url!r}") from error
    if port == 0:
        raise ValueError(f"the URL has a bad port: {url!r}")
    return port


def _host(split: SplitResult, url: str) -> str:
    name = (split.hostname or "").removesuffix(".")
    if not name:
        raise ValueError(f"the URL has no host: {url!r}")
    try:
        if "[" in split.netloc:
            return f"[{ipaddress.IPv6Address(name)}]"
        host = name.encode("idna").decode().lower()  # IDNA 2003, as Scrapy's own resolver
    except ValueError as error:
        raise ValueError(f"the URL has a host that cannot be: {url!r}") from error
    if len(host) > _HOST_CHARACTERS or not _HOST.fullmatch(host):
        raise ValueError(f"the URL has a host that cannot be: {url!r}")
    return host


def _encoded(split: SplitResult, url: str) -> tuple[str, str]:
    # the host is judged apart, so that w3lib sees only what it encodes
    tail = SplitResult("http", "host", split.path, split.query, "").geturl()
    try:
        safe = urlsplit(safe_url_string(tail))
    except ValueError as error:  # a lone surrogate
        raise ValueError(f"the URL holds a character that cannot be encoded: {url!r}") from error
    return _ESCAPE.sub(_escape, safe.path), _ESCAPE.sub(_escape, safe.query)


def _escape(match: re.Match[str]) -> str:
    if match[1] is None:
        return "%25"
    character = chr(int(match[1], 16))
    return character if _UNRESERVED.fullmatch(character) else match[0].upper()


def _resolved(path: str) -> str:
    """Take `.` and `..` out (RFC 3986 §5.2.4); empty segments stay, for servers read them."""
    segments: list[str] = []
    wanted = path.split("/")[1:]
    for segment in wanted:
        if segment == "..":
            del segments[-1:]
        elif segment != ".":
            segments.append(segment)
    if wanted and wanted[-1] in (".", ".."):
        segments.append("")
    return "/" + "/".join(segments)


def _wanted(pairs: Iterable[str]) -> Iterable[str]:
    for pair in pairs:
        name = unquote_plus(pair.partition("=")[0]).lower()
        if pair and name not in _TRACKERS and not name.startswith(_TRACKER_PREFIXES):
            yield pair


def _reversed_host(host: str) -> str:
    if host.startswith("[") or host.replace(".", "").isdigit():
        return host  # an address reads from left to right
    while match := _WWW.match(host):
        host = host[match.end() :]
    return ",".join(reversed(host.split(".")))


def _article_path(path: str) -> str:
    bare = _AMP_SUFFIX.sub(lambda match: match["end"] or "", path.rstrip("/"))
    return bare.rstrip("/") or "/"
