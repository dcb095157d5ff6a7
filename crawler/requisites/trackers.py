"""Addresses that count readers and draw nothing: asking for them would make us a reader, too.

The list is short and holds the widespread ones only; one that is missed costs one request.
"""

from urllib.parse import urlsplit

from crawler.extract.links import host_of

HOSTS = frozenset(
    {
        "2mdn.net",
        "adform.net",
        "adnxs.com",
        "adsrvr.org",
        "amazon-adsystem.com",
        "analytics.twitter.com",
        "analytics.yahoo.com",
        "bat.bing.com",
        "bidswitch.net",
        "bluekai.com",
        "casalemedia.com",
        "certify-js.alexametrics.com",
        "certify.alexametrics.com",
        "chartbeat.com",
        "chartbeat.net",
        "clarity.ms",
        "counter.yadro.ru",
        "criteo.com",
        "criteo.net",
        "demdex.net",
        "doubleclick.net",
        "everesttech.net",
        "exelator.com",
        "google-analytics.com",
        "googleadservices.com",
        "googlesyndication.com",
        "googletagmanager.com",
        "googletagservices.com",
        "histats.com",
        "hotjar.com",
        "imrworldwide.com",
        "ioam.de",
        "iocnt.net",
        "krxd.net",
        "mathtag.com",
        "mc.yandex.ru",
        "moatads.com",
        "mookie1.com",
        "newrelic.com",
        "nr-data.net",
        "omtrdc.net",
        "openx.net",
        "outbrain.com",
        "parsely.com",
        "permutive.com",
        "pixel.wp.com",
        "pubmatic.com",
        "quantcount.com",
        "quantserve.com",
        "rlcdn.com",
        "rubiconproject.com",
        "scorecardresearch.com",
        "segment.io",
        "smartadserver.com",
        "stats.wp.com",
        "statcounter.com",
        "taboola.com",
        "tapad.com",
        "top-fwz1.mail.ru",
        "vgwort.de",
        "webtrekk.net",
        "weborama.fr",
        "xiti.com",
    }
)
"""Each with all hosts beneath it."""

PATHS = (
    ("facebook.com", "/tr"),
    ("linkedin.com", "/collect"),
    ("ads.linkedin.com", "/"),
    ("t.co", "/i/adsct"),
    ("pinterest.com", "/v3"),
)
"""Hosts that also serve pictures, each with the path that only counts."""


def is_tracker(url: str) -> bool:
    """Whether the address is a known counter of readers or of advertisements."""
    labels = host_of(url).split(".")
    beneath = {".".join(labels[at:]) for at in range(len(labels))}
    if beneath & HOSTS:
        return True
    path = urlsplit(url).path or "/"
    return any(
        host in beneath and (path == start or path.startswith(f"{start.rstrip('/')}/"))
        for host, start in PATHS
    )
