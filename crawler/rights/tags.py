"""X-Robots-Tag and meta robots: rules for one page.

    X-Robots-Tag: noarchive, unavailable_after: 25 Jun 2026 15:00:00 PST
    X-Robots-Tag: otherbot: noindex, nofollow
    <meta name="googlebot" content="nosnippet">

As Google and Bing document them; `noai` and `noimageai` are DeviantArt's, which others have taken
up. Of what else stands there nothing is kept: `follow` and `max-snippet` say nothing of rights.
"""

import re

from archive.signals import Signal, signal

KNOWN = frozenset({"noarchive", "nocache", "noindex", "nosnippet", "noai", "noimageai", "none"})
META_AGENTS = frozenset({"robots", "googlebot", "googlebot-news", "bingbot", "google-extended",
                         "gptbot", "ccbot", "claudebot"})  # fmt: skip
VALUES_LIMIT = 4000
_AGENT = re.compile(r"\s*([A-Za-z][\w.*/-]{0,63})\s*:\s*(.*)", re.DOTALL)
_UNTIL = "unavailable_after"
_PARTS = re.compile(
    r"(?:[^,]*?(?<=:)\s*(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},)?[^,]+", re.IGNORECASE
)
"""Commas part them, but for the one after a day of the week in a date."""
_SAME = {"nocache": ("noarchive",), "none": ("noindex",)}
"""Bing's word for noarchive; and none is `noindex, nofollow`."""
_WITH_VALUE = frozenset({_UNTIL, "max-snippet", "max-image-preview", "max-video-preview"})


def tag_signals(value: str, line: str, *, agent: str | None = None) -> list[Signal]:
    """What one value states, to `agent` until it names another."""
    found = []
    for part in _PARTS.findall(value[:VALUES_LIMIT]):
        rest = part
        named = _AGENT.fullmatch(rest)
        if named and named[1].lower() not in _WITH_VALUE:
            agent, rest = named[1].lower(), named[2]
            named = _AGENT.fullmatch(rest)
        if named and named[1].lower() == _UNTIL:
            found.append(signal(f"robots:{_UNTIL}", named[2], line, agent=agent))
        rule = rest.strip().lower()
        if rule in KNOWN:
            found += [
                signal(f"robots:{name}", "yes", line, agent=agent)
                for name in _SAME.get(rule, (rule,))
            ]
    return found
