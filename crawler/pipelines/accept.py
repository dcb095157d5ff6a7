"""Accept: is it an article, and all of it? A wall or a listing is kept as evidence only."""

from scrapy.exceptions import DropItem

from archive.records import Outcome
from archive.turn import Turn
from crawler.stages import Extracted


class NotAccepted(DropItem):
    """A page that is no article, or hides behind a wall."""


class AcceptPipeline:
    """Lets articles through."""

    async def process_item(self, item: Extracted) -> Extracted:
        """The same item, if it is an article.

        Raises:
            NotAccepted: if it is not; what it claims is kept, and its lease has ended.
        """
        draft, capture = item.draft, item.capture
        outcome: Outcome
        reason: str
        if draft.wall:
            outcome, reason = "walled", draft.wall
        elif capture.status not in (200, 203):
            outcome, reason = "failed", f"HTTP {capture.status}"
        elif draft.kind != "article":
            outcome, reason = "not-article", draft.reason or draft.kind
        elif not draft.title or not draft.body:
            outcome, reason = "not-article", "no title" if draft.body else "no text"
        else:
            return item

        def dismiss(turn: Turn) -> None:
            turn.dismiss(draft, capture, outcome=outcome)

        await item.visit.settle(item.lease, outcome, reason=reason, capture=capture, act=dismiss)
        raise NotAccepted(reason, log_level="DEBUG")
