"""What outlets state of rights: asked for once a day, kept with each capture, shown, made anew."""

from datetime import timedelta

import pytest
from flow.parts import Site, article, crawled, feed, is_sound, rows
from sqlalchemy import select

from archive.clock import SimulatedClock
from archive.db.schema import capture
from archive.db.stating import rights, rights_file, rights_statement
from archive.query.rights import CaptureRights, outlet_rights, rights_of
from archive.records import CaptureId, OutletId
from archive.reindex import reindex
from archive.store import Archive
from crawler.readers import Readers

ROBOTS = b"""\
User-agent: *
Disallow: /private/
Content-Signal: search=yes, ai-train=no

User-agent: GPTBot
User-agent: CCBot
Disallow: /

License: http://site.example/license.xml
"""
TDMREP = b"""[
 {"location": "/free/", "tdm-reservation": 0},
 {"location": "/", "tdm-reservation": 1, "tdm-policy": "http://site.example/policy.json"}
]"""
AI_TXT = b"User-Agent: *\nDisallow: *.html\n"
TAG = '"1"'
FILES = {"/.well-known/tdmrep.json", "/ai.txt"}


def tagged(title: str, head: bytes) -> bytes:
    return article(title).replace(b"</head>", head + b"</head>")


@pytest.fixture
def stating(site: Site) -> Site:
    meta = b'<meta name="robots" content="noarchive"><meta name="tdm-reservation" content="0">'
    links = [
        site.has("/one", article("One")),
        site.has("/two", tagged("Two", meta), headers=(("ETag", TAG),)),
        site.has("/free/three", article("Three"), headers=(("Content-Usage", "train-ai=n"),)),
    ]
    site.has("/feed", feed(*links), media="application/rss+xml")
    site.has("/robots.txt", ROBOTS, media="text/plain")
    site.has("/.well-known/tdmrep.json", TDMREP, media="application/json")
    site.has("/ai.txt", AI_TXT, media="text/plain")
    site.declare(feeds=["/feed"], asks=True)
    return site


def capture_of(archive: Archive, path: str) -> CaptureId:
    mine = capture.c.url == f"http://site.example{path}"
    statement = select(capture.c.id).where(mine).order_by(capture.c.captured_at.desc())
    return CaptureId(rows(archive, statement)[0][0])


def stated(archive: Archive, path: str) -> CaptureRights:
    with archive.reading() as connection:
        return rights_of(connection, capture_of(archive, path), archive.clock.now())


def told(found: CaptureRights) -> set[tuple[str, str, str]]:
    return {(r.use, r.source, r.signal.agent or "") for r in found.reserved}


def test_what_was_stated_is_kept_with_each_capture_and_the_record_that_says_it(
    stating: Site, site_archive: Archive, readers: Readers
) -> None:
    crawled(site_archive, readers, "site")
    one = stated(site_archive, "/one")
    by_file = {
        ("ai-training", "robots.txt", "gptbot"),
        ("ai-training", "robots.txt", "ccbot"),
        ("ai-training", "robots.txt", "*"),
        ("ai-training", "ai.txt", "*"),
    }
    assert told(one) == by_file | {("tdm", "tdmrep.json", "")}
    assert {s.source: s.said_by for s in one.statements} == {
        "robots.txt": capture_of(site_archive, "/robots.txt"),
        "tdmrep.json": capture_of(site_archive, "/.well-known/tdmrep.json"),
        "ai.txt": capture_of(site_archive, "/ai.txt"),
    }
    two = stated(site_archive, "/two")
    # the page's own word on data mining counts before the file's
    assert told(two) == by_file | {("archiving", "html", "")}
    assert two.reserves("archiving")[0].said_by == capture_of(site_archive, "/two")
    three = stated(site_archive, "/free/three")
    assert told(three) == by_file | {("ai-training", "http", "")}
    assert [a.status for a in three.asked] == [200, 200, 200]


def test_what_is_said_of_all_pages_is_kept_once(
    stating: Site, site_archive: Archive, readers: Readers
) -> None:
    crawled(site_archive, readers, "site")
    texts = rows(site_archive, select(rights_statement.c.source))
    assert sorted(source for (source,) in texts) == [
        "ai.txt", "html", "http", "robots.txt", "tdmrep.json", "tdmrep.json",
    ]  # fmt: skip
    assert len(rows(site_archive, select(rights.c.capture_id))) == 3 * 3 + 2


