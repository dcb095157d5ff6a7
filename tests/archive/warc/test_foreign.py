"""What other programs wrote is read, and what is damaged is passed over and named."""

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import foreign as made

from archive.errors import ArchiveError
from archive.warc.foreign import Damage, Foreign, fault_of, foreign_records
from archive.warc.unpacked import Limits, TooMuch


def read(content: bytes, limits: Limits | None = None) -> list[Foreign | Damage]:
    file = made.opened(content)
    return list(foreign_records(file, "x.warc", len(content), limits or Limits()))


def kinds(found: list[Foreign | Damage]) -> list[str]:
    return [one.record.type if isinstance(one, Foreign) else "DAMAGE" for one in found]


@pytest.fixture
def records() -> list[bytes]:
    return [made.info(), *made.wget("/a"), *made.wget("/b"), *made.wget("/c")]


KINDS = ["warcinfo", *["request", "response"] * 3]


def test_one_member_a_record_gives_each_its_offset(records: list[bytes]) -> None:
    found = read(made.packed(records))
    assert kinds(found) == KINDS
    sizes = [len(made.packed([one])) for one in records]
    assert [one.record.place.offset for one in found] == [sum(sizes[:n]) for n in range(7)]
    assert [one.plain for one in found] == records


def test_one_stream_for_all_records_is_read(records: list[bytes]) -> None:
    found = read(gzip.compress(b"".join(records)))
    assert [one.plain for one in found] == records


def test_a_file_that_is_not_packed_is_read(records: list[bytes]) -> None:
    found = read(b"".join(records))
    assert [one.plain for one in found] == records
    assert found[1].record.place.offset == len(records[0])


def test_bare_newlines_in_heads_are_put_right_and_blocks_are_not(records: list[bytes]) -> None:
    head, _, block = records[0].partition(b"\r\n\r\n")
    odd = head.replace(b"\r\n", b"\n") + b"\n\n" + block
    assert read(odd + records[1])[0].plain == records[0]


@pytest.mark.parametrize("ending", [b"", b"\r\n", b"\r\n\r\n\r\n\r\n", b"\n\n"])
def test_what_parts_records_may_be_anything_of_line_ends(
    records: list[bytes], ending: bytes
) -> None:
    odd = records[0].removesuffix(b"\r\n\r\n") + ending
    assert [one.plain for one in read(odd + records[1])] == records[:2]


def test_damage_in_a_member_costs_that_record_alone(records: list[bytes]) -> None:
    members = [bytearray(made.packed([one])) for one in records]
    members[2][40:60] = bytes(20)
    found = read(b"".join(members))
    assert kinds(found) == [*KINDS[:2], "DAMAGE", *KINDS[3:]]
    assert found[2].offset == sum(map(len, members[:2]))


def test_a_wrong_checksum_is_damage(records: list[bytes]) -> None:
    members = [bytearray(made.packed([one])) for one in records]
    members[2][-6] ^= 1
    found = read(b"".join(members))
    assert kinds(found) == [*KINDS[:2], "DAMAGE", *KINDS[3:]]


