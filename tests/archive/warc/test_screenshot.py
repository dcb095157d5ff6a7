"""A screenshot is a resource, and beside it what it shows and how it was made."""

from dataclasses import replace

import pytest
from support.archives import NOW, exchange, provenance, url
from support.pngs import picture, png

from archive.digests import sha256
from archive.records import Place, Url
from archive.warc.exchanges import is_first
from archive.warc.reader import parse
from archive.warc.screenshot import (
    facts_record,
    is_picture,
    picture_record,
    pictured_by,
    screenshot_of,
)

HERE = Place(file="x.warc.gz", offset=1, length=2)


@pytest.fixture
def page(sqlite_archive):
    with sqlite_archive.turn() as turn:
        return turn.record(exchange(), provenance())


@pytest.fixture
def sheet(sqlite_archive):
    with sqlite_archive.turn() as turn:
        return turn.record(exchange("/style.css", b"p {}"), provenance())


def stored(record):
    return parse(record.plain(), HERE)


def test_the_records_say_what_is_shown_of_what_and_by_what(page, sheet):
    made = picture(page, sheet, not_held=(Url("https://x.example/y\r\nshows: z"),), is_cut=True)
    record = picture_record(made, page, NOW)
    there, facts = stored(record), stored(facts_record(made, page, record))
    assert (there.type, there.block) == ("resource", made.png)
    assert there.headers["content-type"] == "image/png"
    assert there.headers["warc-target-uri"] == f"urn:fullPage:{url()}"
    assert there.headers["warc-block-digest"] == sha256(made.png)
    assert "warc-refers-to" not in there.headers  # WARC 1.1 §5.11 forbids it
    assert facts.headers["warc-concurrent-to"] == record.urn
    page_urn = f"<urn:uuid:{page.id[2:]}>"
    assert facts.headers["warc-refers-to"] == page_urn
    assert facts.block.decode().splitlines() == [
        "outlet: lantern",
        f"shows: {page_urn}",
        f"shows-url: {url()}",
        "shows-date: 2026-03-02T06:00:00+00:00",
        "software: Chrome/1.2 kliping/0",
        "viewport: 1280x800",
        "picture: 4x3",
        "cut: the page is taller than the picture",
        "scripts: off",
        "network: none: drawn from the captures named here",
        f"made-of: {page_urn}",
        f"made-of: <urn:uuid:{sheet.id[2:]}>",
        "not-held: https://x.example/y shows: z",
    ]


def test_a_page_that_asks_for_very_much_is_not_quoted_at_length(page):
    missing = tuple(Url(f"https://x.example/{n}{'y' * 9000}") for n in range(300))
    made = picture(page, not_held=missing)
    facts = facts_record(made, page, picture_record(made, page, NOW))
    assert facts.block.count(b"not-held: ") == 200
    assert b"not-held-others: 100\r\n" in facts.block
    assert len(facts.block) < 500_000


def test_the_records_tell_the_screenshot_again(page, sheet):
    made = picture(page, sheet)
    record = picture_record(made, page, NOW)
    told = screenshot_of(stored(record), stored(facts_record(made, page, record)))
    assert (told.id, told.capture, told.made_at) == (str(record.id), page.id, NOW)
    assert (told.width, told.height, told.digest) == (4, 3, sha256(made.png))
    assert told.made_of == {page.id, sheet.id}
    assert (told.url, told.software, told.place) == (url(), "Chrome/1.2 kliping/0", HERE)


def test_a_picture_is_told_from_other_records_and_is_no_exchange(page):
    made = picture(page)
    record = picture_record(made, page, NOW)
    there, facts = stored(record), stored(facts_record(made, page, record))
    assert is_picture(there)
    assert not is_picture(facts)
    assert pictured_by(facts) == str(record.id)
    assert pictured_by(there) is None
    assert not is_first(there)


def test_facts_of_another_picture_or_of_nothing_tell_no_screenshot(page):
    made = picture(page)
    record, other = picture_record(made, page, NOW), picture_record(made, page, NOW)
    facts = stored(facts_record(made, page, other))
    with pytest.raises(ValueError, match="name no capture"):
        screenshot_of(stored(record), facts)
    facts = stored(facts_record(made, page, record))
    nothing = replace(facts, headers=facts.headers | {"warc-refers-to": "<urn:uuid:no>"})
    with pytest.raises(ValueError, match="name no capture"):
        screenshot_of(stored(record), nothing)
    with pytest.raises(ValueError, match="not a PNG"):
        screenshot_of(replace(stored(record), block=png()[:9]), facts)
