"""A throw-away PostgreSQL 15 cluster on a unix socket, for the tests of one process."""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote

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
    if os.geteuid() == 0:
        shutil.chown(root, "postgres", "postgres")
    with _ended_with_us(root):
        _run(
            "initdb", "-D", data, "-U", "kliping", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"
        )
        with (data / "postgresql.conf").open("a") as file:
            file.write(f"{_SETTINGS}unix_socket_directories = '{root}'\n")
        _run("pg_ctl", "-D", data, "-l", root / "log", "-w", "start")
        yield f"postgresql://kliping@/postgres?host={quote(str(root), safe='')}"


def stop(url: str) -> None:
    """Stop the cluster behind a URL, as an administrator does: whoever is connected is cut off."""
    _run("pg_ctl", "-D", _root(url) / "data", "-m", "fast", "-w", "stop")


def start(url: str) -> None:
    """Start it again."""
    root = _root(url)
    _run("pg_ctl", "-D", root / "data", "-l", root / "log", "-w", "start")


def _root(url: str) -> Path:
    return Path(unquote(url.partition("?host=")[2]))


@contextmanager
def _ended_with_us(root: Path) -> Iterator[None]:
    """Stop the cluster and remove it, even if this process is killed: its pipe then closes."""
    stop = shlex.join(_command("pg_ctl", "-D", root / "data", "-m", "immediate", "-w", "stop"))
    script = f"cat >/dev/null; {stop}; rm -rf {shlex.quote(str(root))}"
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        ["sh", "-c", script],
        stdin=subprocess.PIPE,
        stdout=quiet,
        stderr=quiet,
        cwd="/",
        start_new_session=True,
    ):
        yield


def _command(program: str, *arguments: object) -> list[str]:
    command = [str(BINARIES / program), *(str(a) for a in arguments)]
    # initdb and the server refuse root
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def _run(program: str, *arguments: object) -> None:
    command = _command(program, *arguments)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
