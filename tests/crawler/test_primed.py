"""Primed: a reader is born with what a page needs, and without what it does not."""

import subprocess
import sys

ASKED = """
import asyncio
from crawler.readers import Readers, begin_preload

begin_preload()
readers = Readers(1, preload=("crawler.primed",))
readers.warm()
for name in ("crawler.primed", "py3langid", "scrapy", "twisted"):
    print(name, asyncio.run(readers.read(eval, f"{name!r} in __import__('sys').modules")))
readers.close()
"""


def test_a_reader_has_what_a_page_needs_and_no_scrapy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASKED], capture_output=True, text=True, check=True, timeout=120
    )
    said = dict(line.split() for line in done.stdout.splitlines())
    assert said == {
        "crawler.primed": "True",
        "py3langid": "True",
        "scrapy": "False",
        "twisted": "False",
    }
