"""What the demo newspapers print: one TOML file for each outlet, read into frozen records.

A file has the outlet's own keys, among them how its pages show photographs (`pictures`: "plain"
if not said, "srcset" or "lazy"), then any number of::

    [[article]]
    slug = "new-pilot-boat"
    section = "harbour"
    title = "New pilot boat"
    authors = ["Ines Falk"]
    published = 2026-03-02T09:40:00        # local time of the outlet
    text = '''paragraphs, with a blank line between'''

    [[article.change]]                     # see `crawler.demo.edits`
    kind = "edited-headline"
    at = 2026-03-03T10:00:00Z
    title = "New pilot boat is late"

    [[behaviour]]                          # see `crawler.demo.behaviours`
    name = "unavailable"
    article = "new-pilot-boat"             # or path = "/feed.xml", with * for anything
    since = 2026-03-03T08:00:00Z           # both ends may be left out
    until = 2026-03-04T08:00:00Z
    times = 2                              # only the first requests; left out: every time

    [rights]                               # what it states of rights, each as it is served
    robots = "User-agent: GPTBot…"         # after the rest of robots.txt
    tdmrep = "[{…}]"                       # /.well-known/tdmrep.json
    ai_txt = "User-Agent: *…"              # /ai.txt
    header = "tdm-reservation: 1"          # of each article
    meta = '<meta name="robots" …>'        # in each article's head

    [[signpost]]                           # a link in listings that leads to no article
    title = "For our members"
    path = "/members/letters"
    where = "front"                        # "front", "feed", "sitemap" or a section's slug
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import Any
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

OUTLETS = (
    "harbour-gazette",
    "harian-contoh",
    "ahrenwalder-bote",
    "foni-tis-alykis",
    "faro-de-puntaclara",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing an outlet does to an article after printing it."""

    kind: str
    at: datetime
    title: str | None = None
    old: str | None = None
    new: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as first printed; `path` is percent-encoded and without the outlet's base."""

    outlet: str
    slug: str
    section: str
    number: int
    path: str
    title: str
    language: str
    authors: tuple[str, ...]
    published: datetime
    paragraphs: tuple[str, ...] = field(repr=False)
    changes: tuple[Change, ...] = ()
    announced_as: str | None = None
    wire: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A named behaviour, tied to some paths and perhaps to a stretch of time."""

    name: str
    path: str
    since: datetime | None = None
    until: datetime | None = None
    times: int | None = None
    note: str = ""

    def covers(self, path: str, at: datetime) -> bool:
        """Whether a request for `path` at this instant meets it, counts aside."""
        if (self.since and at < self.since) or (self.until and at >= self.until):
            return False
        return fnmatchcase(unquote(path), unquote(self.path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Signpost:
    """A link that listings show beside the articles and that leads to none."""

    title: str
    path: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOutlet:
    """One invented outlet with everything it ever prints."""

    id: str
    name: str
    motto: str
    language: str
    country: str
    zone: ZoneInfo
    markup: str
    article_pattern: str
    listings: Mapping[str, str]
    sections: Mapping[str, str]
    words: Mapping[str, str]
    months: tuple[str, ...]
    validators: tuple[str, ...]
    private: str
    articles: tuple[Article, ...] = field(repr=False)
    attachments: tuple[Attachment, ...] = field(repr=False)
    signposts: tuple[Signpost, ...] = field(repr=False)
    languages: tuple[str, ...] = ()
    crawl_delay: int | None = None
    has_sidebar: bool = False
    pictures: str = "plain"
    has_amp: bool = False
    rights: Mapping[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The host name that the outlet answers to."""
        return f"{self.id}.example"

    def day(self, at: datetime, form: str = "date") -> str:
        """An instant as the outlet writes it for people, in its own zone and language."""
        at = at.astimezone(self.zone)
        month = self.months[at.month - 1]
        return self.words[form].format(day=at.day, month=month, year=at.year, time=f"{at:%H:%M}")


def load() -> tuple[DemoOutlet, ...]:
    """Read every outlet of the package, in the order of `OUTLETS`."""
    wires = _read("wire")
    return tuple(_outlet(_read(name), wires) for name in OUTLETS)


def _read(name: str) -> dict[str, Any]:
    file = files("crawler.demo") / "content" / f"{name}.toml"
    return tomllib.loads(file.read_text("utf-8"))


def _outlet(data: dict[str, Any], wires: dict[str, Any]) -> DemoOutlet:
    zone = ZoneInfo(data.pop("zone"))
    rows, posts = data.pop("article"), data.pop("signpost", [])
    attached, address = data.pop("behaviour", []), data.pop("address")
    first = data.pop("first_number", 1)
    articles = tuple(
        _article(row, data, wires, zone, address, number) for number, row in enumerate(rows, first)
    )
    paths = {article.slug: article.path for article in articles}
    for row in attached:
        if "article" in row:
            row["path"] = paths[row.pop("article")]
    data["listings"] = dict(data["listings"])
    for key in ("months", "validators", "languages"):
        data[key] = tuple(data[key])
    return DemoOutlet(
        **data,
        zone=zone,
        articles=articles,
        attachments=tuple(Attachment(**row) for row in attached),
        signposts=tuple(Signpost(**row) for row in posts),
    )


def _article(
    row: dict[str, Any],
    outlet: dict[str, Any],
    wires: dict[str, Any],
    zone: ZoneInfo,
    address: str,
    number: int,
) -> Article:
    wire = wires.get(row.get("wire", ""), {})
    published: datetime = row["published"].replace(tzinfo=zone)
    text = wire.get("text", "") + "\n\n" + row.get("text", "")
    fields = {"section": row["section"], "slug": row["slug"], "number": number, "at": published}
    return Article(
        outlet=outlet["id"],
        slug=row["slug"],
        section=row["section"],
        number=number,
        path=quote(address.format(**fields)),
        title=row.get("title") or wire["title"],
        language=row.get("language", outlet["language"]),
        authors=tuple(row.get("authors", wire.get("authors", ()))),
        published=published,
        paragraphs=tuple(_paragraphs(text)),
        changes=tuple(Change(**change) for change in row.get("change", ())),
        announced_as=row.get("announced_as"),
        wire=row.get("wire"),
    )


def _paragraphs(text: str) -> list[str]:
    return [" ".join(block.split()) for block in text.split("\n\n") if block.strip()]
