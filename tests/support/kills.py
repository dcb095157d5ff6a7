"""Crawls of the demo newspaper that are killed again and again, and one that is not, to compare.

A crawl is a process group of its own (the crawl and its readers), killed with SIGKILL at an instant
drawn at random, most of them while it writes. After some kills the power fails too. At the end, and
after each round, everything that the archive promises is asserted: see `support.aftermath`.
"""

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from support import aftermath
from support.aftermath import Holdings, Records, heads, hold
from support.powercut import Disk, cut_power, torn_tail
from support.standing import HeavyNewspaper, StandingServer

from archive.clock import SimulatedClock
from archive.reindex import reindex
from archive.store import Archive
from archive.verify import verify
from crawler.demo.newspaper import OPENS_AT
from crawler.demo.tour import make_archive

ROOT = Path(__file__).resolve().parents[2]
CRAWL = Path(__file__).with_name("crawl_at.py")
SERVICE = Path(__file__).with_name("serve_at.py")
GIVE_UP = 90.0  # seconds; no crawl of these takes a tenth of that
POWER_FAILS = 0.3
"""After how many of the kills the power fails too."""
_INDEXED = re.compile(r"(\d+) captures and (\d+) texts had no rows")

AIMS = {
    "start": 5,
    "recovery": 8,
    "requests": 35,
    "write": 25,
    "heavy write": 10,
    "draft": 12,
    "closing": 5,
}
"""What a kill waits for, and how often of a hundred; `Aim` says what each means."""


@dataclass(frozen=True, kw_only=True)
class Aim:
    """When to kill.

    `start`: some time after the process began. `recovery`, `closing`: after it said so.
    `requests`: after so many. `write`: as soon as its WARC file grows after so many requests.
    `heavy write`: as soon as that grows by much at once. `draft`: as soon as one is written.
    """

    at: str
    requests: int
    seconds: float

    @classmethod
    def drawn(cls, dice: random.Random, most_requests: int) -> "Aim":
        """One at random."""
        [at] = dice.choices(list(AIMS), list(AIMS.values()))
        longest = {"start": 1.0, "recovery": 0.15, "closing": 0.05, "requests": 0.05, "draft": 0}
        return cls(
            at=at,
            requests=dice.randrange(1, most_requests),
            seconds=dice.uniform(0, longest.get(at, 0.003)),
        )


@dataclass(kw_only=True)
class Toll:
    """What was done to the crawls, and what was seen of it."""

    kills: int = 0
    missed: int = 0
    """Crawls that ended before their kill."""
    whole: int = 0
    """Crawls that nobody meant to kill: each round ends with one."""
    phases: Counter[str] = field(default_factory=Counter)
    """What the killed crawl had said last."""
    aims: Counter[str] = field(default_factory=Counter)
    power: Counter[str] = field(default_factory=Counter)
    torn_by_kill: int = 0
    torn_by_power: int = 0
    captures_indexed: int = 0
    texts_indexed: int = 0
    requests: int = 0
    undisturbed_requests: int = 0
    seconds: float = 0.0
    records: Counter[str] = field(default_factory=Counter)
    holdings: Counter[str] = field(default_factory=Counter)


