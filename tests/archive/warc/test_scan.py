"""A file is read through whatever is broken in it, and a record is never taken for another's."""

import hashlib
import uuid
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.archives import NOW

from archive.warc import scan as module
from archive.warc.members import Record
from archive.warc.scan import Gap, Scan, Whole

INFO = "<urn:uuid:00000000-0000-4000-8000-00000000000a>"


def member(block=b"block", info=INFO, type_="response", **more):
    fields = (("WARC-Warcinfo-ID", info),) if info else ()
    id_ = uuid.UUID(info[10:-1]) if type_ == "warcinfo" else uuid.uuid4()
    fields = fields if type_ != "warcinfo" else ()
    values = {"id": id_, "at": NOW, "content_type": "text/plain", "fields": fields} | more
    return Record(type=type_, block=block, **values).member()


def stored(block):
    """A record as it may lie in a file if its block is packed already: as it is."""
    one = Record(type="response", id=uuid.uuid4(), at=NOW, block=block, content_type="t")
    packer = zlib.compressobj(0, zlib.DEFLATED, 31)
    return packer.compress(one.plain()) + packer.flush()


HEAD = member(type_="warcinfo")


def read(content, **more):
    scan = Scan(BytesIO(content), "x.warc.gz", **more)
    return scan, list(scan)


def shape(found):
    return [
        ("whole" if isinstance(one, Whole) else "gap", place.offset, place.length)
        for one in found
        for place in [one.record.place if isinstance(one, Whole) else one.place]
    ]


def test_whole_records_come_with_their_places_and_the_file_with_its_digest():
    one, two = member(b"one"), member(b"two")
    scan, found = read(HEAD + one + two)
    assert shape(found) == [
        ("whole", 0, len(HEAD)),
        ("whole", len(HEAD), len(one)),
        ("whole", len(HEAD + one), len(two)),
    ]
    assert [one.record.block for one in found] == [b"block", b"one", b"two"]
    assert scan.sha256 == hashlib.sha256(HEAD + one + two).hexdigest()


def test_an_empty_file_has_nothing_in_it():
    scan, found = read(b"")
    assert (found, scan.size, scan.sha256) == ([], 0, hashlib.sha256(b"").hexdigest())


def test_the_digest_is_right_though_damage_makes_it_read_back(monkeypatch):
    monkeypatch.setattr(module, "PIECE", 64)
    content = bytearray(HEAD + member(bytes(range(256)) * 8) + member(b"after"))
    content[len(HEAD) + 30] ^= 1
    scan, found = read(bytes(content))
    assert scan.sha256 == hashlib.sha256(content).hexdigest()
    assert shape(found)[-1][0] == "whole"


@settings(max_examples=150, deadline=None)
@given(
    flips=st.lists(st.integers(0, 4000), min_size=1, max_size=3),
    piece=st.sampled_from([16, 100, 1 << 20]),
)
def test_every_byte_is_in_a_record_or_in_a_gap_and_no_sound_record_is_lost(flips, piece):
    members = [HEAD, *(member(b"%d " % n * 40) for n in range(8))]
    content = bytearray(b"".join(members))
    hurt = set()
    starts = [sum(map(len, members[:n])) for n in range(len(members))]
    for flip in flips:
        at = flip % len(content)
        content[at] ^= 0x20
        hurt.add(max(n for n, start in enumerate(starts) if start <= at))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PIECE", piece)
        scan, found = read(bytes(content))
    at = 0
    for _, offset, length in shape(found):
        assert offset == at
        at += length
    assert at == len(content) == scan.size
    whole = {offset for kind, offset, _ in shape(found) if kind == "whole"}
    assert whole >= {start for n, start in enumerate(starts) if n not in hurt}
    assert scan.sha256 == hashlib.sha256(content).hexdigest()


def test_what_is_left_of_a_damaged_head_is_told():
    one = bytearray(member(b"some block" * 30))
    one[-5] ^= 1
    _, [_, gap] = read(HEAD + bytes(one))
    assert isinstance(gap, Gap)
    assert gap.headers["warc-type"] == "response"
    assert gap.reason == "its bytes are not those that were packed (CRC-32)"


def test_a_head_that_is_cut_off_has_its_last_line_left_out():
    one = member(b"some block" * 30)
    _, [_, gap] = read(HEAD + one[:90])
    assert gap.reason == "the record is torn"
    assert "content-length" not in gap.headers
    assert all(value for value in gap.headers.values())


@pytest.mark.parametrize("info", ["<urn:uuid:00000000-0000-4000-8000-00000000000b>", None])
def test_a_record_inside_a_damaged_record_is_not_taken_for_ours(info):
    inner = member(b"inner", info)
    outer = bytearray(stored(inner))
    assert inner[:60] in bytes(outer)
    outer[-6] ^= 1
    after = member(b"after")
    _, found = read(HEAD + bytes(outer) + after)
    assert shape(found)[1:] == [
        ("gap", len(HEAD), len(outer)),
        ("whole", len(HEAD) + len(outer), len(after)),
    ]


def test_a_file_whose_warcinfo_is_damaged_is_read_all_the_same():
    head = bytearray(HEAD)
    head[-5] ^= 1
    after = member(b"after")
    _, found = read(bytes(head) + after)
    assert [kind for kind, *_ in shape(found)] == ["gap", "whole"]


def test_a_member_that_is_no_record_is_a_gap_of_its_own():
    from archive.warc.members import pack

    other, after = pack(b"not a record"), member(b"after")
    _, found = read(HEAD + other + after)
    assert shape(found)[1] == ("gap", len(HEAD), len(other))
    assert found[1].reason == "not a WARC record"
    two = pack(
        b"".join(
            Record(type="response", id=uuid.uuid4(), at=NOW, block=b"x", content_type="t").plain()
            for _ in range(2)
        )
    )
    _, found = read(HEAD + two + after)
    assert found[1].reason == "the record's length is wrong"
    assert isinstance(found[2], Whole)


def test_a_member_that_unpacks_without_end_is_a_gap(monkeypatch):
    monkeypatch.setattr(module, "LARGEST", 100_000)
    bomb, after = member(bytes(10_000_000)), member(b"after")
    _, found = read(HEAD + bomb + after)
    assert shape(found)[1] == ("gap", len(HEAD), len(bomb))
    assert found[1].reason == "it unpacks to more than any record holds"


def test_who_asks_is_told_how_much_was_read():
    told = []
    content = HEAD + member(b"one")
    read(content, on_read=told.append)
    assert sum(told) == len(content)
