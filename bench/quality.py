"""How well pages are read: our figures beside the peers', by set and by language, with floors.

    python bench/quality.py                  ours alone, in a minute
    python bench/quality.py --trafilatura    beside trafilatura's defaults
    python bench/quality.py --peers          beside all peers, and ROUGE; twenty minutes

The pages lie in `quality/dev` beside the repository (or in `KLIPING_SHARED`); its `score.py` gives
the scores. Ours are the answers of `kliping extract --batch -`. Two more sets are derived from the
news pages, see `bench/quality/derive.py`: *bare*, without metadata, and *dateless*.

`--peers` makes an environment for them once, under `~/.cache/kliping` (XDG_CACHE_HOME), from
`bench/quality/peers.txt`. `ms` is the median CPU time a page. Answers stay in `--keep DIR`.

Exit codes: 0 no figure is below its floor (`bench/quality/floors.json`), 1 one is, or a page
without a date was given one, 2 these are other pages than the floors were measured on, 4 no pages.
"""

import argparse
import gzip
import hashlib
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent / "quality"
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT), str(HERE)]

FLOORS = json.loads((HERE / "floors.json").read_text())
PEERS = ("trafilatura", "newspaper4k", "news-please", "readability-lxml", "resiliparse")
OURS = "kliping"
DATED_NEWS = ("fundus", "hd-news")
"""The sets that the poorer pages are made of."""
COLUMNS = {
    "pages": "pages",
    "F1": "body F1",
    "acc": "perfect",
    "pageF1_lt_0.8": "< 0.8",
    "rougeF1": "ROUGE",
    "snipF1": "snippets",
    "title": "title",
    "date": "right day",
    "date_wrong": "wrong day",
    "date_miss": "no day",
    "instant": "instant",
    "authF1": "authors",
    "lang": "language",
    "ms": "ms",
}


def main() -> None:
    asked = arguments()
    corpus = asked.corpus
    if not (corpus / "pages.jsonl").is_file():
        print(f"There are no pages in {corpus}.", file=sys.stderr)
        sys.exit(4)
    if (found := digest(corpus)) != FLOORS["corpus"] and not asked.any_corpus:
        print(
            f"The pages in {corpus} are not those that the floors were measured on:\n"
            f"  these  {found}\n  floors {FLOORS['corpus']}\n"
            "Nothing is compared. --any-corpus prints the figures without floors.",
            file=sys.stderr,
        )
        sys.exit(2)
    names = PEERS if asked.peers else PEERS[:1] if asked.trafilatura else ()
    with tempfile.TemporaryDirectory() as temporary:
        figures = measure(corpus, asked.keep or Path(temporary), names, asked)
    bad = [] if found != FLOORS["corpus"] else below(figures)
    fine = "No figure is below its floor." if found == FLOORS["corpus"] else "There are no floors."
    print("\n".join(["", *(bad or [fine])]))
    sys.exit(1 if bad else 0)


def shared() -> Path:
    """Where the pages are: beside the repository, also when this is another worktree of it."""
    if named := os.environ.get("KLIPING_SHARED"):
        return Path(named)
    asked = ["git", "rev-parse", "--path-format=absolute", "--git-common-dir"]
    found = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    top = Path(found.stdout.strip()).parent if found.returncode == 0 else ROOT
    return top.parent / "shared"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=shared() / "quality/dev")
    parser.add_argument("--any-corpus", action="store_true", help="other pages, without floors")
    parser.add_argument("--trafilatura", action="store_true", help="beside trafilatura")
    parser.add_argument("--peers", action="store_true", help="beside all peers, and ROUGE")
    parser.add_argument("--keep", type=Path, help="keep answers and derived pages here")
    parser.add_argument("--no-derived", action="store_true", help="without bare and dateless")
    return parser.parse_args()


def digest(corpus: Path) -> str:
    """SHA-256 over the names and bytes of all pages and their truth."""
    whole = hashlib.sha256()
    for path in (corpus / "pages.jsonl", *sorted((corpus / "html").glob("*.gz"))):
        whole.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return "sha256:" + whole.hexdigest()


