"""All of a paper that ends: the demo newspaper's past, and a small site, over sockets."""

import json
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flow.parts import HARBOUR, Answer, Elsewhere, Press, Site, article, is_sound, paced, rows
from flow.test_backfill import asked, held, index, stop_at, urlset, wait_for_articles
from sqlalchemy import select

from archive.certificate import check
from archive.clock import SimulatedClock
from archive.db.crawling import frontier
from archive.db.crawling import rescue as rescue_table
from archive.journal import acts_of
from archive.query.rescue import Accounted
from archive.reindex import reindex
from archive.store import Archive
from crawler.demo.newspaper import OPENS_AT, Newspaper
from crawler.demo.server import Server
from crawler.demo.tour import make_archive
from crawler.outlets.catalogue import find_outlet
from crawler.readers import Readers
from crawler.rescue import exit_code
from crawler.run.crawl import open_desk
from crawler.run.reactor import run
from crawler.run.rescue import Rescued, at_rescue, certify, rescue
from crawler.spiders.rescue import FAR

NEAR = replace(FAR, quiet_days=40)
"""A year of archive pages that are not there would cost a test some seconds."""


def rescued(
    archive: Archive,
    readers: Readers,
    outlet: str = HARBOUR,
    *,
    after: int | None = None,
    press: Press | None = None,
    requisites: str | None = None,
    **how: object,
) -> Rescued:
    """One run of a rescue, in this process; stopped after so many articles."""
    found = at_rescue(find_outlet(archive.directory, outlet), requisites)

    async def main() -> Rescued:
        async with open_desk(archive, readers=readers) as desk:
            if after is not None and press is not None:
                stop_at(desk, press, after)
            return await rescue(desk, found, reach=NEAR, **how)  # type: ignore[arg-type]

    return run(main())


def without_pages(directory: Path) -> None:
    """Five hundred days without a page take real time; the sitemaps name the same articles."""
    path = directory / "outlets" / f"{HARBOUR}.toml"
    before, _, after = path.read_text("utf-8").partition("[archive]\n")
    path.write_text(before + after.partition("\n")[2], "utf-8")


@pytest.fixture
def paper(press: Press) -> Press:
    """The newspaper, whose archive pages nobody has told us of."""
    without_pages(press.directory)
    return press


def told(path: Path) -> dict[str, Any]:
    certificate: dict[str, Any] = json.loads(path.read_text("utf-8"))["certificate"]
    return certificate


def pages(press: Press) -> list[str]:
    """The articles of the past that were asked for, in order."""
    return [path for path in asked(press) if "-at-berth-" in path]


# the newspaper


def test_a_plan_tells_all_of_the_past_and_begins_nothing(press: Press) -> None:
    done = rescued(press.archive, press.readers, only_plan=True)
    assert done.plan is not None
    assert done.plan.requests >= 16
    assert done.plan.rechecks == 0
    assert not pages(press)
    assert not done.is_over
    assert rows(press.archive, select(rescue_table.c.outlet_id)) == []
    assert exit_code(done, None, only_plan=True) == 0


def test_both_ends_come_first_and_all_of_it_comes(paper: Press) -> None:
    done = rescued(paper.archive, paper.readers)
    months = [path[9:16] for path in pages(paper)]
    assert len(months) == 16
    assert {"2025/10", "2026/01"} >= set(months[:4])
    assert set(months[-4:]) <= {"2025/11", "2025/12"}
    assert done.is_over
    assert done.report.faults == []
    path, account = certify(paper.archive, done)
    assert sum("at-berth" in name for name in held(paper.archive)) == 16
    assert account.announced == account.captured + sum(
        account.states.get(one, 0) for one in ("refused", "failed", "pending")
    )
    assert exit_code(done, (path, account), only_plan=False) == 0
    assert is_sound(paper.directory)


def test_what_was_held_before_is_looked_at_once_more_at_the_end(paper: Press) -> None:
    paper.crawl(HARBOUR)
    before = set(held(paper.archive))
    paper.clock.advance(timedelta(hours=1))
    paper.server.log.clear()
    done = rescued(paper.archive, paper.readers)
    assert done.plan is not None
    assert done.plan.rechecks >= len(before) > 3
    last = max(n for n, path in enumerate(asked(paper)) if "-at-berth-" in path)
    again = {path.rsplit("/", 1)[1] for path in asked(paper)[last + 1 :]}
    assert before <= again


