"""The colophon: who keeps the archive, and with what each of its files was made.

It stands in the user agent of every request, and in the first record of every WARC file (WARC 1.1
§6.2 and the IIPC's guidelines: what is known before the file begins).
"""

import getpass
import socket
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from archive.clock import Clock
from archive.config import ArchiveConfig

PROJECT_URL = "https://github.com/kliping/kliping"
FORMAT = "WARC File Format 1.1"
CONFORMS_TO = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
SIMULATED = "made under a simulated clock: no evidence of when anything was published"
LIBRARIES = ("scrapy", "twisted", "warcio")


def user_agent(config: ArchiveConfig) -> str:
    """Who asks, and where to complain: `kliping/0.1 (+https://…; you@library.org)`."""
    about = f"+{PROJECT_URL}" + (f"; {config.contact}" if config.contact else "")
    return f"kliping/{version('kliping')} ({about})"


def warcinfo(
    directory: Path, config: ArchiveConfig, clock: Clock, declared: Mapping[str, str]
) -> list[tuple[str, str | None]]:
    """The fields of a warcinfo record, in order.

    Args:
        directory: the archive; its name is what the files are part of.
        config: who keeps it, and why.
        clock: a simulated one makes no evidence, and that is said.
        declared: the outlets of this run, and the digest of each one's configuration.
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
        ("robots", "obey (RFC 9309)"),
        ("isPartOf", directory.resolve().name),
        ("audience", config.purpose),
        ("digest-algorithms", "sha256 (payload, block)"),
        *(("outlet-config", f"{outlet} {digest}") for outlet, digest in sorted(declared.items())),
        ("description", SIMULATED if is_simulated else None),
    ]


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in the password database, as in containers
        return "unknown"
