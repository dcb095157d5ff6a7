"""Merkle trees over records, so that one digest vouches for many (RFC 6962 §2.1).

    leaf  SHA-256 of 0x00 and the record as it is before packing, from its version line to its end
    node  SHA-256 of 0x01 and the two below it; an odd one out goes up as it is

The root of a file covers its records in order. The root of a day covers the roots of the files
sealed until then, and the root of the day before: `day`. Who has written down one root can check,
years later, that nothing before it was altered, taken out or put in.
"""

import hashlib
from collections.abc import Iterable

from archive.records import Digest

EMPTY = hashlib.sha256(b"").digest()


class Tree:
    """A tree that grows leaf by leaf; it holds one digest for each of its levels."""

    def __init__(self) -> None:
        self.leaves = 0
        self._peaks: list[tuple[int, bytes]] = []
        """Whole subtrees from left to right: how many leaves each has, and its root."""

    def add(self, *parts: bytes) -> None:
        """Add a record, as it is before packing, in one part or in many."""
        leaf = hashlib.sha256(b"\0")
        for part in parts:  # apart, for a record may be large and is not to be copied
            leaf.update(part)
        self.add_leaf(leaf.digest())

    def add_leaf(self, leaf: bytes) -> None:
        """Add a leaf that is a digest already."""
        self.leaves += 1
        size = 1
        while self._peaks and self._peaks[-1][0] == size:
            leaf = _node(self._peaks.pop()[1], leaf)
            size *= 2
        self._peaks.append((size, leaf))

    def root(self) -> Digest:
        """The root as of now."""
        if not self._peaks:
            return _digest(EMPTY)
        *left, (_, right) = self._peaks
        for _, peak in reversed(left):
            right = _node(peak, right)
        return _digest(right)


def day(previous: Digest | None, files: Iterable[Digest]) -> Digest:
    """The root of a day: the files' roots in order of their names, chained to the day before."""
    tree = Tree()
    if previous is not None:
        tree.add(previous.encode())
    for root in files:
        tree.add(root.encode())
    return tree.root()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _digest(raw: bytes) -> Digest:
    return Digest("sha256:" + raw.hex())
