"""A visit that was broken off by an error: logged, and remarked, so that it is told later."""

import logging
import re

from archive.records import OutletId
from archive.remarks import Remark
from crawler.desk import Desk

logger = logging.getLogger(__name__)

_ADDRESS = re.compile(r"https?://\S+")


async def note_mishap(desk: Desk, outlet: OutletId, error: Exception, what: str = "visit") -> str:
    """Log and remark the error that ended a visit; gives it as a sentence.

    Nothing is raised, and nothing kept if nothing can be written any more: one outlet never ends
    a run.

    Args:
        desk: of the run that the visit was a part of.
        outlet: which was visited.
        error: what ended it.
        what: was broken off, as the log says it.
    """
    said = f"{type(error).__name__}: {error}"
    logger.error("%s: the %s failed", outlet, what, exc_info=error)
    if not desk.fatal:
        one = Remark(outlet=outlet, kind="visit", said=remarked(said))
        try:
            await desk.lane.do(lambda turn: turn.ledgers.remark(desk.run, outlet, [one]))
        except Exception:
            if not desk.fatal:
                logger.exception("%s: that the %s failed cannot be kept", outlet, what)
    return said


def remarked(said: str) -> str:
    """An error as a remark has it: its first line, without addresses, which may be hidden one day.

    The same mishap so is the same sentence, whichever page it befell.
    """
    return _ADDRESS.sub("…", said.partition("\n")[0])