def measure(corpus: Path, work: Path, names: tuple[str, ...], asked: argparse.Namespace):
    """Print all tables; gives our figures by set."""
    python = environment() if asked.peers else Path(sys.executable)
    rouge = ["--rouge", "fundus-eval"] if asked.peers else []
    scores = scored(corpus, work, names, python, rouge)
    print_table("By set", "set", by_set(scores))
    print_table("By language, news", "language", by_language(corpus, scores))
    figures = {one["set"]: one for one in scores["figures"] if one["extractor"] == OURS}
    for kind in () if asked.no_derived else ("bare", "dateless"):
        poorer = work / kind
        derive(corpus, poorer, kind)
        scores = scored(poorer, poorer, names, python, [])
        print_table(f"{kind}: {SAID[kind]}", "set", by_set(scores))
        mine = [one for one in scores["figures"] if one["extractor"] == OURS]
        figures[kind] = next((one for one in mine if one["set"] == "all"), mine[0])
        if kind == "dateless":
            figures[kind]["given"] = print_given(poorer / f"{OURS}.jsonl")
    return figures


SAID = {
    "bare": "no JSON-LD, meta, <time> or date attributes",
    "dateless": "no visible date either, and none in the address: any date given is made up",
}


def scored(corpus: Path, work: Path, names: tuple[str, ...], python: Path, options: list[str]):
    """The scorer's figures and page scores of all these extractors, with the median `ms`."""
    work.mkdir(parents=True, exist_ok=True)
    pages = read_pages(corpus)
    lines = "".join(f"{json.dumps(asked_of(corpus, page))}\n" for page in pages)
    answers = [work / f"{name}.jsonl" for name in (OURS, *names)]
    for path in answers:
        command = (
            [sys.executable, "-m", "crawler.cli", "extract", "--batch", "-", "--timed"]
            if path.stem == OURS
            else [str(python), str(HERE / "answer.py"), path.stem]
        )
        with path.open("w") as out:
            done = subprocess.run(
                command, input=lines, text=True, stdout=out, env=surroundings(), check=False
            )
        if done.returncode not in (0, 3):
            sys.exit(f"{path.stem} ended with {done.returncode}")
    subprocess.run(
        [
            str(python),
            str(scorer(corpus)),
            "score",
            str(corpus),
            *map(str, answers),
            "--json",
            str(work / "scores.json"),
            *options,
        ],
        stdout=subprocess.DEVNULL,
        check=True,
    )
    scores = json.loads((work / "scores.json").read_text())
    for one in scores["figures"]:
        rows = scores["pages"][one["extractor"]]
        mine = [rows[p["id"]] for p in pages if one["set"] in ("all", p["dataset"])]
        one["ms"] = median_ms(mine)
    return scores


def asked_of(corpus: Path, page: dict) -> dict[str, str]:
    """The line that asks an extractor for a page; only a derived page says when it was seen."""
    line = {
        "id": page["id"],
        "url": page["url"],
        "html_path": str((corpus / page["html"]).resolve()),
    }
    return line | ({"captured_at": page["captured_at"]} if page.get("captured_at") else {})


def surroundings() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def scorer(corpus: Path) -> Path:
    """The corpus's own scorer; a derived corpus has a link to it."""
    return next(p for p in (corpus.parent / "score.py", corpus / "score.py") if p.exists())


def read_pages(corpus: Path) -> list[dict]:
    with (corpus / "pages.jsonl").open() as lines:
        return [json.loads(line) for line in lines]


def median_ms(rows: list[dict]) -> float | None:
    times = [row["ms"] for row in rows if row.get("ms") is not None]
    return statistics.median(times) if times else None


def by_set(scores: dict) -> list[tuple[str, str, dict]]:
    return [(one["set"], one["extractor"], one) for one in scores["figures"]]


