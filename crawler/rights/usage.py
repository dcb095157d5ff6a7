"""Content-Usage: preferences as the IETF's AIPREF drafts write them.

    Content-Usage: train-ai=n, search=y               a response's head
    Content-Usage: /archive/ train-ai=y               in robots.txt, for paths

The value is a Structured Field dictionary (RFC 9651 §3.2; draft-ietf-aipref-vocab-08 §6) whose
values are the tokens `y` and `n`; other values, and parameters, mean nothing. Of the dictionary
only this much is read: what is no key with a token is passed over up to the next comma.
"""

import re
from collections.abc import Iterable

from archive.pathrules import read_pattern
from archive.robotsgroups import Line
from archive.signals import Signal, signal

_MEMBER = re.compile(r"([a-z*][a-z0-9_.*-]{0,63})\s*=\s*([A-Za-z*][A-Za-z0-9_.*:/-]{0,63})(?:;.*)?")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?')
MEMBERS_LIMIT = 32
VALUES_LIMIT = 4000


def preferences(value: str) -> dict[str, str]:
    """The preferences that a value states: category to `y` or `n`; the last of each counts."""
    found: dict[str, str] = {}
    plain = _QUOTED.sub('""', value[:VALUES_LIMIT])  # a comma in a string parts nothing
    for member in plain.split(",")[:MEMBERS_LIMIT]:
        said = _MEMBER.fullmatch(member.strip(" \t"))
        if said and said[2] in ("y", "n"):
            found[said[1]] = said[2]
        elif said:
            found.pop(said[1], None)
    return found


def usage_signals(value: str, line: str, *, agent: str | None = None) -> list[Signal]:
    """What one value states, a signal each."""
    return [
        signal(f"content-usage:{category}", said, line, agent=agent)
        for category, said in preferences(value).items()
    ]


def usage_for(lines: Iterable[Line], path: str, agent: str) -> list[Signal]:
    """What the rules of one group state for a path (draft-ietf-aipref-attach-05 §3.1).

    The longest pattern that matches counts; if several are equal, all of them do.
    """
    best = -1
    found: list[Signal] = []
    for line in lines:
        paths, value = _parted(line.value)
        pattern = read_pattern(paths)
        if not pattern.matches(path):
            continue
        heavy = pattern.octets
        if heavy > best:
            best, found = heavy, []
        if heavy == best:
            found += usage_signals(value, line.written, agent=agent)
    return found


def _parted(value: str) -> tuple[str, str]:
    """Pattern and preferences; a path ends before the first blank."""
    if value[:1] not in ("/", "*"):
        return "", value
    parts = value.split(None, 1)
    return parts[0], parts[1] if len(parts) > 1 else ""
