"""A completeness certificate: what it says, that it can be checked, and that forging it shows."""

import json
from datetime import timedelta

import pytest
from support.archives import NOW, OUTLET, discovery, keep, url

from archive.certificate import NEVER_NAMED, check, content_of, digest_of, issue
from archive.errors import ArchiveError, NotCaptured
from archive.query.rescue import accounted
from archive.records import OutletId, Url
from archive.rescues import Rescue
from archive.settlements import Settlement
from archive.wacz.signature import KEY_NAME, holds, sign, signing_key

RESCUE = Rescue(outlet=OUTLET, begun_at=NOW, closes_on=NOW.date())
LISTING = Url("https://lantern.example/map.xml")


@pytest.fixture
def filled(archive):
    """An article that is held, one that was refused, and one that waits."""
    with archive.turn() as turn:
        turn.discover(OUTLET, [discovery(path) for path in ("/harbour", "/closed", "/waits")])
    saved = keep(archive)
    how = {
        url("/harbour"): {"outcome": "new", "article": saved.article},
        url("/closed"): {"outcome": "refused", "reason": "disallowed (line 2)"},
    }
    with archive.turn() as turn:
        for lease in turn.lease(OUTLET, limit=9, for_=timedelta(minutes=5), holder="x"):
            said = how.get(lease.url, {"outcome": "released"})
            turn.settle(Settlement(token=lease.token, **said))
        turn.rotate()
    return archive


def content(archive):
    now = archive.clock.now()
    with archive.reading() as connection:
        account = accounted(connection, OUTLET, now)
    return content_of(
        account, RESCUE, now, surveyed={LISTING: 7}, left_out={"print view": 2}, unknown=["Much."]
    )


def test_it_accounts_for_everything_that_was_announced(filled):
    said = content(filled)
    assert said["announced"]["articles"] == 3
    assert said["announced"]["years"] == {"2026": {"captured": 1, "refused": 1, "pending": 1}}
    assert said["announced"]["surveyed"] == [{"listing": LISTING, "addresses": 7}]
    assert (said["captured"]["urls"], said["captured"]["articles"]) == (1, 1)
    assert said["missing"] == [
        {"url": url("/waits"), "state": "pending", "reason": None},
        {"url": url("/closed"), "state": "refused", "reason": "disallowed (line 2)"},
    ]
    assert said["unknown"] == ["Much.", NEVER_NAMED]
    [file] = said["digests"]["files"]
    assert len(file["sha256"]) == 64
    assert file["captures_of_outlet"] == said["captured"]["captures"] == 1


def test_what_is_hidden_is_counted_and_not_named(filled):
    with filled.turn() as turn:
        turn.restrict("urlkey", "example,lantern)/closed", reason="a court", actor="Anna")
    said = content(filled)
    assert said["hidden"] == 1
    assert "closed" not in json.dumps(said)


def test_an_outlet_that_is_hidden_or_unknown_is_not_certified(filled):
    with filled.reading() as connection, pytest.raises(NotCaptured):
        accounted(connection, OutletId("nobody"), NOW)
    with filled.turn() as turn:
        turn.restrict("outlet", OUTLET, reason="a court", actor="Anna")
    with filled.reading() as connection, pytest.raises(NotCaptured):
        accounted(connection, OUTLET, filled.clock.now())


def test_a_file_that_grows_yet_is_said_to_have_no_digest(filled):
    keep(filled, "/market")
    said = content(filled)
    assert [one["sha256"] is None for one in said["digests"]["files"]].count(True) == 1
    assert any("is still being written" in one for one in said["unknown"])


def test_a_certificate_is_checked_against_the_archive(filled):
    filled.clock.advance(timedelta(days=1))
    filled.root_days()
    path, digest = issue(filled, content(filled))
    assert path.name == f"rescue-lantern-{filled.clock.now():%Y-%m-%d}.json"
    found = check(path, filled)
    assert found.bad == ()
    assert len(found.good) == 5
    assert digest_of(json.loads(path.read_text())["certificate"]) == digest
    again, _ = issue(filled, content(filled))
    assert again != path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda it: it["certificate"]["missing"].clear(), "the text is the one that was signed"),
        (lambda it: it["signedData"].update(signature="AAAA"), "the signature is of the key"),
        (lambda it: it["signedData"].update(signature=7, publicKey="?"), "the key is this archive"),
        (lambda it: it["signedData"].clear(), "the signature is of the key"),
        (
            lambda it: it["certificate"]["digests"]["files"][0].update(sha256="0" * 64),
            "WARC files are noted here with the same SHA-256",
        ),
    ],
    ids=["text", "signature", "key", "nothing", "file"],
)
def test_what_was_altered_is_said(filled, change, said):
    path, _ = issue(filled, content(filled))
    whole = json.loads(path.read_text())
    change(whole)
    path.write_text(json.dumps(whole))
    assert any(said in one for one in check(path, filled).bad)


def test_a_certificate_signed_by_anybody_else_is_not_ours(filled, tmp_path):
    path, _ = issue(filled, content(filled))
    whole = json.loads(path.read_text())
    made = whole["signedData"]
    key = signing_key(tmp_path)
    whole["signedData"] = sign(key, made["hash"], created=made["created"], software="x")
    path.write_text(json.dumps(whole))
    assert holds(whole["signedData"])
    assert check(path, filled).bad == ("it is not so that the key is this archive's",)
    (filled.directory / KEY_NAME).unlink()
    assert check(path, filled).bad
    assert not (filled.directory / KEY_NAME).exists()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"certificate": 1, "signedData": 2}', "\0"])
def test_what_is_no_certificate_is_refused(sqlite_archive, tmp_path, text):
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(ArchiveError, match="is no completeness certificate"):
        check(path, sqlite_archive)
    with pytest.raises(ArchiveError, match="cannot be read"):
        check(tmp_path / "none.json", sqlite_archive)
