"""Content-Signal: Cloudflare's lines in robots.txt (contentsignals.org, 2025-09).

    User-agent: *
    Content-Signal: search=yes, ai-input=no, ai-train=no

Each is `yes` or `no` to the agents of its group; a signal that is absent neither grants nor
reserves. `use=reference` and other keys that say how, not whether, are kept as they stand.
A path before the signals, which an earlier form allowed, narrows the line to it.
"""

import re
from collections.abc import Iterable

from archive.pathrules import read_pattern
from archive.robotsgroups import Line
from archive.signals import Signal, signal

_PAIR = re.compile(r"\s*([A-Za-z][A-Za-z0-9-]{0,39})\s*=\s*([A-Za-z]{1,20})\s*")
PAIRS_LIMIT = 16
_BOOLEANS = ("search", "ai-input", "ai-train")


def content_signals(lines: Iterable[Line], path: str, agent: str) -> list[Signal]:
    """What the lines of one group state for a path."""
    found = []
    for line in lines:
        value = line.value
        if value.startswith("/"):
            pattern, *rest = value.split(None, 1)
            if not read_pattern(pattern).matches(path):
                continue
            value = rest[0] if rest else ""
        for pair in value.split(",")[:PAIRS_LIMIT]:
            said = _PAIR.fullmatch(pair[:200])
            if said is None:
                continue
            name, word = said[1].lower(), said[2].lower()
            if name not in _BOOLEANS or word in ("yes", "no"):
                found.append(signal(f"content-signal:{name}", word, line.written, agent=agent))
    return found
