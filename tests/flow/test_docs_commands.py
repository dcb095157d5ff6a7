"""The commands of the documents are run, in order, as they stand there; and do what is said."""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import kliping_at
from support.docpages import Step, missing, steps_of
from support.kliping_at import FileClock

from archive.clock import SimulatedClock
from archive.config import ArchiveConfig
from archive.query.search import search
from archive.store import Archive
from crawler.demo.newspaper import OPENS_AT, Newspaper
from crawler.demo.serve import STEADY_AT
from crawler.demo.server import Server

if TYPE_CHECKING:
    from conftest import PostgresPool

TOP = Path(__file__).parents[2]
DOCS = TOP / "docs"
ROOT = re.compile(r"sha256:[0-9a-f]{64}")
SECONDS = 60


@dataclass
class Player:
    """Plays a document in a directory, and keeps what was printed last."""

    directory: Path
    environment: dict[str, str]
    instead: Mapping[str, str] = field(default_factory=dict)
    """What stands in the document, and what is meant by it here."""
    printed: str = ""
    root: str = ""
    """The root that was printed last."""
    left_out: bool = False
    has: set[str] = field(default_factory=set)
    """What is there that is no program."""
    used: str = ""
    """The archive that was named last."""
    running: list["subprocess.Popen[str]"] = field(default_factory=list)

    def play(self, step: Step) -> str:
        """Do one step; gives what is wrong, or nothing."""
        if step.word == "run":
            return self._run(step)
        if step.word == "start":
            *before, last = step.text.splitlines()
            self.running.append(self._shell("\n".join([*before, f"exec {last}"])))
            return ""
        if step.word == "stop":
            return self.stop()
        if step.word == "file":
            (self.directory / step.rest).write_text(self.meant(step.text), "utf-8")
            return ""
        assert step.word == "shows", f"line {step.line}: nobody knows the mark {step.word}"
        line = "" if self.left_out else missing(step.text, self.printed)
        return f"line {step.line} shows {line!r}; printed was:\n{self.printed}" if line else ""

    def meant(self, text: str) -> str:
        """The text with what is meant here."""
        for name, other in self.instead.items():
            text = text.replace(name, other)
        return ROOT.sub(self.root, text) if self.root else text

    def opened_last(self, otherwise: Path) -> Path:
        """The archive that the commands were about last."""
        return Path(self.used) if self.used else otherwise

    def stop(self) -> str:
        """End what was started; gives what is wrong, or nothing."""
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        codes = [process.wait(SECONDS) for process in self.running]
        self.running.clear()
        return f"what was started ended with {codes}" if any(codes) else ""

    def _run(self, step: Step) -> str:
        condition, _, code = step.rest.rpartition(" ") if " " in step.rest else ("", "", step.rest)
        self.left_out = condition == "if" and code not in self.has and not shutil.which(code)
        if self.left_out:
            return ""
        wanted = int(code) if code.isdecimal() else 0
        for named in re.findall(r"-A (\S+)", self.meant(step.text)):
            self.used = named
        process = self._shell(step.text)
        self.printed, _ = process.communicate(timeout=SECONDS)
        for found in ROOT.findall(self.printed):
            self.root = found
        where = self.directory / ".where"
        if where.exists():
            self.directory = Path(where.read_text("utf-8").strip())
            where.unlink()
        if process.returncode == wanted:
            return ""
        return f"line {step.line} ended with {process.returncode}, not {wanted}:\n{self.printed}"

    def _shell(self, text: str) -> "subprocess.Popen[str]":
        script = f"set -e\ntrap 'pwd > {self.directory}/.where' EXIT\n{self.meant(text)}\n"
        return subprocess.Popen(
            ["bash", "-c", script],
            cwd=self.directory,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )


def surroundings(directory: Path, program: str, **more: str) -> dict[str, str]:
    """An environment in which `kliping` is this source tree."""
    room = directory / "bin"
    room.mkdir()
    command = room / "kliping"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" {program} "$@"\n', "utf-8")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    clean = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    paths = {
        "PATH": f"{room}{os.pathsep}{clean['PATH']}",
        "PYTHONPATH": os.pathsep.join([str(TOP), str(TOP / "tests")]),
    }
    return {**clean, **paths, "NO_COLOR": "1", "COLUMNS": "110", **more}


def introduce(directory: Path, paper: Newspaper, port: int, *, simulated: bool) -> None:
    """Tell an archive where on loopback the newspaper is."""
    names = "".join(f'"{host}" = "127.0.0.1:{port}"\n' for host in paper.hosts)
    clock = "[clock]\nsimulated = true\n" if simulated else ""
    with (directory / "kliping.toml").open("a", encoding="utf-8") as config:
        config.write(f'\n[guard]\nallow = ["127.0.0.1:{port}"]\n\n[resolve]\n{names}\n{clock}')


# for-archivists.md


