"""When to look again, and that each answer says how it was reckoned."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler import cadence
from crawler.cadence import Due, Tempo

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DOWN, EMPTY, NOWHERE = "HTTP 500", "not a feed: an HTML page", "HTTP 404"


# listings


def polled(items: int = 40, known: int = 30, every: timedelta | None = HOUR, **more: object) -> Due:
    how = {"tempo": Tempo(), **more}
    return cadence.poll(NOW, "feed", items=items, known=known, every=every, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("items", "known", "every", "step", "why"),
    [
        (40, 37, 30 * MINUTE, 36 * MINUTE, "feed: 92% known of 40, 30 min × 1.2 = 36 min"),
        (40, 36, 30 * MINUTE, 30 * MINUTE, "feed: 90% known of 40, 30 min"),
        (40, 24, 30 * MINUTE, 30 * MINUTE, "feed: 60% known of 40, 30 min"),
        (40, 23, HOUR, 30 * MINUTE, "feed: 57% known of 40, 1 h × 0.5 = 30 min"),
        (9, 0, 20 * MINUTE, 15 * MINUTE,
         "feed: 0% known of 9, 20 min × 0.5 = 10 min, at least 15 min"),
        (0, 0, 5.5 * HOUR, 6 * HOUR,
         "feed: nothing new, 5 h 30 min × 1.2 = 6 h 36 min, at most 6 h"),
        (40, 0, None, 15 * MINUTE, "feed: read for the first time, 15 min"),
    ],
)  # fmt: skip
def test_the_share_of_known_items_is_kept_in_a_band(
    items: int, known: int, every: timedelta | None, step: timedelta, why: str
) -> None:
    due = polled(items, known, every)
    assert due == Due(at=NOW + step, why=why, every=step)


def test_a_quiet_listing_drifts_to_the_longest_interval_and_a_busy_one_to_the_shortest() -> None:
    quiet = busy = HOUR
    for _ in range(20):
        quiet = polled(30, 30, quiet).every or quiet
        busy = polled(30, 3, busy).every or busy
    assert (quiet, busy) == (6 * HOUR, 15 * MINUTE)


def test_an_interval_settles_where_a_poll_brings_some_but_not_most_of_its_items() -> None:
    """A feed of 30 items whose outlet publishes six an hour."""
    every = 15 * MINUTE
    for _ in range(30):
        fresh = min(round(every / HOUR * 6), 30)
        every = polled(30, 30 - fresh, every).every or every
    assert 0.6 <= 1 - round(every / HOUR * 6) / 30 <= 0.9


@pytest.mark.parametrize(
    ("wish", "step", "said"),
    [
        (30 * MINUTE, HOUR, "1 h"),
        (2 * HOUR, 2 * HOUR, "1 h, but it asks for 2 h"),
        (7 * DAY, 6 * HOUR, "1 h, but it asks for 7 d, at most 6 h"),
    ],
)
def test_a_feed_may_ask_for_more_time_up_to_the_longest(
    wish: timedelta, step: timedelta, said: str
) -> None:
    due = polled(wish=wish)
    assert due.at == NOW + step
    assert due.why == f"feed: 75% known of 40, {said}"


def test_the_bounds_are_the_tempos() -> None:
    tempo = Tempo(shortest=HOUR, longest=2 * HOUR)
    assert polled(40, 0, HOUR, tempo=tempo).every == HOUR
    assert polled(0, 0, 2 * HOUR, tempo=tempo).every == 2 * HOUR


def test_sections_can_be_looked_at_on_the_clock_and_feeds_adapt_all_the_same() -> None:
    tempo = Tempo(section_every=30 * MINUTE)
    how = {"items": 0, "known": 0, "every": HOUR, "tempo": tempo}
    section = cadence.poll(NOW, "section", **how)  # type: ignore[arg-type]
    assert section.why == "section: every 30 min"
    assert section.at == NOW + 30 * MINUTE
    assert cadence.poll(NOW, "feed", **how).every == 1.2 * HOUR  # type: ignore[arg-type]


def gap(**facts: object) -> tuple[datetime, datetime] | None:
    how = {"items": 30, "known": 0, "polled_at": NOW - 9 * HOUR, "oldest": None, **facts}
    return cadence.gap(NOW, **how)  # type: ignore[arg-type]


def test_a_poll_that_knows_nothing_any_more_proves_a_gap() -> None:
    assert gap() == (NOW - 9 * HOUR, NOW)


def test_a_gap_ends_where_the_listing_begins() -> None:
    assert gap(oldest=NOW - 3 * HOUR) == (NOW - 9 * HOUR, NOW - 3 * HOUR)
    for absurd in (NOW - 30 * DAY, NOW + DAY):
        assert gap(oldest=absurd) == (NOW - 9 * HOUR, NOW)


@pytest.mark.parametrize("facts", [{"known": 1}, {"items": 0}, {"items": 1}, {"polled_at": None}])
def test_nothing_else_proves_one(facts: dict[str, object]) -> None:
    assert gap(**facts) is None


@pytest.mark.parametrize(
    ("ttl", "cache_control", "wish"),
    [
        (None, None, None),
        (HOUR, None, HOUR),
        (None, "public, max-age=600", 10 * MINUTE),
        (HOUR, "max-age=60", HOUR),
        (None, 'Max-Age="120"', 2 * MINUTE),
        (None, "max-age=31536000", None),
        (None, "max-age=99999999999999999999", None),
        (None, "max-age=-1, max-age=x, s-maxage=9, ,=", None),
        (None, "max-age=²", None),
    ],
)
def test_a_publishers_wish_is_the_feeds_ttl_or_a_max_age_that_can_be_believed(
    ttl: timedelta | None, cache_control: str | None, wish: timedelta | None
) -> None:
    assert cadence.wish(ttl, cache_control) == wish


@pytest.mark.parametrize(
    ("reason", "attempts", "wait", "kind"),
    [
        (DOWN, 0, 10 * MINUTE, "temporary"),
        (DOWN, 1, 20 * MINUTE, "temporary"),
        (DOWN, 9, DAY, "temporary"),
        (EMPTY, 0, 30 * MINUTE, "soft"),
        (NOWHERE, 0, HOUR, "hard"),
        (NOWHERE, 10_000, DAY, "hard"),
    ],
)
def test_a_listing_that_failed_is_asked_for_again_by_the_kind_of_failure(
    reason: str, attempts: int, wait: timedelta, kind: str
) -> None:
    due = cadence.listing_failed(NOW, reason, attempts=attempts, score=0.0)
    assert due.at == NOW + wait
    assert due.why == f"{kind} failure {attempts + 1} in a row: {cadence.span(wait)}"
    assert not due.is_retired


@pytest.mark.parametrize(
    ("reason", "failures", "at_least", "at_most"),
    [
        (NOWHERE, 10, 5 * DAY, 8 * DAY),
        (EMPTY, 20, 12 * DAY, 18 * DAY),
        (DOWN, 40, 28 * DAY, 36 * DAY),
    ],
)
def test_a_listing_that_only_fails_is_retired_and_probed_monthly(
    reason: str, failures: int, at_least: timedelta, at_most: timedelta
) -> None:
    now, score, attempts = NOW, 0.0, 0
    while True:
        due = cadence.listing_failed(now, reason, attempts=attempts, score=score)
        attempts, score = attempts + 1, score + due.weight
        if due.is_retired:
            break
        assert due.at
        now = due.at
    assert attempts == failures
    assert at_least < now - NOW < at_most
    assert due.at == now + 30 * DAY
    assert due.why == f"retired after {failures} failures: probed every 30 d"


def test_a_listing_that_is_disallowed_is_asked_about_daily_and_never_retired() -> None:
    disallowed = "disallowed by https://paper.example/robots.txt"
    due = cadence.refused_listing(NOW, disallowed, attempts=999)
    assert due == Due(at=NOW + 20 * HOUR, why="refused: 20 h")


def test_a_robots_txt_that_cannot_be_had_is_asked_for_again_soon() -> None:
    unreachable = "robots.txt unreachable (HTTP 503)"
    first = cadence.refused_listing(NOW, unreachable, attempts=0)
    assert first == Due(at=NOW + HOUR, why="robots.txt unreachable 1 times: 1 h")
    assert cadence.refused_listing(NOW, unreachable, attempts=99).at == NOW + 20 * HOUR


def test_a_sitemap_of_an_index_waits_for_its_index() -> None:
    assert cadence.child() == Due(at=None, why="sitemap: when its index says that it changed")


# articles


@pytest.mark.parametrize(
    ("age", "unchanged", "step"),
    [
        (timedelta(), 0, 15 * MINUTE),
        (3 * HOUR - MINUTE, 0, 15 * MINUTE),
        (3 * HOUR, 0, HOUR),
        (DAY - MINUTE, 0, HOUR),
        (DAY, 0, 3 * HOUR),
        (7 * DAY, 0, 3 * DAY),
        (30 * DAY, 0, 30 * DAY),
        (359 * DAY, 0, 30 * DAY),
        (360 * DAY, 0, None),
        (timedelta(), 1, 18 * MINUTE),
        (DAY, 2, 3 * HOUR * 1.44),
        (30 * DAY, 1000, 90 * DAY),
        (-HOUR, 0, 15 * MINUTE),
    ],
)
def test_an_article_is_looked_at_by_its_age_and_its_calm(
    age: timedelta, unchanged: int, step: timedelta | None
) -> None:
    due = cadence.recheck(NOW, NOW - age, unchanged).at
    if step is None:
        assert due is None
    else:
        assert due is not None
        assert abs(due - NOW - step) < timedelta(seconds=1)


def test_a_factor_looks_at_articles_that_much_more_often() -> None:
    due = cadence.recheck(NOW, NOW - 5 * HOUR, 6, 3.0)
    assert due.why == "article 5 h old: 1 h × 1.2^2 unchanged ÷ 3 = 28 min 48 s"
    assert due.at == NOW + 28 * MINUTE + timedelta(seconds=48)


def test_a_factor_holds_all_of_a_life_through() -> None:
    """Three times as many rechecks stretch the step as far as one third of them do otherwise."""
    assert (cadence.recheck(NOW, NOW - 5 * HOUR, 30, 3.0).at or NOW) - NOW == (
        (cadence.recheck(NOW, NOW - 5 * HOUR, 10).at or NOW) - NOW
    ) / 3


@pytest.mark.parametrize(
    ("reason", "waits"),
    [
        (DOWN, [10 * MINUTE, 30 * MINUTE, 90 * MINUTE, 270 * MINUTE, 810 * MINUTE, DAY, DAY]),
        ("HTTP 403", [HOUR, 6 * HOUR, DAY]),
        (NOWHERE, [HOUR]),
    ],
)
def test_a_page_that_failed_is_tried_again_by_the_kind_of_failure_and_given_up(
    reason: str, waits: list[timedelta]
) -> None:
    score = 0.0
    for attempts, wait in enumerate(waits):
        due = cadence.page_failed(NOW, reason, attempts=attempts, score=score, is_held=False)
        assert due.at == NOW + wait
        score += due.weight
    last = cadence.page_failed(NOW, reason, attempts=len(waits), score=score, is_held=False)
    assert last.at is None
    assert last.is_retired
    assert last.why.startswith(f"given up after {len(waits) + 1} failures, the last ")


def test_an_article_that_is_held_is_never_given_up_for_failures() -> None:
    due = cadence.page_failed(NOW, DOWN, attempts=99, score=25.0, is_held=True)
    assert due.at == NOW + 30 * DAY
    assert not due.is_retired


@pytest.mark.parametrize(
    ("age", "wait"), [(timedelta(), 20 * HOUR), (7 * DAY, 3 * DAY), (30 * DAY, None)]
)
@pytest.mark.parametrize("outcome", ["refused", "walled"])
def test_what_is_closed_is_asked_for_daily_then_now_and_then_then_given_up(
    outcome: str, age: timedelta, wait: timedelta | None
) -> None:
    due = cadence.closed(NOW, outcome, "paywall", first_sighted_at=NOW - age, attempts=0)
    assert due.at == (NOW + wait if wait else None)
    assert due.is_retired == (wait is None)
    assert outcome in due.why


def test_a_page_whose_robots_txt_cannot_be_had_is_asked_for_soon_however_old() -> None:
    why = "robots.txt unreachable (no answer)"
    old = NOW - 99 * DAY
    due = cadence.closed(NOW, "refused", why, first_sighted_at=old, attempts=1)
    assert due.at == NOW + 2 * HOUR


@pytest.mark.parametrize(("checks", "again"), [(1, 5 * HOUR), (2, 5 * HOUR), (3, 30 * DAY)])
def test_a_page_is_gone_after_three_checks_and_looked_for_later(
    checks: int, again: timedelta
) -> None:
    assert cadence.gone_again(NOW, checks).at == NOW + again


@pytest.mark.parametrize("outcome", ["refused", "walled"])
def test_who_crawls_each_day_at_the_same_hour_asks_each_day(outcome: str) -> None:
    settled = NOW + timedelta(minutes=50)
    due = cadence.closed(settled, outcome, outcome, first_sighted_at=NOW, attempts=0)
    assert due.at is not None
    assert due.at <= NOW + DAY


def test_who_crawls_every_six_hours_checks_each_time_whether_a_page_is_gone() -> None:
    settled = NOW + timedelta(minutes=50)
    due = cadence.gone_again(settled, 1).at
    assert due is not None
    assert due <= NOW + 6 * HOUR


def test_a_requisite_is_tried_once_more() -> None:
    assert cadence.requisite(NOW, "failed", 0).at == NOW + 20 * HOUR
    assert cadence.requisite(NOW, "failed", 1).at is None
    assert cadence.requisite(NOW, "polled", 0).at is None


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (2700, "45 min"),
        (5400, "1 h 30 min"),
        (3600, "1 h"),
        (86_400 + 60, "1 d"),
        (90_061, "1 d 1 h"),
        (30 * 86_400, "30 d"),
    ],
)
def test_a_time_is_said_in_two_units_at_most(seconds: int, said: str) -> None:
    assert cadence.span(timedelta(seconds=seconds)) == said
