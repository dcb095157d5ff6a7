"""What an outlet's memory is worth: each page read with what its outlet's other pages taught.

    python bench/memory.py SHARED [--pages 5]

SHARED is a folder with `quality/score.py` and `quality/dev`. Outlets with so many pages, some of
them with a true body, take part. Each page is left out in turn: the memory is learned from the
others alone, without their truth, and the page is read with it and without. Prints, for each
outlet, body F1 and perfect bodies before and after, the pages that got better, and every page that
got worse. The same for the demo newspaper, whose true texts are known.
"""

import argparse
import gzip
import importlib.util
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from archive.clock import SimulatedClock  # noqa: E402
from archive.records import Url  # noqa: E402
from crawler.demo.newspaper import OPENS_AT, Newspaper  # noqa: E402
from crawler.demo.replies import Request  # noqa: E402
from crawler.extract.article import extract  # noqa: E402
from crawler.extract.errors import Unextractable  # noqa: E402
from crawler.extract.page import Page  # noqa: E402
from crawler.memory.learn import learn  # noqa: E402
from crawler.memory.tracks import tracks_of  # noqa: E402

CAPTURED_AT = datetime(2026, 11, 1, tzinfo=UTC)
FIVE_DAYS = timedelta(days=5)
SAME = 1e-9

Truth = Mapping[str, Any]


@dataclass(slots=True)
class Gain:
    """Over the pages of one outlet."""

    pages: int = 0
    before: float = 0.0
    after: float = 0.0
    perfect_before: int = 0
    perfect_after: int = 0
    better: int = 0
    losses: list[str] = field(default_factory=list)

    def add(self, other: "Gain") -> None:
        for name in ("pages", "before", "after", "perfect_before", "perfect_after", "better"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.losses += other.losses

    def __str__(self) -> str:
        many = max(self.pages, 1)
        return (
            f"{self.pages:>4} pages  F1 {100 * self.before / many:5.1f} -> "
            f"{100 * self.after / many:5.1f}  perfect {self.perfect_before:>3} -> "
            f"{self.perfect_after:>3}  better {self.better:>3}  worse {len(self.losses):>3}"
        )


def gain_of(pages: Mapping[str, Page], truths: Mapping[str, Truth], scorer: Any) -> Gain:
    """Leave each page with a truth out in turn."""
    tracks = {}
    for id_, page in pages.items():
        try:
            tracks[id_] = tracks_of(page)
        except Unextractable:
            continue
    gain = Gain()
    for id_, truth in truths.items():
        if id_ not in tracks:
            continue
        memory = learn(one for other, one in tracks.items() if other != id_)
        before, was_perfect = scored(scorer, truth, extract(pages[id_]).body)
        after, is_perfect = scored(scorer, truth, extract(replace(pages[id_], memory=memory)).body)
        gain.pages += 1
        gain.before += before
        gain.after += after
        gain.perfect_before += was_perfect
        gain.perfect_after += is_perfect
        gain.better += after > before + SAME
        if after < before - SAME:
            gain.losses.append(f"{id_}: {before:.3f} -> {after:.3f}")
    return gain


def scored(scorer: Any, truth: Truth, body: str | None) -> tuple[float, bool]:
    """Body F1 of one page, and whether it is perfect."""
    counts, is_perfect, _ = scorer.score_body(truth, body or "")
    return scorer.prf(*counts)[2], bool(is_perfect)


def corpus(shared: Path, least: int) -> Iterable[tuple[str, dict[str, Page], dict[str, Truth]]]:
    """Outlets with so many pages, of which some have a true body."""
    home = shared / "quality" / "dev"
    by_outlet: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in (home / "pages.jsonl").read_text("utf-8").splitlines():
        page = json.loads(line)
        by_outlet[page.get("domain") or page["publisher"]].append(page)
    for outlet, found in sorted(by_outlet.items()):
        truths = {p["id"]: p["truth"] for p in found if "paragraphs" in p["truth"]}
        if len(found) >= least and truths:
            pages = {p["id"]: page_of(p["url"], unpacked(home / p["html"])) for p in found}
            yield outlet, pages, truths


def newspaper() -> Iterable[tuple[str, dict[str, Page], dict[str, Truth]]]:
    """The demo newspaper's articles on its fifth day."""
    paper, at = Newspaper(SimulatedClock(OPENS_AT)), OPENS_AT + FIVE_DAYS
    for outlet in paper.outlets:
        pages, truths = {}, {}
        for url in sorted(u for u in paper.announced(at) if f"//{outlet.host}/" in u):
            text = paper.text_at(url, at)
            path = url.split(outlet.host, 1)[1]
            reply = paper.answer(Request(method="GET", host=outlet.host, path=path), at)
            if text is not None and reply.status == 200 and reply.coding is None:
                pages[url] = page_of(url, reply.body, at)
                truths[url] = {"paragraphs": list(text.paragraphs)}
        yield outlet.id, pages, truths


def unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())


def page_of(url: str, body: bytes, at: datetime = CAPTURED_AT) -> Page:
    return Page(
        url=Url(url),
        body=body,
        content_type="text/html",
        content_encoding=None,
        captured_at=at,
    )


def report(
    name: str,
    outlets: Iterable[tuple[str, dict[str, Page], dict[str, Truth]]],
    scorer: Any,
    say: Callable[[str], None] = print,
) -> None:
    say(f"\n{name}")
    whole = Gain()
    for outlet, pages, truths in outlets:
        gain = gain_of(pages, truths, scorer)
        whole.add(gain)
        say(f"  {outlet:<24}{gain}")
    say(f"  {'all':<24}{whole}")
    for loss in whole.losses:
        say(f"  worse  {loss}")


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shared", type=Path)
    parser.add_argument("--pages", type=int, default=5, help="pages that an outlet must have")
    asked = parser.parse_args(words)
    spec = importlib.util.spec_from_file_location("score", asked.shared / "quality" / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"no quality/score.py in {asked.shared}")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    report("real outlets", corpus(asked.shared, asked.pages), scorer)
    report("the demo newspaper", newspaper(), scorer)


if __name__ == "__main__":
    main()
