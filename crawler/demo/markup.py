"""What an article's page says about itself, in each of the styles that outlets use.

json-ld   a NewsArticle in JSON-LD, with the zone's offset
bare      nothing: the date stands in the text alone
meta      og:title, article:published_time and a meta author
time      one <time datetime> in the text
mixed     OpenGraph without a date, and microdata around the text
"""

import json
from dataclasses import dataclass
from datetime import datetime
from html import escape

from crawler.demo.content import DemoOutlet
from crawler.demo.edits import Story
from crawler.demo.furniture import photograph


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """The parts of a page that differ between the styles, as HTML."""

    head: str = ""
    root: str = ""
    headline: str = ""
    byline: str = ""
    body: str = ""


def markup_of(outlet: DemoOutlet, story: Story, base: str) -> Markup:
    """The outlet's style, filled in for one article."""
    url = base + story.article.path
    match outlet.markup:
        case "json-ld":
            return Markup(head=_json_ld(outlet, story, base), byline=_plain_byline(outlet, story))
        case "meta":
            return Markup(head=_meta(outlet, story, base), byline=_plain_byline(outlet, story))
        case "time":
            return Markup(byline=_time_byline(outlet, story))
        case "mixed":
            return _mixed(outlet, story, url)
    return Markup(
        byline=f'<p class="byline">{_by(outlet, story)}</p>' if _by(outlet, story) else ""
    )


def stamp(outlet: DemoOutlet, at: datetime) -> str:
    """An instant as machines read it, with the offset of the outlet's zone."""
    return at.astimezone(outlet.zone).isoformat(timespec="seconds")


def _json_ld(outlet: DemoOutlet, story: Story, base: str) -> str:
    article = story.article
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": base + article.path,
        "headline": story.title,
        "datePublished": stamp(outlet, article.published),
        "dateModified": stamp(outlet, story.modified),
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name, "url": f"{base}/"},
        "articleSection": outlet.sections[article.section],
        "inLanguage": article.language,
        "image": base + photograph(article),
        "isAccessibleForFree": story.is_free,
    }
    if not story.is_free:
        data["hasPart"] = {
            "@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".wall",
        }  # fmt: skip
    text = json.dumps(data, ensure_ascii=False, indent=1).replace("</", "<\\/")
    return f'<script type="application/ld+json">\n{text}\n</script>\n'


def _meta(outlet: DemoOutlet, story: Story, base: str) -> str:
    article = story.article
    named = [
        ("property", "og:type", "article"),
        ("property", "og:site_name", outlet.name),
        ("property", "og:title", story.title),
        ("property", "og:url", base + article.path),
        ("property", "og:image", base + photograph(article)),
        ("property", "article:published_time", stamp(outlet, article.published)),
        ("property", "article:section", outlet.sections[article.section]),
        *(("name", "author", name) for name in article.authors),
    ]
    if story.modified != article.published:
        named.append(("property", "article:modified_time", stamp(outlet, story.modified)))
    return "".join(f'<meta {k}="{n}" content="{escape(v)}">\n' for k, n, v in named)


def _mixed(outlet: DemoOutlet, story: Story, url: str) -> Markup:
    article = story.article
    names = "".join(
        '<span itemprop="author" itemscope itemtype="https://schema.org/Person">'
        f'<span itemprop="name">{escape(name)}</span></span> '
        for name in article.authors
    )
    head = (
        f'<meta property="og:title" content="{escape(story.title)}">\n'
        f'<meta property="og:site_name" content="{escape(outlet.name)}">\n'
        f'<meta property="og:url" content="{escape(url)}">\n'
    )
    byline = (
        f'<p class="byline">{names}<meta itemprop="datePublished" '
        f'content="{stamp(outlet, article.published)}"><meta itemprop="dateModified" '
        f'content="{stamp(outlet, story.modified)}">{outlet.day(article.published)}</p>'
    )
    root = ' itemscope itemtype="https://schema.org/NewsArticle"'
    body = ' itemprop="articleBody"'
    return Markup(head=head, root=root, headline=' itemprop="headline"', byline=byline, body=body)


def _by(outlet: DemoOutlet, story: Story) -> str:
    names = ", ".join(story.article.authors)
    return escape(outlet.words["by"].format(names=names)) if names else ""


def _plain_byline(outlet: DemoOutlet, story: Story) -> str:
    parts = [_by(outlet, story), outlet.day(story.article.published)]
    return f'<p class="byline">{" · ".join(filter(None, parts))}</p>'


def _time_byline(outlet: DemoOutlet, story: Story) -> str:
    at = story.article.published
    time = f'<time datetime="{stamp(outlet, at)}">{outlet.day(at)}</time>'
    name = f'<span class="author" rel="author">{_by(outlet, story)}</span> · '
    return f'<p class="byline">{name if story.article.authors else ""}{time}</p>'