@dataclass(kw_only=True)
class Trial:
    """An archive that is crawled at some instants, killed meanwhile, and judged."""

    work: Path
    kills: int
    instants: Sequence[datetime]
    outlets: Sequence[str] = ()
    program: Path = CRAWL
    dice: random.Random = field(default_factory=random.Random)
    tell: Callable[[str], None] = lambda _: None
    toll: Toll = field(default_factory=Toll)

    def run(self) -> Toll:
        """Do all of it.

        Raises:
            Broken: naming the first claim that does not hold.
        """
        began = time.monotonic()
        paper = HeavyNewspaper(SimulatedClock(OPENS_AT))
        with StandingServer(paper, steady=True) as self._server:
            undisturbed = self._new_archive("undisturbed")
            for at in self.instants:
                self._server.stand_at(at)
                self._end(self._start(undisturbed, at), undisturbed)
            self.toll.undisturbed_requests = len(self._server.log)
            expected = aftermath.holdings(undisturbed)
            self._judge(undisturbed, expected)
            self._disturb(expected)
        self.toll.seconds = time.monotonic() - began
        return self.toll

    def _disturb(self, expected: Holdings) -> None:
        killed = self._new_archive("killed")
        self.toll.records.clear()
        before = len(self._server.log)
        rounds = len(self.instants)
        for number, at in enumerate(self.instants):
            self._server.stand_at(at)
            due = self.kills * (number + 1) // rounds
            self._round(killed, at, due)
            self.tell(f"round {number + 1} of {rounds}: {self.toll.kills} kills")
        self.toll.requests = len(self._server.log) - before
        now = aftermath.holdings(killed)
        aftermath.check_sighted(killed, now)
        aftermath.check_alike(now, expected)
        self._judge(killed, now)
        self.toll.holdings.update(
            articles=len(now.articles), versions=len(now.texts), captures=len(now.captures)
        )

    def _round(self, directory: Path, at: datetime, due: int) -> None:
        """Crawl at one instant of the newspaper until the kills are done, then once to the end."""
        kept: list[Holdings] = []
        most, crawls = 60, 0
        while self.toll.kills < due:
            asked = len(self._server.log)
            aim = Aim.drawn(self.dice, most)
            disk = Disk.of(directory)
            # a process that is started again is started later
            process = self._start(directory, at + timedelta(seconds=crawls))
            crawls += 1
            if not self._killed(process, directory, aim):
                self._end(process, directory)
                self.toll.missed += 1
                most = max(8, len(self._server.log) - asked)
                continue
            self.toll.kills += 1
            self.toll.aims[aim.at] += 1
            self.toll.phases[self._said(directory)[0]] += 1
            kept.append(aftermath.holdings(directory))
            self._look(directory, disk)
        self._end(self._start(directory, at + timedelta(seconds=crawls)), directory)
        self.toll.whole += 1
        now = aftermath.holdings(directory)
        for before in kept:
            aftermath.check_kept(before, now)
        aftermath.check_rows(now, aftermath.records(directory))
        aftermath.check_texts(now)
        hold("nothing is lent any more", *(["leases"] * now.lent))

    # a crawl in a process of its own

    def _start(self, directory: Path, at: datetime) -> "subprocess.Popen[bytes]":
        with (directory.parent / f"{directory.name}.said").open("wb") as said:
            return subprocess.Popen(
                [sys.executable, self.program, directory, at.isoformat(), *self.outlets],
                stdout=said,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                start_new_session=True,
            )

    def _end(self, process: "subprocess.Popen[bytes]", directory: Path) -> None:
        """Let a crawl end by itself."""
        code = process.wait(GIVE_UP)
        phase, said = self._said(directory)
        if code or phase != "done":
            hold("a crawl that nobody kills ends well", f"code {code} after {phase}: {said}")
        self._note_recovery(said)

    def _said(self, directory: Path) -> tuple[str, str]:
        """The last phase that a crawl told of, and all it said."""
        said = (directory.parent / f"{directory.name}.said").read_text("utf-8", "replace")
        phases = [line for line in said.splitlines() if line in _PHASES]
        return (phases[-1] if phases else "starting"), said

    def _killed(self, process: "subprocess.Popen[bytes]", directory: Path, aim: Aim) -> bool:
        """Kill a crawl as aimed; whether it was still running."""
        if not self._comes_to_pass(process, directory, aim):
            return False
        time.sleep(aim.seconds)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        return process.wait(GIVE_UP) == -signal.SIGKILL

    def _comes_to_pass(self, process: "subprocess.Popen[bytes]", directory: Path, aim: Aim) -> bool:
        """Wait for what a kill waits for; whether it came before the crawl's end."""
        asked, heavy = len(self._server.log), self._paper.heavy
        if aim.at in ("start", "recovery", "closing"):
            phase = {"start": "starting", "recovery": "recovering"}.get(aim.at, aim.at)
            return _comes(process, lambda: self._said(directory)[0] == phase)
        if aim.at == "heavy write":
            if not _comes(process, lambda: self._paper.heavy > heavy):
                return False
            return _comes(process, _Growth(directory, 60_000))
        if aim.at == "draft":
            return _comes(process, _Growth(directory, 1, of=_DRAFT))
        if not _comes(process, lambda: len(self._server.log) - asked >= aim.requests):
            return False
        return aim.at == "requests" or _comes(process, _Growth(directory, 1))

    @property
    def _paper(self) -> HeavyNewspaper:
        paper = self._server.paper
        assert isinstance(paper, HeavyNewspaper)
        return paper

    # what a kill leaves

    def _look(self, directory: Path, disk: Disk) -> None:
        """See what the kill did, and let the power fail after some."""
        self._note_recovery(self._said(directory)[1])
        growing = list((directory / "warc").glob("*.open"))
        self.toll.torn_by_kill += sum(1 for path in growing if torn_tail(path))
        if self.dice.random() >= POWER_FAILS:
            return
        were = sum(1 for path in growing if torn_tail(path))
        self.toll.power.update(cut_power(directory, disk, self.dice))
        self.toll.torn_by_power += max(0, sum(1 for path in growing if torn_tail(path)) - were)

    def _note_recovery(self, said: str) -> None:
        for captures, texts in _INDEXED.findall(said):
            self.toll.captures_indexed += int(captures)
            self.toll.texts_indexed += int(texts)

    # judgement

    def _judge(self, directory: Path, held: Holdings) -> None:
        """Whether the archive is sound by our own verdict too, and can be made anew."""
        found = aftermath.records(directory)
        self._count(found)
        aftermath.check_rows(held, found)
        aftermath.check_texts(held)
        aftermath.check_indexes(directory)
        aftermath.check_sighted(directory, held)
        with Archive.open(directory) as archive:
            verdict = verify(archive)
        hold("`kliping verify` finds no fault", *verdict.faults)
        hold("`kliping verify` finds a row for every response", *(["none"] * verdict.unindexed))
        copy = directory.with_name(directory.name + "-reindexed")
        shutil.copytree(directory, copy)
        for path in copy.glob("archive.db*"):
            path.unlink()
        rebuilt = reindex(copy)
        hold("`kliping reindex` reads everything", *rebuilt.indexed.problems)
        again = aftermath.holdings(copy)
        aftermath.check_alike(again, held)
        aftermath.check_rows(again, found)
        shutil.rmtree(copy)

    def _count(self, found: Records) -> None:
        for one in found.all:
            kind = one.profile.rpartition("/")[2] if one.type == "revisit" else one.type
            self.toll.records[kind] += 1

    def _new_archive(self, name: str) -> Path:
        directory = self.work / name
        make_archive(
            directory, self._paper, self._server.port, SimulatedClock(self.instants[0])
        ).close()
        for path in (directory / "outlets").glob("*.toml"):
            text = path.read_text("utf-8")
            path.write_text(text.replace("delay_seconds = 5.0", "delay_seconds = 0.0"), "utf-8")
        return directory


