"""Five simulated days of the whole newspaper, and what must stand in the archive after them."""

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from urllib.parse import unquote, urlsplit

import pytest
from flow.parts import Press, rows, state_of
from sqlalchemy import select
from warcio.archiveiterator import ArchiveIterator

from archive.clock import SimulatedClock
from archive.db.crawling import frontier, sighting
from archive.db.crawling import run as run_table
from archive.db.polls import zone_of
from archive.db.schema import article, article_url, capture
from archive.errors import NotCaptured
from archive.query.coverage import Day, coverage
from archive.query.history import captures_of, differences, find_article
from archive.query.rights import outlet_rights
from archive.query.search import search
from archive.query.status import status
from archive.records import Article, Capture, OutletId
from archive.urls import urlkey
from archive.verify import verify
from crawler.demo.behaviours import BEHAVIOURS
from crawler.demo.edits import EDITS as EDIT_KINDS
from crawler.demo.newspaper import OPENS_AT, Event, Newspaper
from crawler.demo.server import Server
from crawler.demo.tour import make_archive, visits
from crawler.readers import Readers
from crawler.rights.site import PATHS
from crawler.run.crawl import Report

EDITS = ("edited-headline", "silent-edit", "correction")
DELETIONS = ("deleted-404", "deleted-410", "deleted-redirect")
PAPER = Newspaper(SimulatedClock(OPENS_AT))
ANNOUNCED = sorted(PAPER.announced(max(visits())))

CUT = "http://foni-tis-alykis.example/thalassa/5502/faros-tou-voria"
PAYWALLED = "http://harbour-gazette.example/business/2026/03/sailmakers-order-book"
LIFEBOAT = "http://harbour-gazette.example/harbour/2026/03/lifeboat-called-out-twice"
BRIDGE = "http://harian-contoh.example/berita/20317/jembatan-gantung-ditutup"
STREAM = "http://ahrenwalder-bote.example/region/muehlbach-bekommt-neues-bett-885.html"
REGATTA = "http://faro-de-puntaclara.example/2026/03/04/deportes/regata-de-invierno.html"
CANNERY = "http://harbour-gazette.example/business/2026/02/cannery-workshops"
NEVER_HELD = {CUT: "failed", PAYWALLED: "walled"}
HELD = [url for url in ANNOUNCED if url not in NEVER_HELD]


@dataclass
class Tour:
    press: Press
    reports: list[Report]

    def article(self, url: str) -> Article:
        with self.press.archive.reading() as connection:
            return find_article(connection, url, self.press.clock.now())

    def captures(self, url: str) -> list[Capture]:
        with self.press.archive.reading() as connection:
            return captures_of(connection, self.article(url), self.press.clock.now())

    def total(self) -> Counter[str]:
        return sum((report.counts for report in self.reports), Counter())

    def misses(self, url: str) -> list[tuple[str, str]]:
        wanted = urlkey(url)
        return [
            (outcome, reason)
            for report in self.reports
            for missed, outcome, reason in report.misses
            if urlkey(missed) == wanted
        ]


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory, readers: Readers) -> Iterator[Tour]:
    clock = SimulatedClock(OPENS_AT)
    paper = Newspaper(clock)
    directory = tmp_path_factory.mktemp("tour") / "archive"
    with Server(paper) as server, make_archive(directory, paper, server.port, clock) as archive:
        press = Press(directory, clock, server, archive, readers)
        made = Tour(press, [])
        for at in visits():
            clock.advance_to(at)
            made.reports.append(press.crawl())
        yield made


def events(*kinds: str) -> list[Event]:
    return [event for event in PAPER.events() if event.kind in kinds]


def named(event: Event) -> str:
    return f"{event.kind}-{urlsplit(event.url).path.rsplit('/', 1)[-1][:40]}"


def short(url: str) -> str:
    return url.rsplit("/", 1)[-1][:50]


def overlap(one: str, other: str) -> float:
    """Dice's coefficient over words, with their number."""
    a, b = Counter(one.split()), Counter(other.split())
    return 2 * (a & b).total() / max(1, a.total() + b.total())


# every article


def test_every_announced_article_is_held_or_has_its_reason(tour: Tour) -> None:
    missing = {}
    for url in ANNOUNCED:
        try:
            tour.article(url)
        except NotCaptured:
            missing[url] = state_of(tour.press.archive, url)[0]
    assert missing == NEVER_HELD


