"""The pages that people read: front page, sections, articles, and the plain notices.

Every link is absolute, under the base at which the outlet is being read, so the same pages serve
`http://harbour-gazette.example` and `http://127.0.0.1:8642/harbour-gazette`.
"""

from datetime import datetime
from html import escape

from crawler.demo.content import DemoOutlet, Signpost
from crawler.demo.edits import Story
from crawler.demo.furniture import figure
from crawler.demo.markup import markup_of
from crawler.demo.timeline import shown_paragraphs, stories_at, story_at

FRONT_STORIES = 14
SUMMARY_CHARACTERS = 180
RELATED = 3


def shell(outlet: DemoOutlet, base: str, title: str, main: str, *, head: str = "") -> str:
    """A whole page around `main`."""
    language = "" if outlet.markup == "bare" else f' lang="{outlet.language}"'
    sections = "".join(
        f'<a href="{base}/{slug}/">{escape(name)}</a>' for slug, name in outlet.sections.items()
    )
    return (
        f'<!doctype html>\n<html{language}>\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)} | {escape(outlet.name)}</title>\n"
        '<meta name="viewport" content="width=device-width">\n'
        f'<link rel="stylesheet" href="{base}/style.css">\n'
        f'<link rel="icon" type="image/png" href="{base}/images/icon.png">\n{head}</head>\n<body>\n'
        f'<header class="masthead"><a href="{base}/">{escape(outlet.name)}</a>'
        f"<p>{escape(outlet.motto)}</p></header>\n"
        f'<nav class="sections">{sections}</nav>\n<main>\n{main}\n</main>\n'
        f'<footer class="imprint"><p>{escape(outlet.words["imprint"])}</p></footer>\n'
        "</body>\n</html>\n"
    )


def front(outlet: DemoOutlet, base: str, at: datetime) -> str:
    """The front page: the newest articles of all sections."""
    stories = stories_at(outlet, at)[:FRONT_STORIES]
    main = "".join(teaser(base, story) for story in stories)
    main += _posts(base, [post for post in outlet.signposts if post.where == "front"])
    return shell(outlet, base, outlet.motto, main, head=_feed_links(outlet, base))


def section(outlet: DemoOutlet, base: str, at: datetime, slug: str) -> str:
    """A section's page: all of its articles, the newest first."""
    stories = [story for story in stories_at(outlet, at) if story.article.section == slug]
    main = f"<h1>{escape(outlet.sections[slug])}</h1>\n"
    main += f'<figure><img src="{base}/images/{slug}.svg" alt=""></figure>\n'
    main += "".join(teaser(base, story) for story in stories)
    main += _posts(base, [post for post in outlet.signposts if post.where == slug])
    return shell(outlet, base, outlet.sections[slug], main)


def article(outlet: DemoOutlet, base: str, at: datetime, story: Story) -> str:
    """An article's page, in the outlet's markup."""
    marks = markup_of(outlet, story, base)
    url = base + story.article.path
    head = f'<link rel="canonical" href="{url}">\n' if outlet.markup != "bare" else ""
    if outlet.has_amp:
        head += f'<link rel="amphtml" href="{url}/amp">\n'
    if stated := outlet.rights.get("meta"):
        head += f"{stated.strip()}\n"
    picture = figure(outlet, base, story.article)
    main = (
        f"<article{marks.root}>\n<h1{marks.headline}>{escape(story.title)}</h1>\n{marks.byline}\n"
        f'{picture}<div class="text"{marks.body}>\n{_text(outlet, base, story)}</div>\n</article>\n'
        + _after(outlet, base, at, story)
    )
    return shell(outlet, base, story.title, main, head=head + marks.head)


def amp(outlet: DemoOutlet, base: str, story: Story) -> str:
    """The article's AMP page: the same text without the furniture, its canonical named."""
    marks = markup_of(outlet, story, base)
    return (
        f'<!doctype html>\n<html amp lang="{story.article.language}">\n<head>\n'
        f'<meta charset="utf-8">\n<title>{escape(story.title)} | {escape(outlet.name)}</title>\n'
        f'<link rel="canonical" href="{base}{story.article.path}">\n{marks.head}</head>\n<body>\n'
        f"<article{marks.root}>\n<h1{marks.headline}>{escape(story.title)}</h1>\n{marks.byline}\n"
        f"<div{marks.body}>\n{_text(outlet, base, story)}</div>\n</article>\n</body>\n</html>\n"
    )