def by_language(corpus: Path, scores: dict) -> list[tuple[str, str, dict]]:
    """Figures of the news pages whose fields are all known, by their first language."""
    spec = importlib.util.spec_from_file_location("score", scorer(corpus))
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    pages = [p for p in read_pages(corpus) if p["dataset"] == "fundus"]
    found = []
    for language in sorted({tag for p in pages for tag in p["truth"].get("languages", [])[:1]}):
        these = [p["id"] for p in pages if p["truth"].get("languages", [None])[0] == language]
        for name, rows in scores["pages"].items():
            mine = [rows[one] for one in these]
            found.append((language, name, {**score.aggregate(mine), "ms": median_ms(mine)}))
    return found


def print_table(title: str, first: str, rows: list[tuple[str, str, dict]]) -> None:
    columns = [c for c in COLUMNS if any(f.get(c) is not None for _, _, f in rows)]
    table = [[first, "extractor", *(COLUMNS[c] for c in columns)]]
    for group, name, figures in rows:
        table.append([group, name, *(shown(c, figures.get(c)) for c in columns)])
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    print(f"\n{title}\n")
    before = ""
    for group, name, *cells in table:
        left = ("" if group == before else group).ljust(widths[0]), name.ljust(widths[1])
        right = (cell.rjust(width) for cell, width in zip(cells, widths[2:], strict=True))
        print("  ".join((*left, *right)).rstrip())
        before = group


def shown(column: str, value: float | None) -> str:
    if value is None:
        return ""
    if column == "pages":
        return str(value)
    return f"{value:.1f}" if column == "ms" else f"{100 * value:.1f}"


def derive(corpus: Path, poorer: Path, kind: str) -> None:
    """Make a corpus of the same truth from poorer pages."""
    import derive as deriving

    (poorer / "html").mkdir(parents=True, exist_ok=True)
    if not (poorer / "score.py").exists():
        (poorer / "score.py").symlink_to(scorer(corpus).resolve())
    with (poorer / "pages.jsonl").open("w") as out:
        for page in read_pages(corpus):
            if page["dataset"] not in DATED_NEWS or not page["truth"].get("date"):
                continue
            poor = getattr(deriving, kind)(gzip.decompress((corpus / page["html"]).read_bytes()))
            (poorer / page["html"]).write_bytes(gzip.compress(poor, 1))
            if kind == "dateless":
                page["captured_at"] = page.get("crawled")  # for what is said of it: `2 hours ago`
                page["url"] = deriving.dateless_url(page["url"])
            truth = {
                key: page["truth"][key] for key in ("date", "datetime") if key in page["truth"]
            }
            out.write(json.dumps({**page, "truth": truth}, ensure_ascii=False) + "\n")


def print_given(answers: Path) -> int:
    """List the dates that we gave to pages that have none."""
    with answers.open() as lines:
        given = [said for said in map(json.loads, lines) if said.get("date")]
    for said in given:
        print(f"  {said['id']}: {said['date']} from {said['origins'].get('published')}")
    return len(given)


def below(figures: dict[str, dict]) -> list[str]:
    """A sentence for every figure on the wrong side of its floor or ceiling."""
    found = []
    for floor in FLOORS["floors"]:
        value = figures.get(floor["set"], {}).get(floor["figure"])
        if value is None:
            continue
        shown_value = round(value if floor["figure"] == "given" else 100 * value, 2)
        if "least" in floor and shown_value < floor["least"]:
            found.append(f"BELOW  {floor['name']}: {shown_value}, floor {floor['least']}")
        if "most" in floor and shown_value > floor["most"]:
            found.append(f"ABOVE  {floor['name']}: {shown_value}, ceiling {floor['most']}")
    return found


def environment() -> Path:
    """The interpreter of the peers' environment, made when it is not there or is outdated."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    wanted = (HERE / "peers.txt").read_bytes()
    home = cache / "kliping" / f"peers-{hashlib.sha256(wanted).hexdigest()[:12]}"
    python = home / "bin/python"
    if not (home / "done").exists():
        print(f"Installing the peers into {home} …", file=sys.stderr)
        venv.create(home, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "-qq"]
        subprocess.run([*install, "-U", "pip>=25"], check=True)  # 23.2 stumbles over extras
        subprocess.run([*install, "-r", str(HERE / "peers.txt")], check=True)
        (home / "done").touch()
    return python


if __name__ == "__main__":
    main()
