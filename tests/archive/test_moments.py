"""A moment is the same after its journey through JSON, its offset and precision with it."""

import json
from datetime import timedelta, timezone

import pytest
from support.archives import NOW

from archive.moments import moment_as_json, moment_from_json
from archive.records import Moment


@pytest.mark.parametrize("hours", [0, 7, -11.5])
@pytest.mark.parametrize("precision", ["year", "month", "day", "minute", "second"])
@pytest.mark.parametrize("zone", ["declared", "outlet", "unknown"])
def test_a_moment_comes_back_as_it_was(hours, precision, zone):
    at = NOW.astimezone(timezone(timedelta(hours=hours)))
    moment = Moment(at=at, precision=precision, zone=zone)
    again = moment_from_json(json.loads(json.dumps(moment_as_json(moment))))
    assert again == moment
    assert again.isoformat() == moment.isoformat()


def test_no_moment_is_none():
    assert moment_as_json(None) is None
    assert moment_from_json(None) is None