@pytest.mark.parametrize("url", HELD, ids=short)
def test_every_version_says_what_the_page_said_then(tour: Tour, url: str) -> None:
    for version in tour.article(url).versions:
        truth = tour.press.server.paper.text_at(url, version.first_captured_at)
        assert truth is not None
        assert version.title == truth.title
        assert overlap(version.body, "\n".join(truth.paragraphs)) >= 0.9
        assert version.language == truth.language


@pytest.mark.parametrize("url", HELD, ids=short)
def test_every_article_is_dated_as_it_was_printed(tour: Tour, url: str) -> None:
    article = tour.article(url)
    truth = tour.press.server.paper.text_at(url, article.versions[0].first_captured_at)
    assert truth is not None
    for version in article.versions:
        assert version.published is not None
        assert version.published.on == truth.published.date()
        if version.published.precision in ("minute", "second"):
            assert abs(version.published.utc - truth.published) < timedelta(minutes=1)
        assert version.authors == truth.authors


def test_no_article_is_held_twice_and_none_is_invented(tour: Tour) -> None:
    kept = rows(tour.press.archive, select(article.c.outlet_id, article.c.url))
    assert sorted(urlkey(url) for _, url in kept) == sorted(urlkey(url) for url in HELD)


def test_an_unedited_article_has_one_version(tour: Tour) -> None:
    edited = {event.url for event in events(*EDITS)}
    restless = [u for u in HELD if u not in edited and len(tour.article(u).versions) > 1]
    assert restless == []


# what outlets do to their articles


@pytest.mark.parametrize("event", events(*EDITS), ids=named)
def test_an_edit_makes_a_version_with_the_new_words(tour: Tour, event: Event) -> None:
    versions = tour.article(event.url).versions
    assert len(versions) == 2
    before, after = versions
    assert before.last_captured_at < event.at < after.first_captured_at
    title, body = differences(before, after)
    changed = [c.text for c in title + body if c.kind == "added"]
    assert changed
    truth = tour.press.server.paper.text_at(event.url, after.first_captured_at)
    assert truth is not None
    shown = truth.title + "\n" + "\n".join(truth.paragraphs)
    assert all(text.split()[-1] in shown for text in changed)
    assert any(event.note.split()[0] in text for text in changed) or event.note in shown


@pytest.mark.parametrize("event", events("silent-edit"), ids=named)
def test_a_silent_edit_changes_one_sentence_and_no_date(tour: Tour, event: Event) -> None:
    before, after = tour.article(event.url).versions
    _, body = differences(before, after)
    assert Counter(c.kind for c in body if c.kind != "same") == {"removed": 1, "added": 1}
    assert event.note in next(c.text for c in body if c.kind == "added")
    assert before.published == after.published
    assert before.modified == after.modified


@pytest.mark.parametrize("event", events("correction"), ids=named)
def test_a_correction_is_kept_with_its_notice(tour: Tour, event: Event) -> None:
    before, after = tour.article(event.url).versions
    assert event.note in after.body
    assert event.note not in before.body


@pytest.mark.parametrize("event", events("edited-headline"), ids=named)
def test_an_edited_headline_leaves_the_text_alone(tour: Tour, event: Event) -> None:
    before, after = tour.article(event.url).versions
    assert after.title == event.note
    assert before.title != after.title
    assert before.body == after.body


@pytest.mark.parametrize("event", events(*DELETIONS), ids=named)
def test_a_deleted_article_is_gone_after_three_checks_and_kept(tour: Tour, event: Event) -> None:
    article = tour.article(event.url)
    cause = {"404": "HTTP 404", "410": "HTTP 410", "redirect": "redirected to the home page"}
    assert article.gone_cause == cause[event.kind.removeprefix("deleted-")]
    checks = [c for c in tour.captures(event.url) if c.captured_at > event.at]
    assert len(checks) == 3
    assert article.gone_at == pytest.approx(checks[-1].captured_at, abs=timedelta(minutes=1))
    assert len(article.versions) == 1


def test_only_what_was_deleted_is_gone(tour: Tour) -> None:
    gone = rows(tour.press.archive, select(article.c.url).where(article.c.gone_at.is_not(None)))
    assert {urlkey(u) for (u,) in gone} == {urlkey(e.url) for e in events(*DELETIONS)}


# walls