def test_it_goes_on_where_it_was_stopped_and_is_one_rescue(paper: Press) -> None:
    first = rescued(paper.archive, paper.readers, after=5, press=paper)
    assert (first.report.outcome, first.is_over) == ("interrupted", False)
    assert exit_code(first, None, only_plan=False) == 130
    lent = select(frontier.c.url).where(frontier.c.lease_token.is_not(None))
    assert rows(paper.archive, lent) == []
    paper.clock.advance(timedelta(days=3))
    second = rescued(paper.archive, paper.readers)
    assert second.is_over
    assert first.rescue is not None
    assert second.rescue is not None
    assert second.rescue.begun_at == first.rescue.begun_at
    assert len(pages(paper)) == len(set(pages(paper))) == 16
    certify(paper.archive, second)
    acts = [act["act"] for act in acts_of(paper.directory / "journal")]
    assert [acts.count(one) for one in ("rescue-begun", "rescue-ended")] == [1, 1]


def test_old_listings_are_not_asked_for_again_by_a_rescue_of_many_days(press: Press) -> None:
    rescued(press.archive, press.readers, after=2, press=press)
    press.server.log.clear()
    press.clock.advance(timedelta(days=5))
    rescued(press.archive, press.readers)
    past = [path for path in asked(press) if path.startswith(("/sitemaps/2", "/archive/2025"))]
    assert past == []


def test_the_pace_is_the_outlets_unless_its_file_grants_another(paper: Press) -> None:
    plain = find_outlet(paper.directory, HARBOUR)
    assert at_rescue(plain) == plain
    path = paper.directory / "outlets" / f"{HARBOUR}.toml"
    path.write_text(path.read_text() + "\n[rescue]\ndelay_seconds = 2.0\n")
    done = rescued(paper.archive, paper.readers)
    assert done.plan is not None
    assert done.plan.delay_seconds == 2.0
    at = [visit.at for visit in paper.server.log if visit.host == "harbour-gazette.example"]
    gaps = [after - before for before, after in pairwise(at)]
    assert min(gaps) >= timedelta(seconds=2)


def test_requisites_are_as_a_person_says(paper: Press) -> None:
    rescued(paper.archive, paper.readers, requisites="none")
    assert not [path for path in asked(paper) if path.endswith((".css", ".png", ".svg"))]


# the certificate


@pytest.fixture(scope="module")
def finished(
    tmp_path_factory: pytest.TempPathFactory, readers: Readers
) -> Iterator[tuple[Press, Path, Accounted]]:
    """A rescue that is over, made once: it takes longer than what is asked of its certificate."""
    clock = SimulatedClock(OPENS_AT.replace(hour=6))
    paper = Newspaper(clock)
    directory = tmp_path_factory.mktemp("finished") / "archive"
    with Server(paper) as server:
        with make_archive(directory, paper, server.port, clock) as archive:
            press = Press(directory, clock, server, archive, readers)
            press.crawl(HARBOUR)
            done = rescued(archive, readers, closes_on=OPENS_AT.date() + timedelta(days=2))
            path, account = certify(archive, done)
        yield press, path, account


@pytest.fixture
def kept(finished: tuple[Press, Path, Accounted], tmp_path: Path) -> Iterator[Press]:
    """A copy of its archive; the newspaper goes on."""
    press, _, _ = finished
    directory = tmp_path / "archive"
    shutil.copytree(press.directory, directory)
    with Archive.open(directory, clock=press.clock) as archive:
        yield replace(press, directory=directory, archive=archive)


@pytest.fixture
def certified(finished: tuple[Press, Path, Accounted], kept: Press) -> tuple[Path, Accounted]:
    """The certificate in the copy, and the account that it tells."""
    _, path, account = finished
    return kept.directory / "exports" / path.name, account


