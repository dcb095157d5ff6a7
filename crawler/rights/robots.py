"""robots.txt, read for what it says of rights at one path rather than for our own leave.

- `disallow:training`, `disallow:dataset`, `disallow:input`: a crawler for artificial intelligence
  is named (crawler.rights.agents) and may not fetch the path (RFC 9309 §2.2.2). What is said to
  `*` is no such signal: it is said to us, too, and a captured page was allowed to us by it.
- Content-Signal and Content-Usage, of the groups of these agents, of ours and of `*`.
- `rsl:license`: a `License:` line of RSL 1.0, to everybody.
"""

from collections.abc import Iterator

from archive.signals import Signal, limited, signal
from crawler.extract.links import absolute
from crawler.rights.agents import purpose_of
from crawler.rights.contentsignal import content_signals
from crawler.rights.groups import Line, read_groups
from crawler.rights.paths import matches, path_of, weight
from crawler.rights.usage import usage_for

OURS = "kliping"
EVERYBODY = "*"


class RobotsRights:
    """What one robots.txt says of rights; parsed once, asked for each page."""

    def __init__(self, text: str, origin: str) -> None:
        groups = read_groups(text)
        self._origin = origin
        self._general = groups.general
        self._by_agent = groups.by_agent(
            lambda agent: agent in (EVERYBODY, OURS) or purpose_of(agent) is not None
        )

    def at(self, url: str) -> tuple[Signal, ...]:
        """What it says of the page at `url`."""
        return limited(self._signals(path_of(url)))

    def _signals(self, path: str) -> Iterator[Signal]:
        for line in self._general.of("license"):
            if terms := absolute(self._origin, line.value):
                yield signal("rsl:license", terms, line.raw)
        # before the first agent, which RFC 9309 knows not; outlets write it, and mean everybody
        yield from content_signals(self._general.of("content-signal"), path, EVERYBODY)
        yield from usage_for(self._general.of("content-usage"), path, EVERYBODY)
        for agent, group in self._by_agent.items():
            rule = deciding(group.of("allow", "disallow"), path)
            if rule is not None and rule.key == "disallow":
                if purpose := purpose_of(agent):
                    said = f"User-agent: {group.agents[0]} / {rule.raw}"
                    yield signal(f"disallow:{purpose}", rule.value, said, agent=agent)
            else:  # a path that may not be fetched has no preferences (aipref-attach-05 §3.1)
                yield from usage_for(group.of("content-usage"), path, agent)
            yield from content_signals(group.of("content-signal"), path, agent)


def deciding(rules: list[Line], path: str) -> Line | None:
    """The rule that decides on a path: the longest that matches, and of equals the one allowing."""
    best: tuple[int, bool] | None = None
    found: Line | None = None
    for rule in rules:
        if not rule.value or not matches(rule.value, path):
            continue
        rank = (weight(rule.value), rule.key == "allow")
        if best is None or rank > best:
            best, found = rank, rule
    return found
