"""Each file says who made it, with what, and by which declarations."""

import json

from support.archives import CONFIG as OUTLET_CONFIG
from support.archives import NOW, declaration, exchange, provenance

from archive.clock import SimulatedClock, SystemClock
from archive.colophon import SIMULATED, declared_by, user_agent, warcinfo
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


def robots_of(tmp_path, *ignoring, obeying=()):
    declared = {id_: declared_by(declaration(id_)) for id_ in obeying}
    for id_ in ignoring:
        said = json.loads(OUTLET_CONFIG) | {"robots": {"ignore": True, "basis": f"Law of {id_}"}}
        declared[id_] = declared_by(declaration(id_, json.dumps(said)))
    info = warcinfo(tmp_path, CONFIG, SystemClock(), declared)
    return [value for name, value in info if name == "robots"]


def test_a_file_says_for_which_outlets_robots_txt_did_not_count_and_by_what_right(tmp_path):
    assert robots_of(tmp_path, obeying=["a"]) == ["obey (RFC 9309)"]
    assert robots_of(tmp_path, "b") == ["ignored; basis: Law of b; outlet: b"]
    assert robots_of(tmp_path, "b", "c", obeying=["a"]) == [
        "obey (RFC 9309)",
        "ignored; basis: Law of b; outlet: b",
        "ignored; basis: Law of c; outlet: c",
    ]
