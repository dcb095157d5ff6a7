"""What a person may ask of a verification, judged and made plain."""

import re
from typing import TypedDict

from archive.fixity.budget import Budget, Sample, duration, size
from archive.records import Digest

_ROOT = re.compile(r"sha256:[0-9a-f]{64}")


class Options(TypedDict):
    """What `archive.verify.verify` is asked."""

    sample: Sample | None
    scrub: bool
    budget: Budget
    since: Digest | None


def options(
    *,
    sample: str | None,
    scrub: bool,
    for_: str | None,
    rate: str | None,
    since_root: str | None,
) -> Options:
    """Options from what was typed.

    Raises:
        ValueError: if one is not what it should be, or two do not go together.
    """
    if scrub and sample:
        raise ValueError("--scrub reads whole files, and --sample single records: give one")
    if for_ and not scrub:
        raise ValueError("--for bounds a scrub, which can go on another day: add --scrub")
    if since_root and not _ROOT.fullmatch(since_root):
        raise ValueError(f"--since-root is `sha256:` and 64 digits, not {since_root!r}")
    return Options(
        sample=Sample(sample) if sample is not None else None,
        scrub=scrub,
        budget=Budget(duration(for_) if for_ else None, size(rate) if rate else None),
        since=Digest(since_root) if since_root else None,
    )
