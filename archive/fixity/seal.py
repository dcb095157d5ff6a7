"""A sealed file as a whole: its size, its SHA-256 and the Merkle root over its records."""

from typing import NamedTuple

from archive.db.files import SealedRow
from archive.fixity.loss import Loss
from archive.fixity.verdict import Verdict
from archive.records import Digest

_REPACKED = "every record is as it was recorded, for their root holds: only the packing differs"


class Seal(NamedTuple):
    """What there is to compare of a file that was read through."""

    bytes: int
    sha256: str
    root: Digest

    def is_of(self, sealed: SealedRow) -> bool:
        """Whether the file is byte for byte the one that was sealed."""
        return (self.bytes, self.sha256) == (sealed.bytes, sealed.sha256)


def check_seal(
    name: str, sealed: SealedRow, seal: Seal, parts: str, loss: Loss, verdict: Verdict
) -> None:
    """Compare a sealed file with what was noted of it.

    `parts` says how many of `{}` records are whole; it is empty if none is damaged.
    """
    holds = not parts and seal.root == sealed.root
    if not seal.is_of(sealed):
        left = _REPACKED if holds else parts.format(sealed.records) or "its records are others"
        verdict.faults.append(
            f"{name}: not the bytes that were sealed (size or SHA-256); {left}. "
            f"{loss.restore(name)}"
        )
    if sealed.root is None:
        verdict.unchecked.append(f"the root of {name}: it was sealed before roots were kept")
    elif holds:
        verdict.roots += 1
    elif not parts:
        verdict.faults.append(
            f"{name}: its records have the root {seal.root}, and {sealed.root} was noted when it "
            f"was sealed: records were altered, taken out or put in. {loss.restore(name)}"
        )
