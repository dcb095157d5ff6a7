"""A database that was lost is made anew, and answers as the old one did."""

import gzip
import shutil
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select
from support.archives import (
    NOW,
    OUTLET,
    PAGE,
    RUN,
    UPGRADED,
    captured,
    declaration,
    discovery,
    draft,
    exchange,
    keep,
    opened,
    provenance,
    request,
    response,
    url,
)

from archive.acts import acts_in_time, at_of
from archive.clock import SimulatedClock
from archive.config import read_config
from archive.db.schema import metadata
from archive.digests import sha256
from archive.errors import ArchiveError, NotCaptured
from archive.lock import AlreadyRunning, held
from archive.query.history import differences, find_article
from archive.query.search import search
from archive.query.status import status
from archive.records import CaptureId, OutletId
from archive.reindex import reindex
from archive.remarks import Remark
from archive.robotstxt import RobotsFile, read_text
from archive.schedules import Boost, Schedule
from archive.settlements import Poll, Settlement
from archive.signals import Signal, Statement
from archive.store import Archive
from archive.verify import verify
from archive.warc.members import Record

LOST = {  # columns that nothing but a database can hold, or that are no identity
    "version": {"docid"},
    "frontier": {"id", "lease_token", "lease_until", "due_rank"},
    "sighting": {"frontier_id", "last_at"},
    "poll_day": {"frontier_id"},
    "gap": {"frontier_id"},
    "sighting_change": {"frontier_id"},
    "warc_file": {"verified_at"},
    "host": {  # how it answers is learned anew; that it asked for patience is not
        "next_allowed_at",
        "ready_at",
        "delay_seconds",
        "delay_reason",
        "latency_seconds",
        "busy_by",
        "busy_until",
    },
    "outlet_config": {"first_used_at"},  # then it is when it was first recorded
}
TABLES = (
    "outlet", "outlet_config", "run", "capture", "article", "article_url", "version", "extraction",
    "frontier", "sighting", "sighting_change", "poll_day", "gap", "ledger", "restriction",
    "warc_file",
    "daily_root", "schedule", "boost", "rescue", "outlet_memory", "remark",
    "robots_history", "rights", "rights_statement", "requisite", "host",
)  # fmt: skip
ELSEWHERE = {  # why a table is not compared here
    "robots": "a robots.txt is asked for again before the first page",
    "rights_file": "so are the files in which an origin states rights",
    "screenshot": "tests/archive/db/test_screenshots.py",
    "screenshot_part": "tests/archive/db/test_screenshots.py",
}


def test_every_table_is_compared_or_there_is_a_reason():
    assert {*TABLES, *ELSEWHERE} == set(metadata.tables)


def rows(archive, tables=TABLES):
    """Every row of the tables that must come back, in no order."""
    found = {}
    with archive.reading() as connection:
        for name in tables:
            table = metadata.tables[name]
            columns = [c for c in table.columns if c.name not in LOST.get(name, ())]
            found[name] = sorted(map(repr, connection.execute(select(*columns)).all()))
    return found


def said(source, *signals):
    return Statement(source=source, said_by=CaptureId("r:0"), signals=signals)


def lease_of(turn, path):
    from archive.urls import urlkey

    key = urlkey(url(path))
    [lease] = turn.lease(OUTLET, limit=1, for_=timedelta(minutes=5), holder=RUN, only=key)
    return lease


def ended(turn, path, outcome, **said):
    lease = lease_of(turn, path)
    due = NOW + timedelta(days=1)
    turn.settle(Settlement(token=lease.token, outcome=outcome, next_due_at=due, **said))


def polled(token):
    """A poll that proves a gap."""
    poll = Poll(
        items=6,
        denied=2,
        every=timedelta(minutes=45),
        gap=(NOW - timedelta(hours=3), NOW - timedelta(hours=1)),
    )
    return Settlement(token=token, outcome="polled", next_due_at=NOW, due_reason="feed", poll=poll)


