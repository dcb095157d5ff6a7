from datetime import UTC, datetime

import pytest

from archive.records import Moment
from crawler.extract.moments import declared, is_believable, offset_of

CAPTURED_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "kept", "zone"),
    [
        ("2024-06-19T10:30:00+07:00", "2024-06-19T10:30:00+07:00", "declared"),
        ("2024-06-19T10:30:00+0700", "2024-06-19T10:30:00+07:00", "declared"),
        ("2024-06-19T10:30:00.123Z", "2024-06-19T10:30:00+00:00", "declared"),
        ("2024-06-19 10:30 UTC", "2024-06-19T10:30+00:00", "declared"),
        ("2024-06-19T10:30:0Z", "2024-06-19T10:30:00+00:00", "declared"),
        ("2024-06-19 10:30 GMT+7", "2024-06-19T10:30+07:00", "declared"),
        ("2024-06-19T10:30:00−05:00", "2024-06-19T10:30:00-05:00", "declared"),
        ("2024-06-19T10:30:00+07:00[Asia/Jakarta]", "2024-06-19T10:30:00+07:00", "declared"),
        ("2024-06-19T10:30:00", "2024-06-19T10:30:00+07:00", "outlet"),
        ("2024-06-19T10:30", "2024-06-19T10:30+07:00", "outlet"),
        ("2024/06/19 10:30", "2024-06-19T10:30+07:00", "outlet"),
        ("2024-6-9", "2024-06-09", "outlet"),
        ("2024-06", "2024-06", "outlet"),
        ("2024", "2024", "outlet"),
        ("20240619", "2024-06-19", "outlet"),
        ("20240619T103000Z", "2024-06-19T10:30:00+00:00", "declared"),
        ("2024-06-19T24:00:00", "2024-06-20T00:00:00+07:00", "outlet"),
        ("Wed, 19 Jun 2024 10:30:00 +0700", "2024-06-19T10:30:00+07:00", "declared"),
        ("Wed, 19 Jun 2024 10:30:00 GMT", "2024-06-19T10:30:00+00:00", "declared"),
        ("Wed, 19 Jun 2024 10:30:00 WIB", "2024-06-19T10:30:00+07:00", "declared"),
        ("1718767800", "2024-06-19T03:30:00+00:00", "declared"),
        ("1718767800000", "2024-06-19T03:30:00+00:00", "declared"),
    ],
)
def test_a_written_time_keeps_precision_and_offset(value: str, kept: str, zone: str) -> None:
    moment = declared(value, "Asia/Jakarta")
    assert moment is not None
    assert moment.isoformat() == kept
    assert moment.zone == zone


def test_without_any_zone_a_time_is_utc_of_unknown_origin() -> None:
    moment = declared("2024-06-19T10:30:00", None)
    assert moment is not None
    assert (moment.utc.hour, moment.zone) == (10, "unknown")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "2024-13-01",
        "2024-02-30",
        "2024-06-19T25:61",
        "0000-00-00",
        "99999",
        "2024-06-19 10:30 and more",
        "2024-06-19T10:30:00+99:00",
        "9" * 90,
        "-0001-11-30",
        "２０２４年",
    ],
)
def test_what_is_no_time_is_none(value: str) -> None:
    assert declared(value, None) is None


@pytest.mark.parametrize(
    ("at", "is_one"),
    [
        (datetime(2026, 3, 2, tzinfo=UTC), True),
        (datetime(2026, 3, 3, 7, tzinfo=UTC), True),
        (datetime(2026, 3, 3, 9, tzinfo=UTC), False),
        (datetime(1970, 1, 1, tzinfo=UTC), False),
        (datetime(1, 1, 1, tzinfo=UTC), False),
        (datetime(1947, 1, 4, tzinfo=UTC), True),
    ],
)
def test_no_publication_comes_after_its_capture_nor_from_a_default(
    at: datetime,
    is_one: bool,  # noqa: FBT001
) -> None:
    assert is_believable(Moment(at=at), CAPTURED_AT) is is_one


@pytest.mark.parametrize("text", [None, "", "+99:99"])
def test_an_offset_that_is_none(text: str | None) -> None:
    assert offset_of(text) is None
