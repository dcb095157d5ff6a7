"""Moments as JSON: the instant with its offset, its precision, where the zone came from."""

from datetime import UTC, datetime, timedelta
from typing import Any

from archive.records import Moment


def moment_as_json(moment: Moment | None) -> dict[str, str] | None:
    """`{"at": "2024-06-19T00:00:00+07:00", "precision": "day", "zone": "outlet"}`."""
    if moment is None:
        return None
    return {"at": moment.at.isoformat(), "precision": moment.precision, "zone": moment.zone}


def moment_from_json(plain: dict[str, Any] | None) -> Moment | None:
    """The moment again."""
    if plain is None:
        return None
    at = datetime.fromisoformat(plain["at"])
    return Moment(at=at, precision=plain["precision"], zone=plain["zone"])


def end_of(moment: Moment) -> datetime:
    """The first instant after the period that a moment names; `2026-03-02` ends with its day."""
    at = moment.at
    match moment.precision:
        case "year":
            at = at.replace(year=at.year + 1, month=1, day=1)
        case "month":
            year, month = divmod(at.year * 12 + at.month, 12)
            at = at.replace(year=year, month=month + 1, day=1)
        case "day":
            at += timedelta(days=1)
        case "minute":
            at += timedelta(minutes=1)
    return at.astimezone(UTC)
