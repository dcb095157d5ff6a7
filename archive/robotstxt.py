"""robots.txt read as RFC 9309 says, by one rule and one line: who was let in, and by what.

    User-agent: kliping        a group begins; several lines name several agents
    Disallow: /private/        a rule; the longest that matches counts, and Allow wins a tie
    Allow: /private/press      `*` is any characters, `$` at the end is the end
    Crawl-delay: 10            not in the RFC; kept beside the rules

Pure: text, agent and URL in, a ruling out; the crawler obeys it, and `archive.query` tells it again
years later. A path is compared octet by octet after both sides are brought to one spelling
(§2.2.2): what may be plain is plain, and everything else is percent-encoded.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote_to_bytes, urlsplit

from archive.records import CaptureId

PARSED_BYTES = 512 * 1024
"""RFC 9309 §2.5 asks for at least 500 KiB."""

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_LINE_END = re.compile(r"\r\n|\r|\n")  # §2.2 EOL; `splitlines` would also cut at U+2028
_TOKEN = re.compile(r"[a-zA-Z_-]+")  # §2.2.1 product-token
_FIELD = re.compile(r"([a-z][a-z-]*(?: agent| delay)?)\s*(?::|\s)\s*(.*)", re.IGNORECASE)
_AGENT, _ALLOW, _DISALLOW, _DELAY = "user-agent", "allow", "disallow", "crawl-delay"
_SPELLINGS = {
    _AGENT: (_AGENT, "useragent", "user agent"),
    _ALLOW: (_ALLOW,),
    # as Google's parser forgives: who wrote these meant it
    _DISALLOW: (_DISALLOW, "dissallow", "dissalow", "disalow", "diasllow", "disallaw"),
    _DELAY: (_DELAY, "crawldelay", "crawl delay"),
}
_NAMES = {spelling: name for name, all_ in _SPELLINGS.items() for spelling in all_}
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PLAIN_IN_QUERY = _PLAIN | frozenset(b"/?")
_NEEDS_NOTHING = re.compile(r"[A-Za-z0-9._~-]*")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
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
class _Rule:
    allows: bool
    line: int
    written: str
    parts: tuple[str, ...]  # what stands between the `*`
    is_whole: bool  # ends in `$`

    @property
    def octets(self) -> int:
        """How specific it is (§2.2.2): an octet is one, however it is spelled."""
        return len(_ESCAPE.sub(".", "*".join(self.parts))) + self.is_whole

    def matches(self, path: str) -> bool:
        """Whether it matches from the beginning; each part where it is first found.

        No regular expression, so that no file can make it slow.
        """
        first, *others = self.parts
        if not path.startswith(first):
            return False
        if not others:
            return not self.is_whole or path == first
        *between, last = others
        at = len(first)
        for part in between:
            at = path.find(part, at)
            if at < 0:
                return False
            at += len(part)
        if self.is_whole:
            return path.endswith(last) and len(path) - len(last) >= at
        return path.find(last, at) >= 0


@dataclass(slots=True)
class _Block:
    """What is said to some agents together; kept once, however many they are."""

    rules: list[_Rule] = field(default_factory=list)
    delays: list[float | None] = field(default_factory=list)


class RobotsTxt:
    """One robots.txt, read."""

    def __init__(self, body: str) -> None:
        # An agent with the blocks it is named in, and how many delays had been said in each by
        # then. No copy for each agent: a file may name 20,000, and go on with 20,000 rules.
        self._groups: dict[str, dict[int, int]] = {}
        self._blocks: list[_Block] = []
        has_rules = True
        for number, name, value, written in _lines(body):
            if name == _AGENT:
                if has_rules:
                    self._blocks.append(_Block())
                    has_rules = False
                if (agent := _agent(value)) is not None:
                    # groups of one agent are one group (§2.2.1)
                    named = self._groups.setdefault(agent, {})
                    named.setdefault(len(self._blocks) - 1, len(self._blocks[-1].delays))
            elif not self._blocks:
                continue  # said to nobody
            elif name == _DELAY:
                # no rule: "other records" end no group (§2.2.4)
                self._blocks[-1].delays.append(_seconds(value))
            else:
                has_rules = True
                rule = _rule(number, name == _ALLOW, value, written)
                if rule is not None:
                    self._blocks[-1].rules.append(rule)

    def ruling(self, agent: str, url: str) -> Ruling:
        """Whether `agent` may fetch `url`: the longest rule that matches, Allow at a tie."""
        name, named = self._group_for(agent)
        path = _spelled(_path_of(url))[0]
        if path == _WELL_KNOWN:  # §2.2.2: implicitly allowed
            return Ruling(is_allowed=True, group=name)
        rules = (rule for block in named for rule in self._blocks[block].rules)
        found = [rule for rule in rules if rule.matches(path)]
        best = max(found, key=lambda rule: (rule.octets, rule.allows), default=None)
        if best is None:
            return Ruling(is_allowed=True, group=name)
        return Ruling(is_allowed=best.allows, rule=best.written, line=best.line, group=name)

    def crawl_delay(self, agent: str) -> float | None:
        """Seconds between two requests that the agent's group asks for, if it does."""
        named = self._group_for(agent)[1]
        said = (d for block, since in named.items() for d in self._blocks[block].delays[since:])
        return max(filter(None, said), default=None)

    def _group_for(self, agent: str) -> tuple[str | None, dict[int, int]]:
        """The agent that the rules are for, and the blocks that name it."""
        for name in (agent.lower(), "*"):
            if name in self._groups:
                return name, self._groups[name]
        return None, {}


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


