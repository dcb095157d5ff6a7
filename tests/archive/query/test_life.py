"""The life of a URL, from all that is kept of it."""

from datetime import timedelta

import pytest
from support.archives import (
    FEED,
    NOW,
    OUTLET,
    RUN,
    captured,
    discovery,
    draft,
    exchange,
    provenance,
    response,
    url,
)

from archive.query.life import life, url_of
from archive.settlements import Settlement
from archive.urls import urlkey

HOUR = timedelta(hours=1)


def told(archive, path="/harbour"):
    with archive.reading() as connection:
        return life(connection, url(path), archive.clock.now())


def is_empty(found):
    return not any((found.sightings, found.standings, found.attempts, found.versions))


@pytest.fixture
def lived(archive, clock):
    """Announced twice, failed once, then had."""
    with archive.turn() as turn:
        turn.discover(OUTLET, [discovery(title="Harbour")])
    clock.advance(HOUR)
    with archive.turn() as turn:
        turn.discover(OUTLET, [discovery()])
        turn.discover(OUTLET, [discovery(listing=url("/"), kind="section")])
        [one] = turn.lease(OUTLET, limit=1, for_=HOUR, holder=RUN)
        turn.record(exchange(response=response(b"", status=b"503 Busy")), provenance())
        turn.settle(
            Settlement(
                token=one.token,
                outcome="failed",
                reason="HTTP 503",
                next_due_at=NOW,
                due_reason="temporary failure 1 in a row: 10 min",
                weight=0.25,
            )
        )
        turn.hosts.hold("lantern.example", until=NOW + 2 * HOUR, reason="HTTP 503")
    clock.advance(HOUR)
    return archive


def test_it_tells_who_named_it_and_when_first_and_last(lived):
    first, second = told(lived).sightings
    assert (first.listing, first.first_at, first.last_at) == (FEED, NOW, NOW + HOUR)
    assert (first.title, second.listing) == ("Harbour", url("/"))


def test_it_tells_how_it_stands_and_when_it_is_due_and_why(lived):
    found = told(lived)
    [one] = found.standings
    assert (one.state, one.reason, one.attempts, one.score) == ("failed", "HTTP 503", 1, 0.25)
    assert (one.next_due_at, one.due_reason) == (NOW, "temporary failure 1 in a row: 10 min")
    state = found.host.state
    assert (state.held_until, state.held_reason) == (NOW + 2 * HOUR, "HTTP 503")


def test_it_tells_each_attempt_with_its_record_and_what_was_made_of_it(lived):
    capture, saved = captured(lived)
    first, second = told(lived).attempts
    assert (first.status, first.outcome) == (503, None)
    assert (second.id, second.outcome, second.version) == (capture.id, "new", saved.version)
    found = told(lived)
    assert (found.article, found.versions) == (saved.article, (saved.version,))


def test_a_redirect_is_told_with_its_hops_and_ends_even_if_it_goes_round(archive):
    with archive.turn() as turn:
        for at, to in (("/a", b"/b"), ("/b", b"/a")):
            moved = response(b"", b"Location: " + to, status=b"301 Moved")
            turn.record(exchange(at, response=moved), provenance())
    attempts = told(archive, "/a").attempts
    assert [(one.hop, one.url) for one in attempts][:2] == [(0, url("/a")), (1, url("/b"))]
    assert len(attempts) <= 11


def test_a_wall_is_named(archive):
    with archive.turn() as turn:
        one = turn.record(exchange("/wall", b"pay"), provenance())
        turn.dismiss(draft(wall="paywall"), one, outcome="walled")
    [attempt] = told(archive, "/wall").attempts
    assert (attempt.outcome, attempt.wall) == ("walled", "paywall")


def test_a_lease_is_told_with_who_has_it(archive):
    with archive.turn() as turn:
        turn.discover(OUTLET, [discovery()])
        turn.lease(OUTLET, limit=1, for_=HOUR, holder=RUN)
    [one] = told(archive).standings
    assert (one.lent_to, one.lent_until) == (RUN, NOW + HOUR)


def test_what_was_never_heard_of_has_no_life(archive):
    found = told(archive, "/nowhere")
    assert not found.is_restricted
    assert is_empty(found)


@pytest.mark.parametrize("scope", ["article", "urlkey"])
def test_of_what_is_restricted_nothing_is_told(lived, scope):
    _, saved = captured(lived)
    target = saved.article if scope == "article" else urlkey(url())[:18]
    with lived.turn() as turn:
        turn.restrict(scope, target, reason="a court", actor="Anna")
    found = told(lived)
    assert found.is_restricted
    assert is_empty(found)
    assert (found.article, found.host) == (None, None)


@pytest.mark.parametrize("is_held", [True, False])
def test_of_an_outlet_that_is_restricted_nothing_is_told(lived, is_held):
    if is_held:
        captured(lived)
    with lived.turn() as turn:
        turn.restrict("outlet", OUTLET, reason="a court", actor="Anna")
    found = told(lived)
    assert found.is_restricted
    assert is_empty(found)


def test_an_article_is_found_by_the_beginning_of_its_id(lived):
    _, saved = captured(lived)
    with lived.reading() as connection:
        assert url_of(connection, saved.article[:6]) == url()
        assert url_of(connection, "a:%") is None
