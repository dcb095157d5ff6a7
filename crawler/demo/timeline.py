"""What is true at an instant: which articles are printed, how they read, when a page last changed.

Crawls of the demo begin at 06:00, 12:00 and 18:00 UTC and may take an hour, so nothing in the
content may change in the 75 minutes after these; `tests/crawler/demo` holds the content to it.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from crawler.demo.content import Article, DemoOutlet
from crawler.demo.edits import EDITS, Story

OPENS_AT = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
"""When the demo begins: a Monday, before the first crawl. Older articles are already there."""
DAYS = 5
"""How many days have news."""
NEWS_SITEMAP_AGE = timedelta(days=2)
"""Google's limit for a news sitemap; an article falls out of it at the same time of day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The ground truth of an article at one instant: what its page says to a free reader.

    A correction notice is the last paragraph; behind a paywall only the first one is left. A
    dateline belongs to the first paragraph. Walls and failures in between change nothing here.
    """

    title: str
    paragraphs: tuple[str, ...] = field(repr=False)
    published: datetime
    authors: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happens on the demo's calendar, by its name in a registry."""

    at: datetime
    outlet: str
    kind: str
    url: str
    note: str = ""


def story_at(article: Article, at: datetime) -> Story | None:
    """The article as it stands at `at`; None before it is printed. It may be `gone`."""
    if at < article.published:
        return None
    story = Story(
        article=article,
        title=article.title,
        paragraphs=article.paragraphs,
        modified=article.published,
        changed=article.published,
    )
    for change in sorted(article.changes, key=lambda change: change.at):
        if change.at <= at:
            story = replace(EDITS[change.kind](story, change), changed=change.at)
    return story


def stories_at(outlet: DemoOutlet, at: datetime) -> list[Story]:
    """Everything that the outlet's listings may name at `at`, the newest first."""
    found = (story_at(article, at) for article in outlet.articles)
    return sorted(
        (story for story in found if story and not story.gone),
        key=lambda story: (story.article.published, story.article.number),
        reverse=True,
    )


def text_of(story: Story, outlet: DemoOutlet) -> Text:
    """What a reader sees of the story."""
    article = story.article
    return Text(
        title=story.title,
        paragraphs=shown_paragraphs(story, outlet),
        published=article.published,
        authors=article.authors,
        language=article.language,
    )


def shown_paragraphs(story: Story, outlet: DemoOutlet) -> tuple[str, ...]:
    """The paragraphs on the page, the first one after the dateline if the outlet prints any."""
    first, *rest = story.shown
    if "dateline" in outlet.words:
        first = outlet.day(story.article.published, "dateline") + first
    return (first, *rest)


def moments(outlet: DemoOutlet) -> list[datetime]:
    """Every instant at which some page of the outlet becomes another, sorted, in UTC."""
    found = {article.published for article in outlet.articles}
    found |= {article.published + NEWS_SITEMAP_AGE for article in outlet.articles}
    found |= {change.at for article in outlet.articles for change in article.changes}
    for tied in outlet.attachments:
        found |= {at for at in (tied.since, tied.until) if at}
    return sorted(at.astimezone(UTC) for at in found)


def last_moment(outlet: DemoOutlet, at: datetime) -> datetime:
    """The latest of `moments` that is not after `at`, or the first one of all."""
    found = moments(outlet)
    return max((moment for moment in found if moment <= at), default=found[0])


def events_of(outlet: DemoOutlet, base: str) -> list[Event]:
    """The outlet's calendar: each change, and each behaviour at the instant it begins."""
    found = [
        Event(
            at=change.at, outlet=outlet.id, kind=change.kind, url=base + article.path,
            note=change.title or change.note or change.new or "",
        )
        for article in outlet.articles
        for change in article.changes
    ]  # fmt: skip
    printed = {article.path: article.published.astimezone(UTC) for article in outlet.articles}
    for tied in outlet.attachments:
        begins = tied.since or max(OPENS_AT, printed.get(tied.path, OPENS_AT))
        limits = [f"until {tied.until:%Y-%m-%dT%H:%MZ}"] if tied.until else []
        limits += [f"first {tied.times} requests"] if tied.times else []
        note = "; ".join(filter(None, [tied.note, *limits]))
        url = base + tied.path
        found.append(Event(at=begins, outlet=outlet.id, kind=tied.name, url=url, note=note))
    return found
