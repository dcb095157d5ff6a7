"""A discovery is the same after its journey through the journal."""

from support.archives import NOW, discovery

from archive.discoveries import discovery_as_json, discovery_from_json
from archive.records import Moment


def test_a_discovery_survives_its_journey_through_json():
    said = discovery(
        title="京", published=Moment(at=NOW, precision="day", zone="outlet"), authors=("A", "B"),
        modified=Moment(at=NOW), language="id", summary="s", position=3,
    )  # fmt: skip
    assert discovery_from_json(discovery_as_json(said)) == said
