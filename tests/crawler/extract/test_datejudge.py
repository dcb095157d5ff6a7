from datetime import UTC, datetime

import pytest

from archive.records import Claim, Moment, Origin
from crawler.extract.claims import Claims
from crawler.extract.datejudge import choose, has_day, is_settled
from crawler.extract.moments import declared

CAPTURED_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def heard(*said: tuple[Origin, str]) -> tuple[Claims, dict[Claim, Moment]]:
    claims, moments = Claims(), dict[Claim, Moment]()
    for origin, value in said:
        claim, moment = claims.add("published", origin, value), declared(value, None)
        assert claim
        assert moment
        moments[claim] = moment
    return claims, moments


def chosen(*said: tuple[Origin, str], region: str | None = None) -> str | None:
    claims, moments = heard(*said)
    moment = choose("published", claims, moments, CAPTURED_AT, region)
    return moment.isoformat() if moment else None


def test_a_stamp_in_utc_is_given_on_the_clock_that_the_page_shows() -> None:
    stamp: tuple[Origin, str] = ("json-ld", "2026-02-02T02:11:03Z")
    local = "2026-02-01T21:11:03-05:00"
    assert chosen(stamp, ("time", local)) == local
    assert chosen(stamp, ("text", "2026-02-01T21:11")) == local
    assert chosen(stamp, ("text", "2026-02-01T21:19")) == "2026-02-02T02:11:03+00:00"
    assert chosen(stamp, ("text", "2026-02-01")) == "2026-02-02T02:11:03+00:00"


def test_a_stamp_in_utc_is_read_in_the_country_of_the_address() -> None:
    said: list[tuple[Origin, str]] = [("json-ld", "2025-12-05T23:15:00Z"), ("text", "2025-12-06")]
    assert chosen(*said, region="it") == "2025-12-06T00:15:00+01:00"
    assert chosen(*said, region="us") == "2025-12-05T23:15:00+00:00"


@pytest.mark.parametrize(
    ("visible", "day"),
    [("2026-02-05", "2026-02-05"), ("2026-02-01", "2026-02-01"), ("2019-01-01", "2026-02-02")],
)
def test_a_later_day_beside_the_headline_corrects_a_meta_element(visible: str, day: str) -> None:
    assert chosen(("meta", "2026-02-02"), ("text", visible)) == day


def test_the_month_of_an_address_is_a_witness_and_no_answer() -> None:
    claims, moments = heard(("url", "2026-02"))
    assert choose("published", claims, moments, CAPTURED_AT, None) is None
    assert claims.values("published") == ["2026-02"]


def test_more_is_asked_for_until_a_local_instant_is_declared() -> None:
    assert is_settled(*heard(("json-ld", "2026-02-02T10:00+07:00")), CAPTURED_AT)
    assert not is_settled(*heard(("json-ld", "2026-02-02T10:00Z")), CAPTURED_AT)
    assert not is_settled(*heard(("meta", "2026-02-02")), CAPTURED_AT)
    assert not has_day(*heard(("json-ld", "2026-02")), CAPTURED_AT)
    assert not has_day(*heard(("json-ld", "2027-02-02")), CAPTURED_AT)