def test_a_paywalled_article_is_evidence_and_no_article(tour: Tour) -> None:
    assert state_of(tour.press.archive, PAYWALLED) == ("walled", "paywall")


def test_an_article_that_goes_behind_a_paywall_keeps_its_text(tour: Tour) -> None:
    assert ("walled", "paywall") in tour.misses(CANNERY)
    assert len(tour.article(CANNERY).versions) == 1


def test_what_stood_behind_a_consent_wall_is_fetched_when_it_is_gone(tour: Tour) -> None:
    (wall,) = events("consent-wall")
    walled = [
        url
        for report in tour.reports
        for url, outcome, reason in report.misses
        if (outcome, reason) == ("walled", "consent")
    ]
    assert walled
    for url in walled:
        assert urlsplit(url).path[:11] in ("/2026/03/03", "/2026/03/04")
        assert tour.article(url).versions[-1].last_captured_at > wall.at


def test_no_text_of_a_wall_is_held_as_an_article(tour: Tour) -> None:
    with tour.press.archive.reading() as connection:
        for words in ('"Checking your browser"', '"Before you continue"', '"Antes de continuar"'):
            assert search(connection, words, now=tour.press.clock.now(), limit=5).total == 0


def test_a_page_behind_a_bot_wall_is_walled_and_later_read(tour: Tour) -> None:
    assert ("walled", "bot") in tour.misses(REGATTA)
    assert tour.article(REGATTA).versions


# refusals


@pytest.mark.parametrize("demo", PAPER.outlets, ids=lambda demo: demo.id)
def test_what_robots_disallows_is_announced_and_never_asked_for(tour: Tour, demo: object) -> None:
    host, private = demo.host, demo.private  # type: ignore[attr-defined]
    assert [v.path for v in tour.press.server.log if v.host == host and private in v.path] == []
    refused = rows(
        tour.press.archive,
        select(frontier.c.state, frontier.c.reason).where(frontier.c.url.contains(host + private)),
    )
    rule = f"(line 2, 'Disallow: {private}', for User-agent *)"
    assert {tuple(row) for row in refused} == {
        ("refused", f"disallowed by http://{host}/robots.txt {rule}")
    }


@pytest.mark.parametrize("path", ["/exo/1/kamera", "/exo/2/metadata"])
def test_a_redirect_to_a_private_address_is_refused(tour: Tour, path: str) -> None:
    state, reason = state_of(tour.press.archive, f"http://foni-tis-alykis.example{path}")
    assert state == "refused"
    assert "not on the public internet" in (reason or "")


def test_nothing_was_sent_to_a_private_address(tour: Tour) -> None:
    private = capture.c.url.startswith("http://127.0.0.1") | capture.c.url.startswith("http://169.")
    tried = rows(tour.press.archive, select(capture.c.file, capture.c.error).where(private))
    assert tried
    assert all(file is None and "AddressRefused" in error for file, error in tried)


def test_a_redirect_loop_is_a_failure_with_a_reason(tour: Tour) -> None:
    url = "http://ahrenwalder-bote.example/weiter/here"
    assert state_of(tour.press.archive, url) == ("failed", "max redirections reached")


def test_an_endless_calendar_is_not_even_begun_and_said_to_be_left_out(tour: Tour) -> None:
    assert [v.path for v in tour.press.server.log if "/kalender/" in v.path] == []
    assert tour.reports[0].counts["sightings/trap/calendar"] > 0


# trouble


def test_a_429_is_heeded_and_the_article_fetched_later(tour: Tour) -> None:
    statuses = [c.status for c in tour.captures(LIFEBOAT)]
    assert statuses[:3] == [429, 429, 200]


def test_a_host_that_said_429_is_left_alone_as_long_as_it_said(tour: Tour) -> None:
    for name, seconds in (("harbour-gazette", 30), ("ahrenwalder-bote", 90)):
        mine = _asked(tour, name)
        waits = [
            after - at for (at, status), (after, _) in itertools.pairwise(mine) if status == 429
        ]
        assert waits
        # Retry-After as a date has whole seconds, the request came in a fraction of one
        assert min(waits) >= timedelta(seconds=seconds - 1)


def test_a_503_is_fetched_later(tour: Tour) -> None:
    assert [c.status for c in tour.captures(BRIDGE)][:3] == [503, 503, 200]


