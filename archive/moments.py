"""Moments as JSON: the instant with its offset, its precision, where the zone came from."""

from datetime import datetime
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
