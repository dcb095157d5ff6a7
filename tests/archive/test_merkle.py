"""One root vouches for many records: for each of them, and for their order."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.digests import sha256
from archive.merkle import Tree, day


def root_of(records: list[bytes]) -> str:
    tree = Tree()
    for record in records:
        tree.add(record)
    return tree.root()


def by_definition(records: list[bytes]) -> bytes:
    """RFC 6962 §2.1, as it is written there."""
    if not records:
        return hashlib.sha256(b"").digest()
    if len(records) == 1:
        return hashlib.sha256(b"\0" + records[0]).digest()
    half = 1
    while half * 2 < len(records):
        half *= 2
    left, right = by_definition(records[:half]), by_definition(records[half:])
    return hashlib.sha256(b"\1" + left + right).digest()


@given(st.lists(st.binary(max_size=4), max_size=40))
def test_a_root_is_what_the_standard_says(records):
    assert root_of(records) == "sha256:" + by_definition(records).hex()


@pytest.mark.parametrize(
    "altered",
    [[b"a", b"b", b"x"], [b"b", b"a", b"c"], [b"a", b"b"], [b"a", b"b", b"c", b"c"], [b"ab", b"c"]],
)
def test_a_record_altered_moved_taken_or_added_changes_the_root(altered):
    assert root_of(altered) != root_of([b"a", b"b", b"c"])


def test_a_tree_counts_its_leaves():
    tree = Tree()
    for record in (b"a", b"b", b"c"):
        tree.add(record)
    assert tree.leaves == 3


def test_a_day_is_chained_to_the_day_before():
    files = [sha256(b"1"), sha256(b"2")]
    first = day(None, files)
    assert day(first, files) != first
    assert day(first, files) != day(sha256(b"another past"), files)
    assert day(first, []) != day(None, [])


def test_a_record_in_parts_is_the_same_leaf():
    parts = Tree()
    parts.add(b"head", b"", b"block")
    assert parts.root() == root_of([b"headblock"])
