"""What an outlet states of rights: signals, gathered into statements, and the files that state it.

A signal is one machine-readable word of the outlet's, as it stood::

    Signal(name="content-signal:ai-train", value="no", agent="*", line="Content-Signal: …")

A statement is all that one source says of one page. Many pages share one, so it is kept once,
under the digest of what it says. docs/rights.md has every name.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from archive.digests import sha256
from archive.records import CaptureId, Digest, require_aware

Source = Literal["robots.txt", "tdmrep.json", "ai.txt", "http", "html", "feed"]
"""Where it was said: a file of the site, the response's head, the page, a feed."""
SOURCES: tuple[Source, ...] = ("robots.txt", "tdmrep.json", "ai.txt", "http", "html", "feed")

SIGNALS_LIMIT = 64
"""Signals of one statement; what says more is not clearer."""
VALUE_LIMIT = 500
LINE_LIMIT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One thing said: `name` is what of, `agent` to whom (None is everybody), `line` how."""

    name: str
    value: str
    agent: str | None = None
    line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """All that one source says of one page; `said_by` is the capture that holds it."""

    source: Source
    said_by: CaptureId
    signals: tuple[Signal, ...]

    @property
    def digest(self) -> Digest:
        """Digest of what is said and where, whoever was told."""
        said = {"source": self.source, "signals": signals_as_json(self.signals)}
        plain = json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return sha256(plain.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsFile:
    """A file of an origin that states rights, as last asked for; `body` is None if none came."""

    origin: str
    name: Source
    fetched_at: datetime
    status: int | None
    body: str | None = field(repr=False)
    capture: CaptureId | None = None

    def __post_init__(self) -> None:
        require_aware("RightsFile.fetched_at", self.fetched_at)


def signal(name: str, value: str, line: str, *, agent: str | None = None) -> Signal:
    """A signal within limits: on one line, and never longer than anybody needs."""
    return Signal(
        name=_short(name, 100),
        value=_short(value, VALUE_LIMIT),
        agent=_short(agent, 100) if agent is not None else None,
        line=_short(line, LINE_LIMIT),
    )


def limited(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """The first signals of a statement, none twice."""
    found: dict[Signal, None] = {}
    for one in signals:
        found[one] = None
        if len(found) >= SIGNALS_LIMIT:
            break
    return tuple(found)


def signals_as_json(signals: Iterable[Signal]) -> list[dict[str, str]]:
    """Signals as they are kept."""
    rows = []
    for one in signals:
        row = {"name": one.name, "value": one.value, "line": one.line}
        rows.append(row | ({"agent": one.agent} if one.agent is not None else {}))
    return rows


def signals_from_json(plain: Iterable[dict[str, Any]]) -> tuple[Signal, ...]:
    """Signals again."""
    return tuple(
        Signal(name=one["name"], value=one["value"], agent=one.get("agent"), line=one["line"])
        for one in plain
    )


def _short(text: str, limit: int) -> str:
    # a lone surrogate or a NUL cannot be stored in PostgreSQL
    plain = text.replace("\x00", " ").encode("utf-8", "replace").decode()
    return " ".join(plain[: 4 * limit].split())[:limit]