def test_bytes_that_are_missing_cost_no_more_than_their_record(records: list[bytes]) -> None:
    members = [made.packed([one]) for one in records]
    members[2] = members[2][: len(members[2]) // 2]
    assert kinds(read(b"".join(members))) == [*KINDS[:2], "DAMAGE", *KINDS[3:]]


def test_a_torn_tail_is_one_damaged_record(records: list[bytes]) -> None:
    assert kinds(read(made.packed(records)[:-30])) == [*KINDS[:-1], "DAMAGE"]
    assert kinds(read(b"".join(records)[:-30])) == [*KINDS[:-1], "DAMAGE"]


def test_garbage_between_members_is_passed_over(records: list[bytes]) -> None:
    rest = made.packed(records[1:])
    assert kinds(read(made.packed(records[:1]) + b"\0" * 5000 + rest)) == [
        "warcinfo", "DAMAGE", *KINDS[1:],
    ]  # fmt: skip


def test_a_wrong_length_in_a_plain_file_costs_that_record_alone(records: list[bytes]) -> None:
    size = len(records[2].partition(b"\r\n\r\n")[2]) - 4
    said, wrong = b"Content-Length: %d" % size, b"Content-Length: %d" % (size - 9)
    found = read(b"".join([*records[:2], records[2].replace(said, wrong), *records[3:]]))
    assert kinds(found) == [*KINDS[:2], "DAMAGE", *KINDS[3:]]


def test_a_wrong_head_in_its_own_member_hides_no_record_within_its_block() -> None:
    forged = made.record("response", made.http(b"forged"))
    bad = b"WARC/1.0\r\nWARC-Type: response\r\n\r\n" + forged
    found = read(made.packed([made.info(), bad, *made.wget("/b")]))
    assert kinds(found) == ["warcinfo", "DAMAGE", "request", "response"]


def test_a_record_that_is_too_large_is_passed_over(records: list[bytes]) -> None:
    large = made.record("response", made.http(b"x" * 50_000))
    found = read(made.packed([records[0], large, *records[1:]]), Limits(record_bytes=20_000))
    assert kinds(found) == ["warcinfo", "DAMAGE", *KINDS[1:]]
    assert found[1].is_large


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = gzip.compress(made.info() + b"\r\n" * 20_000_000)
    with pytest.raises(TooMuch, match=r"x\.warc unpacks to more than"):
        read(bomb)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"filedesc://x.arc 0.0.0.0 2026 text/plain 76\n", "is an ARC file"),
        (
            gzip.compress(b"filedesc://x.arc 0.0.0.0 2026 text/plain 76\n", mtime=0),
            "is an ARC file",
        ),
        (b"WARC/0.18\r\n", "draft version"),
        (b"<html>", "is no WARC file"),
        (gzip.compress(b"<html>", mtime=0), "is no WARC file"),
    ],
)
def test_what_is_no_warc_file_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(ArchiveError, match=says):
        read(content)


def test_an_empty_file_has_no_records() -> None:
    assert read(b"") == []


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damage_breaks_the_reader(data: st.DataObject) -> None:
    content = bytearray(made.packed([made.info(), *made.wget("/a"), *made.wget("/b")]))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, 5000))  # ids are drawn by lot, and lengths vary with them
        content[20 + at % (len(content) - 20)] = data.draw(st.integers(0, 255))
    try:
        found = read(bytes(content))
    except ArchiveError:
        return
    assert all(one.plain.startswith(b"WARC/1.") for one in found if isinstance(one, Foreign))


def fault(block: bytes, *fields: tuple[str, str], kind: str = "response") -> str | None:
    (found,) = read(made.record(kind, block, *fields))
    assert isinstance(found, Foreign)
    return fault_of(found)


CHUNKED = made.http(b"2\r\nok\r\n0\r\n\r\n", "Transfer-Encoding: chunked")


@pytest.mark.parametrize(
    ("block", "fields"),
    [
        (made.http(b"ok"), ()),
        (made.http(b"ok"), [("WARC-Block-Digest", made.sha1(made.http(b"ok")))]),
        (made.http(b"ok"), [("WARC-Payload-Digest", made.sha1(b"ok").lower())]),
        (CHUNKED, [("WARC-Payload-Digest", made.sha1(b"ok"))]),
        (CHUNKED, [("WARC-Payload-Digest", made.sha1(b"2\r\nok\r\n0\r\n\r\n"))]),
        (made.http(b"ok"), [("WARC-Payload-Digest", "blake9:abc")]),
        (
            made.http(gzip.compress(b"ok", mtime=0), "Content-Encoding: gzip"),
            [("WARC-Payload-Digest", made.sha1(b"ok"))],
        ),
    ],
)
def test_digests_of_other_programs_hold(block: bytes, fields: list[tuple[str, str]]) -> None:
    assert fault(block, *fields) is None


@pytest.mark.parametrize("name", ["WARC-Block-Digest", "WARC-Payload-Digest"])
def test_a_digest_that_does_not_hold_is_a_fault(name: str) -> None:
    assert "is not what its digest says" in (
        fault(made.http(b"ok"), (name, made.sha1(b"no"))) or ""
    )


def test_every_record_of_the_same_exchange_is_named() -> None:
    fields = [("WARC-Concurrent-To", made.new_id()), ("WARC-Concurrent-To", made.new_id())]
    (found,) = read(made.record("metadata", b"", *fields))
    assert isinstance(found, Foreign)
    assert [f"<urn:uuid:{one}>" for one in found.concurrent_to] == [id_ for _, id_ in fields]