@pytest.fixture
def lived(directory, clock):
    """An archive that has seen most of what can happen, closed; its directory."""
    with opened(directory, clock) as archive:
        with archive.turn() as turn:
            turn.sync_outlet(declaration(), [("feed", url("/feed.xml"))])
            paths = ("/harbour", "/market", "/gone", "/wall", "/nowhere", "/hidden")
            turn.discover(OUTLET, [discovery(path, title=path) for path in paths])
            later = discovery("/harbour", title="Harbour to grow", keywords=("sea",))
            turn.discover(OUTLET, [later])
        poll_feed(archive)
        clock.advance(timedelta(minutes=1))
        page, first = captured(archive, "/harbour", "Harbour to grow", "The harbour grows.")
        with archive.turn() as turn:
            state_rights(turn)
            need_picture(turn, page)
            ended(turn, "/harbour", "new", article=first.article, etag='"1"')
        clock.advance(timedelta(hours=1))
        keep(archive, body="The harbour shrinks.")
        captured(archive, "/market", "Market", "Fish.", authors=("Ana",), section="town")
        hidden = keep(archive, "/hidden", "Hidden", "A secret.")
        lost = keep(archive, "/gone", "Gone", "It was here.")
        clock.advance(timedelta(hours=1))
        record_odd_things(archive)
        see_robots(archive)
        with archive.turn() as turn:
            wall = turn.record(exchange("/wall", b"pay first"), provenance(visit_at=NOW))
            turn.dismiss(draft(reason="paywall"), wall, outcome="walled")
            ended(turn, "/wall", "walled", reason="paywall", capture=wall.id)
            turn.mark_gone(lease_of(turn, "/gone"), "HTTP 410")
            turn.restrict("article", hidden.article, reason="a court", actor="Anna")
            lifted = turn.restrict("outlet", "lantern", reason="a mistake", actor="Anna")
            turn.lift(lifted)
            turn.hosts.hold("lantern.example", until=NOW + timedelta(days=2), reason="HTTP 429")
        clock.advance(timedelta(hours=1))
        read_again(archive, first.article)
        with archive.turn() as turn:
            turn.close_run(RUN, outcome="finished", counts={"articles/new": 4})
        ask_for_more(archive, clock)
    clock.advance(timedelta(days=2))
    close_days(directory, clock)
    assert lost.article != first.article
    return directory


def close_days(directory, clock):
    with Archive.open(directory, clock=clock) as archive:
        archive.root_days()
        with archive.turn() as turn:
            turn.ledgers.close(OUTLET)


def ask_for_more(archive, clock):
    """What people ask for beyond a crawl."""
    schedule_and_boost(archive)
    rescue_twice(archive, clock)
    learn_twice(archive)


def schedule_and_boost(archive):
    """A schedule that was removed; one with boosts, one ended early; a visit made by it."""
    boosts = [
        Boost(
            name=name,
            begins_at=NOW + timedelta(days=at),
            ends_at=NOW + timedelta(days=at + 3),
            front_page=timedelta(minutes=10),
            recheck_factor=3.0,
        )
        for name, at in (("election", 1), ("flood", 0))
    ]
    removed = Boost(name="storm", begins_at=NOW, ends_at=NOW + timedelta(days=9))
    with archive.turn() as turn:
        turn.schedules.set(Schedule(outlet=OUTLET, cron="0 6 * * *", set_at=NOW))
        turn.schedules.boost(OUTLET, removed)
        turn.schedules.remove(OUTLET)
        turn.schedules.set(Schedule(outlet=OUTLET, profile="daily-news", set_at=NOW))
        for one in boosts:
            turn.schedules.boost(OUTLET, one)
        turn.schedules.end_boost(OUTLET, "flood")
        turn.schedules.visited(OUTLET, NOW)


