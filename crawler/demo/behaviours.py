"""The bad days of a web server, each under its name.

`BEHAVIOURS` holds a function for each; a file of content ties one to some paths with
`[[behaviour]]`. A behaviour gets the reply as it would have been and returns the one that is
sent, so several may follow each other. What outlets do to their articles is in
`crawler.demo.edits`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import escape
from http import HTTPStatus

from crawler.demo import pages
from crawler.demo.content import Attachment, DemoOutlet
from crawler.demo.replies import Reply, Request, http_date, page, redirect

RETRY_SECONDS = 30
RETRY_LATER = timedelta(seconds=90)
DRIP_SECONDS = 0.4
"""Real time, not the clock's: long enough to be seen, short enough for tests."""
MONTHS = 12
PRIVATE_ADDRESSES = (
    "http://127.0.0.1:1/",
    "http://169.254.169.254/latest/meta-data/",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything that a reply may depend on; `path` is the outlet's own and has no query."""

    outlet: DemoOutlet
    base: str
    path: str
    request: Request = field(repr=False)
    at: datetime
    tied: Attachment | None = None


Behaviour = Callable[[Scene, Reply], Reply]


def consent_wall(scene: Scene, _reply: Reply) -> Reply:
    """A page that asks for consent, with 200 and without a word of the article."""
    words = scene.outlet.words
    main = (
        f'<div class="wall"><h1>{escape(words["consent_title"])}</h1>'
        f"<p>{escape(words['consent_text'])}</p>"
        f"<form><button>{escape(words['consent_button'])}</button></form></div>"
    )
    return page(pages.shell(scene.outlet, scene.base, words["consent_title"], main))


def bot_wall(_scene: Scene, _reply: Reply) -> Reply:
    """A challenge that only a browser could solve, with 202."""
    html = (
        "<!doctype html>\n<html><head><title>Just a moment</title>"
        '<meta name="robots" content="noindex"></head>\n<body><noscript>Please enable JavaScript '
        "to continue.</noscript><p>Checking your browser before you continue.</p>"
        "<script>window.challenge = 'newspaper-in-a-box';</script></body></html>\n"
    )
    return page(html, status=202)


def rate_limited(scene: Scene, _reply: Reply) -> Reply:
    """429, with Retry-After in seconds."""
    return _refusal(scene, 429, "Too many requests", str(RETRY_SECONDS))


def rate_limited_date(scene: Scene, _reply: Reply) -> Reply:
    """429, with Retry-After as an HTTP date."""
    return _refusal(scene, 429, "Too many requests", http_date(scene.at + RETRY_LATER))


def unavailable(scene: Scene, _reply: Reply) -> Reply:
    """503, and no word about when it will be over."""
    return _refusal(scene, 503, "Service unavailable", None)


def slow_body(_scene: Scene, reply: Reply) -> Reply:
    """The body drips in, piece by piece."""
    return replace(reply, drip_seconds=DRIP_SECONDS)


def truncated(_scene: Scene, reply: Reply) -> Reply:
    """Content-Length promises more than comes before the connection closes."""
    return replace(reply, is_cut=True)


def coded_gzip(scene: Scene, reply: Reply) -> Reply:
    """Content-Encoding: gzip, for who accepts it."""
    return _coded(scene, reply, "gzip")


def coded_brotli(scene: Scene, reply: Reply) -> Reply:
    """Content-Encoding: br, for who accepts it."""
    return _coded(scene, reply, "br")


def coded_zstd(scene: Scene, reply: Reply) -> Reply:
    """Content-Encoding: zstd, for who accepts it."""
    return _coded(scene, reply, "zstd")


def chunked(_scene: Scene, reply: Reply) -> Reply:
    """Transfer-Encoding: chunked."""
    return reply if reply.is_cut or reply.drip_seconds else replace(reply, is_chunked=True)


def chunked_trailers(scene: Scene, reply: Reply) -> Reply:
    """Transfer-Encoding: chunked, with a trailer after the last chunk; packed, for who accepts it.

    Where a body could be packed and is not, there is no trailer: pywb takes it for a part of it.
    """
    if reply.is_cut or reply.drip_seconds:
        return reply
    packed = _coded(scene, reply, "gzip")
    accepts = "gzip" in scene.request.headers.get("accept-encoding", "")
    return replace(packed, is_chunked=True, has_trailers=bool(packed.coding) or not accepts)


def redirect_chain(scene: Scene, _reply: Reply) -> Reply:
    """`/short/3/slug` leads to `/short/2/slug`, that to `/short/1/slug`, that to the article."""
    before, hops, slug = scene.path.rsplit("/", 2)
    if hops in ("2", "3"):
        return redirect(f"{scene.base}{before}/{int(hops) - 1}/{slug}", 302)
    target = next((a.path for a in scene.outlet.articles if a.slug == slug), "/")
    return redirect(scene.base + target, 301)


def redirect_loop(scene: Scene, _reply: Reply) -> Reply:
    """Two addresses that lead to each other for ever."""
    before, _, last = scene.path.rpartition("/")
    return redirect(f"{scene.base}{before}/{'there' if last == 'here' else 'here'}")


def redirect_private(scene: Scene, _reply: Reply) -> Reply:
    """Leads into the machine or network of whoever follows: to loopback, or to cloud metadata."""
    return redirect(PRIVATE_ADDRESSES["metadata" in scene.path])


def endless_calendar(scene: Scene, reply: Reply) -> Reply:
    """A page for every month there ever was or will be, each naming its neighbours."""
    found = re.search(r"/(\d{1,6})-(\d\d)$", scene.path)
    year, month = (int(part) for part in found.groups()) if found else (2026, 3)
    above, count = scene.path.rpartition("/")[0], year * MONTHS + month - 1
    links = "".join(
        f'<li><a href="{scene.base}{above}/{name}">{name}</a></li>'
        for name in (_month(count - 1), _month(count + 1), _month(count + MONTHS))
    )
    main = f"<h1>{_month(count)}</h1>\n<ul>{links}</ul>"
    return page(pages.shell(scene.outlet, scene.base, _month(count), main), changed=reply.changed)


def broken_feed(_scene: Scene, reply: Reply) -> Reply:
    """Ill-formed XML: bare ampersands, an entity nobody declared, and no end."""
    text = reply.body.decode().replace("</title>\n<link>", " & more&nbsp;</title>\n<link>")
    return replace(reply, body=text.removesuffix("</channel>\n</rss>\n").encode())


def messy_feed(scene: Scene, reply: Reply) -> Reply:
    """Relative links, each with tracking parameters."""
    above = scene.base[scene.base.index("//") + 2 :].partition("/")[2]
    root = f"/{above}" if above else ""
    links = re.compile(rf"<link>{re.escape(scene.base)}(/[^<]+)</link>")
    query = "?utm_source=rss&amp;utm_medium=feed"
    text = links.sub(rf"<link>{root}\1{query}</link>", reply.body.decode())
    return replace(reply, body=text.encode())


def duplicate_variants(scene: Scene, reply: Reply) -> Reply:
    """Each address of a sitemap comes again in one of four disguises.

    They are a tracking parameter, the AMP page, a slash at the end, and a shouted host name.
    """
    scheme, _, rest = scene.base.partition("://")
    host, slash, prefix = rest.partition("/")
    loud = f"{scheme}://{host.upper()}{slash}{prefix}"
    places = iter(range(10**6))

    def again(match: re.Match[str]) -> str:
        row, path = match.group(0), match.group(1)
        variants = (
            f"{scene.base}{path}?utm_source=sitemap&amp;utm_campaign=daily",
            f"{scene.base}{path}/amp",
            f"{scene.base}{path}/",
            loud + path,
        )
        other = variants[next(places) % len(variants)]
        return row + row.replace(f"<loc>{scene.base}{path}</loc>", f"<loc>{other}</loc>")

    row = re.compile(rf"<url>\s*<loc>{re.escape(scene.base)}(/[^<]+)</loc>.*?</url>\n", re.DOTALL)
    return replace(reply, body=row.sub(again, reply.body.decode()).encode())


BEHAVIOURS: Mapping[str, Behaviour] = {
    "consent-wall": consent_wall,
    "bot-wall": bot_wall,
    "rate-limited": rate_limited,
    "rate-limited-date": rate_limited_date,
    "unavailable": unavailable,
    "slow-body": slow_body,
    "truncated": truncated,
    "gzip": coded_gzip,
    "brotli": coded_brotli,
    "zstd": coded_zstd,
    "chunked": chunked,
    "chunked-trailers": chunked_trailers,
    "redirect-chain": redirect_chain,
    "redirect-loop": redirect_loop,
    "redirect-private": redirect_private,
    "endless-calendar": endless_calendar,
    "broken-feed": broken_feed,
    "messy-feed": messy_feed,
    "duplicate-variants": duplicate_variants,
}


def _refusal(scene: Scene, status: int, title: str, retry_after: str | None) -> Reply:
    text = f"{scene.outlet.name}: {title.lower()}. Please come back later."
    reply = page(pages.notice(scene.outlet, scene.base, title, text), status=status)
    return replace(reply, headers=(("Retry-After", retry_after),) if retry_after else ())


def _coded(scene: Scene, reply: Reply, coding: str) -> Reply:
    is_packed = reply.media in ("application/gzip", "image/png") or reply.is_cut or reply.coding
    if reply.status != HTTPStatus.OK or is_packed:
        return reply
    wanted = {}
    for token in scene.request.headers.get("accept-encoding", "").lower().split(","):
        name, _, quality = token.partition(";")
        wanted[name.strip()] = quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    accepted = wanted.get(coding, wanted.get("*", False))
    return replace(reply, coding=coding) if accepted else reply


def _month(count: int) -> str:
    return f"{count // MONTHS}-{count % MONTHS + 1:02d}"
