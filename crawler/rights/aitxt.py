"""ai.txt, as Spawning proposes it: robots.txt's grammar, with patterns of media by their names.

    User-Agent: *
    Disallow: *.jpg
    Allow: *.html

It speaks of data mining for artificial intelligence. A page whose path has no ending is taken for
`.html`, since the proposal goes by endings and news pages have none.
"""

from collections.abc import Iterable
from dataclasses import replace

from archive.pathrules import path_of
from archive.robotsgroups import ALLOW, DISALLOW, EVERYBODY, Line, read_groups
from archive.robotstxt import Rule, deciding, rules_of
from archive.signals import Signal, limited, signal


class AiFile:
    """An ai.txt; parsed once, asked for each page."""

    def __init__(self, text: str) -> None:
        groups = read_groups(text)
        self._rules: dict[tuple[int, ...], list[Rule]] = {}
        self._agents: dict[str, tuple[str, tuple[int, ...]]] = {}
        for agent, written in groups.named.items():
            which = groups.which(agent)
            self._agents[agent] = written, which
            if which not in self._rules:
                self._rules[which] = _read(groups.of(agent, ALLOW, DISALLOW))
        if said := _read(groups.general.of(ALLOW, DISALLOW)):
            self._rules[()] = said
            self._agents.setdefault(EVERYBODY, (EVERYBODY, ()))

    def at(self, url: str) -> tuple[Signal, ...]:
        """What it says of the page at `url`."""
        path = path_of(url).partition("?")[0]
        last = path.rpartition("/")[2]
        named = path if "." in last else f"{path.rstrip('/') or '/page'}.html"
        rules = {which: deciding(all_, named) for which, all_ in self._rules.items()}
        found = []
        for agent, (written, which) in self._agents.items():
            if rule := rules[which]:
                line = rule.line
                said = f"User-agent: {written} / {line.written}"
                found.append(signal(f"ai.txt:{line.key}", line.value, said, agent=agent))
        return limited(found)


def _read(lines: Iterable[Line]) -> list[Rule]:
    return rules_of(map(_anchored, lines))


def _anchored(line: Line) -> Line:
    """`*.htm` names files that end so, and not `/a.html`."""
    is_ending = line.value.startswith("*.") and not line.value.endswith(("*", "$"))
    return replace(line, value=f"{line.value}$") if is_ending else line