def test_a_page_cut_off_for_good_fails_and_its_pieces_are_kept(tour: Tour) -> None:
    assert state_of(tour.press.archive, CUT) == ("failed", "ResponseDataLoss")
    cut = rows(
        tour.press.archive, select(capture.c.truncated).where(capture.c.urlkey == urlkey(CUT))
    )
    assert {row[0] for row in cut} == {"disconnect"}
    mine = [h for h in _headers(tour) if h.get("WARC-Target-URI", "").startswith(CUT)]
    said = [h["WARC-Truncated"] for h in mine if h["WARC-Type"] == "response"]
    assert said == ["disconnect"] * len(cut)


def test_a_page_cut_off_once_is_read_whole_the_next_time(tour: Tour) -> None:
    assert [c.truncated for c in tour.captures(STREAM)][:2] == ["disconnect", None]


def test_a_broken_feed_is_noted_and_its_items_read(tour: Tour) -> None:
    assert tour.reports[0].visits["faro-de-puntaclara"]["problems/listings"] >= 1
    broken = "http://faro-de-puntaclara.example/rss/deportes.xml"
    assert rows(tour.press.archive, select(sighting.c.url).where(sighting.c.listing == broken))


# duplicates


def test_the_same_address_in_disguise_is_one_article(tour: Tour) -> None:
    news = "http://harbour-gazette.example/news-sitemap.xml"
    listed = rows(tour.press.archive, select(sighting.c.url).where(sighting.c.listing == news))
    held = rows(
        tour.press.archive,
        select(article_url.c.article_id, article_url.c.urlkey).where(
            article_url.c.urlkey.in_([urlkey(url) for (url,) in listed])
        ),
    )
    pages = {urlsplit(url).path.rstrip("/").removesuffix("/amp") for (url,) in listed}
    withheld = {"/business/2026/03/sailmakers-order-book"}
    assert len({id_ for id_, _ in held}) == len(pages - withheld)


def test_a_wire_story_is_an_article_of_each_outlet(tour: Tour) -> None:
    by_wire: dict[str, set[str]] = {}
    for demo in PAPER.outlets:
        for one in demo.articles:
            if one.wire:
                url = f"http://{demo.host}{one.path}"
                by_wire.setdefault(one.wire, set()).add(tour.article(url).id)
    assert {name: len(ids) for name, ids in by_wire.items()} == dict.fromkeys(by_wire, 2)


# the account


def test_the_ledger_balances(tour: Tour) -> None:
    assert "ledger/unbalanced" not in tour.total()
    with tour.press.archive.reading() as connection:
        found = status(connection, tour.press.clock.now())
    for one in found.outlets:
        lost = one.states.get("refused", 0) + one.states.get("failed", 0)
        assert one.announced == one.captured + lost + one.states.get("pending", 0)


HARBOUR, BOTE, FARO = (
    f"http://{name}.example"
    for name in ("harbour-gazette", "ahrenwalder-bote", "faro-de-puntaclara")
)
FONI, HARIAN = (f"http://{name}.example" for name in ("foni-tis-alykis", "harian-contoh"))
HAD = ("new", "changed")
BAD_DAYS: dict[str, dict[str, tuple[str, tuple[str, ...], str]]] = {
    # by kind: each URL that meets it, as what it stands in the ledger, in which states, why
    "consent-wall": {f"{FARO}/2026/03/0[34]/*": ("article", HAD, "")},
    "bot-wall": {REGATTA: ("article", HAD, "")},
    "rate-limited": {LIFEBOAT: ("article", HAD, "")},
    "rate-limited-date": {f"{BOTE}/sport/": ("section", ("polled", "unchanged"), "")},
    "unavailable": {BRIDGE: ("article", HAD, "")},
    "slow-body": {f"{HARIAN}/berita/20315/pasar-ikan-pindah": ("article", HAD, "")},
    "truncated": {
        CUT: ("article", ("failed",), "ResponseDataLoss"),
        STREAM: ("article", HAD, ""),
    },
    "gzip": {
        f"{BOTE}/*": ("section", ("polled", "unchanged"), ""),
        f"{FARO}/*": ("section", ("polled", "unchanged"), ""),
        f"{HARBOUR}/*": ("section", ("polled", "unchanged"), ""),
    },
    "brotli": {f"{BOTE}/*": ("section", ("polled", "unchanged"), "")},
    "zstd": {f"{FONI}/*": ("section", ("polled", "unchanged"), "")},
    "chunked": {f"{FONI}/*": ("section", ("polled", "unchanged"), "")},
    "chunked-trailers": {f"{FARO}/*": ("section", ("polled", "unchanged"), "")},
    "redirect-chain": {f"{HARBOUR}/short/*": ("article", HAD, "")},
    "redirect-loop": {f"{BOTE}/weiter/*": ("article", ("failed",), "max redirections reached")},
    "redirect-private": {f"{FONI}/exo/*": ("article", ("refused",), "not on the public internet")},
    "endless-calendar": {f"{HARIAN}/kalender/*": ("nothing", (), "trap/calendar")},
    "broken-feed": {f"{FARO}/rss/deportes.xml": ("feed", ("polled", "unchanged"), "")},
    "messy-feed": {f"{FONI}/rss.xml": ("feed", ("polled", "unchanged"), "")},
    "duplicate-variants": {f"{HARBOUR}/news-sitemap.xml": ("sitemap", ("polled", "unchanged"), "")},
    # what outlets do to their articles: all was held before, but for what was never open
    "edited-headline": {"*": ("article", HAD, "")},
    "silent-edit": {"*": ("article", HAD, "")},
    "correction": {"*": ("article", HAD, "")},
    "deleted-404": {"*": ("article", HAD, "")},
    "deleted-410": {"*": ("article", HAD, "")},
    "deleted-redirect": {"*": ("article", HAD, "")},
    "paywall": {
        PAYWALLED: ("article", ("walled",), "paywall"),
        CANNERY: ("article", HAD, ""),
    },
}