_PHASES = ("recovering", "crawling", "closing", "done")
_DRAFT = (b"WARC-Type: metadata", b"Content-Type: application/json")


class _Growth:
    """Whether the file that is being written has grown by so many bytes since first asked.

    With `of`, whether a record that says so has been written since last asked.
    """

    def __init__(self, directory: Path, by: int, *, of: tuple[bytes, ...] = ()) -> None:
        self._warc = directory / "warc"
        self._by = by
        self._of = of
        self._sizes: dict[str, int] | None = None

    def __call__(self) -> bool:
        sizes = {}
        for entry in os.scandir(self._warc):
            if entry.name.endswith(".open"):
                with contextlib.suppress(FileNotFoundError):
                    sizes[entry.name] = entry.stat().st_size
        before, self._sizes = self._sizes, sizes if self._of else self._sizes or sizes
        return before is not None and any(
            size - before.get(name, 0) >= self._by and self._says(name, before.get(name, 0))
            for name, size in sizes.items()
        )

    def _says(self, name: str, since: int) -> bool:
        if not self._of:
            return True
        with contextlib.suppress(FileNotFoundError), (self._warc / name).open("rb") as file:
            file.seek(since)
            return any(all(said in head for said in self._of) for head in heads(file.read()))
        return False


def _comes(process: "subprocess.Popen[bytes]", happened: Callable[[], bool]) -> bool:
    give_up = time.monotonic() + GIVE_UP
    while not happened():
        if process.poll() is not None:
            return False
        hold("a crawl gets on", *(["no"] * (time.monotonic() > give_up)))
        time.sleep(0.0002)
    return True


def days(rounds: int) -> Iterator[datetime]:
    """So many instants over the newspaper's five days, from its first morning on."""
    first = OPENS_AT.replace(hour=6)
    yield from (first + timedelta(hours=114) * n / max(1, rounds - 1) for n in range(rounds))