def test_the_archivists_day_goes_as_it_is_told(tmp_path: Path) -> None:
    faults = list(archivists_day(tmp_path, DOCS / "for-archivists.md"))
    assert not faults, "\n\n".join(fault for _, fault, _ in faults if fault)


def archivists_day(directory: Path, page: Path) -> Iterator[tuple[Step, str, str]]:
    """Play the page under a clock that the newspaper shares; gives each step that went wrong."""
    file = directory / "clock"
    file.write_text(OPENS_AT.replace(hour=12).isoformat(), "ascii")
    clock = FileClock(file)
    paper = Newspaper(clock)
    environment = surroundings(directory, kliping_at.__file__, KLIPING_TEST_CLOCK=str(file))
    player = Player(directory, environment)
    with Server(paper) as server:
        for step in steps_of(page):
            if step.word == "newspaper":
                introduce(player.directory, paper, server.port, simulated=True)
            elif step.word == "at":
                clock.advance_to(datetime.fromisoformat(step.rest))
            elif step.word == "visits":
                visits(player, clock, datetime.fromisoformat(step.rest))
            elif fault := player.play(step):
                yield step, fault, player.printed


def visits(player: Player, clock: FileClock, until: datetime) -> None:
    """Let the service visit what is due, once a day."""
    while clock.now() + timedelta(hours=24) < until:
        clock.advance(timedelta(hours=24))
        player.play(Step("run", "", "kliping run --once", 0))
    clock.advance_to(until)


# operating.md

EVERYTHING = "outlet:harbour-gazette"
PAGE_DATABASE = "postgresql://kliping@db.example/kliping"
DELAY = 0.15
ASKS_FOR_PATIENCE = ["/lifeboat-called-out-twice"]
"""Pages that are answered 429 and would have a test wait."""
BUSY = 12
"""Requests after which a crawl is well under way, and far from done."""


@pytest.fixture
def database(postgres_cluster: str | None, request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The URL of an empty database; None if there is no PostgreSQL."""
    if postgres_cluster is None:
        yield None
        return
    pool: PostgresPool = request.getfixturevalue("postgres_pool")
    url = pool.take()
    yield url
    pool.give(url)


def test_an_archive_is_backed_up_restored_and_moved_as_it_is_told(
    tmp_path: Path, database: str | None
) -> None:
    faults = list(operators_day(tmp_path, DOCS / "operating.md", database))
    assert not faults, "\n\n".join(fault for _, fault, _ in faults if fault)


def operators_day(
    directory: Path, page: Path, database: str | None
) -> Iterator[tuple[Step, str, str]]:
    """Play the page while a service crawls; gives each step that went wrong."""
    paper = Newspaper(SimulatedClock(STEADY_AT))
    rooms = {f"/{name}": f"{directory}/{name}" for name in ("srv", "backup", "mnt")}
    for room in rooms.values():
        Path(room).mkdir()
    instead = {f"{name}/": f"{room}/" for name, room in rooms.items()}
    instead |= {"8641": str(free_port()), PAGE_DATABASE: database or PAGE_DATABASE}
    player = Player(directory, surroundings(directory, "-m crawler.cli"), instead)
    player.has |= {"postgresql"} if database else set()
    made = directory / "srv" / "my-archive"
    known: dict[str, tuple[str, int]] = {}
    with Server(paper, steady=True) as server:
        Archive.create(made, ArchiveConfig(contact="tests@kliping.example")).close()
        introduce(made, paper, server.port, simulated=False)
        text = paper.outlet_files()["harbour-gazette"].replace("= 5.0", f"= {DELAY}")
        text = text.replace("[urls]\n", f"[urls]\ndeny = {ASKS_FOR_PATIENCE}\n")
        text = text.replace('"same-site"', '"none"')
        (made / "outlets" / "harbour-gazette.toml").write_text(text, "utf-8")
        try:
            for step in steps_of(page):
                if step.word == "lost":
                    fault = player.stop()
                    known = answers(made)
                    made.rename(directory / "lost")
                elif step.word == "answers":
                    found = answers(player.opened_last(made))
                    fault = "" if known and known.items() <= found.items() else f"line {step.line}"
                    known = found
                else:
                    fault = player.play(step)
                    if step.word == "start":
                        until_busy(server, player.running[-1])
                if fault:
                    yield step, fault, player.printed
            assert known, "no answer was compared"
        finally:
            player.stop()


def answers(directory: Path) -> dict[str, tuple[str, int]]:
    """What a search finds: each article with its title and the number of its versions."""
    with Archive.open(directory) as archive, archive.reading() as connection:
        found = search(connection, EVERYTHING, now=archive.clock.now(), limit=1000)
    return {str(hit.article): (hit.title, hit.versions) for hit in found.hits}


def until_busy(server: Server, process: "subprocess.Popen[str]") -> None:
    """Wait until the crawl is well under way."""
    give_up = time.monotonic() + SECONDS
    while len(server.log) < BUSY:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < give_up, "the service asks for nothing"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
