"""The listings that machines read: feeds, sitemaps, robots.txt.

An outlet's file says which it has and where (`[listings]`)::

    rss, atom       the newest articles
    section-rss     those of one section; `section-rss-of` names it
    news            Google's news sitemap: the last two days
    index           a sitemap index, which names
    recent          a plain sitemap of what was printed since the opening, and
    older           a gzipped one of all that is older
"""

import gzip
from datetime import datetime
from html import escape

from crawler.demo import annals
from crawler.demo.content import DemoOutlet
from crawler.demo.edits import Story
from crawler.demo.markup import stamp
from crawler.demo.pages import summary
from crawler.demo.replies import Reply, http_date
from crawler.demo.timeline import NEWS_SITEMAP_AGE, OPENS_AT, last_moment, stories_at

FEED_ENTRIES = 20
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def listing(outlet: DemoOutlet, base: str, at: datetime, kind: str) -> Reply:
    """The reply for one of the outlet's listings."""
    stories = stories_at(outlet, at)
    changed = last_moment(outlet, at)
    if kind in ("rss", "section-rss", "atom"):
        own = outlet.listings["section-rss-of"] if kind == "section-rss" else None
        chosen = [story for story in stories if own in (None, story.article.section)]
        write, media = (_atom, "atom") if kind == "atom" else (_rss, "rss")
        return _xml(f"application/{media}+xml", write(outlet, base, chosen, changed), changed)
    if kind == "news":
        fresh = [s for s in stories if at < s.article.published + NEWS_SITEMAP_AGE]
        return _xml("application/xml", _news(outlet, base, fresh), changed)
    if kind == "index":
        return _xml("application/xml", _index(outlet, base), changed)
    if kind == "recent":
        chosen = [story for story in stories if story.article.published >= OPENS_AT]
        posts = [post.path for post in outlet.signposts if post.where == "sitemap"]
        return _xml("application/xml", _urlset(outlet, base, chosen, posts), changed)
    chosen = [story for story in stories if story.article.published < OPENS_AT]
    body = gzip.compress(_urlset(outlet, base, chosen, []).encode(), 6, mtime=0)
    return Reply(media="application/gzip", body=body, changed=changed)


