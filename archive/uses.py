"""What signals amount to: which use of a page its outlet reserves, and by which words.

This is a reading of formats and no legal advice: whether a reservation binds somebody depends on
who they are, where, and for what.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from archive.records import CaptureId
from archive.signals import Signal, Source, Statement

Use = Literal["ai-training", "ai-input", "tdm", "archiving", "indexing", "search"]
USES: tuple[Use, ...] = ("ai-training", "ai-input", "tdm", "archiving", "indexing", "search")

_CATEGORIES: dict[str, Use] = {
    # Content Signals (contentsignals.org)
    "content-signal:ai-train": "ai-training",
    "content-signal:ai-input": "ai-input",
    "content-signal:search": "search",
    # draft-ietf-aipref-vocab, and the names of its earlier versions
    "content-usage:train-ai": "ai-training",
    "content-usage:train-genai": "ai-training",
    "content-usage:genai": "ai-training",
    "content-usage:ai": "ai-training",
    "content-usage:ai-use": "ai-input",
    "content-usage:ai-input": "ai-input",
    "content-usage:ai-output": "ai-input",
    "content-usage:tdm": "tdm",
    "content-usage:bots": "tdm",
    "content-usage:search": "search",
}
_NO = ("no", "n")
_WORDS: dict[str, Use] = {
    "robots:noai": "ai-training",
    "robots:noimageai": "ai-training",
    "robots:noarchive": "archiving",
    "robots:noindex": "indexing",
    "disallow:training": "ai-training",
    "disallow:input": "ai-input",
    "disallow:dataset": "ai-training",
    "ai.txt:disallow": "ai-training",
}
"""What reserves by being said at all."""
_TDM_ORDER: tuple[Source, ...] = ("html", "http", "tdmrep.json")
"""TDMRep 2024, "Processing priority": the page supersedes the head, the head the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """One use that an outlet reserves, the words that do so, and the capture that holds them."""

    use: Use
    source: Source
    signal: Signal
    said_by: CaptureId


def reserved(statements: Sequence[Statement]) -> tuple[Reservation, ...]:
    """Every reservation that these statements make for one page, by use.

    Sources do not cancel each other (the most restrictive counts, as draft-ietf-aipref-vocab has
    it), but for TDMRep, which says which of its places is to be believed.
    """
    found = [
        Reservation(use=use, source=one.source, signal=said, said_by=one.said_by)
        for one in statements
        for said in one.signals
        if (use := _use_of(said)) is not None
    ]
    found += _tdm(statements)
    return tuple(sorted(found, key=lambda one: USES.index(one.use)))


def uses_of(signals: Iterable[Signal]) -> set[Use]:
    """The uses that one statement reserves by itself."""
    some = tuple(signals)
    uses = {use for one in some if (use := _use_of(one)) is not None}
    return uses | ({"tdm"} if any(_reserves_tdm(one) for one in some) else set())


def _use_of(said: Signal) -> Use | None:
    if said.name in _WORDS:
        return _WORDS[said.name]
    return _CATEGORIES.get(said.name) if said.value in _NO else None


def _tdm(statements: Sequence[Statement]) -> list[Reservation]:
    for source in _TDM_ORDER:
        for one in statements:
            said = [s for s in one.signals if s.name == "tdm-reservation"]
            if one.source == source and said:
                return [
                    Reservation(use="tdm", source=source, signal=s, said_by=one.said_by)
                    for s in said
                    if _reserves_tdm(s)
                ]
    return []


def _reserves_tdm(said: Signal) -> bool:
    return said.name == "tdm-reservation" and said.value == "1"