def rescue_twice(archive, clock):
    """One rescue that has ended, and one that goes on."""
    with archive.turn() as turn:
        turn.backlog.rescue(OUTLET, None)
        turn.backlog.end_rescue(OUTLET, certificate="one.json", digest=sha256(b"one"))
    clock.advance(timedelta(hours=1))
    with archive.turn() as turn:
        turn.backlog.rescue(OUTLET, (NOW + timedelta(days=30)).date())


def learn_twice(archive):
    """What took the place of something, and was forgotten."""
    with archive.turn() as turn:
        for pages in (12, 24):
            turn.learning.learned(OUTLET, {"version": 1, "pages": pages}, sha256(b"%d" % pages))
        turn.learning.forgotten(OUTLET, "a person said so")


def remark_twice(archive):
    miss = Remark(outlet=OUTLET, kind="miss", said="failed: HTTP 500", number=3, url=url("/x"))
    fault = Remark(outlet=OUTLET, kind="ledger", said="1 neither had nor due nor given up")
    for ones in ([miss, fault], [miss]):
        with archive.turn() as turn:
            turn.ledgers.remark(RUN, OUTLET, ones)


def poll_feed(archive):
    with archive.turn() as turn:
        [feed] = turn.lease(OUTLET, limit=1, for_=timedelta(minutes=5), holder=RUN)
        turn.settle(polled(feed.token))


def need_picture(turn, page):
    turn.need(OUTLET, page.id, [discovery("/harbour.jpg", kind="page")], timedelta(days=9))


def state_rights(turn):
    site, page = Signal(name="disallow:training", value="/"), Signal(name="a", value="b")
    turn.rights.keep(CaptureId("r:1"), [said("robots.txt", site), said("html", page)])
    turn.rights.keep(CaptureId("r:2"), [said("robots.txt", site)])


def see_robots(archive):
    """Three that differ, one of them packed, and one that could not be had."""
    rules = b"User-agent: *\nDisallow: /caf\xe9\n"
    answers = [
        response(rules),
        response(rules),
        response(gzip.compress(rules + b"Disallow: /b\n"), b"Content-Encoding: gzip"),
        response(b"", status=b"503 Later"),
        response(rules),
    ]
    for number, one in enumerate(answers):
        with archive.turn() as turn:
            made = turn.record(exchange("/robots.txt", response=one), provenance())
            body = [rules, rules, rules + b"Disallow: /b\n", None, rules][number]
            turn.hosts.keep_robots(
                RobotsFile(
                    origin="https://lantern.example",
                    fetched_at=NOW + timedelta(days=number),
                    status=made.status,
                    body=body if body is None else read_text(body),
                    capture=made.id,
                )
            )


def record_odd_things(archive):
    """A revisit, a 304, something never answered, and something never sent."""
    remark_twice(archive)
    with archive.turn() as turn:
        turn.record(exchange(), provenance())
        turn.record(
            exchange(
                "/feed.xml",
                request=request("/feed.xml"),
                response=response(PAGE + b"<feed>", b'ETag: "f"'),
            ),
            provenance(),
        )
        asked = request("/feed.xml").replace(b"\r\n\r\n", b'\r\nIf-None-Match: "f"\r\n\r\n')
        gone = b'HTTP/1.1 304 Not Modified\r\nETag: "f"\r\n\r\n'
        turn.record(exchange("/feed.xml", request=asked, response=gone), provenance())
        turn.record(exchange("/late", response=b"", error="timed out"), provenance())
        turn.record(exchange("/nowhere", request=b"", response=b"", error="no name"), provenance())


