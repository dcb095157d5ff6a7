"""What recording costs: packing, writing, memory, reading back, and its share of a crawl.

    python bench/capture.py SHARED [--pairs 3] [--pages 250] [--fastwarc PYTHON]
                            [--only deflate,writer,memory,reading,share]

SHARED is a folder with `newssite/newssite.py` and `quality/dev/html` (real pages). Everything is
measured in one run on the same bytes, in turns; medians, with the least and the most in brackets.
Ratios count, not seconds: machines are shared and noisy. CPU is user and system time. wget, nginx
and warcio are run beside ours; FastWARC is, if it is here or PYTHON is one that has it.
"""

import argparse
import gzip
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from recording.peaks import compare_peaks
from recording.reading import compare_reading
from recording.table import Figures
from recording.writers import (
    HOME,
    compare_with_wget,
    compare_writers,
    exchange_of,
    ours,
    wget_version,
)
from throughput import news_site, run_ours, stage_costs

from archive.records import Exchange, OutletId, Provenance, RunId, Url
from archive.warc.exchange import group
from archive.warc.members import packed

TOPICS = ("deflate", "writer", "memory", "reading", "share")
BODY_MEGABYTES = 50
BODIES = (2, 20)


def real_pages(shared: Path, count: int) -> list[bytes]:
    """Raw HTML of real pages, spread over the collection, none twice."""
    paths = sorted((shared / "quality" / "dev" / "html").glob("*.html.gz"))
    step = max(len(paths) / count, 1)
    chosen = paths if step == 1 else [paths[int(n * step)] for n in range(count)]
    return list(dict.fromkeys(gzip.decompress(path.read_bytes()) for path in chosen))


def compare_deflate(name: str, exchanges: list[Exchange], pairs: int) -> None:
    """Print the size and the CPU of response records under zlib 6, zlib 9 and our packing."""
    why = Provenance(outlet=OutletId("o0"), config_digest=None, run=RunId("bench"), via=Url(HOME))
    records = [group(one, why).records[0] for one in exchanges]
    parts = [record.parts() for record in records]
    plains = [b"".join(one) for one in parts]
    light = records[0].is_light
    size = sum(map(len, plains))
    ways: dict[str, Callable[[], int]] = {
        "zlib 6": lambda: sum(len(zlib.compress(plain, 6, 31)) for plain in plains),
        "zlib 9": lambda: sum(len(zlib.compress(plain, 9, 31)) for plain in plains),
        "ours": lambda: sum(len(piece) for one in parts for piece in packed(one, is_light=light)),
    }
    figures = Figures("size over zlib 6, %", "size over zlib 9, %", "CPU ms a MB", "CPU / zlib 6's")
    for _ in range(pairs):
        sizes, cpu = {}, {}
        for way, deflate in ways.items():
            began = time.process_time()
            sizes[way] = deflate()
            cpu[way] = (time.process_time() - began) / size * 1e9
        for way, length in sizes.items():
            over = [(length / sizes[f"zlib {level}"] - 1) * 100 for level in (6, 9)]
            figures.add(way, *over, cpu[way], cpu[way] / cpu["zlib 6"])
    kind = "light" if light else "full"
    figures.show(f"Deflate ({kind}), {name}: {len(plains)} response records, {size / 1e6:.0f} MB")


def compare_share(homes: list[str], work: Path) -> None:
    """Print what recording is of the CPU of a crawl, end to end."""
    wall, cpu, pages = run_ours(homes, work)
    whole = cpu / pages * 1e3
    costs = stage_costs(homes, work)
    total = sum(costs.values()) * 1e3
    figures = Figures("CPU ms a page", "% of the stages", "% of the crawl's CPU")
    for name, cost in sorted(costs.items(), key=lambda item: -item[1]):
        one = cost * 1e3
        figures.add(name, one, one / total * 100, one / whole * 100)
    figures.add("all stages, each alone", total, 100, total / whole * 100)
    figures.add("kliping crawl, the whole process", whole, whole / total * 100, 100)
    figures.show(f"Share of a crawl: {pages} pages in {wall:.0f} s")


@contextmanager
def said_time(topic: str) -> Iterator[None]:
    """Print how long a topic took."""
    began = time.monotonic()
    yield
    print(f"  ({topic}: {time.monotonic() - began:.0f} s)", flush=True)


def on_made_exchanges(options: argparse.Namespace, topics: list[str], work: Path) -> None:
    """The topics that need no server."""
    pages = real_pages(options.shared, options.pages)
    bodies = {
        "HTML as it is": [exchange_of(n, page) for n, page in enumerate(pages)],
        "HTML under gzip": [
            exchange_of(n, gzip.compress(page, 6), "gzip") for n, page in enumerate(pages)
        ],
    }

    def read_back(name: str, exchanges: list[Exchange]) -> None:
        compare_reading(name, ours(exchanges, work)[2], options.fastwarc, options.pairs)

    jobs: dict[str, Callable[[str, list[Exchange]], None]] = {
        "deflate": lambda name, some: compare_deflate(name, some, options.pairs),
        "writer": lambda name, some: compare_writers(name, some, work, options.pairs),
        "reading": read_back,
    }
    for topic, compare in jobs.items():
        if topic in topics:
            with said_time(topic):
                for name, exchanges in bodies.items():
                    compare(name, exchanges)


def on_a_site(options: argparse.Namespace, topics: list[str], work: Path) -> None:
    """The topics that fetch."""
    with news_site(options.shared, work, options.outlets, options.articles) as homes:
        if "writer" in topics:
            with said_time("wget"):
                print(wget_version())
                compare_with_wget(work / "site" / "urls.txt", work, options.pairs)
        if "share" in topics:
            with said_time("share"):
                room = work / "share"  # the stages are measured on whatever archive lies there
                room.mkdir()
                compare_share(homes, room)


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--pages", type=int, default=250)
    parser.add_argument("--articles", type=int, default=300, help="of the site that is crawled")
    parser.add_argument("--outlets", type=int, default=10)
    parser.add_argument("--fastwarc", metavar="PYTHON", help="a Python that has FastWARC")
    parser.add_argument("--only", default=",".join(TOPICS), help="topics, with commas")
    options = parser.parse_args()
    topics = options.only.split(",")
    if unknown := set(topics) - set(TOPICS):
        parser.error(f"no such topic: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        on_made_exchanges(options, topics, work)
        if "memory" in topics:
            with said_time("memory"):
                compare_peaks(work, BODY_MEGABYTES, BODIES)
        if {"writer", "share"} & set(topics):
            on_a_site(options, topics, work)


if __name__ == "__main__":
    main()
