"""Store: the draft becomes a version, or lengthens one; lease and version end in one turn."""

from archive.errors import ComparedUnlike
from archive.records import CaptureId, Saved
from archive.turn import Turn
from crawler.extract.article import extract
from crawler.stages import Extracted, Stored, page_of


class StorePipeline:
    """Extracted to Stored."""

    async def process_item(self, item: Extracted) -> Stored:
        """Keep the article and settle its lease."""
        try:
            saved = await self._save(item)
        except ComparedUnlike as unlike:
            await self._read_again(item, unlike)
            saved = await self._save(item)
        item.visit.ended(item.lease, saved.outcome)
        return Stored(lease=item.lease, saved=saved, title=item.draft.title)

    async def _save(self, item: Extracted) -> Saved:
        visit, lease, capture = item.visit, item.lease, item.capture
        provenance = visit.errand(lease).provenance(visit.desk.run)

        def save(turn: Turn) -> Saved:
            saved = turn.save(item.draft, capture, provenance, known_as=lease.url)
            turn.rights.keep(capture.id, item.statements)
            visit.furnish(turn, capture, item.requisites, depth=0)
            visit.end(turn, lease, saved.outcome, capture=capture, article=saved.article)
            return saved

        return await visit.desk.lane.do(save)

    async def _read_again(self, item: Extracted, unlike: ComparedUnlike) -> None:
        """Read the older capture with today's extractor, so that like is compared with like."""
        visit = item.visit
        reply = visit.desk.archive.fetch(CaptureId(unlike.capture))
        page = page_of(reply, visit.outlet, visit.memory)
        older = await visit.desk.readers.read(extract, page)
        await visit.desk.lane.do(
            lambda turn: turn.reread(
                older, reply.capture, known_as=item.lease.url, outlet=visit.outlet.oid
            )
        )
        visit.note("reread")