def test_a_sitemap_is_read_anew_whole_for_the_journal_does_not_tell_its_children(directory, clock):
    sitemap, child = url("/sitemap.xml"), url("/sitemap-march.xml")
    with opened(directory, clock) as archive, archive.turn() as turn:
        turn.sync_outlet(declaration(), [("sitemap", sitemap)])
        [one] = turn.lease(OUTLET, limit=1, for_=timedelta(minutes=5), holder=RUN)
        turn.add_children(OUTLET, [(child, None)], at_once=9)
        turn.settle(Settlement(token=one.token, outcome="polled", next_due_at=NOW, etag='"1"'))
    _, archive = made_anew(directory, clock)
    with archive, archive.turn() as turn:
        [one] = turn.lease(OUTLET, limit=9, for_=timedelta(minutes=5), holder=RUN)
    assert (one.url, one.etag) == (sitemap, None)


def read_again(archive, article):
    """A later extractor reads the current version's capture another way."""
    with archive.reading() as connection:
        last = find_article(connection, article, archive.clock.now()).current.last_capture
    one = archive.fetch(last).capture
    with archive.turn() as turn:
        later = draft("Harbour to grow", "The harbour shrinks. Read again.", fingerprint=UPGRADED)
        turn.reread(later, one, known_as=url(), outlet=OUTLET)


def lose_the_database(directory):
    """As an accident does: SQLite's files are gone, a server's tables are empty."""
    for path in directory.glob("archive.db*"):
        path.unlink()
    with Archive(directory, read_config(directory), SimulatedClock(NOW)) as archive:
        if archive._engine.dialect.name == "postgresql":
            with archive._engine.begin() as connection:
                for table in reversed(metadata.sorted_tables):
                    connection.execute(table.delete())
                connection.exec_driver_sql("DELETE FROM fulltext")
        archive.close()


def made_anew(directory, clock):
    lose_the_database(directory)
    rebuilt = reindex(directory, clock=clock)
    return rebuilt, Archive.open(directory, clock=clock)


def test_every_row_comes_back_as_it_was(lived, clock):
    with Archive.open(lived, clock=clock) as archive:
        before = rows(archive)
    rebuilt, archive = made_anew(lived, clock)
    with archive:
        after = rows(archive)
    assert rebuilt.is_whole
    for name in TABLES:
        assert after[name] == before[name], name


def test_the_answers_are_the_same(lived, clock):
    def answers(archive):
        now = clock.now()
        with archive.reading() as connection:
            found = search(connection, "harbour", now=now)
            article = find_article(connection, url(), now)
            return found, article, differences(*article.versions[:2]), status(connection, now)

    with Archive.open(lived, clock=clock) as archive:
        before = answers(archive)
    _, archive = made_anew(lived, clock)
    with archive:
        assert answers(archive) == before


def test_a_ledger_that_comes_to_anything_else_now_is_named(lived, clock):
    with Archive.open(lived, clock=clock) as archive, archive.turn() as turn:
        figures = {"announced": 9, "captured": 9, "refused": 0, "failed": 0, "pending": 0}
        turn.ledgers._journal.write("day-closed", outlet=OUTLET, day="2026-03-01", **figures)
    rebuilt, archive = made_anew(lived, clock)
    archive.close()
    [problem] = rebuilt.indexed.problems
    assert "the ledger of lantern on 2026-03-01 was {'announced': 9" in problem


def test_what_was_taken_down_stays_down(lived, clock):
    _, archive = made_anew(lived, clock)
    with archive, archive.reading() as connection:
        assert search(connection, "secret", now=clock.now()).total == 0
        with pytest.raises(NotCaptured):
            find_article(connection, url("/hidden"), clock.now())
        assert search(connection, "harbour", now=clock.now()).total == 1  # that one was lifted


def test_an_archive_made_anew_is_sound(lived, clock):
    _, archive = made_anew(lived, clock)
    with archive:
        assert verify(archive).faults == []


