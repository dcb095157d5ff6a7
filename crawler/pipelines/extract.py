"""Extract: the page is read in a worker process, by a pure function."""

from scrapy.exceptions import DropItem

from crawler.extract.article import extract
from crawler.extract.errors import Unextractable
from crawler.readers import ReadingFailed
from crawler.requisites.furnished import extract_furnished
from crawler.requisites.requisite import Requisite
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
        requisites: tuple[Requisite, ...] = ()
        try:
            if visit.outlet.requisites.policy == "none":
                draft = await visit.desk.readers.read(extract, item.page)
            else:
                draft, requisites = await visit.desk.readers.read(extract_furnished, item.page)
        except (Unextractable, ReadingFailed) as error:
            await visit.settle(item.lease, "unextractable", reason=str(error), capture=item.capture)
            raise NotExtracted(str(error), log_level="DEBUG") from error
        return Extracted(
            visit=visit,
            lease=item.lease,
            capture=item.capture,
            draft=draft,
            requisites=requisites,
        )
