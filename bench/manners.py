"""Is it polite in bad weather? Crawls real outlets through bad weather, and judges the access log.

    python bench/manners.py SHARED [--outlets 23] [--delay 1.0] [--keep DIR]

SHARED is a folder with `realweb/realweb.py` and `realweb/dev`. Each outlet has a weather of its
own, and the last one's host carries a second outlet. They are crawled twice, and visited once more
by `kliping run --once`. Then `realweb.py report` judges: no robots violation, never less than the
configured delay between two requests to a host, one at a time, Retry-After obeyed, nothing asked
of a bait's address. And every URL that was had before is asked for conditionally, unless the
weather cut what was had; those are listed. Exit code 1 if any is violated.
"""

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import realweb as rw

KINDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("rate_limit", {"k": 2, "retry_after": 20}),
    ("rate_limit", {"k": 2, "retry_after": 20, "as_date": 1}),
    ("rate_limit", {"k": 1, "on": ["feed", "sitemap"], "retry_after": 10}),
    ("unavailable", {"k": 2, "retry_after": 15}),
    ("unavailable", {"k": 1, "on": ["robots"], "retry_after": 5}),
    ("slow", {"seconds": 6}),
    ("truncated", {}),
    ("reset", {}),
    ("wrong_encoding", {}),
    ("gzip_bomb", {}),
    ("huge", {}),
    ("redirect_loop", {}),
    ("redirect_bait", {}),
    ("only_304", {}),
    ("edited", {"after_n": 1}),
    ("deleted", {"after_n": 0}),
    ("consent", {}),
    ("paywall", {}),
    ("calendar", {}),
    ("broken_feed", {}),
    ("messy_feed", {}),
    ("duplicates", {}),
    ("https_upgrade", {}),
)
CUT = {"truncated", "reset"}
"""What is had in it is not whole, and may be asked for again."""
PASSES = ("crawl", "crawl", "run --once")


@dataclass(frozen=True)
class Again:
    """A URL that was had before and asked for without a condition; `why` is None if it need not."""

    url: str
    why: str | None


def main() -> int:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--outlets", type=int, default=len(KINDS))
    parser.add_argument("--delay", type=float, default=1.0)
    parser.add_argument("--keep", type=Path, help="leave archive and log here; a new directory")
    given = parser.parse_args()
    with room(given.keep) as work:
        outlets = chosen(given.shared, given.outlets)
        rules = weather(outlets)
        (work / "weather.json").write_text(json.dumps(rules), "utf-8")
        with rw.real_web(given.shared, work, "--weather", str(work / "weather.json")) as proxy:
            crawl(work, proxy, outlets, given.delay)
        verdict = report(given.shared, work / "access.jsonl", given.delay)
        again = repeated(work / "access.jsonl")
    for one in again:
        print(f"asked for again without a condition: {one.url}: {one.why or 'FOR NO REASON'}")
    needless = [one for one in again if one.why is None]
    print(f"{len(again)} asked for again without a condition, {len(needless)} for no reason")
    return 1 if verdict or needless else 0


@contextlib.contextmanager
def room(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="kliping-manners-") as made:
            yield Path(made)
    else:
        keep.mkdir(parents=True)
        yield keep


def chosen(shared: Path, number: int) -> list[dict[str, Any]]:
    """The outlets with the fewest pages, but two at least, each on a host of its own."""
    outlets, pages = rw.corpus(shared)
    found: dict[str, dict[str, Any]] = {}
    for outlet in sorted(outlets, key=lambda one: len(pages[one["name"]])):
        mine = pages[outlet["name"]]
        if len(mine) >= 2:
            host = urlsplit(mine[0]["url"]).hostname or ""
            found.setdefault(host, {**outlet, "host": host})
    return list(found.values())[:number]


def weather(outlets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A kind of weather for each host, and for the hosts of its listings if it is a listing's."""
    rules = []
    for outlet, (kind, settings) in zip(outlets, KINDS, strict=False):
        hosts = {outlet["host"]}
        if kind.endswith("feed") or "feed" in settings.get("on", ()):
            hosts |= {urlsplit(url).hostname or "" for url in outlet["feeds"]}
        rules += [{"kind": kind, "host": host, "path": "*", **settings} for host in sorted(hosts)]
        print(f"{', '.join(sorted(hosts)):50} {kind} {settings or ''}")
    return rules


def crawl(work: Path, proxy: str, outlets: list[dict[str, Any]], delay: float) -> None:
    """Two crawls and a visit by schedule, as a person would type them."""
    archive = work / "archive"
    environment = {
        **os.environ,
        "http_proxy": proxy,
        "https_proxy": proxy,
        "no_proxy": "",
        "SSL_CERT_FILE": str(work / "ca.pem"),
        "KLIPING_ARCHIVE": str(archive),
    }

    def kliping(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "crawler.cli", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    kliping("init", str(archive), "--contact", "bench@kliping.example").check_returncode()
    ids = []
    for number, outlet in enumerate(outlets):
        id_, text = rw.outlet_file(number, outlet, delay)
        ids.append(id_)
        (archive / "outlets" / f"{id_}.toml").write_text(text, "utf-8")
    id_, text = twin(len(outlets), outlets[-1], delay)
    (archive / "outlets" / f"{id_}.toml").write_text(text, "utf-8")
    for one in PASSES:
        if one.startswith("run"):
            for scheduled in (*ids, id_):
                kliping("schedule", scheduled, "--every", "6h").check_returncode()
        began = time.monotonic()
        done = kliping(*one.split())
        if done.returncode not in (0, 3, 4):
            raise RuntimeError(f"{one}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        print(
            f"kliping {one}: exit {done.returncode}, {time.monotonic() - began:.0f} s", flush=True
        )


def twin(number: int, outlet: dict[str, Any], delay: float) -> tuple[str, str]:
    """A second outlet on the same host: its front page and sections."""
    id_, text = rw.outlet_file(number, {**outlet, "name": f"{outlet['name']} twin"}, delay)
    text = re.sub(r"feeds = .*", "feeds = []", text)
    sections = 'sitemaps = []\nsections = ["/", "/sport/", "/politics/"]\n'
    text = re.sub(r"sitemaps = .*\n", sections, text)
    return id_, f'{text}[urls]\narticle = ["^/nothing"]\n'


def report(shared: Path, log: Path, delay: float) -> int:
    """`realweb.py report`: 0 if it has nothing to say."""
    script = str(shared / "realweb" / "realweb.py")
    command = [sys.executable, script, "report", str(log)]
    command += ["--min-gap", str(delay), "--max-concurrency", "1"]
    return subprocess.run(command, check=False).returncode


def repeated(log: Path) -> list[Again]:
    """What was had, and then asked for without a condition, by the log.

    The log says in which weather each answer was given.
    """
    had: dict[str, set[str]] = {}
    found = []
    rows = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    for row in sorted((one for one in rows if "start" not in one), key=lambda one: one["t"]):
        url = f"{row['scheme']}://{row['host']}{row['path']}"
        asked = {"if-none-match", "if-modified-since"} & set(row["headers"])
        if url in had and not asked:
            found.append(Again(url, _why(had[url])))
        if row["status"] == 200:
            had[url] = set(row["weather"])
    return found


def _why(weather: set[str]) -> str | None:
    if cut := weather & CUT:
        return f"what was had was cut ({', '.join(cut)})"
    return None


if __name__ == "__main__":
    sys.exit(main())
