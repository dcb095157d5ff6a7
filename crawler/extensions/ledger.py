"""The ledger at the end of every visit: all that was begun has ended, and every day balances.

What was not had, what a person should know of a robots.txt, and what does not balance is kept in
the archive, so that it is told after the run as well, and by a service that has no end.
"""

import logging
from collections import Counter
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from archive.records import Url
from archive.remarks import Remark
from archive.turn import Turn
from crawler.stages import Extracted, Fetched
from crawler.visit import Visit

logger = logging.getLogger(__name__)


class Ledger:
    """Closes the account of a visit when its spider closes."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        ledger = cls(crawler)
        crawler.signals.connect(ledger.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(ledger.item_error, signal=signals.item_error)
        return ledger

    async def item_error(self, item: Fetched | Extracted, failure: Failure) -> None:
        """A pipeline broke on a page; the visit goes on."""
        if failure.value is not None:
            await item.visit.broke(item.lease, failure.value)

    async def spider_closed(self, reason: str) -> None:
        """Give back what is still borrowed, check that the account balances, and close it."""
        visit: Visit = self._crawler.spider.visit  # type: ignore[union-attr]
        if not visit.desk.fatal:
            await visit.give_back()
            await close_ledger(visit)
        if reason == "finished" and not visit.is_balanced:
            visit.faults.append(f"{visit.outlet.id}: begun and not ended: {dict(visit.counts)}")
        for fault in visit.faults:
            visit.note("ledger/unbalanced")
            logger.error("the ledger does not balance: %s", fault)
        await keep_remarks(visit)
        for name, number in visit.counts.items():
            self._crawler.stats.set_value(f"kliping/{name}", number)


async def close_ledger(visit: Visit) -> None:
    """Close the days that are over, and check those and every day the visit had a hand in."""
    oid = visit.outlet.oid

    def check(turn: Turn) -> list[str]:
        closed = turn.ledgers.close(oid)  # nobody may have had a hand in these since they balanced
        return turn.ledgers.faults(oid, {*visit.days, *closed})

    try:
        visit.faults += await visit.desk.lane.do(check)
    except Exception as error:  # noqa: BLE001 - a visit ends all the same
        if not visit.desk.fatal:
            visit.faults.append(f"{oid}: its ledger cannot be checked: {error!r}")


async def keep_remarks(visit: Visit) -> None:
    """Keep what a visit has to say of itself; it ends all the same if that fails."""
    desk, oid = visit.desk, visit.outlet.oid
    visit.remarks = remarks_of(visit)
    if desk.fatal or not visit.remarks:
        return
    try:
        await desk.lane.do(lambda turn: turn.ledgers.remark(desk.run, oid, visit.remarks))
    except Exception:
        if not desk.fatal:
            logger.exception("%s: what it could not do cannot be kept", oid)


def remarks_of(visit: Visit) -> list[Remark]:
    """Faults, what is new about robots.txt in this run, and misses: one for each reason."""
    oid = visit.outlet.oid
    found = [Remark(outlet=oid, kind="ledger", said=fault) for fault in visit.faults]
    for origin in sorted(visit.origins):
        said = visit.desk.robots.remarks.get(origin)
        if said and (oid, said) not in visit.desk.remarked:
            visit.desk.remarked.add((oid, said))
            found.append(Remark(outlet=oid, kind="robots", said=said, url=Url(origin)))
    reasons: Counter[str] = Counter()
    example: dict[str, Url] = {}
    for url, outcome, reason in visit.misses:
        said = f"{outcome}: {reason.split(' (')[0].split('; ')[0]}"
        reasons[said] += 1
        example.setdefault(said, url)
    found += [
        Remark(outlet=oid, kind="miss", said=said, number=number, url=example[said])
        for said, number in reasons.most_common()
    ]
    return found
