"""What a page said beside its text is found with the version, and with a search's hits."""

from datetime import timedelta

from support.archives import captured, keep

from archive.query.particulars import Particulars, particulars_by_version, particulars_of
from archive.query.search import search
from archive.records import VersionId

HOUR = timedelta(hours=1)
SAID = {
    "kind": "liveblog",
    "tags": ("Harbour", "Coast"),
    "wire": "Antara",
    "correction": "Ralat: …",
    "is_free": False,
    "summary": "Short.",
}


def test_what_a_capture_said_is_given_as_it_was_kept(archive):
    capture, _ = captured(archive, **SAID)
    with archive.reading() as connection:
        assert particulars_of(connection, capture.id) == Particulars(**SAID)


def test_a_page_that_said_nothing_is_a_plain_article(archive):
    capture, _ = captured(archive)
    with archive.reading() as connection:
        assert particulars_of(connection, capture.id) == Particulars()
        assert particulars_of(connection, "r:none") == Particulars()


def test_of_a_version_the_latest_draft_counts(archive):
    keep(archive, tags=("Old",))
    archive.clock.advance(HOUR)
    saved = keep(archive, tags=("New",))
    with archive.reading() as connection:
        found = particulars_by_version(connection, [saved.version, VersionId("v:none")])
    assert found == {saved.version: Particulars(tags=("New",))}


def test_a_hit_bears_them(archive):
    keep(archive, **SAID)
    with archive.reading() as connection:
        [hit] = search(connection, "harbour", now=archive.clock.now()).hits
    assert (hit.kind, hit.tags, hit.wire) == ("liveblog", ("Harbour", "Coast"), "Antara")
