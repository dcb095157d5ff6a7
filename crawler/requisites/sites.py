"""Which hosts belong together: those beneath one registrable domain."""

from functools import lru_cache

from tldextract import TLDExtract

from crawler.extract.links import host_of

_KNOWN_HOSTS = 4096
_IPV6 = ":"


def is_same_site(one: str, other: str) -> bool:
    """Whether two URLs are of one registrable domain, so that one owner answers for both.

    `img.paper.example` and `www.paper.example` are; `a.co.uk` and `b.co.uk` are not, nor are two
    tenants of a domain that is let out, such as `github.io`. Ports and schemes do not matter. This
    is wider than `crawler.extract.links.is_same_site`: pictures often live beside the paper's host.
    """
    site = domain_of(host_of(one))
    return bool(site) and site == domain_of(host_of(other))


@lru_cache(_KNOWN_HOSTS)
def domain_of(host: str) -> str:
    """The registrable domain of a host; the host itself if it has none, such as an address."""
    if not host or _IPV6 in host or host.rpartition(".")[2].isdigit():
        return host
    known = _suffixes().extract_str(host)
    if known.suffix:
        return known.top_domain_under_public_suffix or host
    return ".".join(host.split(".")[-2:])  # a top level that nobody has registered: `.example`


@lru_cache(1)
def _suffixes() -> TLDExtract:
    """The Public Suffix List as it came with the library; nothing is asked for or written."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
