"""Files made like robots.txt (RFC 9309 §2.2), as groups of lines for agents.

    User-agent: GPTBot            agents, and then
    User-agent: CCBot
    Crawl-delay: 10               what is said to those who were named before it
    Disallow: /                   rules; the next agent begins another group

A rule ends the naming of agents, and nothing else does (§2.2.4). What stands before the first
agent, or belongs to no group, is said to everybody. The same reading serves our own leave
(archive.robotstxt) and what is said of rights (crawler.rights).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

MOST_CHARACTERS = 3 * 512 * 1024
"""What 512 KiB of robots.txt come to if every octet is percent-encoded; the rest is not read."""

AGENT, ALLOW, DISALLOW, DELAY = "user-agent", "allow", "disallow", "crawl-delay"
EVERYBODY = "*"

_LINE_END = re.compile(r"\r\n|\r|\n")  # §2.2 EOL; `splitlines` would also cut at U+2028
_TOKEN = re.compile(r"[a-zA-Z_-]+")  # §2.2.1 product-token
_NAME = re.compile(r"[a-zA-Z0-9_-]+")  # what some call themselves all the same: AI2Bot
_FIELD = re.compile(r"([a-z][a-z-]*(?: agent| delay)?)\s*(?::|\s)\s*(.*)", re.IGNORECASE)
_SPELLINGS = {
    AGENT: (AGENT, "useragent", "user agent"),
    # as Google's parser forgives: who wrote these meant it
    DISALLOW: (DISALLOW, "dissallow", "dissalow", "disalow", "diasllow", "disallaw"),
    DELAY: (DELAY, "crawldelay", "crawl delay"),
}
_KEYS = {spelling: key for key, all_ in _SPELLINGS.items() for spelling in all_}
_RULES = (ALLOW, DISALLOW)
_OF_NO_GROUP = ("sitemap", "license", "host")
"""Wherever they stand: License is RSL 1.0's."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line that says something.

    Attributes:
        key: in lower case and one spelling.
        written: the line as it stands, without comment.
        number: from 1.
    """

    key: str
    value: str
    written: str
    number: int = 0


@dataclass(slots=True)
class Block:
    """What is said to some agents together; kept once, however many they are."""

    lines: list[Line] = field(default_factory=list)

    def of(self, *keys: str, since: int = 0) -> Iterator[Line]:
        """The lines with these keys, in order."""
        return (line for line in islice(self.lines, since, None) if line.key in keys)


@dataclass(slots=True)
class Groups:
    """A whole file.

    Attributes:
        general: what is said to everybody.
        named: agents by their names in lower case, each as it is written first.
    """

    general: Block = field(default_factory=Block)
    named: dict[str, str] = field(default_factory=dict)
    _blocks: list[Block] = field(default_factory=list)
    # An agent with the blocks it is named in, and how many lines had been said in each by then. No
    # copy for each agent: a file may name 20,000, and go on with 20,000 lines.
    _of: dict[str, dict[int, int]] = field(default_factory=dict)

    def __contains__(self, agent: object) -> bool:
        """Whether a group is for just this agent."""
        return agent in self._of

    def of(self, agent: str, *keys: str) -> Iterator[Line]:
        """The lines with these keys in all groups of an agent, which count as one (§2.2.1)."""
        for block, since in self._of.get(agent, {}).items():
            yield from self._blocks[block].of(*keys, since=since)

    def which(self, agent: str) -> tuple[int, ...]:
        """Which groups are for an agent; to agents with the same ones the same rules are said."""
        return tuple(self._of.get(agent, ()))

    def begin(self) -> None:
        """Begin a group."""
        self._blocks.append(Block())

    def name(self, written: str) -> None:
        """Name an agent of the group."""
        agents = _agents(written)
        for agent in agents:
            block = len(self._blocks) - 1
            self._of.setdefault(agent, {}).setdefault(block, len(self._blocks[-1].lines))
        if agents:
            self.named.setdefault(agents[-1], written)

    def say(self, line: Line) -> None:
        """Say something to the agents of the group; to everybody if none has begun."""
        (self._blocks[-1] if self._blocks else self.general).lines.append(line)


def read_groups(text: str) -> Groups:
    """The groups of a file, whatever it is; what is no line is passed over."""
    found = Groups()
    is_naming = False
    for line in _lines(text):
        if line.key in _OF_NO_GROUP:
            found.general.lines.append(line)
        elif line.key == AGENT:
            if not is_naming:
                found.begin()
            found.name(line.value)
            is_naming = True
        else:
            found.say(line)
            is_naming = is_naming and line.key not in _RULES
    return found


def _lines(text: str) -> Iterator[Line]:
    text = text[:MOST_CHARACTERS].removeprefix("\ufeff")
    for number, line in enumerate(_LINE_END.split(text), start=1):
        written = line.partition("#")[0].strip()
        if match := _FIELD.fullmatch(written + " "):
            key = match[1].lower()
            yield Line(_KEYS.get(key, key), match[2].strip(), written, number)


def _agents(value: str) -> list[str]:
    """Whom a User-agent line names, in lower case, the whole name last: `kliping/1.0` is `kliping`.

    A product token has no digits (§2.2.1), so `AI2Bot` is `ai`; who calls itself so means itself.
    """
    if re.match(r"\*(\s|$)", value):
        return [EVERYBODY]
    return [found[0].lower() for found in (_TOKEN.match(value), _NAME.match(value)) if found]
