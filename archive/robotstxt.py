"""robots.txt read as RFC 9309 says, by one rule and one line: who was let in, and by what.

    User-agent: kliping        a group begins; several lines name several agents
    Disallow: /private/        a rule; the longest that matches counts, and Allow wins a tie
    Allow: /private/press      `*` is any characters, `$` at the end is the end
    Crawl-delay: 10            not in the RFC; kept beside the rules

Pure: text, agent and URL in, a ruling out; the crawler obeys it, and `archive.query` tells it again
years later. What such files say of rights is read from the same groups and patterns.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from archive.pathrules import Pattern, path_of, read_pattern
from archive.records import CaptureId
from archive.robotsgroups import ALLOW, DELAY, DISALLOW, EVERYBODY, Line, read_groups

PARSED_BYTES = 512 * 1024
"""RFC 9309 §2.5 asks for at least 500 KiB."""

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_WELL_KNOWN = "/robots.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsFile:
    """An origin's robots.txt as last fetched; `body` is None if there was none to obey.

    Attributes:
        origin: scheme, host and port that the rules are for, whatever redirects led to.
        ask_again_at: when it is stale; None is at once.
        failures: how often in a row it could not be had.
        capture: of the answer that counts: the last, after redirects.
        reason: why there was no answer, if there was none.
    """

    origin: str
    fetched_at: datetime
    status: int | None
    body: str | None
    capture: CaptureId | None = None
    ask_again_at: datetime | None = None
    failures: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Whether a URL may be fetched, and by which line.

    Attributes:
        is_allowed: what counts.
        rule: the line as written, without comment; None if no rule matches.
        line: its number, from 1.
        group: the agent that the group is for, `*` or our name; None if no group is for us.
    """

    is_allowed: bool
    rule: str | None = None
    line: int | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """An Allow or Disallow line, and the pattern of paths that it is about."""

    line: Line
    pattern: Pattern

    @property
    def allows(self) -> bool:
        """Whether it is an Allow."""
        return self.line.key == ALLOW


class RobotsTxt:
    """One robots.txt, read."""

    def __init__(self, body: str) -> None:
        self.groups = read_groups(body)
        self._rules: dict[tuple[int, ...], list[Rule]] = {}  # by the groups that they stand in

    def ruling(self, agent: str, url: str) -> Ruling:
        """Whether `agent` may fetch `url`: the longest rule that matches, Allow at a tie."""
        name = self._group_for(agent)
        best = self.deciding(name, path_of(url)) if name else None
        if best is None:
            return Ruling(is_allowed=True, group=name)
        line = best.line
        return Ruling(is_allowed=best.allows, rule=line.written, line=line.number, group=name)

    def deciding(self, name: str, path: str) -> Rule | None:
        """The rule in the groups of just this agent that decides on a path from `path_of`."""
        if path == _WELL_KNOWN:  # §2.2.2: implicitly allowed
            return None
        groups = self.groups.which(name)
        if groups not in self._rules:
            self._rules[groups] = rules_of(self.groups.of(name, ALLOW, DISALLOW))
        return deciding(self._rules[groups], path)

    def crawl_delay(self, agent: str) -> float | None:
        """Seconds between two requests that the agent's group asks for, if it does."""
        name = self._group_for(agent)
        said = (_seconds(line.value) for line in self.groups.of(name, DELAY)) if name else ()
        return max(filter(None, said), default=None)

    def _group_for(self, agent: str) -> str | None:
        """The agent that the rules are for."""
        return next((one for one in (agent.lower(), EVERYBODY) if one in self.groups), None)


def rules_of(lines: Iterable[Line]) -> list[Rule]:
    """What Allow and Disallow lines rule; one that is empty rules nothing."""
    return [rule for line in lines if (rule := _rule(line))]


def _rule(line: Line) -> Rule | None:
    value = line.value
    if line.key == DISALLOW and value and value[0] not in "/*":
        value = f"/{value}"  # who wrote `Disallow: private` meant /private
    return Rule(line, read_pattern(value)) if value.startswith(("/", "*")) else None


def deciding(rules: Iterable[Rule], path: str) -> Rule | None:
    """The rule that decides on a path: the longest that matches, and of equals the one allowing."""
    found = (rule for rule in rules if rule.pattern.matches(path))
    return max(found, key=lambda rule: (rule.pattern.octets, rule.allows), default=None)


def rule_for(body: str, agent: str, url: str) -> Ruling:
    """Whether a robots.txt allows a URL, and the rule, line and group that says so."""
    return RobotsTxt(body).ruling(agent, url)


def read_text(body: bytes) -> str:
    """The text of a robots.txt, its content coding undone, whatever it is encoded in.

    The RFC wants UTF-8. What is none becomes percent-encoded, as a URL with that octet would be;
    byte order marks and zero bytes go, so that UTF-16 is read too. A file over the limit ends
    with its last whole line, for half an Allow allows too much.
    """
    if len(body) > PARSED_BYTES:
        body = body[:PARSED_BYTES]
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]
    for mark in _MARKS:
        body = body.removeprefix(mark)
    text = body.replace(b"\0", b"").decode("utf-8", "surrogateescape")
    return re.sub(r"[\ud800-\udfff]", lambda found: f"%{ord(found[0]) - 0xDC00:02X}", text)


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