def test_a_certificate_says_what_was_had_and_what_not_and_why(
    kept: Press, certified: tuple[Path, Accounted]
) -> None:
    path, account = certified
    said = told(path)
    assert path.parent == kept.directory / "exports"
    assert said["outlet"]["id"] == HARBOUR
    assert said["rescue"]["closes_on"] == "2026-03-04"
    assert said["announced"]["articles"] == account.announced
    surveyed = {one["listing"]: one["addresses"] for one in said["announced"]["surveyed"]}
    assert surveyed["http://harbour-gazette.example/sitemaps/2025-12.xml"] == 4
    by = {one["listing"]: one["articles"] for one in said["announced"]["by"]}
    assert by["http://harbour-gazette.example/archive/2025/12/27/"] == 1
    assert said["announced"]["years"]["2025"] == {"captured": 12}
    refused = [one for one in said["missing"] if one["state"] == "refused"]
    assert all("/robots.txt (line " in one["reason"] for one in refused)
    assert refused
    digests = said["digests"]
    assert digests["files"]
    assert all(len(one["sha256"]) >= 64 for one in digests["files"])
    unknown = " ".join(said["unknown"])
    assert "No listing names anything printed before 2025." in unknown
    assert "Archive pages up to 2025-08-" in unknown


def test_a_certificate_can_be_checked_and_an_altered_one_is_found_out(
    kept: Press, certified: tuple[Path, Accounted]
) -> None:
    path, _ = certified
    found = check(path, kept.archive)
    assert found.bad == ()
    assert len(found.good) >= 4
    text = path.read_text("utf-8")
    other = path.with_name("other.json")
    other.write_text(text.replace('"state": "refused"', '"state": "captured"', 1), "utf-8")
    assert check(other, kept.archive).bad == (
        "it is not so that the text is the one that was signed",
    )


def test_a_rescue_is_known_to_a_database_that_is_made_anew(
    kept: Press, certified: tuple[Path, Accounted]
) -> None:
    statement = select(rescue_table)
    before = rows(kept.archive, statement)
    assert before[0].certificate == certified[0].name
    kept.archive.close()
    reindex(kept.directory, clock=kept.clock)
    with Archive.open(kept.directory, clock=kept.clock) as archive:
        assert rows(archive, statement) == before
        assert check(certified[0], archive).bad == ()


def test_a_second_rescue_writes_a_certificate_of_its_own(
    kept: Press, certified: tuple[Path, Accounted]
) -> None:
    done = rescued(kept.archive, kept.readers)
    path, _ = certify(kept.archive, done)
    assert path != certified[0]
    assert len(rows(kept.archive, select(rescue_table))) == 2


# a small site


@pytest.fixture
def closing(site: Site) -> Site:
    """A site whose past has a page for each thing that can come of one."""
    site.has("/robots.txt", "User-agent: *\nDisallow: /closed/\n", media="text/plain")
    site.has("/index.xml", index("/2020-05.xml"))
    for name in ("2020/05/03/story", "2020/05/09/story", "undated"):
        site.has(f"/{name}", article(f"A story of {name}"))
    site.has(
        "/2020-05.xml",
        urlset(
            "/2020/05/03/story",
            "/2020/05/09/story",
            "/2020/05/04/lost",
            "/closed/2020/05/05/story",
            "/2020/05/03/story?print=1",
        ),
    )
    site.has("/others.xml", urlset("/undated"))
    site.declare(sitemaps=["/index.xml", "/others.xml"])
    return site


def test_everything_ends_in_a_line_of_the_certificate(
    closing: Site, site_archive: Archive, readers: Readers
) -> None:
    done = rescued(site_archive, readers, "site")
    path, account = certify(site_archive, done)
    said = told(path)
    assert account.captured == 3
    missing = {(one["url"], one["state"]): one["reason"] for one in said["missing"]}
    lost, shut = missing.values()
    assert {state for _, state in missing} == {"failed", "refused"}
    rule = "(line 2, 'Disallow: /closed/', for User-agent *)"
    assert {lost, shut} == {"HTTP 404", f"disallowed by http://site.example/robots.txt {rule}"}
    assert said["left_out"] == {"print view": 1}
    assert "1 article is named without a day." in said["unknown"]
    assert "/closed/2020/05/05/story" not in closing.asked
    assert exit_code(done, (path, account), only_plan=False) == 3


