"""Where Scrapy asks for the files in which an origin states rights: tdmrep.json and ai.txt."""

import dataclasses
from typing import cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.coding import decode_beginning
from archive.errors import UndecodableBody
from archive.signals import RightsFile, Source, Statement
from crawler.desk import Desk
from crawler.errand import Errand
from crawler.manners.guard import AddressRefused
from crawler.manners.pace import HostHeld, RunStopped
from crawler.manners.robots import RefusedByRobots
from crawler.outlets.spec import Outlet
from crawler.rights.heads import head_signals
from crawler.rights.site import PATHS

INFERRED_HOP = "I"
"""As Heritrix writes it: nothing linked to it, but it is where such files are."""
FILE_BYTES = 512 * 1024
REDIRECTS = 1
"""A file may lie elsewhere (TDMRep, "TDM File on the Origin Server"), but nobody is led about."""
_OK = 200


async def statements_about(
    crawler: Crawler, outlet: Outlet, response: Response
) -> tuple[Statement, ...]:
    """What head and site of a captured response state of it; not what its page does."""
    desk: Desk = crawler.spider.desk  # type: ignore[union-attr]
    errand: Errand = response.meta["errand"]

    async def fetch(origin: str, name: Source) -> RightsFile | None:
        return await _fetch(crawler, desk, errand, origin, name)

    said = await desk.statements.of(response.url, fetch if outlet.rights.ask else None)
    headers = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]
    if signals := head_signals(headers, response.url):
        head = Statement(source="http", said_by=response.meta["capture"].id, signals=signals)
        said = (*said, head)
    return said


async def _fetch(
    crawler: Crawler, desk: Desk, errand: Errand, origin: str, name: Source
) -> RightsFile | None:
    asking = dataclasses.replace(errand, lease=None, hops=errand.hops + INFERRED_HOP)
    request = Request(
        origin + PATHS[name],
        meta={"errand": asking, "redirect_ttl": REDIRECTS, "download_maxsize": FILE_BYTES},
        dont_filter=True,
        priority=900,
    )
    status, body, capture = None, None, None
    try:
        response = await cast("Response", crawler.engine.download_async(request))  # type: ignore[misc]
        status, capture = response.status, response.meta.get("capture")
        body = _text(response) if status == _OK else None
    except (AddressRefused, HostHeld, RunStopped, RefusedByRobots):
        return None  # nothing was asked, so nothing is known
    except IgnoreRequest:
        pass  # it leads from one address to the next
    except Exception as error:
        if desk.fatal:
            raise
        desk.counts[f"rights/failed/{type(error).__name__}"] += 1
    desk.counts["rights/asked"] += 1
    capture = capture or request.meta.get("capture")
    return RightsFile(
        origin=origin,
        name=name,
        fetched_at=desk.clock.now(),
        status=status,
        body=body,
        capture=capture.id if capture else None,
    )


def _text(response: Response) -> str:
    coding = response.headers.get(b"Content-Encoding")
    try:
        named = coding.decode("latin-1") if coding else None
        body = decode_beginning(response.body, named, FILE_BYTES)
    except UndecodableBody:
        body = b""
    return body.decode("utf-8-sig", "replace").replace("\x00", "")