def _lines(body: str) -> Iterator[tuple[int, str, str, str]]:
    """Number, name, value and text of every line that says something we know."""
    for number, line in enumerate(_LINE_END.split(body.removeprefix("\ufeff")), start=1):
        written = line.partition("#")[0].strip()
        if (match := _FIELD.fullmatch(written + " ")) is None:
            continue
        if name := _NAMES.get(match[1].lower()):
            yield number, name, match[2].strip(), written


def _agent(value: str) -> str | None:
    """The product token of a User-agent line, in lower case; `kliping/1.0` is `kliping`."""
    if re.match(r"\*(\s|$)", value):
        return "*"
    token = _TOKEN.match(value)
    return token[0].lower() if token else None


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _rule(line: int, allows: bool, value: str, written: str) -> _Rule | None:  # noqa: FBT001
    """A rule; None if it is empty, which rules nothing."""
    if not allows and value and value[0] not in "/*":
        value = f"/{value}"  # who wrote `Disallow: private` meant /private
    if not value.startswith(("/", "*")):
        return None
    is_whole = value.endswith("$")
    parts, in_query = [], False
    for part in value.removesuffix("$").split("*"):
        spelled, in_query = _spelled(part, in_query=in_query)
        parts.append(spelled)
    return _Rule(allows, line, written, tuple(parts), is_whole)


def _path_of(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _spelled(path: str, *, in_query: bool = False) -> tuple[str, bool]:
    """One spelling of a path and query, or of a part; and whether it ends in the query (§2.2.2).

    In the path `%2F` is no `/`, and stays. In the query they mean the same, as in the RFC's own
    example, and so do `?` and `%3F`.
    """
    query = path if in_query else None
    if not in_query:
        path, mark, after = path.partition("?")
        query = after if mark else None
    said = "" if in_query else "/".join(_encoded(one, _PLAIN) for one in path.split("/"))
    if query is not None:
        said += ("" if in_query else "?") + _encoded(query, _PLAIN_IN_QUERY)
    return said, query is not None


def _encoded(text: str, plain: frozenset[int]) -> str:
    if _NEEDS_NOTHING.fullmatch(text):
        return text
    octets = unquote_to_bytes(text)
    return "".join(chr(one) if one in plain else f"%{one:02X}" for one in octets)