def test_a_listing_that_cannot_be_read_is_said_in_the_certificate(
    closing: Site, site_archive: Archive, readers: Readers
) -> None:
    closing.answers["/others.xml"] = Answer(b"sorry", status=500)
    done = rescued(site_archive, readers, "site")
    path, account = certify(site_archive, done)
    unknown = told(path)["unknown"]
    assert (
        "A listing could not be read (failed: HTTP 500: http://site.example/others.xml)." in unknown
    )
    assert exit_code(done, (path, account), only_plan=False) == 3


@dataclass(slots=True)
class Mending(SimulatedClock):
    """Under it, something is well again from an instant on."""

    at: datetime = OPENS_AT
    mend: Callable[[], object] = list

    def advance_to(self, instant: datetime) -> None:
        SimulatedClock.advance_to(self, instant)
        if self.instant >= self.at:
            self.mend()


def test_a_host_that_wants_an_hour_is_waited_for(closing: Site, readers: Readers) -> None:
    story = closing.answers["/2020/05/09/story"]
    busy = Answer(b"later", status=503, headers=(("Retry-After", "3600"),))
    closing.answers["/2020/05/09/story"] = busy
    mend = partial(closing.answers.__setitem__, "/2020/05/09/story", story)
    clock = Mending(OPENS_AT, at=OPENS_AT + timedelta(minutes=30), mend=mend)
    with closing.opened(clock) as archive:
        done = rescued(archive, readers, "site")
        assert done.is_over
        assert clock.now() - OPENS_AT >= timedelta(hours=1)
        _, account = certify(archive, done)
    assert account.captured == 3


# the command


def test_the_command_plans_rescues_and_checks(elsewhere: Elsewhere) -> None:
    without_pages(elsewhere.directory)
    words = ("outlet", "rescue", HARBOUR)
    planned = elsewhere.run(*words, "--plan", "--until", "2126-01-01")
    assert planned.returncode in (0, 3), planned.stderr
    assert "newest and oldest first" in planned.stdout
    assert "it closes on 2126-01-01: there is time enough" in planned.stdout
    assert "pictures and style sheets: fetched as well" in planned.stdout
    done = elsewhere.run(*words, "--json", "--requisites", "none")
    assert done.returncode in (0, 3), done.stderr
    said = json.loads(done.stdout)
    assert said["account"]["captures"] > 16
    good = elsewhere.run("outlet", "rescue", "--check", said["certificate"])
    assert good.returncode == 0, good.stdout
    assert "the signature is of the key that it names" in good.stdout
    file = elsewhere.directory / said["certificate"]
    file.write_text(file.read_text("utf-8").replace("Harbour", "Harvest"), "utf-8")
    bad = elsewhere.run("outlet", "rescue", "--check", said["certificate"])
    assert bad.returncode == 1
    assert "NOT   it is not so that the text is the one that was signed" in bad.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Say which outlet, or --check FILE"),
        ((HARBOUR, "--check", "x.json"), "Say which outlet, or --check FILE"),
        ((HARBOUR, "--until", "soon"), "--until is a day such as"),
        ((HARBOUR, "--until", "2020-01-01"), "is over"),
    ],
)
def test_what_cannot_be_is_refused(elsewhere: Elsewhere, words: tuple[str, ...], said: str) -> None:
    done = elsewhere.run("outlet", "rescue", *words)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_file_that_is_no_certificate_is_refused(elsewhere: Elsewhere) -> None:
    (elsewhere.directory / "x.json").write_text("{}")
    done = elsewhere.run("outlet", "rescue", "--check", "x.json")
    assert done.returncode == 1
    assert "is no completeness certificate" in done.stderr


def test_a_rescue_that_is_killed_goes_on(elsewhere: Elsewhere) -> None:
    without_pages(elsewhere.directory)
    paced(elsewhere.directory, 0.05, was=0.0)
    words = ("outlet", "rescue", HARBOUR, "--json", "--requisites", "none")
    process = elsewhere.start(*words)
    wait_for_articles(elsewhere, 3, process)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    done = elsewhere.run(*words)
    said = json.loads(done.stdout)
    assert said["certificate"]
    with Archive.open(elsewhere.directory) as archive:
        assert sum("at-berth" in name for name in held(archive)) == 16
        assert len(rows(archive, select(rescue_table))) == 1
    assert is_sound(elsewhere.directory)
