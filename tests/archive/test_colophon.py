"""Each file says who made it, with what, and by which declarations."""

from support.archives import NOW, exchange, provenance

from archive.clock import SimulatedClock, SystemClock
from archive.colophon import SIMULATED, user_agent, warcinfo
from archive.config import ArchiveConfig
from archive.verify import warc_files
from archive.warc.exchanges import read_fields
from archive.warc.reader import records_of

CONFIG = ArchiveConfig(operator="Anna Berg", contact="me@library.example", purpose="preservation")


def test_it_says_who_answers_for_it_and_with_what_it_was_made(tmp_path):
    said = dict(warcinfo(tmp_path / "daily", CONFIG, SystemClock(), {}))
    assert said["operator"] == "Anna Berg"
    assert said["contact"] == said["http-header-from"] == "me@library.example"
    assert said["http-header-user-agent"] == user_agent(CONFIG)
    assert said["isPartOf"] == "daily"
    assert said["robots"] == "obey (RFC 9309)"
    assert said["software"].startswith("kliping/")
    assert said["description"] is None


def test_what_was_made_under_a_simulated_clock_is_said_to_be_no_evidence(tmp_path):
    assert ("description", SIMULATED) in warcinfo(tmp_path, CONFIG, SimulatedClock(NOW), {})


def test_a_contact_that_is_no_address_is_no_from_header(tmp_path):
    config = ArchiveConfig(contact="https://library.example/bot")
    assert dict(warcinfo(tmp_path, config, SystemClock(), {}))["http-header-from"] is None


def test_the_declarations_of_a_run_are_named_in_its_files(archive):
    with archive.turn() as turn:
        turn.record(exchange(), provenance())
    [path] = warc_files(archive.warc_directory)
    info = next(records_of(path))
    assert read_fields(info.block)["outlet-config"] == f"lantern {provenance().config_digest}"
