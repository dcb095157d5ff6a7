"""A moment keeps what was declared and invents no digit; a naive instant is refused."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from support.archives import NOW, exchange

from archive.records import Lease, Moment, require_aware

JAKARTA = timezone(timedelta(hours=7))
LATE = datetime(2024, 6, 19, 3, 15, 59, tzinfo=JAKARTA)


@pytest.mark.parametrize(
    ("precision", "written"),
    [
        ("year", "2024"),
        ("month", "2024-06"),
        ("day", "2024-06-19"),
        ("minute", "2024-06-19T03:15+07:00"),
        ("second", "2024-06-19T03:15:59+07:00"),
    ],
)
def test_no_more_digits_are_written_than_were_declared(precision, written):
    assert Moment(at=LATE, precision=precision).isoformat() == written


def test_the_day_is_the_one_where_it_was_written_and_the_instant_is_in_utc():
    moment = Moment(at=LATE)
    assert moment.on == date(2024, 6, 19)
    assert moment.utc == datetime(2024, 6, 18, 20, 15, 59, tzinfo=UTC)
    assert moment.utc.tzinfo is UTC


def test_a_naive_instant_is_refused_by_name():
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(ValueError, match=r"Moment\.at must be aware"):
        Moment(at=naive)
    with pytest.raises(ValueError, match=r"Exchange\.began_at must be aware"):
        exchange(began_at=naive)
    require_aware("nothing", None)


@pytest.mark.parametrize(
    ("kind", "is_listing"),
    [("feed", True), ("sitemap", True), ("section", True), ("article", False)],
)
def test_a_lease_knows_whether_its_page_names_others(kind, is_listing):
    lease = Lease(
        token="t", outlet="o", url="u", urlkey="k", kind=kind, purpose="poll", until=NOW,
        first_sighted_at=NOW,
    )  # fmt: skip
    assert lease.is_listing is is_listing
