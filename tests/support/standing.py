"""The newspaper for crawls that are killed: it stands still until told, and some pages are heavy.

Equal requests get equal answers at one instant, however often they are asked again. Every fifth
article carries some hundred kilobytes of comment that never repeat, so that writing its record
takes long enough to be hit.
"""

import base64
import random
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from crawler.demo.newspaper import Newspaper
from crawler.demo.replies import HTML, Reply, Request
from crawler.demo.server import Server

EVERY = 5
WEIGHT = 400_000
"""Bytes; about three quarters of them stay when packed."""
_UNREPEATED = ("etag", "last-modified")


class HeavyNewspaper(Newspaper):
    """Some of its articles weigh much, and differ each time; their texts do not."""

    heavy = 0
    """How many heavy answers were given."""

    def answer(
        self, request: Request, at: datetime, count: Callable[[str], int] | None = None
    ) -> Reply:
        """The newspaper's reply, with ballast if the page is a heavy one."""
        is_heavy = zlib.crc32(f"{request.host}{request.path}".encode()) % EVERY == 0
        if not is_heavy or self.text_at(f"http://{request.host}{request.path}", at) is None:
            return super().answer(request, at, count)
        reply = super().answer(replace(request, headers=_unconditional(request)), at, count)
        if reply.status != 200 or reply.media != HTML or reply.is_cut or reply.drip_seconds:
            return reply
        self.heavy += 1
        ballast = base64.b64encode(random.Random().randbytes(WEIGHT * 3 // 4))
        headers = tuple(one for one in reply.headers if one[0].lower() not in _UNREPEATED)
        return replace(reply, body=reply.body + b"<!--" + ballast + b"-->", headers=headers)


def _unconditional(request: Request) -> dict[str, str]:
    return {name: said for name, said in request.headers.items() if not name.startswith("if-")}


class StandingServer(Server):
    """A steady server whose instant can be set."""

    def stand_at(self, instant: datetime) -> None:
        """It is this time at the newspaper from now on."""
        self._frozen_at = instant
