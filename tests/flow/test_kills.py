"""A crawl or a service that is killed some times; `bench/crash.py` does it some hundred times."""

import random
from datetime import timedelta
from pathlib import Path

from flow.parts import HARBOUR
from support.kills import SERVICE, Trial

from crawler.demo.newspaper import OPENS_AT

MORNING = OPENS_AT.replace(hour=6)
EDITED = MORNING + timedelta(days=2)
"""By then the outlet has changed some of what it had printed."""
SEED = 6


def test_whatever_is_killed_nothing_is_lost_and_nothing_is_there_twice(tmp_path: Path) -> None:
    trial = Trial(
        work=tmp_path,
        kills=6,
        instants=(MORNING, EDITED),
        outlets=(HARBOUR,),
        dice=random.Random(SEED),
    )
    toll = trial.run()
    assert toll.kills == sum(toll.phases.values()) == 6
    assert toll.holdings["versions"] > toll.holdings["articles"] > 3
    assert toll.captures_indexed + toll.torn_by_power + toll.torn_by_kill > 0


def test_a_service_that_is_killed_loses_nothing_either(tmp_path: Path) -> None:
    trial = Trial(
        work=tmp_path,
        kills=3,
        instants=(MORNING, EDITED),
        outlets=(HARBOUR,),
        program=SERVICE,
        dice=random.Random(SEED),
    )
    toll = trial.run()
    assert toll.kills == 3
    assert toll.holdings["versions"] > toll.holdings["articles"] > 3
