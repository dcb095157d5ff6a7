"""What reading a page costs, beside `trafilatura.bare_extraction(with_metadata=True)`.

    python bench/extract_speed.py               200 pages of `quality/dev`, spread over its sets
    python bench/extract_speed.py --pages 0     all of them
    python bench/extract_speed.py --at-most 1.0 exit code 1 if ours costs more than so many times

Both read the same pages in the same process, page by page in turns, and who begins changes each
time; so what else the machine does falls on both alike. CPU time of this process, files aside; each
page is read `--rounds` times by both, and the least counts. Before that, a few pages are read for
nothing, for the first one loads models and compiles patterns.
"""

import argparse
import contextlib
import gc
import gzip
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import trafilatura  # noqa: E402
from quality import shared  # noqa: E402

from archive.records import Url  # noqa: E402
from crawler.answers.question import NO_BOUND  # noqa: E402
from crawler.extract.article import extract  # noqa: E402
from crawler.extract.errors import Unextractable  # noqa: E402
from crawler.extract.page import Page  # noqa: E402

WARM_UP = 5


def ours(url: str, body: bytes) -> None:
    page = Page(
        url=Url(url),
        body=body,
        content_type="text/html",
        content_encoding=None,
        captured_at=NO_BOUND,
        is_dated=False,
    )
    with contextlib.suppress(Unextractable):
        extract(page)


def theirs(url: str, body: bytes) -> None:
    trafilatura.bare_extraction(body, url=url, with_metadata=True)


def spent(read: Callable[[str, bytes], None], url: str, body: bytes) -> float:
    gc.collect()  # what the other left behind is not ours to pay
    began = time.process_time()
    read(url, body)
    return (time.process_time() - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=shared() / "quality/dev")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--at-most", type=float, help="the ratio above which this fails")
    asked = parser.parse_args()
    with (asked.corpus / "pages.jsonl").open() as lines:
        pages = [json.loads(line) for line in lines]
    step = max(1, len(pages) // asked.pages) if asked.pages else 1
    pages = pages[::step][: asked.pages or None]
    costs = measure(asked.corpus, pages, asked.rounds)
    ratio = report(costs)
    if asked.at_most and ratio > asked.at_most:
        print(f"ABOVE  {ratio:.2f} times trafilatura, at most {asked.at_most}")
        sys.exit(1)


def measure(corpus: Path, pages: list[dict], rounds: int) -> dict[str, list[float]]:
    readers = {"kliping": ours, "trafilatura": theirs}
    costs: dict[str, list[float]] = {name: [] for name in readers}
    for number, page in enumerate([*pages[:WARM_UP], *pages]):
        body = gzip.decompress((corpus / page["html"]).read_bytes())
        best = dict.fromkeys(readers, float("inf"))
        for turn in range(rounds):
            order = list(readers.items())
            for name, read in order if (number + turn) % 2 else order[::-1]:
                best[name] = min(best[name], spent(read, page["url"], body))
        if number >= WARM_UP:
            for name, cost in best.items():
                costs[name].append(cost)
    return costs


def report(costs: dict[str, list[float]]) -> float:
    """Print the table; gives ours over theirs, by the sum over all pages."""
    print(f"{len(costs['kliping'])} pages, CPU ms a page\n")
    print(f"{'':12}  {'median':>8}  {'mean':>8}  {'p95':>8}  {'worst':>8}")
    for name, found in costs.items():
        figures = statistics.median(found), statistics.fmean(found), p95(found), max(found)
        print(f"{name:12}  " + "  ".join(f"{figure:8.1f}" for figure in figures))
    both = list(zip(costs["kliping"], costs["trafilatura"], strict=True))
    ratios = [mine / other for mine, other in both]
    whole = sum(costs["kliping"]) / sum(costs["trafilatura"])
    print(
        f"\nOurs over trafilatura: {whole:.2f} by the sum, {statistics.median(ratios):.2f} on the"
        f" median page, {p95(ratios):.2f} at p95; less on {sum(r < 1 for r in ratios)} pages."
    )
    return whole


def p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


if __name__ == "__main__":
    main()
