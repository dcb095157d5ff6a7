"""The colophon: who keeps the archive, and with what each of its files was made.

It stands in the user agent of every request, and in the first record of every WARC file (WARC 1.1
§6.2 and the IIPC's guidelines: what is known before the file begins).
"""

import getpass
import json
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from archive.clock import Clock
from archive.config import ArchiveConfig
from archive.records import Declaration, Digest

PROJECT_URL = "https://github.com/kliping/kliping"
FORMAT = "WARC File Format 1.1"
CONFORMS_TO = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
SIMULATED = "made under a simulated clock: no evidence of when anything was published"
OBEYED = "obey (RFC 9309)"
LIBRARIES = ("scrapy", "twisted", "warcio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """An outlet of this run as its files tell: its configuration, and how robots.txt counts."""

    digest: Digest
    robots: str = OBEYED


def declared_by(declaration: Declaration) -> Declared:
    """What the files tell of a declaration."""
    said = json.loads(declaration.config).get("robots") or {}
    robots = ignored(said.get("basis") or "") if said.get("ignore") else OBEYED
    return Declared(digest=declaration.digest, robots=robots)


def ignored(basis: str) -> str:
    """How records say that robots.txt was not to count, and by what right."""
    return f"ignored; basis: {basis}"


def user_agent(config: ArchiveConfig) -> str:
    """Who asks, and where to complain: `kliping/0.1 (+https://…; you@library.org)`."""
    about = f"+{PROJECT_URL}" + (f"; {config.contact}" if config.contact else "")
    return f"kliping/{version('kliping')} ({about})"


def warcinfo(
    directory: Path, config: ArchiveConfig, clock: Clock, declared: Mapping[str, Declared]
) -> list[tuple[str, str | None]]:
    """The fields of a warcinfo record, in order.

    Args:
        directory: the archive; its name is what the files are part of.
        config: who keeps it, and why.
        clock: a simulated one makes no evidence, and that is said.
        declared: the outlets of this run, each as its files tell of it.
    """
    contact = config.contact
    is_simulated = clock.is_simulated or config.clock.simulated
    libraries = " ".join(f"{name}/{version(name)}" for name in LIBRARIES)
    return [
        ("software", f"kliping/{version('kliping')} {libraries}"),
        ("format", FORMAT),
        ("conformsTo", CONFORMS_TO),
        ("operator", config.operator or _user()),
        ("contact", contact),
        ("hostname", socket.gethostname()),
        ("http-header-user-agent", user_agent(config)),
        ("http-header-from", contact if "@" in contact else None),
        *(("robots", said) for said in _robots(declared)),
        ("isPartOf", directory.resolve().name),
        ("audience", config.purpose),
        ("digest-algorithms", "sha256 (payload, block)"),
        *(("outlet-config", f"{id_} {declared[id_].digest}") for id_ in sorted(declared)),
        ("description", SIMULATED if is_simulated else None),
    ]


def _robots(declared: Mapping[str, Declared]) -> Iterator[str]:
    """`obey (RFC 9309)` if it is obeyed for any outlet; a line for each outlet where it is not."""
    if not declared or any(one.robots == OBEYED for one in declared.values()):
        yield OBEYED
    for id_, one in sorted(declared.items()):
        if one.robots != OBEYED:
            yield f"{one.robots}; outlet: {id_}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in the password database, as in containers
        return "unknown"
