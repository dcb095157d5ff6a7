"""Rescues as rows, one going on at a time, and what is looked at once more at an end."""

from datetime import timedelta

from support.archives import NOW, OUTLET, discovery, keep, url

from archive.digests import sha256
from archive.settlements import Settlement
from archive.urls import urlkey

DIGEST = sha256(b"certificate")


def settled(archive, path, outcome, **how):
    with archive.turn() as turn:
        [lease] = turn.lease(
            OUTLET, limit=1, for_=timedelta(minutes=5), holder="x", only=urlkey(url(path))
        )
        turn.settle(Settlement(token=lease.token, outcome=outcome, **how))


def test_a_rescue_goes_on_until_it_is_ended_and_then_another_begins(archive, clock):
    with archive.turn() as turn:
        first = turn.backlog.rescue(OUTLET, NOW.date())
    clock.advance(timedelta(days=3))
    with archive.turn() as turn:
        again = turn.backlog.rescue(OUTLET, None)
        turn.backlog.end_rescue(OUTLET, certificate="x.json", digest=DIGEST)
    assert again == first
    assert (first.begun_at, first.closes_on) == (NOW, NOW.date())
    with archive.turn() as turn:
        assert turn.backlog.rescue(OUTLET, None).begun_at == NOW + timedelta(days=3)


def test_what_was_asked_for_before_is_due_once_more_and_what_is_no_article_is_not(archive, clock):
    paths = ("/harbour", "/failed", "/index", "/waits", "/since")
    with archive.turn() as turn:
        turn.discover(OUTLET, [discovery(path) for path in paths])
    one = keep(archive)
    settled(archive, "/harbour", "new", article=one.article)
    settled(archive, "/failed", "failed", reason="HTTP 404", is_retired=True)
    settled(archive, "/index", "not-article", reason="a list")
    clock.advance(timedelta(hours=1))
    begun = clock.now()
    clock.advance(timedelta(hours=1))
    settled(archive, "/since", "failed", reason="HTTP 500")
    with archive.turn() as turn:
        assert turn.backlog.unseen(OUTLET, begun) == 2
        assert turn.backlog.look_again(OUTLET, begun) == 3  # and the one that waits
        lent = turn.lease(OUTLET, limit=9, for_=timedelta(minutes=5), holder="y")
        assert turn.backlog.look_again(OUTLET, begun) == 0  # somebody has them
    assert {one.url for one in lent} == {url(path) for path in ("/harbour", "/failed", "/waits")}


def test_a_failure_that_passes_soon_is_known_and_a_long_one_is_not_waited_for(archive):
    with archive.turn() as turn:
        turn.discover(OUTLET, [discovery("/soon"), discovery("/later")])
    for path, hours in (("/soon", 1), ("/later", 30)):
        due = NOW + timedelta(hours=hours)
        settled(archive, path, "failed", reason="HTTP 503", next_due_at=due)
    with archive.turn() as turn:
        assert turn.backlog.failed_until(OUTLET, NOW) is None
        soon = turn.backlog.failed_until(OUTLET, NOW + timedelta(hours=2))
    assert soon == NOW + timedelta(hours=1)