def robots(prefixed: list[tuple[str, DemoOutlet]], bases: list[str]) -> str:
    """What crawlers may ask for: `prefixed` pairs a path prefix with the outlet beneath it."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {prefix}{outlet.private}" for prefix, outlet in prefixed]
    delays = [outlet.crawl_delay for _, outlet in prefixed if outlet.crawl_delay]
    if len(prefixed) == 1:
        lines += [f"Crawl-delay: {delay}" for delay in delays]
    for (_, outlet), base in zip(prefixed, bases, strict=True):
        names = [outlet.listings[kind] for kind in ("news", "index") if kind in outlet.listings]
        lines += [f"Sitemap: {base}{name}" for name in names]
        lines += [f"Sitemap: {base}{annals.INDEX}"] if annals.annals_of(outlet) else []
    if len(prefixed) == 1 and (stated := prefixed[0][1].rights.get("robots")):
        lines += ["", stated.strip()]
    return "\n".join(lines) + "\n"


def _xml(media: str, text: str, changed: datetime) -> Reply:
    return Reply(media=f"{media}; charset=utf-8", body=text.encode(), changed=changed)


def _link(base: str, story: Story) -> str:
    return escape(base + (story.article.announced_as or story.article.path))


def _rss(outlet: DemoOutlet, base: str, stories: list[Story], changed: datetime) -> str:
    items = "".join(
        f"<item>\n<title>{escape(story.title)}</title>\n<link>{_link(base, story)}</link>\n"
        f'<guid isPermaLink="false">{outlet.id}:{story.article.number}</guid>\n'
        + "".join(f"<dc:creator>{escape(name)}</dc:creator>\n" for name in story.article.authors)
        + f"<category>{escape(outlet.sections[story.article.section])}</category>\n"
        f"<description>{escape(summary(story))}</description>\n"
        f"<pubDate>{_rfc822(outlet, story.article.published)}</pubDate>\n</item>\n"
        for story in stories[:FEED_ENTRIES]
    )
    items += "".join(
        f"<item>\n<title>{escape(post.title)}</title>\n<link>{base}{post.path}</link>\n</item>\n"
        for post in outlet.signposts
        if post.where == "feed"
    )
    return (
        f'{XML}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>\n'
        f"<title>{escape(outlet.name)}</title>\n<link>{base}/</link>\n"
        f"<description>{escape(outlet.motto)}</description>\n"
        f"<language>{outlet.language}</language>\n"
        f"<lastBuildDate>{http_date(changed)}</lastBuildDate>\n{items}</channel>\n</rss>\n"
    )


def _rfc822(outlet: DemoOutlet, at: datetime) -> str:
    local = at.astimezone(outlet.zone)
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    day = f"{names[local.weekday()]}, {local:%d} {months[local.month - 1]} {local.year}"
    return f"{day} {local:%H:%M:%S %z}"


def _atom(outlet: DemoOutlet, base: str, stories: list[Story], changed: datetime) -> str:
    entries = "".join(
        f"<entry>\n<title>{escape(story.title)}</title>\n"
        f'<link rel="alternate" href="{_link(base, story)}"/>\n'
        f"<id>tag:{outlet.host},2026:{story.article.number}</id>\n"
        f"<published>{stamp(outlet, story.article.published)}</published>\n"
        f"<updated>{stamp(outlet, story.modified)}</updated>\n"
        + "".join(f"<author><name>{escape(n)}</name></author>\n" for n in story.article.authors)
        + f"<summary>{escape(summary(story))}</summary>\n</entry>\n"
        for story in stories[:FEED_ENTRIES]
    )
    entries += "".join(
        f'<entry>\n<title>{escape(post.title)}</title>\n<link href="{base}{post.path}"/>\n'
        f"<id>tag:{outlet.host},2026:{post.path}</id>\n</entry>\n"
        for post in outlet.signposts
        if post.where == "feed"
    )
    return (
        f'{XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}">\n'
        f"<title>{escape(outlet.name)}</title>\n<id>tag:{outlet.host},2026:feed</id>\n"
        f'<link href="{base}/"/>\n<updated>{stamp(outlet, changed)}</updated>\n{entries}</feed>\n'
    )


def _news(outlet: DemoOutlet, base: str, stories: list[Story]) -> str:
    rows = "".join(
        f"<url>\n<loc>{_link(base, story)}</loc>\n<news:news>\n<news:publication>"
        f"<news:name>{escape(outlet.name)}</news:name>"
        f"<news:language>{story.article.language}</news:language></news:publication>\n"
        f"<news:publication_date>{stamp(outlet, story.article.published)}"
        f"</news:publication_date>\n<news:title>{escape(story.title)}</news:title>\n"
        "</news:news>\n</url>\n"
        for story in stories
    )
    space = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f"{XML}<urlset {SITEMAP} {space}>\n{rows}</urlset>\n"


def _index(outlet: DemoOutlet, base: str) -> str:
    names = (outlet.listings["recent"], outlet.listings["older"])
    rows = "".join(f"<sitemap><loc>{base}{name}</loc></sitemap>\n" for name in names)
    return f"{XML}<sitemapindex {SITEMAP}>\n{rows}</sitemapindex>\n"


def _urlset(outlet: DemoOutlet, base: str, stories: list[Story], posts: list[str]) -> str:
    """The bare outlet's sitemap has no <lastmod>: its dates stand in its texts alone."""
    rows = "".join(
        f"<url><loc>{_link(base, story)}</loc>"
        + (
            f"<lastmod>{stamp(outlet, story.modified)}</lastmod></url>\n"
            if outlet.markup != "bare"
            else "</url>\n"
        )
        for story in stories
    )
    rows += "".join(f"<url><loc>{base}{path}</loc></url>\n" for path in posts)
    return f"{XML}<urlset {SITEMAP}>\n{rows}</urlset>\n"