def test_without_the_journal_captures_and_articles_still_come_back(lived, clock):
    with Archive.open(lived, clock=clock) as archive:
        before = rows(archive)
    shutil.rmtree(lived / "journal")
    rebuilt, archive = made_anew(lived, clock)
    with archive:
        after = rows(archive)
    assert rebuilt.acts == 0
    for name in ("version", "extraction", "article_url", "outlet", "outlet_config"):
        assert after[name] == before[name], name
    assert len(after["article"]) == len(before["article"])
    sent = [row for row in before["capture"] if "'no name'" not in row]
    assert after["capture"] == sent
    assert after["frontier"] == []


def test_the_old_database_is_kept(lived, clock, engine_name):
    if engine_name == "postgresql":
        return
    rebuilt = reindex(lived, clock=clock)
    [note] = rebuilt.notes
    [kept] = [p for p in lived.glob("archive.db.before-*") if not p.name.endswith(("wal", "shm"))]
    assert str(kept) in note
    assert kept.read_bytes()[:15] == b"SQLite format 3"


def test_a_reindex_that_was_interrupted_is_begun_anew(lived, clock, engine_name):
    if engine_name == "postgresql":
        return
    (lived / "archive.db.reindexing").write_bytes(b"half of it")
    assert reindex(lived, clock=clock).is_whole
    assert not (lived / "archive.db.reindexing").exists()


def test_a_server_that_holds_rows_is_not_filled_again(lived, clock, engine_name):
    if engine_name == "sqlite":
        return
    with pytest.raises(ArchiveError, match="not empty"):
        reindex(lived, clock=clock)


def test_an_archive_that_is_being_written_is_left_alone(directory, clock):
    with opened(directory, clock) as archive:
        keep(archive)
        with pytest.raises(ArchiveError, match=r"is being written"):
            reindex(directory, clock=clock)


def test_an_archive_that_a_service_keeps_is_left_alone(directory, clock):
    opened(directory, clock).close()
    with held(directory, clock), pytest.raises(AlreadyRunning, match="`kliping run`, process"):
        reindex(directory, clock=clock)


