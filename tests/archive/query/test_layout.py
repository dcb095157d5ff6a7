"""A layout that broke is seen in the outlet's own figures, and chance is not taken for one."""

from datetime import timedelta

import pytest
from support.archives import OUTLET, captured, discovery

from archive.query.layout import RARE, at_most, suspicions
from archive.settlements import Settlement

DAY = timedelta(days=1)
LONG = "The harbour grows, and the town with it. " * 40


def publish(archive, path, *, outcome="new", body=LONG, **said):
    """One page sighted, captured and settled now."""
    with archive.turn() as turn:
        turn.discover(OUTLET, [discovery(path)])
        [lease] = turn.lease(OUTLET, limit=1, for_=DAY, holder="run-1")
    article = None
    if outcome == "new":
        article = captured(archive, path, f"On {path}", body, **said)[1].article
    with archive.turn() as turn:
        turn.settle(Settlement(token=lease.token, outcome=outcome, article=article))


@pytest.fixture
def three_weeks(sqlite_archive, clock):
    """An archive with three weeks of four ordinary pages a day."""
    for day in range(21):
        for page in range(4):
            publish(sqlite_archive, f"/{day}/{page}", authors=("Imogen Pascoe",), section="Town")
        clock.advance(DAY)
    return sqlite_archive


def found(archive, clock):
    with archive.reading() as connection:
        now = clock.now()
        seen = suspicions(connection, OUTLET, now - DAY, now + DAY, now)
    return {one.figure: one for one in seen}


def test_an_ordinary_day_is_not_suspicious(three_weeks, clock):
    for page in range(8):
        publish(three_weeks, f"/today/{page}", authors=("Imogen Pascoe",), section="Town")
    assert found(three_weeks, clock) == {}


def test_a_field_that_is_found_no_longer_is_named_with_both_shares(three_weeks, clock):
    for page in range(8):
        publish(three_weeks, f"/today/{page}", section="Town")
    seen = found(three_weeks, clock)
    assert set(seen) == {"authors"}
    # four pages of the last day of the past were good
    assert (seen["authors"].before, seen["authors"].now) == (1.0, pytest.approx(4 / 12))
    assert str(seen["authors"]) == "authors on 33% of pages, was 100%"


def test_texts_that_became_stubs_are_suspicious(three_weeks, clock):
    clock.advance(DAY)
    for page in range(6):
        publish(three_weeks, f"/x/{page}", body="Read on.", authors=("I P",), section="Town")
    seen = found(three_weeks, clock)
    assert set(seen) == {"length"}
    assert str(seen["length"]) == "texts -100% long"


def test_pages_that_are_read_as_no_articles_any_more_are_suspicious(three_weeks, clock):
    clock.advance(DAY)
    for page in range(6):
        publish(three_weeks, f"/x/{page}", outcome="not-article")
    assert set(found(three_weeks, clock)) == {"article"}


def test_four_pages_prove_nothing(three_weeks, clock):
    clock.advance(DAY)
    for page in range(4):
        publish(three_weeks, f"/x/{page}", body="Read on.")
    assert found(three_weeks, clock) == {}


def test_a_young_outlet_has_no_past_to_break_with(sqlite_archive, clock):
    for page in range(9):
        publish(sqlite_archive, f"/x/{page}", body="Read on.")
    assert found(sqlite_archive, clock) == {}


@pytest.mark.parametrize(
    ("hits", "tries", "share", "chance"),
    [(0, 1, 0.5, 0.5), (5, 5, 0.3, 1.0), (0, 5, 0.9, 1e-5), (1, 2, 0.5, 0.75), (0, 3, 1.0, 0.0)],
)
def test_the_tail_of_a_binomial(hits, tries, share, chance):
    assert at_most(hits, tries, share) == pytest.approx(chance)


def test_so_many_of_many_is_rare():
    assert at_most(200, 500, 0.8) < RARE < at_most(395, 500, 0.8)
