"""The morning report tells of one day: what came, what did not, and what changed."""

from datetime import date, timedelta

from support.archives import NOW, OUTLET, captured, declaration, discovery, keep

from archive.query.morning import morning
from archive.records import ArticleId
from archive.robotstxt import RobotsFile
from archive.settlements import Settlement

DAY = timedelta(days=1)
OUTCOMES = ("new", "walled", "refused", "failed", "not-article")


def settle_all(archive, names):
    with archive.turn() as turn:
        turn.discover(OUTLET, [discovery(f"/{name}") for name in names])
        for one in turn.lease(OUTLET, limit=99, for_=DAY, holder="run-1"):
            name = one.url.rsplit("/", 1)[1]
            if name != "pending":
                article = ArticleId("a:1") if name == "new" else None
                settlement = Settlement(
                    token=one.token, outcome=name, reason=f"why {name}", article=article
                )
                turn.settle(settlement)


def report(archive, on=None):
    with archive.reading() as connection:
        return morning(connection, archive.directory, archive.clock.now(), on)


def test_the_last_day_is_a_ledger_of_its_own(archive, clock):
    settle_all(archive, ["new", "failed"])
    clock.advance(2 * DAY)
    settle_all(archive, ["walled", "refused", "not-article", "pending"])
    [one] = report(archive).outlets
    assert one.states == {"walled": 1, "refused": 1, "not-article": 1, "pending": 1}
    assert (one.announced, one.captured, one.complete) == (4, 2, 0.5)


def test_walls_are_told_with_their_beginning_and_an_example(archive, clock):
    settle_all(archive, ["walled"])
    [wall] = report(archive).outlets[0].walls
    assert (wall.reason, wall.pages, wall.since) == ("why walled", 1, NOW)
    assert wall.example.endswith("/walled")


def test_edits_and_deletions_count_on_the_day_they_were_seen(archive, clock):
    keep(archive, "/a")
    keep(archive, "/b")
    clock.advance(3 * DAY)
    assert report(archive).outlets[0].edits == 0
    captured(archive, "/a", body="Edited.")
    with archive.turn() as turn:
        turn.discover(OUTLET, [discovery("/b")])
        [lease] = turn.lease(OUTLET, limit=1, for_=DAY, holder="run-1")
        turn.mark_gone(lease, "HTTP 410")
    [one] = report(archive).outlets
    assert (one.edits, one.deletions) == (1, 1)


def test_what_is_taken_down_is_not_counted(archive, clock):
    saved = keep(archive, "/a")
    captured(archive, "/a", body="Edited.")
    with archive.turn() as turn:
        turn.restrict("article", saved.article, reason="court", actor="anna")
    assert report(archive).outlets[0].edits == 0


def test_no_url_is_told_that_is_taken_down(archive, clock):
    settle_all(archive, ["walled"])
    with archive.turn() as turn:
        turn.sync_outlet(declaration(), [("feed", "https://lantern.example/feed.xml")])
        [lease] = turn.lease(OUTLET, limit=1, for_=DAY, holder="run-1")
        due = NOW + DAY
        turn.settle(Settlement(token=lease.token, outcome="failed", reason="x", next_due_at=due))
        hidden = turn.restrict("urlkey", "example,lantern)/walled", reason="court", actor="anna")
    [one] = report(archive).outlets
    assert (one.announced, one.walls) == (1, ())
    assert one.failed_listings
    with archive.turn() as turn:
        turn.lift(hidden)
        turn.restrict("outlet", OUTLET, reason="court", actor="anna")
    [one] = report(archive).outlets
    assert (one.walls, one.failed_listings) == ((), {})


def test_a_day_is_the_outlets_own(archive, clock):
    """Jakarta is seven hours ahead: what was sighted at six UTC is of the second of March there."""
    settle_all(archive, ["new"])
    assert report(archive, date(2026, 3, 2)).outlets[0].announced == 1
    assert report(archive, date(2026, 3, 1)).outlets[0].announced == 0
    [one] = report(archive, date(2026, 3, 2)).outlets
    assert (one.since.isoformat(), one.until - one.since) == ("2026-03-01T17:00:00+00:00", DAY)


def test_listings_that_failed_and_hosts_that_wait_are_named(archive, clock):
    with archive.turn() as turn:
        turn.sync_outlet(declaration(), [("feed", "https://lantern.example/feed.xml")])
        [lease] = turn.lease(OUTLET, limit=1, for_=DAY, holder="run-1")
        turn.settle(
            Settlement(
                token=lease.token, outcome="failed", reason="HTTP 500", next_due_at=NOW + DAY
            )
        )
        turn.hosts.hold("lantern.example", until=NOW + DAY, reason="HTTP 429")
    found = report(archive)
    assert found.outlets[0].failed_listings == {"https://lantern.example/feed.xml": "HTTP 500"}
    assert found.held == {"lantern.example": (NOW + DAY, "HTTP 429")}


def keep_robots(archive, body, status=200):
    with archive.turn() as turn:
        turn.hosts.keep_robots(
            RobotsFile(
                origin="https://lantern.example",
                fetched_at=archive.clock.now(),
                status=status,
                body=body,
            )
        )


def test_a_robots_txt_that_changed_is_told_with_its_lines(archive, clock):
    keep_robots(archive, "User-agent: *\nDisallow: /a")
    assert report(archive).robots == ()
    clock.advance(2 * DAY)
    keep_robots(archive, "User-agent: *\nDisallow: /b  # new\nDisallow: /c\n")
    [change] = report(archive).robots
    assert (change.added, change.removed) == (("Disallow: /b", "Disallow: /c"), ("Disallow: /a",))
    assert str(change) == "https://lantern.example +2 -1 line"
    clock.advance(2 * DAY)
    keep_robots(archive, None, status=404)
    assert (
        str(report(archive).robots[0]) == "https://lantern.example went from HTTP 200 to HTTP 404"
    )
    clock.advance(2 * DAY)
    assert report(archive).robots == ()
