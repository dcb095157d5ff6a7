"""robots.txt, read for what it says of rights at one path rather than for our own leave.

- `disallow:training`, `disallow:dataset`, `disallow:input`: a crawler for artificial intelligence
  is named (crawler.rights.agents) and may not fetch the path (RFC 9309 §2.2.2). What is said to
  `*` is no such signal: it is said to us, too, and a captured page was allowed to us by it.
- Content-Signal and Content-Usage, of the groups of these agents, of ours and of `*`.
- `rsl:license`: a `License:` line of RSL 1.0, to everybody.

Groups, rules and paths are those of `archive.robotstxt`: what is told of another crawler's leave is
found as our own is.
"""

from collections.abc import Iterator
from itertools import islice

from archive.pathrules import path_of
from archive.robotsgroups import EVERYBODY, Line
from archive.robotstxt import RobotsTxt, Rule
from archive.signals import Signal, limited, signal
from crawler.extract.links import absolute
from crawler.rights.agents import purpose_of
from crawler.rights.contentsignal import content_signals
from crawler.rights.usage import usage_for

OURS = "kliping"
LINES_LIMIT = 500
"""Lines of one kind that are read for one agent with each page; honest files have one or two."""


class RobotsRights:
    """What one robots.txt says of rights; parsed once, asked for each page."""

    def __init__(self, text: str, origin: str) -> None:
        self._robots = RobotsTxt(text)
        self._origin = origin
        self._agents = [
            agent
            for agent in self._robots.groups.named
            if agent in (EVERYBODY, OURS) or purpose_of(agent) is not None
        ]

    def at(self, url: str) -> tuple[Signal, ...]:
        """What it says of the page at `url`."""
        return limited(self._signals(path_of(url)))

    def _signals(self, path: str) -> Iterator[Signal]:
        general = self._robots.groups.general
        for line in islice(general.of("license"), LINES_LIMIT):
            if terms := absolute(self._origin, line.value):
                yield signal("rsl:license", terms, line.written)
        # before the first agent, which RFC 9309 knows not; outlets write it, and mean everybody
        signals = islice(general.of("content-signal"), LINES_LIMIT)
        yield from content_signals(signals, path, EVERYBODY)
        yield from usage_for(islice(general.of("content-usage"), LINES_LIMIT), path, EVERYBODY)
        found: dict[tuple[int, ...], Rule | None] = {}
        for agent in self._agents:
            groups = self._robots.groups.which(agent)
            if groups not in found:
                found[groups] = self._robots.deciding(agent, path)
            yield from self._said_to(agent, found[groups], path)

    def _said_to(self, agent: str, rule: Rule | None, path: str) -> Iterator[Signal]:
        if rule is not None and not rule.allows:
            if purpose := purpose_of(agent):
                said = f"User-agent: {self._robots.groups.named[agent]} / {rule.line.written}"
                yield signal(f"disallow:{purpose}", rule.line.value, said, agent=agent)
        else:  # a path that may not be fetched has no preferences (aipref-attach-05 §3.1)
            yield from usage_for(self._lines(agent, "content-usage"), path, agent)
        yield from content_signals(self._lines(agent, "content-signal"), path, agent)

    def _lines(self, agent: str, key: str) -> Iterator[Line]:
        return islice(self._robots.groups.of(agent, key), LINES_LIMIT)
