"""A throw-away PostgreSQL 15 cluster on a unix socket, for the tests of one process."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

BINARIES = Path("/usr/lib/postgresql/15/bin")
ABSENT = "PostgreSQL 15 is not installed (Debian package postgresql)"

_SETTINGS = """
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
shared_buffers = 32MB
max_connections = 30
"""


def is_installed() -> bool:
    return (BINARIES / "initdb").exists()


@contextmanager
def cluster() -> Iterator[str]:
    """Run a cluster; gives the URL of its database `postgres`."""
    root = Path(tempfile.mkdtemp(prefix="kliping-pg-", dir="/tmp"))  # socket paths are short
    data = root / "data"
    try:
        if os.geteuid() == 0:
            shutil.chown(root, "postgres", "postgres")
        _run(
            "initdb", "-D", data, "-U", "kliping", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"
        )
        with (data / "postgresql.conf").open("a") as file:
            file.write(f"{_SETTINGS}unix_socket_directories = '{root}'\n")
        _run("pg_ctl", "-D", data, "-l", root / "log", "-w", "start")
        try:
            yield f"postgresql://kliping@/postgres?host={quote(str(root), safe='')}"
        finally:
            _run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _run(program: str, *arguments: object) -> None:
    command: Sequence[str] = [str(BINARIES / program), *(str(a) for a in arguments)]
    if os.geteuid() == 0:  # initdb refuses root
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