def test_every_kind_of_bad_day_has_a_line_in_the_ledger() -> None:
    kinds = {event.kind for event in PAPER.events()}
    assert set(BAD_DAYS) == set(BEHAVIOURS) | set(EDIT_KINDS) == kinds


@pytest.mark.parametrize("event", PAPER.events(), ids=lambda e: f"{e.outlet}-{named(e)}")
def test_a_bad_day_ends_in_its_line_of_the_ledger(tour: Tour, event: Event) -> None:
    lines = BAD_DAYS[event.kind]
    kind, states, reason = lines[event.url if event.url in lines else "*"]
    met = standing_at(tour, event.url, kind)
    if kind == "nothing":
        assert met == {}
        assert tour.total()[f"sightings/{reason}"] > 0
        return
    assert met
    for url, (state, why) in met.items():
        assert state in states, (url, state, why)
        assert reason in (why or "")
        if kind == "article":
            line = line_of(tour, url)
            assert line.announced == line.captured + line.refused + line.failed + line.pending
            if state not in HAD:
                kinds = [one for one in line.why if one.startswith(f"{state}: ")]
                assert any(one.partition(": ")[2] in why for one in kinds)


def standing_at(tour: Tour, pattern: str, kind: str) -> dict[str, tuple[str, str | None]]:
    """The articles, or the listings of a kind, that a behaviour meets, each as it stands."""
    mine = select(frontier.c.url, frontier.c.state, frontier.c.reason)
    wanted = ("article", "feed", "sitemap", "section") if kind == "nothing" else (kind,)
    found = rows(tour.press.archive, mine.where(frontier.c.kind.in_(wanted)))
    return {
        url: (state, why)
        for url, state, why in found
        if fnmatchcase(unquote(url), unquote(pattern)) or urlkey(url) == urlkey_of(pattern)
    }


def urlkey_of(pattern: str) -> str | None:
    return None if "*" in pattern else urlkey(pattern)


@pytest.mark.parametrize("event", events(*DELETIONS), ids=named)
def test_what_was_held_and_is_gone_stays_captured(tour: Tour, event: Event) -> None:
    line = line_of(tour, event.url)
    assert line.captured == line.announced - line.refused - line.failed
    assert not [why for why in line.why if "404" in why or "410" in why]


def test_what_robots_disallows_is_in_the_ledger_as_refused(tour: Tour) -> None:
    with tour.press.archive.reading() as connection:
        found = coverage(connection, tour.press.clock.now(), days=60)
    for one in found:
        said = {why for day in one.days for why in day.why if "disallowed" in why}
        assert said <= {"refused: disallowed by robots.txt"}
    assert sum(one.total("refused") for one in found) >= 2