def test_the_files_are_asked_for_once_a_day(
    stating: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    crawled(site_archive, readers, "site")
    asked = [path for path in stating.asked if path in FILES]
    assert sorted(asked) == sorted(FILES)
    for hours, more in ((12, 0), (13, 2)):
        clock.advance(timedelta(hours=hours))
        stating.asked.clear()
        new = stating.has(f"/later/{hours}", article(f"Later {hours}"))
        stating.has("/feed", feed(new), media="application/rss+xml")
        crawled(site_archive, readers, "site")
        assert f"/later/{hours}" in stating.asked
        assert len([path for path in stating.asked if path in FILES]) == more


def test_a_404_is_remembered_and_means_that_nothing_is_stated(
    site: Site, site_archive: Archive, readers: Readers
) -> None:
    site.has("/feed", feed(site.has("/one", article("One"))), media="application/rss+xml")
    site.declare(feeds=["/feed"], asks=True)
    crawled(site_archive, readers, "site")
    one = stated(site_archive, "/one")
    assert (one.statements, one.reserved) == ((), ())
    assert {a.source: a.status for a in one.asked} == {
        "robots.txt": 404, "tdmrep.json": 404, "ai.txt": 404,
    }  # fmt: skip
    assert {s for (s,) in rows(site_archive, select(rights_file.c.status))} == {404}
    assert rows(site_archive, select(rights.c.capture_id)) == []


def test_a_file_may_lie_elsewhere_but_not_behind_one_turn_after_another(
    stating: Site, site_archive: Archive, readers: Readers
) -> None:
    moved = ("Location", "/rights/tdm.json")
    stating.has("/.well-known/tdmrep.json", b"", status=301, headers=(moved,))
    stating.has("/rights/tdm.json", TDMREP, media="application/json")
    for path, to in (("/ai.txt", "/b"), ("/b", "/c"), ("/c", "/d")):
        stating.has(path, b"", status=302, headers=(("Location", to),))
    report = crawled(site_archive, readers, "site")
    assert report.counts["articles/new"] == 3
    one = stated(site_archive, "/one")
    assert one.reserves("tdm")[0].said_by == capture_of(site_archive, "/rights/tdm.json")
    assert "ai.txt" not in {s.source for s in one.statements}
    assert "/b" in stating.asked
    assert "/c" not in stating.asked


def test_a_file_that_never_ends_costs_half_a_megabyte_and_no_article(
    stating: Site, site_archive: Archive, readers: Readers
) -> None:
    stating.has("/ai.txt", b"User-Agent: *\n" + b"Disallow: /\n" * 200_000, media="text/plain")
    stating.has("/.well-known/tdmrep.json", b"\x1f\x8b broken", media="application/json",
                headers=(("Content-Encoding", "gzip"),))  # fmt: skip
    report = crawled(site_archive, readers, "site")
    assert report.counts["articles/new"] == 3
    assert report.misses == []
    assert [s.source for s in stated(site_archive, "/one").statements] == ["robots.txt"]
    assert len([path for path in stating.asked if path in FILES]) == 2
    site_archive.close()
    assert is_sound(stating.directory)


def test_what_a_feed_states_of_its_items_is_kept_with_the_feed(
    stating: Site, site_archive: Archive, readers: Readers
) -> None:
    terms = (
        b'<rsl:content xmlns:rsl="https://rslstandard.org/rsl" url="http://site.example/one">'
        b"<rsl:license/></rsl:content></item>"
    )
    body = stating.answers["/feed"].body.replace(b"</item>", terms, 1)
    stating.has("/feed", body, media="application/rss+xml")
    crawled(site_archive, readers, "site")
    [told] = stated(site_archive, "/feed").statements
    assert (told.source, told.signals[0].value) == ("feed", "http://site.example/one")


def test_an_outlet_that_is_not_to_be_asked_is_not(
    stating: Site, site_archive: Archive, readers: Readers
) -> None:
    stating.declare(feeds=["/feed"], asks=False)
    crawled(site_archive, readers, "site")
    assert not FILES & set(stating.asked)
    assert [s.source for s in stated(site_archive, "/one").statements] == ["robots.txt"]


def test_robots_may_refuse_the_files_and_the_articles_are_kept(
    stating: Site, site_archive: Archive, readers: Readers
) -> None:
    refusing = ROBOTS.replace(b"/private/", b"/ai.txt\nDisallow: /.well-known/")
    stating.has("/robots.txt", refusing, media="text/plain")
    report = crawled(site_archive, readers, "site")
    assert not FILES & set(stating.asked)
    assert report.counts["articles/new"] == 3


def test_a_recheck_that_is_not_modified_states_it_again(
    stating: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    crawled(site_archive, readers, "site")
    first = capture_of(site_archive, "/two")
    stating.has("/robots.txt", b"User-agent: *\nDisallow:\n", media="text/plain")
    stating.answers["/two"] = type(stating.answers["/two"])(status=304)
    clock.advance(timedelta(days=2))
    report = crawled(site_archive, readers, "site")
    assert report.counts["articles/same"] == 3
    two = stated(site_archive, "/two")
    assert two.capture != first
    assert two.reserves("archiving")[0].said_by == first
    assert "robots.txt" not in {s.source for s in two.statements}


def test_a_database_made_anew_knows_what_was_stated(
    stating: Site, site_archive: Archive, readers: Readers, clock: SimulatedClock
) -> None:
    crawled(site_archive, readers, "site")
    tables = (rights, rights_statement)
    before = [sorted(map(repr, rows(site_archive, select(t)))) for t in tables]
    with site_archive.reading() as connection:
        report = outlet_rights(connection, OutletId("site"), clock.now())
    site_archive.close()
    assert reindex(stating.directory, clock=clock).is_whole
    with Archive.open(stating.directory, clock=clock) as anew:
        assert [sorted(map(repr, rows(anew, select(t)))) for t in tables] == before
        with anew.reading() as connection:
            assert outlet_rights(connection, OutletId("site"), clock.now()) == report
    assert is_sound(stating.directory)