def notice(outlet: DemoOutlet, base: str, title: str, text: str) -> str:
    """A page with one sentence that is no news."""
    main = f'<h1>{escape(title)}</h1>\n<p>{escape(text)}</p>\n<p><a href="{base}/">'
    return shell(outlet, base, title, main + f"{escape(outlet.name)}</a></p>")


def teaser(base: str, story: Story) -> str:
    """An article as listings show it: linked headline and the beginning of the text."""
    link = base + (story.article.announced_as or story.article.path)
    return (
        f'<div class="summary"><h2><a href="{link}">{escape(story.title)}</a></h2>'
        f"<p>{escape(summary(story))}</p></div>\n"
    )


def summary(story: Story) -> str:
    """The beginning of the text, cut between two words."""
    text = story.paragraphs[0]
    if len(text) <= SUMMARY_CHARACTERS:
        return text
    return text[:SUMMARY_CHARACTERS].rsplit(" ", 1)[0].rstrip(",;:–") + " …"


def _text(outlet: DemoOutlet, base: str, story: Story) -> str:
    texts = shown_paragraphs(story, outlet)
    blocks = [f"<p>{escape(text)}</p>\n" for text in texts]
    if story.correction and story.is_free:
        blocks[-1] = f'<p class="correction">{escape(texts[-1])}</p>\n'
    if not story.is_free:
        blocks.append(
            f'<div class="wall"><h2>{escape(outlet.words["wall_title"])}</h2>'
            f"<p>{escape(outlet.words['wall_text'])}</p></div>\n"
        )
    elif outlet.markup == "bare":
        word = escape(outlet.words["related"])
        for place, link in zip((2, 4), _related(outlet, base, story), strict=False):
            blocks.insert(place, f"<p><strong>{word}: {link}</strong></p>\n")
    return "".join(blocks)


def _after(outlet: DemoOutlet, base: str, at: datetime, story: Story) -> str:
    words, parts = outlet.words, []
    if outlet.markup != "bare" and (links := _related(outlet, base, story)):
        rows = "".join(f"<li>{link}</li>" for link in links)
        parts.append(f"<aside><h2>{escape(words['related'])}</h2><ul>{rows}</ul></aside>\n")
    if outlet.has_sidebar:
        rows = "".join(f"<li>{_link(base, other)}</li>" for other in stories_at(outlet, at)[:5])
        parts.append(f"<aside><h2>{escape(words['latest'])}</h2><ul>{rows}</ul></aside>\n")
    if "comments" in words:
        parts.append(
            f'<section class="comments"><h3>{escape(words["comments"])}</h3>'
            f'<p>{escape(words["comment_note"])}</p><form><textarea name="comment"></textarea>'
            f"<button>{escape(words['comment_send'])}</button></form></section>\n"
        )
    return "".join(parts)


def _related(outlet: DemoOutlet, base: str, story: Story) -> list[str]:
    """Links to earlier articles, chosen once at printing so that pages stay as they are."""
    own = story.article
    earlier = sorted(
        (a for a in outlet.articles if a.published < own.published),
        key=lambda a: (a.section == own.section, a.published),
        reverse=True,
    )
    printed = (story_at(other, own.published) for other in earlier[:RELATED])
    return [_link(base, other) for other in printed if other and not other.gone]


def _link(base: str, story: Story) -> str:
    return f'<a href="{base}{story.article.path}">{escape(story.title)}</a>'


def _posts(base: str, posts: list[Signpost]) -> str:
    return "".join(
        f'<div class="summary"><h2><a href="{base}{post.path}">{escape(post.title)}</a></h2>'
        "</div>\n"
        for post in posts
    )


def _feed_links(outlet: DemoOutlet, base: str) -> str:
    kinds = {"rss": "application/rss+xml", "atom": "application/atom+xml"}
    return "".join(
        f'<link rel="alternate" type="{media}" href="{base}{outlet.listings[kind]}">\n'
        for kind, media in kinds.items()
        if kind in outlet.listings
    )
