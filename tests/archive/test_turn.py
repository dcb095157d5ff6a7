"""What a turn writes: captures, articles and their versions, each text once."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from support.archives import (
    CONFIG,
    NOW,
    OUTLET,
    UPGRADED,
    captured,
    declaration,
    discovery,
    draft,
    exchange,
    keep,
    provenance,
    response,
    url,
)

from archive.db.schema import extraction, version
from archive.digests import article_id, version_id
from archive.errors import ComparedUnlike, NotCaptured
from archive.journal import acts_of
from archive.query.history import claims_of, find_article
from archive.query.search import search
from archive.records import Claim
from archive.settlements import Settlement
from archive.urls import urlkey
from archive.verify import warc_files
from archive.warc.reader import read_record, records_of

HOUR = timedelta(hours=1)


def found(archive, said):
    with archive.reading() as connection:
        return find_article(connection, said, archive.clock.now())


def hits(archive, query):
    with archive.reading() as connection:
        return search(connection, query, now=archive.clock.now()).hits


def count(archive, what):
    with archive.reading() as connection:
        return connection.execute(select(func.count()).select_from(what)).scalar()


def all_records(archive):
    return [one for path in warc_files(archive.warc_directory) for one in records_of(path)]


# captures


def test_a_capture_says_what_the_head_said(archive):
    head = (b'ETag: "x"', b"Last-Modified: Mon, 02 Mar 2026 05:00:00 GMT", b"Location: /caf\xe9")
    with archive.turn() as turn:
        one = turn.record(exchange(response=response(b"page", *head)), provenance())
    assert (one.status, one.mime, one.payload_bytes) == (200, "text/html", 4)
    assert (one.etag, one.location) == ('"x"', "/café")
    assert one.last_modified == "Mon, 02 Mar 2026 05:00:00 GMT"
    assert one.urlkey == "example,lantern)/harbour"
    assert archive.fetch(one.id).capture == one


def test_a_capture_is_named_after_its_response_record(archive):
    with archive.turn() as turn:
        one = turn.record(exchange(), provenance())
    record = read_record(archive.warc_directory, one.place)
    assert record.urn == f"<urn:uuid:{one.id.removeprefix('r:')}>"
    assert record.type == "response"


def test_nothing_sent_makes_a_capture_without_a_place(archive):
    with archive.turn() as turn:
        one = turn.record(exchange(request=b"", response=b"", error="no name"), provenance())
    assert (one.place, one.status, one.error) == (None, None, "no name")
    with pytest.raises(NotCaptured):
        archive.fetch(one.id)


def test_a_request_never_answered_cannot_be_fetched_as_an_answer(archive):
    with archive.turn() as turn:
        one = turn.record(exchange(response=b"", error="timed out"), provenance())
    assert read_record(archive.warc_directory, one.place).type == "request"
    with pytest.raises(NotCaptured, match="timed out"):
        archive.fetch(one.id)


@pytest.mark.parametrize("value", [b"a\x00b", b"caf\xe9\xff", b"\x1b[2J", b"x" * 5000])
def test_a_hostile_header_does_not_stop_the_turn(archive, value):
    head = (b"ETag: " + value, b"Location: /" + value, b"Last-Modified: " + value)
    raw = response(b"page", *head).replace(b"text/html", b"text/" + value)
    with archive.turn() as turn:
        one = turn.record(exchange(response=raw), provenance())
    reply = archive.fetch(one.id)
    assert reply.message.head + reply.message.body == raw


def test_the_configuration_is_told_once_a_file_before_what_it_led_to(archive):
    with archive.turn() as turn:
        for path in ("/a", "/b"):
            turn.record(exchange(path, path.encode()), provenance())
    records = all_records(archive)
    assert [one.type for one in records] == ["warcinfo", "resource"] + [
        "response", "request", "metadata",
    ] * 2  # fmt: skip
    digest = provenance().config_digest
    assert records[1].block == CONFIG.encode()
    assert records[1].headers["warc-target-uri"] == f"urn:kliping:outlet:lantern:{digest}"


def test_each_new_file_is_told_the_configuration_again(archive):
    archive._warc._max_bytes = 1
    with archive.turn() as turn:
        for path in ("/a", "/b"):
            turn.record(exchange(path), provenance())
    assert [one.type for one in all_records(archive)].count("resource") == 2


def test_an_unknown_configuration_is_no_record(archive):
    with archive.turn() as turn:
        turn.record(exchange(), provenance(config_digest="sha256:none"))
        turn.record(exchange(), provenance(config_digest=None))
    assert "resource" not in [one.type for one in all_records(archive)]


# versions


def test_the_first_text_is_a_new_article_with_one_version(archive):
    one = keep(archive)
    held = found(archive, one.article)
    assert one.outcome == "new"
    assert one.article == article_id(OUTLET, urlkey(url()))
    assert [(v.id, v.number, v.title) for v in held.versions] == [
        (one.version, 1, "Harbour to grow")
    ]


def test_the_same_text_again_lengthens_its_version(archive, clock):
    first, one = captured(archive)
    clock.advance(HOUR)
    second, again = captured(archive, body="The  harbour\n grows. ")
    assert (again.outcome, again.version) == ("same", one.version)
    [held] = found(archive, one.article).versions
    assert (held.first_capture, held.last_capture) == (first.id, second.id)
    assert (held.first_captured_at, held.last_captured_at) == (NOW, NOW + HOUR)
    assert held.recorded_at == NOW
    assert held.body == "The harbour grows."


def test_a_changed_text_makes_a_second_version(archive, clock):
    one = keep(archive)
    clock.advance(HOUR)
    changed = keep(archive, body="The harbour shrinks.")
    assert (changed.outcome, changed.article) == ("changed", one.article)
    held = found(archive, one.article)
    assert [v.number for v in held.versions] == [1, 2]
    assert held.current.id == changed.version


def test_an_edited_headline_is_a_version(archive):
    keep(archive)
    assert keep(archive, title="Harbor to grow").outcome == "changed"


def test_a_text_that_comes_back_is_the_version_it_was(archive, clock):
    one = keep(archive)
    clock.advance(HOUR)
    keep(archive, body="The harbour shrinks.")
    clock.advance(HOUR)
    back = keep(archive)
    assert (back.outcome, back.version) == ("changed", one.version)
    held = found(archive, one.article)
    assert [v.number for v in held.versions] == [1, 2]
    assert held.current.id == one.version
    assert held.current.last_captured_at == NOW + 2 * HOUR
    assert [hit.version for hit in hits(archive, "harbour")] == [one.version]


def test_an_older_capture_saved_later_moves_the_beginning_back(archive):
    one = keep(archive, at=NOW)
    keep(archive, at=NOW - HOUR)
    [held] = found(archive, one.article).versions
    assert (held.first_captured_at, held.last_captured_at) == (NOW - HOUR, NOW)


def test_two_outlets_never_share_an_article(archive):
    with archive.turn() as turn:
        turn.sync_outlet(declaration("other"), None)
    one, other = keep(archive), keep(archive, outlet="other")
    assert other.outcome == "new"
    assert one.article != other.article


def test_a_canonical_url_leads_to_the_article_it_names(archive):
    one = keep(archive, "/harbour?share=1", canonical=url("/harbour"))
    again = keep(archive, "/harbour")
    other = keep(archive, "/other", canonical=url("/harbour"))
    assert again.article == other.article == one.article
    assert {again.outcome, other.outcome} == {"same"}
    for path in ("/harbour?share=1", "/harbour", "/other"):
        assert found(archive, url(path)).id == one.article


def test_the_announced_url_counts_before_the_canonical_one(archive):
    one, other = keep(archive, "/one"), keep(archive, "/other")
    assert keep(archive, "/one", canonical=url("/other")).article == one.article
    assert found(archive, url("/other")).id == other.article


def test_a_redirect_binds_the_text_to_the_announced_url(archive):
    with archive.turn() as turn:
        capture = turn.record(exchange("/final"), provenance(hops="LR"))
        one = turn.save(draft(), capture, provenance(), known_as=url("/short"))
    held = found(archive, url("/short"))
    assert (held.id, held.url) == (one.article, url("/final"))


def test_the_version_has_an_id_of_its_article_and_text(archive):
    one = keep(archive)
    assert one.version == version_id(one.article, draft().text_digest)


def test_docids_sort_by_publication_and_are_unique(archive):
    from archive.records import Moment

    days = [3, 1, 2, 2, 2]
    for number, day in enumerate(days):
        at = Moment(at=NOW + timedelta(days=day))
        keep(archive, f"/{number}", body="same words", published=at)
    with archive.reading() as connection:
        rows = connection.execute(
            select(version.c.published_at).order_by(version.c.docid)
        ).scalars()
        assert [row.day - NOW.day for row in rows] == sorted(days)
    assert count(archive, select(version.c.docid).distinct().subquery()) == 5


def test_an_undated_text_sorts_by_its_first_capture(archive):
    keep(archive, "/old", body="words", published=None, at=NOW - HOUR)
    keep(archive, "/new", body="words", published=None, at=NOW)
    assert [hit.url for hit in hits(archive, "words")] == [url("/new"), url("/old")]


@pytest.mark.parametrize("title", ["", None])
def test_a_text_without_a_headline_is_kept(archive, title):
    one = keep(archive, title=title)
    assert found(archive, one.article).current.title == ""


# drafts


def test_the_draft_is_a_record_that_refers_to_its_capture(archive):
    capture, _ = captured(archive, authors=("Siti Aminah",))
    record = all_records(archive)[-1]
    assert (record.type, record.headers["content-type"]) == ("metadata", "application/json")
    assert record.headers["warc-refers-to"] == f"<urn:uuid:{capture.id.removeprefix('r:')}>"
    assert json.loads(record.block)["authors"] == ["Siti Aminah"]


def test_the_claims_of_the_last_capture_can_be_asked(archive):
    said = {"title": (Claim(origin="json-ld", value="Harbour"), Claim(origin="h1", value="Port"))}
    capture, _ = captured(archive, claims=said)
    with archive.reading() as connection:
        assert claims_of(connection, capture.id) == {
            "title": [("json-ld", "Harbour"), ("h1", "Port")]
        }


def test_a_page_that_is_no_article_is_kept_as_evidence_alone(archive):
    with archive.turn() as turn:
        capture = turn.record(exchange(), provenance())
        turn.dismiss(draft(wall="paywall", kind="other"), capture, outcome="walled")
    assert count(archive, version) == 0
    with archive.reading() as connection:
        row = connection.execute(select(extraction)).mappings().one()
    assert (row["outcome"], row["version_id"]) == ("walled", None)
    assert json.loads(all_records(archive)[-1].block)["wall"] == "paywall"


# another extractor


def reread(archive, capture, **said):
    with archive.turn() as turn:
        turn.reread(draft(fingerprint=UPGRADED, **said), capture, known_as=url(), outlet=OUTLET)


def test_texts_of_two_extractors_are_not_compared(archive, clock):
    first, _ = captured(archive)
    clock.advance(HOUR)
    with pytest.raises(ComparedUnlike) as raised:
        keep(archive, fingerprint=UPGRADED)
    assert raised.value.capture == first.id
    assert count(archive, version) == 1


def test_the_capture_to_read_again_is_the_last_that_showed_the_text(archive, clock):
    captured(archive)
    clock.advance(HOUR)
    second, _ = captured(archive)
    with pytest.raises(ComparedUnlike) as raised:
        keep(archive, fingerprint=UPGRADED)
    assert raised.value.capture == second.id


def test_a_reread_that_says_the_same_changes_no_version(archive, clock):
    first, one = captured(archive)
    reread(archive, first)
    clock.advance(HOUR)
    assert keep(archive, fingerprint=UPGRADED).outcome == "same"
    assert [v.id for v in found(archive, one.article).versions] == [one.version]


def test_a_reread_that_says_more_takes_the_old_ones_place(archive, clock):
    first, one = captured(archive)
    better = "The harbour grows, said the mayor."
    clock.advance(HOUR)
    reread(archive, first, body=better, text_digest=draft(body=better).text_digest)
    again = keep(archive, body=better, fingerprint=UPGRADED)
    assert again.outcome == "same"
    assert again.version != one.version
    [held] = found(archive, one.article).versions
    assert (held.number, held.first_capture, held.first_captured_at) == (1, first.id, NOW)
    assert [hit.version for hit in hits(archive, "mayor")] == [again.version]
    assert count(archive, version) == 2


def test_a_superseded_text_is_no_longer_found(archive):
    first, _ = captured(archive, body="Cookie banner. The harbour grows.")
    reread(archive, first)
    assert hits(archive, "cookie") == ()
    assert len(hits(archive, "harbour")) == 1


def test_a_reread_back_to_a_superseded_text_shows_it_again(archive):
    first, one = captured(archive)
    other = "The harbour grows, said the mayor."
    reread(archive, first, body=other, text_digest=draft(body=other).text_digest)
    with archive.turn() as turn:
        turn.reread(draft(), first, known_as=url(), outlet=OUTLET)
    assert [v.id for v in found(archive, one.article).versions] == [one.version]
    assert [hit.version for hit in hits(archive, "harbour")] == [one.version]


def test_a_superseded_text_that_is_published_after_all_is_a_version_again(archive, clock):
    first, one = captured(archive)
    other = "The harbour grows, said the mayor."
    reread(archive, first, body=other, text_digest=draft(body=other).text_digest)
    clock.advance(HOUR)
    back = keep(archive, fingerprint=UPGRADED)
    assert (back.outcome, back.version) == ("changed", one.version)
    held = found(archive, one.article)
    assert [v.number for v in held.versions] == [1, 2]
    assert held.current.id == one.version
    assert [hit.version for hit in hits(archive, "grows")] == [one.version]


def test_a_reread_that_says_what_another_version_says_joins_it(archive, clock):
    _, one = captured(archive)
    clock.advance(HOUR)
    second, _ = captured(archive, body="The harbour grows. Subscribe!")
    reread(archive, second)
    [held] = found(archive, one.article).versions
    assert (held.id, held.last_capture) == (one.version, second.id)
    assert len(hits(archive, "harbour")) == 1


def test_only_the_last_reading_of_a_capture_counts(archive):
    first, _ = captured(archive)
    reread(archive, first)
    with archive.reading() as connection:
        rows = connection.execute(
            select(extraction.c.extractor, extraction.c.is_current).where(
                extraction.c.capture_id == first.id
            )
        ).all()
    assert sorted(map(tuple, rows)) == [("tests/1", False), ("tests/2", True)]


def test_rereading_an_unknown_article_is_nothing(archive):
    with archive.turn() as turn:
        capture = turn.record(exchange(), provenance())
        turn.reread(draft(), capture, known_as=url("/unknown"), outlet=OUTLET)
    assert count(archive, extraction) == 0


# gone, asked for, undone


def lease_of(archive, path="/harbour"):
    with archive.turn() as turn:
        turn.ask_for(OUTLET, url(path))
        [lease] = turn.lease(OUTLET, limit=1, for_=HOUR, holder="run-1", only=urlkey(url(path)))
    return lease


def test_an_article_is_gone_since_it_was_first_missed_and_may_come_back(archive, clock):
    one = keep(archive)
    lease = lease_of(archive)
    for cause in ("HTTP 404", "HTTP 410"):
        clock.advance(HOUR)
        with archive.turn() as turn:
            turn.mark_gone(lease, cause)
    held = found(archive, one.article)
    assert (held.gone_at, held.gone_cause) == (NOW + HOUR, "HTTP 404")
    assert len(held.versions) == 1
    assert [hit.is_gone for hit in hits(archive, "is:gone")] == [True]
    assert keep(archive).outcome == "same"
    assert found(archive, one.article).gone_at is None
    assert hits(archive, "is:gone") == ()


def test_what_was_never_held_cannot_be_gone(archive):
    lease = lease_of(archive)
    with archive.turn() as turn:
        turn.mark_gone(lease, "HTTP 404")


def test_a_person_asks_for_an_article_whatever_its_cadence(archive, clock):
    lease = lease_of(archive)
    with archive.turn() as turn:
        assert turn.settle(
            Settlement(token=lease.token, outcome="new", next_due_at=NOW + 24 * HOUR)
        )
    assert lease_of(archive).url == url()


def test_an_article_knows_when_it_was_first_sighted(archive, clock):
    with archive.turn() as turn:
        turn.discover(OUTLET, [discovery()])
    clock.advance(HOUR)
    assert found(archive, keep(archive).article).first_sighted_at == NOW


def test_a_part_that_fails_is_undone_and_the_rest_is_kept(archive):
    with archive.turn() as turn:
        turn.discover(OUTLET, [discovery("/a")])
        with pytest.raises(ValueError, match="no part"), turn.apart():  # noqa: PT012
            turn.discover(OUTLET, [discovery("/b")])
            raise ValueError("no part")
        with turn.apart():
            turn.discover(OUTLET, [discovery("/c")])
    with archive.turn() as turn:
        leases = turn.lease(OUTLET, limit=9, for_=HOUR, holder="run-1")
    assert {lease.url for lease in leases} == {url("/a"), url("/c")}


def test_a_part_that_the_database_refuses_does_not_spoil_the_turn(archive):
    with archive.turn() as turn:
        with pytest.raises(Exception, match=r"(?i)constraint"), turn.apart():
            turn.open_run("run-1", [OUTLET])
        turn.discover(OUTLET, [discovery("/a")])
    with archive.turn() as turn:
        assert len(turn.lease(OUTLET, limit=9, for_=HOUR, holder="run-1")) == 1


def test_each_sighting_is_journalled_once(archive):
    with archive.turn() as turn:
        turn.discover(OUTLET, [discovery(title="Harbour")])
        turn.discover(OUTLET, [discovery(title="Harbour")])
    acts = [act for act in acts_of(archive.directory / "journal") if act["act"] == "sighted"]
    assert [act["discovery"] for act in acts] == [
        {
            "url": url(),
            "listing": "https://lantern.example/feed.xml",
            "kind": "feed",
            "position": 0,
            "title": "Harbour",
        }
    ]


def test_a_run_is_journalled_from_open_to_close(archive):
    with archive.turn() as turn:
        turn.close_run("run-1", outcome="finished", counts={"new": 3})
    acts = list(acts_of(archive.directory / "journal"))
    assert [act["act"] for act in acts] == ["run-opened", "run-closed"]
    assert acts[1]["counts"] == {"new": 3}
