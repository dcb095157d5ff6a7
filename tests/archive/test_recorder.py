"""An exchange becomes a response or a revisit; what no record tells of goes to the journal."""

from datetime import timedelta

import pytest
from support.archives import (
    NOW,
    PAGE,
    captured,
    draft,
    exchange,
    keep,
    opened,
    provenance,
    request,
    response,
    url,
)

from archive.config import DedupConfig
from archive.errors import NotCaptured
from archive.journal import acts_of
from archive.verify import verify, warc_files
from archive.warc.reader import records_of

ETAG = b'ETag: "1"'
SINCE = b"Last-Modified: Mon, 02 Mar 2026 06:00:00 GMT"
UNMODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nX-Odd:  yes\r\n\r\n'


def asked(*conditions: bytes) -> bytes:
    return request().replace(b"\r\n\r\n", b"\r\n" + b"\r\n".join([*conditions, b"\r\n"]))


def record(archive, *exchanges, outlet="lantern"):
    """Each in a turn of its own."""
    captures = []
    for one in exchanges:
        with archive.turn() as turn:
            captures.append(turn.record(one, provenance(outlet)))
    return captures


def kinds(archive):
    files = warc_files(archive.warc_directory)
    found = [one.type for path in files for one in records_of(path)]
    return [kind for kind in found if kind in ("response", "revisit")]


def scoped(directory, clock, scope):
    archive = opened(directory, clock)
    archive.config = archive.config.model_copy(update={"dedup": DedupConfig(scope=scope)})
    return archive


def test_the_same_payload_again_is_a_revisit_of_the_first(archive):
    first, again, third = record(archive, exchange(), exchange(), exchange())
    assert (again.refers_to, third.refers_to) == (first.id, first.id)
    assert kinds(archive) == ["response", "revisit", "revisit"]


CHUNKED = response(b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE), b"Transfer-Encoding: chunked")


def test_a_payload_that_is_framed_otherwise_is_stored_and_referred_to_by_its_like(archive):
    """pywb reads the original's body by the head of the revisit."""
    _, chunked, plain, again = record(
        archive,
        exchange(),
        exchange("/a", response=CHUNKED),
        exchange("/b"),
        exchange("/c", response=CHUNKED),
    )
    assert chunked.refers_to is None
    assert plain.refers_to not in (None, chunked.id)
    assert again.refers_to == chunked.id


def test_a_revisit_reads_back_with_its_own_head_and_the_payload_it_shares(archive):
    other = response(PAGE, b"x-ODD: caf\xe9 ")
    _, again = record(archive, exchange(), exchange("/other", response=other))
    reply = archive.fetch(again.id)
    assert reply.message.head == other.removesuffix(PAGE)
    assert reply.entity == PAGE
    assert reply.capture == again


def test_the_first_of_the_same_url_is_preferred(archive):
    _, mine, again = record(
        archive,
        exchange("/other", began_at=NOW - timedelta(days=1)),
        exchange("/harbour", b"else"),
        exchange("/harbour", PAGE),
    )
    assert mine.refers_to is None
    first = record(archive, exchange("/third", b"else"), exchange("/harbour", b"else"))
    assert again.refers_to is not None
    assert first[1].refers_to == mine.id


@pytest.mark.parametrize(("scope", "refers"), [("archive", True), ("outlet", False)])
def test_the_scope_says_whose_payloads_count(directory, clock, scope, refers):
    with scoped(directory, clock, scope) as archive:
        record(archive, exchange())
        (other,) = record(archive, exchange(), outlet="beacon")
        (same,) = record(archive, exchange())
        assert (other.refers_to is not None) == refers
        assert same.refers_to is not None


def test_with_scope_off_every_payload_is_stored(directory, clock):
    with scoped(directory, clock, "off") as archive:
        record(archive, exchange(), exchange())
        assert kinds(archive) == ["response", "response"]


def test_a_cut_answer_is_no_original(archive):
    _, whole = record(archive, exchange(truncated="time"), exchange())
    assert whole.refers_to is None


def test_a_304_is_a_revisit_of_what_its_validator_names(archive):
    first, newer, same = record(
        archive,
        exchange(response=response(b"one", ETAG)),
        exchange(response=response(b"two", b'ETag: "2"')),
        exchange(request=asked(b'If-None-Match: "1"'), response=UNMODIFIED),
    )
    assert (newer.refers_to, same.refers_to, same.status) == (None, first.id, 304)
    assert same.payload_digest == first.payload_digest
    assert archive.fetch(same.id).entity == b"one"
    assert archive.fetch(same.id).message.status == 200
    assert kinds(archive) == ["response", "response", "revisit"]


