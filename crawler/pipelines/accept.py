"""Accept: is it an article, and all of it? A wall or a listing is kept as evidence only."""

from scrapy.exceptions import DropItem

from archive.records import Capture, Draft
from archive.settlements import Outcome
from archive.turn import Turn
from crawler.stages import Extracted

TEXTS = frozenset({"article", "liveblog", "video", "gallery"})
"""The kinds that are kept as articles, if they have a headline and a text."""


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
        refused = verdict(draft, capture)
        if refused is None:
            return item
        outcome, reason = refused

        def dismiss(turn: Turn) -> None:
            turn.dismiss(draft, capture, outcome=outcome)
            turn.rights.keep(capture.id, item.statements)

        await item.visit.settle(item.lease, outcome, reason=reason, capture=capture, act=dismiss)
        raise NotAccepted(reason, log_level="DEBUG")


def verdict(draft: Draft, capture: Capture) -> tuple[Outcome, str] | None:
    """Why a page is not kept as an article: the outcome and its reason; None if it is."""
    if draft.wall:
        return "walled", draft.wall
    if capture.status not in (200, 203):
        return "failed", f"HTTP {capture.status}"
    if draft.kind not in TEXTS:
        return "not-article", draft.reason or draft.kind
    if not draft.title or not draft.body:
        return "not-article", "no title" if draft.body else "no text"
    return None
