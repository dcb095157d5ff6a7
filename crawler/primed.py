"""What reading needs, ready in memory: imported where the processes that read are forked from.

A process's first page costs it 0.4 s: the language model is unpacked, patterns are compiled,
dates' locales are loaded. Here one page of our own is read before the fork, so that this is paid
once, and while the crawl itself still begins. What is left is put out of the garbage collector's
sight, for walking it would also copy it into each process.
"""

import contextlib
import gc
from datetime import UTC, datetime

from archive.records import Url
from crawler.extract.page import Page
from crawler.furnished import read_furnished
from crawler.heard import hear

__all__ = ["hear", "read_furnished"]

_PAGE = b"""<!DOCTYPE html><html lang=en><head><title>Harbour to grow - The Paper</title>
<meta property=og:title content="Harbour to grow"><meta name=author content="A. Writer">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Harbour to grow"}</script>
</head><body><article><h1>Harbour to grow</h1><p>By A. Writer, <time>2 March 2026</time></p>
<p>The town will build a second quay, the council said on Monday after a long debate.</p>
<p>Work begins in spring. Fishermen had asked for it for years, and the ferry needs it too.</p>
</article></body></html>"""


def _prime() -> None:
    page = Page(
        url=Url("https://paper.example/2026/03/02/harbour"),
        body=_PAGE,
        content_type="text/html; charset=utf-8",
        content_encoding=None,
        captured_at=datetime(2026, 3, 2, 12, tzinfo=UTC),
    )
    with contextlib.suppress(Exception):  # a full disk, say: the first real page will tell of it
        read_furnished(page)
    gc.collect()
    gc.freeze()


_prime()