def test_a_304_to_a_date_confirms_the_page_of_that_date(archive):
    first, same = record(
        archive,
        exchange(response=response(PAGE, SINCE)),
        exchange(
            request=asked(b"If-Modified-Since: Mon, 02 Mar 2026 06:00:00 GMT"), response=UNMODIFIED
        ),
    )
    assert same.refers_to == first.id


def test_a_304_to_the_date_of_an_answer_without_validators_confirms_it(archive):
    first, newer, same = record(
        archive,
        exchange(response=response(PAGE, b"Date: Mon, 02 Mar 2026 06:00:00 GMT")),
        exchange(response=response(b"two", b"Date: Mon, 02 Mar 2026 07:00:00 GMT")),
        exchange(
            request=asked(b"If-Modified-Since: Mon, 02 Mar 2026 07:00:00 GMT"), response=UNMODIFIED
        ),
    )
    assert (first.since, newer.since) == (first.date, "Mon, 02 Mar 2026 07:00:00 GMT")
    assert (same.refers_to, same.payload_digest) == (newer.id, newer.payload_digest)
    assert verify(archive).is_sound


@pytest.mark.parametrize("validator", [ETAG, SINCE])
def test_the_date_of_an_answer_with_a_validator_is_no_validator(archive, validator):
    date = b"Date: Mon, 02 Mar 2026 07:00:00 GMT"
    first, odd = record(
        archive,
        exchange(response=response(PAGE, validator, date)),
        exchange(
            request=asked(b"If-Modified-Since: Mon, 02 Mar 2026 07:00:00 GMT"), response=UNMODIFIED
        ),
    )
    assert (first.date, odd.refers_to) == (None, None)


def test_the_date_of_an_error_is_not_asked_with(archive):
    date = b"Date: Mon, 02 Mar 2026 07:00:00 GMT"
    (lost,) = record(archive, exchange(response=response(b"lost", date, status=b"404 Not Found")))
    assert lost.since is None


def test_a_304_to_a_revisit_refers_to_the_response_behind_it(archive):
    first, _, same = record(
        archive,
        exchange(response=response(PAGE)),
        exchange(response=response(PAGE, ETAG)),
        exchange(request=asked(b'If-None-Match: "1"'), response=UNMODIFIED),
    )
    assert same.refers_to == first.id


def test_the_head_of_a_304_is_in_the_metadata(archive):
    import base64

    record(
        archive,
        exchange(response=response(PAGE, ETAG)),
        exchange(request=asked(b'If-None-Match: "1"'), response=UNMODIFIED),
    )
    [path] = warc_files(archive.warc_directory)
    fields = list(records_of(path))[-1].block.decode().splitlines()
    [head] = [line.split(": ")[1] for line in fields if line.startswith("notModifiedHead")]
    assert base64.b64decode(head) == UNMODIFIED


@pytest.mark.parametrize("condition", [b'If-None-Match: "9"', b"X: y"])
def test_a_304_that_nobody_asked_for_is_kept_as_a_response(archive, condition):
    _, odd = record(
        archive,
        exchange(response=response(PAGE, ETAG)),
        exchange(request=asked(condition), response=UNMODIFIED),
    )
    assert odd.refers_to is None
    assert kinds(archive) == ["response", "response"]


def test_an_archive_with_revisits_is_sound(archive):
    record(archive, exchange(), exchange())
    verdict = verify(archive)
    assert (verdict.is_sound, verdict.rows) == (True, 2)


def test_a_revisit_whose_original_is_not_here_says_so(archive):
    from archive.db.schema import capture

    first, again = record(archive, exchange(), exchange())
    with archive._engine.begin() as connection:
        connection.execute(capture.delete().where(capture.c.id == first.id))
    with pytest.raises(NotCaptured, match=f"revisit of {first.id}"):
        archive.fetch(again.id)


def test_what_was_never_sent_is_told_by_the_journal_alone(archive):
    (one,) = record(archive, exchange(request=b"", response=b"", error="no such name"))
    [act] = [act for act in acts_of(archive.directory / "journal") if act["act"] == "unsent"]
    assert (act["capture"], act["url"], act["error"]) == (one.id, url(), "no such name")


def test_a_draft_says_what_it_became(archive):
    import json

    saved = keep(archive)
    [path] = warc_files(archive.warc_directory)
    kept = json.loads(list(records_of(path))[-1].block)
    assert kept["about"] == {
        "outlet": "lantern",
        "known_as": url(),
        "outcome": "new",
        "version": saved.version,
    }


def test_a_wall_is_kept_as_what_it_is(archive):
    import json

    one, _ = captured(archive)
    with archive.turn() as turn:
        turn.dismiss(draft(), one, outcome="walled")
    [path] = warc_files(archive.warc_directory)
    kept = json.loads(list(records_of(path))[-1].block)
    assert kept["about"] == {"outlet": "lantern", "outcome": "walled"}
