"""The ledger balances: announced = captured + refused + failed + pending."""

from datetime import timedelta

from support.archives import NOW, OUTLET, RUN, captured, declaration, discovery, keep, url

from archive.query.status import reasons, status
from archive.records import ArticleId
from archive.settlements import Settlement

HOUR = timedelta(hours=1)
OUTCOMES = ["new", "walled", "not-article", "unextractable", "refused", "failed", "gone"]


def asked(archive):
    with archive.reading() as connection:
        return status(connection, archive.clock.now())


def settle_all(archive):
    with archive.turn() as turn:
        turn.discover(OUTLET, [discovery(f"/{name}") for name in OUTCOMES])
        turn.discover(OUTLET, [discovery("/pending")])
        for one in turn.lease(OUTLET, limit=99, for_=HOUR, holder="run-1"):
            name = one.url.rsplit("/", 1)[1]
            if name == "pending":
                continue
            turn.settle(
                Settlement(
                    token=one.token,
                    outcome=name,
                    reason=f"why {name}",
                    article=ArticleId("a:1") if name == "new" else None,
                    next_due_at=NOW + 5 * HOUR,
                )
            )


def test_an_archive_that_knows_nothing_says_so(sqlite_directory, clock):
    from archive.store import Archive

    with Archive.open(sqlite_directory, clock=clock) as opened:
        found = asked(opened)
    assert (found.outlets, found.captures, found.bytes, found.runs) == ((), 0, 0, ())


def test_every_url_stands_somewhere(archive):
    settle_all(archive)
    [one] = asked(archive).outlets
    assert one.states == dict.fromkeys([*OUTCOMES, "pending"], 1)
    assert (one.announced, one.captured) == (8, 5)


def test_what_is_lent_is_not_due_until_its_lease_ends(archive, clock):
    settle_all(archive)
    [one] = asked(archive).outlets
    assert (one.due, one.next_due_at) == (0, NOW)
    clock.advance(HOUR)
    assert asked(archive).outlets[0].due == 1
    clock.advance(4 * HOUR)
    assert asked(archive).outlets[0].due == 8


def test_articles_versions_and_edits_are_counted(archive, clock):
    keep(archive, "/a")
    keep(archive, "/b")
    clock.advance(HOUR)
    capture, _ = captured(archive, "/b", body="Edited.")
    [one] = asked(archive).outlets
    assert (one.articles, one.versions, one.edited, one.gone) == (2, 3, 1, 0)
    assert one.last_capture_at == NOW + HOUR
    found = asked(archive)
    assert found.captures == 3
    assert found.bytes > capture.place.length


def test_the_gone_are_counted(archive):
    keep(archive)
    with archive.turn() as turn:
        turn.discover(OUTLET, [discovery()])
        [lease] = turn.lease(OUTLET, limit=1, for_=HOUR, holder="run-1")
        turn.mark_gone(lease, "HTTP 410")
    assert asked(archive).outlets[0].gone == 1


def test_outlets_are_counted_apart(archive):
    with archive.turn() as turn:
        turn.sync_outlet(declaration("other"), None)
    keep(archive)
    assert [(one.id, one.articles) for one in asked(archive).outlets] == [
        ("lantern", 1),
        ("other", 0),
    ]


def test_the_last_runs_come_with_their_numbers(archive, clock):
    clock.advance(HOUR)
    with archive.turn() as turn:
        turn.close_run("run-1", outcome="finished", counts={"new": 3})
        turn.open_run("run-2", [OUTLET])
    latest, first = asked(archive).runs
    assert (latest["id"], latest["closed_at"], latest["outcome"]) == ("run-2", None, None)
    assert (first["outcome"], first["counts"]) == ("finished", {"new": 3})


def test_what_is_not_held_has_a_reason(archive):
    settle_all(archive)
    with archive.reading() as connection:
        found = reasons(connection, OUTLET, archive.clock.now())
    assert found == {(name, f"why {name}"): 1 for name in OUTCOMES if name != "new"}


def test_listings_that_were_given_up_are_counted(archive):
    with archive.turn() as turn:
        turn.sync_outlet(declaration(), [("feed", url("/feed.xml")), ("feed", url("/other.xml"))])
        dead, _ = turn.lease(OUTLET, limit=2, for_=timedelta(minutes=5), holder=RUN)
        turn.settle(
            Settlement(token=dead.token, outcome="failed", reason="HTTP 410", is_retired=True)
        )
    with archive.reading() as connection:
        [one] = status(connection, NOW).outlets
    assert one.retired == 1