def test_a_damaged_record_costs_what_it_held_and_is_named(lived, clock):
    [path] = sorted(lived.glob("warc/*.warc.gz"))
    held = path.read_bytes()
    path.write_bytes(held[: len(held) * 2 // 3])
    rebuilt, archive = made_anew(lived, clock)
    with archive, archive.reading() as connection:
        assert not rebuilt.is_whole
        assert path.name in rebuilt.indexed.problems[0]
        assert search(connection, "harbour", now=clock.now()).total == 1


def test_a_torn_line_of_the_journal_is_passed_over(lived, clock):
    path = min(lived.glob("journal/*.jsonl"))
    with path.open("ab") as file:
        file.write(b'{"at": "2026-03-02T06:00:00+00:00", "act": "restr')
    assert made_anew(lived, clock)[0].is_whole


def test_an_act_that_makes_no_sense_is_named_and_ends_nothing(lived, clock):
    path = min(lived.glob("journal/*.jsonl"))
    with path.open("ab") as file:
        for act in ("sighted", "restricted", "settled", "run-closed"):
            file.write(b'{"at": "2026-03-02T06:00:00+00:00", "act": "%b"}\n' % act.encode())
    rebuilt, archive = made_anew(lived, clock)
    archive.close()
    assert len(rebuilt.indexed.problems) == 4
    assert all(one.startswith("journal: ") for one in rebuilt.indexed.problems)
    assert not rebuilt.is_whole


def test_a_draft_whose_capture_is_lost_is_counted(directory, clock):
    with opened(directory, clock) as archive:
        one, _ = captured(archive)
        archive.close()
    other = one.__class__(**{**{f: getattr(one, f) for f in one.__slots__}, "id": "r:none"})
    with Archive.open(directory, clock=clock) as archive, archive.turn() as turn:
        turn.dismiss(draft(), other, outcome="walled")
    rebuilt, archive = made_anew(directory, clock)
    archive.close()
    assert rebuilt.indexed.orphans == 1


def test_acts_of_several_processes_are_told_in_the_order_of_time(tmp_path):
    lines = {"a": (1, 3, 2, 9), "b": (2, 4), "c": (10,)}
    for name, times in lines.items():
        text = "".join(
            f'{{"at": "2026-03-02T06:{at:02}:00+00:00", "act": "{name}{at}"}}\n' for at in times
        )
        (tmp_path / f"{name}.jsonl").write_text(text)
    told = [act["act"] for _, act in acts_in_time(tmp_path)]
    assert told == ["a1", "b2", "a3", "a2", "b4", "a9", "c10"]
    assert at_of({"at": "2026-03-02T06:00:00+00:00"}) == NOW


def test_an_outlet_that_only_the_journal_names_is_there_again(directory, clock):
    with opened(directory, clock) as archive, archive.turn() as turn:
        turn.sync_outlet(declaration("beacon", '{"id":"beacon"}'), None)
        turn.discover(OutletId("beacon"), [discovery("/harbour")])
    _, archive = made_anew(directory, clock)
    with archive, archive.reading() as connection:
        names = [one.id for one in status(connection, clock.now()).outlets]
    assert "beacon" in names


OUTLET_URN = "urn:kliping:outlet:x:sha256:1"
PAGE_TYPE = "application/http; msgtype=response"


@pytest.mark.parametrize(
    ("kind", "block", "content_type", "target"),
    [
        ("resource", b"{nope", "application/json", OUTLET_URN),
        ("resource", b"\xff\xfe", "application/json", OUTLET_URN),
        ("resource", b"[1]", "application/json", OUTLET_URN),
        ("metadata", b"{nope", "application/json", "urn:x"),
        ("metadata", b"[]", "application/json", "urn:x"),
        ("metadata", b'{"surprise": 1}', "application/json", "urn:x"),
        ("response", b"HTTP/1.1 200 OK\r\n\r\nx", PAGE_TYPE, "http://a:99999999/"),
    ],
)
def test_a_record_that_is_whole_and_makes_no_sense_is_named_and_ends_nothing(
    sqlite_directory, clock, kind, block, content_type, target
):
    with opened(sqlite_directory, clock) as archive:
        keep(archive)
        fields = (("WARC-Target-URI", target), ("WARC-Refers-To", "<urn:uuid:1>"))
        record = Record(
            type=kind, id=uuid.uuid4(), at=NOW, block=block, content_type=content_type,
            fields=fields,
        )  # fmt: skip
        archive._warc.begin()
        place = archive._warc.append(record)
        keep(archive, "/b", "B", "Bee.")
    rebuilt, archive = made_anew(sqlite_directory, clock)
    archive.close()
    assert rebuilt.articles == 2
    [problem] = rebuilt.indexed.problems
    assert problem.startswith(f"{place.file} at {place.offset}: ")


class Killed(BaseException):
    """As a SIGKILL: nothing after it happens."""


def written_and_killed(archive):
    made = []

    def write():
        with archive.turn() as turn:
            made.append(turn.record(exchange("/harbour", b"<p>new"), provenance()))
            turn.save(draft(), made[0], provenance(), known_as=url())
            archive._warc.sync()
            raise Killed

    with pytest.raises(Killed):
        write()
    return made[0]


def test_what_a_kill_left_without_rows_is_indexed_by_the_next_recovery(directory, clock):
    """Records on disk, their turn never committed: as a kill between the two leaves them."""
    with opened(directory, clock) as archive:
        keep(archive, "/before", "Before", "Known.")

        one = written_and_killed(archive)
        archive._warc._file.close()  # and nobody seals the file
        archive._warc._file = None
    with Archive.open(directory, clock=clock) as archive:
        said = archive.recover()
        with archive.reading() as connection:
            found = find_article(connection, url(), clock.now())
        assert any("1 capture and 1 text had no rows" in sentence for sentence in said)
        assert found.current.last_capture == one.id
        assert verify(archive).is_sound
        assert archive.recover() == []
