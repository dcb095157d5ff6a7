"""Extract: the page is read in a worker process, by a pure function."""

from scrapy.exceptions import DropItem

from archive.signals import Signal, Statement
from crawler.extract.errors import Unextractable
from crawler.furnished import read_furnished, read_page
from crawler.readers import ReadingFailed
from crawler.stages import Extracted, Fetched


class NotExtracted(DropItem):
    """A page that nothing could be made of: no HTML, broken coding, too large."""


class ExtractPipeline:
    """Fetched to Extracted."""

    async def process_item(self, item: Fetched) -> Extracted:
        """Read the page.

        Raises:
            NotExtracted: if it cannot be read; its lease has ended then.
        """
        visit = item.visit
        has_requisites = visit.outlet.requisites.policy != "none"
        reading = read_furnished if has_requisites else read_page
        try:
            found = await visit.desk.readers.read(reading, item.page)
        except (Unextractable, ReadingFailed) as error:
            await visit.settle(item.lease, "unextractable", reason=str(error), capture=item.capture)
            raise NotExtracted(str(error), log_level="DEBUG") from error
        return Extracted(
            visit=visit,
            lease=item.lease,
            capture=item.capture,
            draft=found.draft,
            requisites=found.requisites,
            statements=(*item.statements, *_own(item, found.stated)),
        )


def _own(item: Fetched, stated: tuple[Signal, ...]) -> tuple[Statement, ...]:
    """What the page states of itself, if anything."""
    if not stated:
        return ()
    return (Statement(source="html", said_by=item.capture.id, signals=stated),)
