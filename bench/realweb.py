"""Crawl real pages of real outlets and compare what is stored with the truth.

    python bench/realweb.py SHARED [--keep DIR]

SHARED is a folder with `realweb/realweb.py` and `realweb/dev`. It serves the corpus through its
proxy, crawls every outlet that has listings and full truth, and prints: the share of listed
articles stored with title, date and body, each miss with its reason, and the share of titles and
days equal to the truth, with the listings' own titles and dates believed and not believed.
"""

import argparse
import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

FIELDS = ("title", "published", "body")


@dataclass(kw_only=True)
class Score:
    outlets: int = 0
    listed: int = 0
    stored: int = 0
    misses: list[str] = field(default_factory=list)
    titles: dict[str, int] = field(default_factory=lambda: {"believed": 0, "not believed": 0})
    days: dict[str, int] = field(default_factory=lambda: {"believed": 0, "not believed": 0})

    @property
    def share(self) -> float:
        return self.stored / self.listed if self.listed else 0.0


@contextlib.contextmanager
def real_web(shared: Path, work: Path, *more: str) -> Iterator[str]:
    """The corpus behind its proxy, with more options; gives the proxy's URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = shared / "realweb" / "realweb.py"
    command = [sys.executable, str(script), "serve", str(shared / "realweb" / "dev")]
    command += [
        "--port",
        str(port),
        "--log",
        str(work / "access.jsonl"),
        "--state",
        str(work),
        *more,
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if "authority" not in line:
            raise RuntimeError(f"the real web did not start: {line!r}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def corpus(shared: Path) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """Outlets with listings and full truth, and the pages with full truth of each."""
    folder = shared / "realweb" / "dev"
    outlets = [json.loads(x) for x in (folder / "outlets.jsonl").read_text("utf-8").splitlines()]
    pages: dict[str, list[dict[str, Any]]] = {}
    for line in (folder / "pages.jsonl").read_text("utf-8").splitlines():
        page = json.loads(line)
        if all(page["truth"].get(name) for name in FIELDS):
            pages.setdefault(page["outlet"], []).append(page)
    listed = [o for o in outlets if o["feeds"] or o["news_sitemaps"] or o["sitemaps"]]
    return [o for o in listed if o["name"] in pages], pages


def outlet_file(number: int, outlet: dict[str, Any], delay: float) -> tuple[str, str]:
    """An outlet's declaration: its facts, and no rule of its own."""
    plain = unicodedata.normalize("NFKD", outlet["name"]).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:40] or "outlet"
    id_ = f"{slug}-{number}"
    country = outlet["country"] if re.fullmatch("[a-z]{2}", outlet["country"] or "") else None
    lines = [
        f'id = "{id_}"',
        f"name = {json.dumps(outlet['name'], ensure_ascii=False)}",
        *([f'country = "{country}"'] if country else []),
        f"languages = {json.dumps([x for x in outlet['languages'] if x])}",
        f"home = {json.dumps(outlet['domain'].rstrip('/') + '/')}",
        "[listings]",
        f"feeds = {json.dumps(outlet['feeds'])}",
        f"sitemaps = {json.dumps(outlet['news_sitemaps'] + outlet['sitemaps'])}",
        "[pace]",
        f"delay_seconds = {delay}",
    ]
    return id_, "\n".join(lines) + "\n"


