"""ai.txt, as Spawning proposes it: robots.txt's grammar, with patterns of media by their names.

    User-Agent: *
    Disallow: *.jpg
    Allow: *.html

It speaks of data mining for artificial intelligence. A page whose path has no ending is taken for
`.html`, since the proposal goes by endings and news pages have none.
"""

from archive.signals import Signal, limited, signal
from crawler.rights.groups import Group, Line, read_groups
from crawler.rights.paths import path_of
from crawler.rights.robots import EVERYBODY, deciding


class AiFile:
    """An ai.txt; parsed once, asked for each page."""

    def __init__(self, text: str) -> None:
        groups = read_groups(text)
        self._by_agent = groups.by_agent()
        if groups.general.of("allow", "disallow"):
            self._by_agent.setdefault(EVERYBODY, groups.general)

    def at(self, url: str) -> tuple[Signal, ...]:
        """What it says of the page at `url`."""
        path = path_of(url).partition("?")[0]
        last = path.rpartition("/")[2]
        named = path if "." in last else f"{path.rstrip('/') or '/page'}.html"
        found = []
        for agent, group in self._by_agent.items():
            rules = [_anchored(line) for line in group.of("allow", "disallow")]
            rule = deciding(rules, named)
            if rule is not None:
                said = f"User-agent: {_name(group)} / {rule.raw}"
                found.append(signal(f"ai.txt:{rule.key}", rule.value, said, agent=agent))
        return limited(found)


def _name(group: Group) -> str:
    return group.agents[0] if group.agents else EVERYBODY


def _anchored(line: Line) -> Line:
    """`*.htm` names files that end so, and not `/a.html`."""
    is_ending = line.value.startswith("*.") and not line.value.endswith(("*", "$"))
    return Line(line.key, f"{line.value}$", line.raw) if is_ending else line
