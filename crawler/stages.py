"""What travels from the spider through the pipelines: one type per stage."""

from dataclasses import dataclass, field

from archive.records import Capture, Draft, Lease, Saved
from archive.replies import Reply
from archive.signals import Statement
from crawler.extract.memory import OutletMemory
from crawler.extract.page import Page
from crawler.outlets.spec import Outlet
from crawler.requisites.requisite import Requisite
from crawler.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A page that was recorded, not yet read; `statements` are those of its head and site."""

    visit: Visit = field(repr=False)
    lease: Lease
    capture: Capture
    page: Page = field(repr=False)
    statements: tuple[Statement, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """A page that was read."""

    visit: Visit = field(repr=False)
    lease: Lease
    capture: Capture
    draft: Draft
    requisites: tuple[Requisite, ...] = ()
    statements: tuple[Statement, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An article that is kept."""

    lease: Lease
    saved: Saved
    title: str | None


def page_of(reply: Reply, outlet: Outlet, memory: OutletMemory | None = None) -> Page:
    """A captured response as extraction reads it, with today's rules for that day."""
    return Page(
        url=reply.capture.url,
        body=reply.entity,
        content_type=reply.message.header(b"Content-Type"),
        content_encoding=reply.message.header(b"Content-Encoding"),
        captured_at=reply.capture.captured_at,
        languages=outlet.languages,
        zone=outlet.zone,
        outlet_name=outlet.name,
        rule=outlet.rule_at(reply.capture.captured_at.date()),
        status=reply.capture.status,
        memory=memory,
    )