def crawl_all(
    archive: Path, proxy: str, certificate: Path, delay: float, outlets: list[Any]
) -> str:
    """`kliping init` and `kliping crawl`, as a person would type them."""
    environment = {
        **os.environ,
        "http_proxy": proxy,
        "https_proxy": proxy,
        "no_proxy": "",
        "SSL_CERT_FILE": str(certificate),
    }
    kliping = [sys.executable, "-m", "crawler.cli"]
    subprocess.run(
        [*kliping, "init", str(archive), "--contact", "bench@kliping.example"],
        check=True,
        capture_output=True,
    )
    for number, outlet in enumerate(outlets):
        id_, text = outlet_file(number, outlet, delay)
        (archive / "outlets" / f"{id_}.toml").write_text(text, "utf-8")
    done = subprocess.run(
        [*kliping, "crawl", "--archive", str(archive), "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 3):
        raise RuntimeError(f"exit {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


def plain(text: str | None) -> str:
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text or "")).casefold()


def day_of(published: str) -> date:
    return datetime.fromisoformat(published).date()


def score(
    archive: Path, report: dict[str, Any], outlets: list[Any], pages: dict[str, Any]
) -> Score:
    """Compare the archive with the truth."""
    from archive.errors import NotCaptured
    from archive.query.history import find_article
    from archive.store import Archive
    from archive.urls import urlkey

    found = Score(outlets=len(outlets))
    why = {urlkey(url): f"{outcome}: {reason}" for url, outcome, reason in report["misses"]}
    with Archive.open(archive) as opened:
        for outlet in outlets:
            for page in pages[outlet["name"]]:
                found.listed += 1
                url = page["url"]
                try:
                    with opened.reading() as connection:
                        article = find_article(connection, url, opened.clock.now())
                except NotCaptured:
                    found.misses.append(f"{url}  {why.get(urlkey(url), 'never discovered')}")
                    continue
                version = article.current
                missing = [n for n in FIELDS if not getattr(version, n)]
                if missing:
                    found.misses.append(f"{url}  stored without {', '.join(missing)}")
                else:
                    found.stored += 1
                compare(found, page, version.title, version.published, "believed")
                draft = without_witness(opened, version, outlet)
                compare(found, page, draft.title, draft.published, "not believed")
    return found


def without_witness(opened: Any, version: Any, outlet: dict[str, Any]) -> Any:
    """The stored capture read again, with nothing that a listing said."""
    from crawler.extract.article import extract
    from crawler.extract.page import Page

    reply = opened.fetch(version.last_capture)
    return extract(
        Page(
            url=reply.capture.url,
            body=reply.entity,
            content_type=reply.message.header(b"Content-Type"),
            content_encoding=reply.message.header(b"Content-Encoding"),
            captured_at=reply.capture.captured_at,
            languages=tuple(x for x in outlet["languages"] if x),
            outlet_name=outlet["name"],
            status=reply.capture.status,
        )
    )


def compare(found: Score, page: dict[str, Any], title: str, published: Any, how: str) -> None:
    truth = page["truth"]
    found.titles[how] += plain(title) == plain(truth["title"])
    wanted = datetime.fromisoformat(truth["published"])
    if published is None:
        return
    days = {published.on}
    if wanted.tzinfo and published.precision in ("minute", "second"):
        days.add(published.at.astimezone(wanted.tzinfo).date())
    found.days[how] += wanted.date() in days


def measure(
    shared: Path, archive: Path, work: Path, delay: float = 0.2
) -> tuple[Score, dict[str, Any]]:
    """Serve, crawl, score."""
    outlets, pages = corpus(shared)
    with real_web(shared, work) as proxy:
        report = json.loads(crawl_all(archive, proxy, work / "ca.pem", delay, outlets))
    return score(archive, report, outlets, pages), report


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("shared", type=Path)
    parser.add_argument("--keep", type=Path, help="leave the archive here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        archive = options.keep or Path(scratch) / "archive"
        began = time.monotonic()
        found, report = measure(options.shared, archive, Path(scratch))
        took = time.monotonic() - began
    for miss in found.misses:
        print(f"MISS  {miss}")
    print(f"{found.outlets} outlets, {found.listed} listed articles with full truth, {took:.0f} s")
    print(f"stored with title, date and body: {found.stored} ({found.share:.1%})")
    for how in ("not believed", "believed"):
        print(
            f"listings {how:12}  title equal {found.titles[how] / found.listed:.1%}"
            f"   day equal {found.days[how] / found.listed:.1%}"
        )
    print(f"counts: { ({k: v for k, v in report['counts'].items() if k.count('/') < 2}) }")
    return 0 if found.share >= 0.97 else 1


if __name__ == "__main__":
    sys.exit(main())
