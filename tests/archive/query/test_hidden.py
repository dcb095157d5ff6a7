"""No report tells text, title, name or address of what a restriction hides; figures may stay."""

from datetime import timedelta

import pytest
from support.archives import HOME, NOW, OUTLET, declaration, discovery, keep, url

from archive.console import as_json
from archive.query.calendar import shelves
from archive.query.coverage import coverage
from archive.query.layout import suspicions
from archive.query.life import life
from archive.query.morning import morning
from archive.query.schedules import held_hosts, upcoming
from archive.query.status import reasons, status
from archive.records import OutletId, Url
from archive.robotstxt import RobotsFile
from archive.schedules import Schedule
from archive.settlements import Poll, Settlement

DAY = timedelta(days=1)
LISTING = Url(f"{HOME}/secret-feed.xml")
MARK = "secret"


@pytest.fixture
def told(archive, clock):
    """An archive in which every address and title has one word in it."""
    keep(archive, f"/{MARK}-held", f"The {MARK} headline")
    with archive.turn() as turn:
        turn.sync_outlet(declaration(name=f"The {MARK} paper"), [("feed", LISTING)])
        turn.hosts.hold("lantern.example", until=NOW + 9 * DAY, reason="HTTP 429")
        turn.schedules.set(Schedule(outlet=OUTLET, every=DAY, zone="UTC", set_at=NOW))
        [lease] = turn.lease(OUTLET, limit=1, for_=DAY, holder="run-1")
        gap = Poll(items=3, known=0, denied=0, every=None, gap=(NOW - DAY, NOW))
        turn.settle(
            Settlement(token=lease.token, outcome="polled", next_due_at=NOW + DAY, poll=gap)
        )
        for body in ("Disallow: /a", f"Disallow: /{MARK}"):
            turn.hosts.keep_robots(
                RobotsFile(
                    origin=HOME,
                    fetched_at=clock.now(),
                    status=200,
                    body=f"User-agent: *\n{body}",
                    capture=None,
                )
            )
            clock.advance(timedelta(minutes=1))
        turn.discover(OUTLET, [discovery(f"/{MARK}-walled", LISTING, title=f"{MARK} title")])
        for one in turn.lease(OUTLET, limit=9, for_=DAY, holder="run-1"):
            said = f"disallowed by {HOME}/robots.txt ({MARK})"
            turn.settle(Settlement(token=one.token, outcome="refused", reason=said))
    return archive


def reports(archive):
    now = archive.clock.now()
    with archive.reading() as connection:
        return {
            "today": as_json(morning(connection, archive.directory, now)),
            "coverage": as_json(coverage(connection, now)),
            "status": as_json(status(connection, now)),
            "reasons": repr(reasons(connection, OUTLET, now)),
            "why": as_json(life(connection, url(f"/{MARK}-walled"), now)).replace(
                f"/{MARK}-walled",
                "",  # who asks has typed this much
            ),
            "held": as_json(held_hosts(connection, now)),
            "schedule": as_json(upcoming(connection, OUTLET, now)),
            "calendar": repr(shelves(connection, now)),
        }


def test_every_report_tells_of_it_while_nothing_is_hidden(told):
    found = reports(told)
    plain = {name for name, text in found.items() if MARK in text or "lantern.example" in text}
    assert plain == set(found)


@pytest.mark.parametrize(("scope", "target"), [("outlet", OUTLET), ("urlkey", "example,lantern)/")])
def test_no_report_tells_of_what_is_hidden(told, scope, target):
    with told.turn() as turn:
        turn.restrict(scope, target, reason="court", actor="anna")
    for name, text in reports(told).items():
        # the outlet itself is not hidden by a urlkey
        said = text if scope == "outlet" else text.replace(f"The {MARK} paper", "")
        assert MARK not in said, name
        assert "lantern.example" not in said, name


def test_a_hidden_outlet_keeps_its_figures_under_its_id(told):
    with told.turn() as turn:
        turn.restrict("outlet", OUTLET, reason="court", actor="anna")
    with told.reading() as connection:
        [where] = status(connection, told.clock.now()).outlets
        [days] = coverage(connection, told.clock.now())
        assert (where.id, where.name, where.announced) == (OUTLET, OUTLET, 1)
        assert (days.name, days.total("refused"), days.gaps) == (OUTLET, 1, ())
        assert shelves(connection, told.clock.now()) == []


def test_a_suspicion_is_not_made_of_hidden_pages(archive, clock):
    """Twenty pages with a section before, five without it now: nobody is to learn of the five."""
    for number in range(25):
        is_now = number >= 20
        section = None if is_now else "sport"
        saved = keep(archive, f"/{number}", f"News {number}", section=section)
        with archive.turn() as turn:
            turn.discover(OUTLET, [discovery(f"/{number}")])
            [lease] = turn.lease(OUTLET, limit=1, for_=DAY, holder="run-1")
            done = Settlement(token=lease.token, outcome="new", article=saved.article)
            turn.settle(done)
            if is_now:
                turn.restrict("article", saved.article, reason="court", actor="anna")
        if number == 19:
            clock.advance(2 * DAY)
    now = clock.now()
    with archive.reading() as connection:
        assert suspicions(connection, OUTLET, now - DAY, now + DAY, NOW - 9 * DAY) == []
        assert suspicions(connection, OUTLET, now - DAY, now + DAY, now) == []
    with archive.writing() as connection:
        connection.exec_driver_sql("DELETE FROM restriction")
    with archive.reading() as connection:
        [one] = suspicions(connection, OUTLET, now - DAY, now + DAY, now)
    assert one.figure == "section"


def test_a_host_that_another_outlet_shares_is_not_hidden(told):
    with told.turn() as turn:
        turn.sync_outlet(declaration(OutletId("evening"), home=f"{HOME}/evening/"), None)
        turn.restrict("outlet", OUTLET, reason="court", actor="anna")
    with told.reading() as connection:
        assert [host for host, _, _ in held_hosts(connection, told.clock.now())] == [
            "lantern.example"
        ]
