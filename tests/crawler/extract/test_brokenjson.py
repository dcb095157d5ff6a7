import time

import pytest

from crawler.extract.brokenjson import parsed


@pytest.mark.parametrize(
    "script", ["", "null", "words", "{", "[" * 100_000, '{"a":' * 50_000, "1" * 9999]
)
def test_a_script_that_says_nothing_gives_nothing(script: str) -> None:
    assert parsed(script) == []


@pytest.mark.parametrize(
    "script",
    [
        '{"headline": "Harbour", "a": 1,}',
        '{"headline": "Harbour", /* made by hand */ "a": 1}',
        '{\n// a note\n"headline": "Harbour", "a": 1}',
        '{"headline": "Harbour"\n "a": 1}',
        '{"a": , "headline": "Harbour"}',
        '{"a": undefined, "headline": "Harbour"}',
        '{"author": Ann Lee,\n"headline": "Harbour"}',
        '{"a": "the "old" crane", "headline": "Harbour"}',
        "{&quot;headline&quot;: &quot;Harbour&quot;}",
        '{"a": "two\nlines", "headline": "Harbour"}',
        '<!-- {"headline": "Harbour"} -->',
        '//<![CDATA[\n{"headline": "Harbour"}\n//]]>',
        '{"headline": "Harbour"};',
    ],
)
def test_what_templates_break_is_mended(script: str) -> None:
    assert parsed(script)[0]["headline"] == "Harbour"


def test_several_values_in_one_script_are_all_read() -> None:
    assert parsed('{"a": 1}{"b": 2}, {"c": 3}') == [{"a": 1}, {"b": 2}, {"c": 3}]


def test_headline_and_author_are_salvaged_from_a_ruin() -> None:
    script = '{"headline": "Harbour", "author": [{"@type": "Person", "name": "Ann Lee"}], {{'
    [node] = parsed(script)
    assert (node["headline"], node["author"][0]["name"]) == ("Harbour", "Ann Lee")


@pytest.mark.parametrize(
    "piece",
    [
        '"x" y ',
        '{"a":[',
        '":',
        ",\n",
        '{"a":b c,\n',
        "/*",
        '"headline":"',
        '"author":{',
        '"\n',
        '\\"',
    ],
)
def test_a_bomb_takes_no_time(piece: str) -> None:
    began = time.process_time()
    parsed(piece * (300_000 // len(piece)))
    assert time.process_time() - began < 3
