"""What the frontier says of outlets that are scheduled."""

from datetime import timedelta

from support.archives import NOW, OUTLET, RUN, declaration, discovery

from archive.query.schedules import AT_A_TIME, next_dues
from archive.records import OutletId
from archive.settlements import Settlement

HOUR = timedelta(hours=1)


def dues(archive, *outlets):
    with archive.reading() as connection:
        return next_dues(connection, outlets)


def test_the_next_due_instant_is_the_earliest_of_an_outlets_own(archive):
    other = OutletId("other")
    with archive.turn() as turn:
        turn.sync_outlet(declaration(), None)
    assert dues(archive, OUTLET, other) == {OUTLET: None, other: None}
    with archive.turn() as turn:
        turn.discover(OUTLET, [discovery("/a"), discovery("/b"), discovery("/c")])
        for hours, one in enumerate(turn.lease(OUTLET, limit=9, for_=HOUR, holder=RUN)):
            due = NOW + hours * HOUR if hours else None
            turn.settle(Settlement(token=one.token, outcome="new", next_due_at=due))
    assert dues(archive, OUTLET, other) == {OUTLET: NOW + HOUR, other: None}


def test_many_outlets_are_asked_for_in_few_statements(archive):
    many = [OutletId(f"outlet-{n}") for n in range(2 * AT_A_TIME)]
    assert dues(archive, *many) == dict.fromkeys(many)
