"""Requisites fetched: what a page needs to look right, after the articles, within its allowance."""

from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response

from archive.records import Capture, Lease, Url
from archive.settlements import Outcome
from archive.turn import Turn
from crawler.requisites.requisite import Requisite
from crawler.requisites.sheets import found_in_css
from crawler.visit import Visit

DEEPEST = 3
"""A sheet may import a sheet that imports a sheet."""
_ANSWERED, _NOT_MODIFIED = 200, 304


def page_of(lease: Lease) -> Url:
    """The page that a requisite was wanted for first."""
    return lease.discovery.listing if lease.discovery else lease.url


async def refused(visit: Visit, lease: Lease) -> bool:
    """Whether the page has had its share; the lease has ended then."""
    if lease.kind != "requisite" or not (reason := visit.allowance.refusal(page_of(lease))):
        return False
    await visit.settle(lease, "refused", reason=reason)
    return True


def note_failure(visit: Visit, lease: Lease, error: BaseException | None) -> None:
    """One that was cut at what was left for its page has taken all of it."""
    if isinstance(error, DownloadCancelledError):
        page = page_of(lease)
        visit.allowance.spend(page, visit.allowance.bytes_left(page), 0.0)


async def settle_requisite(
    visit: Visit, lease: Lease, capture: Capture, response: Response
) -> None:
    """End the lease of a requisite that was answered; a style sheet's own needs are noted."""
    seconds: float = response.meta["transfer_seconds"]
    visit.allowance.spend(page_of(lease), len(response.body), seconds)
    outcome: Outcome = "polled"
    reason = None
    found: tuple[Requisite, ...] = ()
    depth = 1 + (lease.discovery.position if lease.discovery else 0)
    if response.status == _NOT_MODIFIED:
        outcome = "unchanged"
    elif response.status != _ANSWERED:
        outcome, reason = "failed", f"HTTP {response.status}"
    elif depth <= DEEPEST and _is_sheet(capture, response.url):
        sheet = (Url(response.url), response.body, *_said(response))
        found = await visit.desk.readers.read(_read_sheet, sheet)

    def note(turn: Turn) -> None:
        visit.furnish(turn, capture, found, depth=depth, page=page_of(lease))

    await visit.settle(lease, outcome, reason=reason, capture=capture, act=note)


def _is_sheet(capture: Capture, url: str) -> bool:
    return capture.mime == "text/css" or url.partition("?")[0].endswith(".css")


def _said(response: Response) -> tuple[str | None, str | None]:
    values = (response.headers.get(name) for name in (b"Content-Type", b"Content-Encoding"))
    kind, coding = (value.decode("latin-1") if value else None for value in values)
    return kind, coding


def _read_sheet(sheet: tuple[Url, bytes, str | None, str | None]) -> tuple[Requisite, ...]:
    """In a worker process."""
    return found_in_css(*sheet)