def line_of(tour: Tour, url: str) -> Day:
    """The line of the ledger on which an article's URL stands."""
    mine = (frontier.c.kind == "article") & (frontier.c.urlkey == urlkey(url))
    columns = select(frontier.c.outlet_id, frontier.c.first_sighted_at)
    [(outlet, sighted)] = rows(tour.press.archive, columns.where(mine))
    with tour.press.archive.reading() as connection:
        day = sighted.astimezone(zone_of(connection, outlet)).date()
        now = tour.press.clock.now()
        [found] = coverage(connection, now, only=outlet, since=day, until=day)
    return found.days[0]


def test_no_lease_is_left_and_every_run_is_closed(tour: Tour) -> None:
    held = select(frontier.c.url).where(frontier.c.lease_token.is_not(None))
    assert rows(tour.press.archive, held) == []
    runs = rows(tour.press.archive, select(run_table.c.outcome, run_table.c.closed_at))
    assert len(runs) == 15
    assert all(outcome == "finished" and closed for outcome, closed in runs)
    assert [report.failed_outlets for report in tour.reports] == [{}] * 15


def test_every_request_the_newspaper_had_is_a_capture(tour: Tour) -> None:
    recorded = rows(tour.press.archive, select(capture.c.url).where(capture.c.status.is_not(None)))
    assert len(recorded) == len(tour.press.server.log)


def test_every_byte_verifies(tour: Tour) -> None:
    verdict = verify(tour.press.archive)
    assert verdict.faults == []
    assert verdict.unindexed == 0
    assert verdict.digests > 1000


def test_an_archive_of_a_simulated_time_says_so(tour: Tour) -> None:
    (path, *_) = sorted(tour.press.archive.warc_directory.iterdir())
    with path.open("rb") as stream:
        info = next(iter(ArchiveIterator(stream))).content_stream().read().decode()
    assert "simulated clock" in info


# manners


@pytest.mark.parametrize("demo", PAPER.outlets, ids=lambda demo: demo.id)
def test_a_host_is_asked_no_faster_than_agreed(tour: Tour, demo: object) -> None:
    delay = timedelta(seconds=demo.crawl_delay or 5)  # type: ignore[attr-defined]
    mine = _asked(tour, demo.id)  # type: ignore[attr-defined]
    gaps = [(after - at, at) for (at, _), (after, _) in itertools.pairwise(mine)]
    hasty = [(gap, at) for gap, at in gaps[1:] if gap < delay]  # the first was robots.txt
    assert hasty == []


def test_robots_is_asked_for_once_a_day_by_each_origin(tour: Tour) -> None:
    asked = Counter(v.host for v in tour.press.server.log if v.path == "/robots.txt")
    assert set(asked) == set(PAPER.hosts)
    assert max(asked.values()) <= 5


def test_what_states_rights_is_asked_for_once_a_day_by_each_origin(tour: Tour) -> None:
    files = set(PATHS.values())
    asked = Counter((v.host, v.path) for v in tour.press.server.log if v.path in files)
    assert set(asked) == {(host, path) for host in PAPER.hosts for path in files}
    assert max(asked.values()) <= 5


@pytest.mark.parametrize(
    ("outlet", "reserved"),
    [
        ("harbour-gazette", {"ai-training", "ai-input", "tdm"}),
        ("harian-contoh", {"ai-training"}),
        ("ahrenwalder-bote", {"tdm"}),
        ("foni-tis-alykis", set()),
    ],
)
def test_what_an_outlet_reserves_is_known_of_each_article(
    tour: Tour, outlet: str, reserved: set[str]
) -> None:
    archive = tour.press.archive
    with archive.reading() as connection:
        found = outlet_rights(connection, OutletId(outlet), archive.clock.now())
    assert set(found.reserving) == reserved
    assert all(number == found.captures for number in found.reserving.values())


def test_a_recheck_is_conditional(tour: Tour) -> None:
    answers = Counter(visit.status for visit in tour.press.server.log)
    assert answers[304] > 200


def _asked(tour: Tour, host: str) -> list[tuple[datetime, int | None]]:
    mine = capture.c.url.startswith(f"http://{host}.example/")
    statement = select(capture.c.captured_at, capture.c.status).where(mine)
    found = rows(tour.press.archive, statement.order_by(capture.c.captured_at))
    return [(at, status) for at, status in found]


def _headers(tour: Tour) -> list[dict[str, str]]:
    found = []
    for path in sorted(tour.press.archive.warc_directory.iterdir()):
        with path.open("rb") as stream:
            found += [dict(record.rec_headers.headers) for record in ArchiveIterator(stream)]
    return found
