"""Files made like robots.txt (RFC 9309 §2.2), as groups of lines for agents.

    User-agent: GPTBot            agents, and then
    User-agent: CCBot
    Disallow: /                   the lines that are said to them
    Content-Signal: ai-train=no

What stands before the first agent, or belongs to no group, is said to everybody.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

FILE_LIMIT = 512 * 1024
"""Characters; RFC 9309 §2.5 asks for at least 500 KiB."""
LINES_LIMIT = 20_000
SAID_LIMIT = 100_000
"""Lines times agents: a file may name 10,000 agents, and say 10,000 lines to all of them."""
_GLOBAL = ("sitemap", "license", "host")
"""Of no group wherever they stand: License is RSL 1.0's."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its key in lower case, what is said, and the line as it stands."""

    key: str
    value: str
    raw: str


@dataclass(slots=True)
class Group:
    """What is said to some agents, named as written."""

    agents: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def of(self, *keys: str) -> list[Line]:
        """The lines with these keys, in order."""
        return [line for line in self.lines if line.key in keys]


@dataclass(slots=True)
class Groups:
    """A whole file; `general` is what is said to everybody."""

    general: Group = field(default_factory=Group)
    groups: list[Group] = field(default_factory=list)

    def by_agent(self, is_wanted: Callable[[str], bool] = lambda _: True) -> dict[str, Group]:
        """Lines by the agent in lower case, those of all its groups together (RFC 9309 §2.2.1).

        Only of agents that are wanted, and no more lines than `SAID_LIMIT` altogether.
        """
        found: dict[str, Group] = {}
        said = 0
        for group in self.groups:
            named: dict[str, str] = {}  # as it is written first
            for one in group.agents:
                named.setdefault(one.lower(), one)
            for name in filter(is_wanted, named):
                said += len(group.lines) + 1
                if said <= SAID_LIMIT:
                    known = found.setdefault(name, Group([named[name]]))
                    known.lines.extend(group.lines)
        return found


def read_groups(text: str) -> Groups:
    """The groups of a file, whatever it is; what is no line is passed over."""
    found = Groups()
    current: Group | None = None
    is_naming = False
    for raw in text[:FILE_LIMIT].removeprefix("\ufeff").splitlines()[:LINES_LIMIT]:
        line = _line(raw)
        if line is None:
            continue
        if line.key in _GLOBAL:
            found.general.lines.append(line)
        elif line.key == "user-agent":
            if current is None or not is_naming:
                current = Group()
                found.groups.append(current)
            current.agents.append(line.value)
        else:
            (current or found.general).lines.append(line)
        is_naming = line.key == "user-agent" or (is_naming and line.key in _GLOBAL)
    return found


def _line(raw: str) -> Line | None:
    said = raw.partition("#")[0]
    key, colon, value = said.partition(":")
    if not colon or not key.strip():
        return None
    return Line(key.strip().lower(), value.strip(), said.strip())
