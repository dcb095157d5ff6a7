"""The whole database as a file, as it is at one instant, while others write to it."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, text

from archive.db.jobs import SCHEMA
from archive.errors import ArchiveError, DatabaseFailed

DUMP_NAME = "archive.dump"
"""What a PostgreSQL database is called as a file."""


def name_of(engine: Engine) -> str:
    """What the copy of this database is called."""
    if engine.dialect.name == "sqlite":
        return Path(engine.url.database or "archive.db").name
    return DUMP_NAME


def bytes_of(engine: Engine) -> int:
    """How much room a copy of this database needs at most."""
    if engine.dialect.name == "sqlite":
        path = Path(engine.url.database or "")
        beside = path.with_name(path.name + "-wal")
        return sum(one.stat().st_size for one in (path, beside) if one.exists())
    with engine.connect() as connection:
        size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    return int(size)


def copy(engine: Engine, target: Path) -> None:
    """Copy the database to a new file that its owner alone can read.

    Raises:
        ArchiveError: if it is on PostgreSQL and `pg_dump` is not installed.
        DatabaseFailed: if `pg_dump` failed; with what it said.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    if engine.dialect.name == "sqlite":
        source = Path(engine.url.database or "")
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)  # in one step: in several, each commit of another would begin it anew
    else:
        _dump(engine, target)


def _dump(engine: Engine, target: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise ArchiveError(
            "pg_dump is not there, and a database on PostgreSQL is copied by it. Install it "
            "(Debian: apt-get install postgresql-client), of the server's version or a newer one."
        )
    url = engine.url.set(drivername="postgresql", password=None)
    command = [program, "--format=custom", "--no-password", f"--exclude-schema={SCHEMA}"]
    environment = dict(os.environ)
    if engine.url.password:  # not among the arguments, which every user of the machine can read
        environment["PGPASSWORD"] = str(engine.url.password)
    done = subprocess.run(  # noqa: S603 - the words are ours
        [*command, f"--file={target}", f"--dbname={url.render_as_string(hide_password=False)}"],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = " ".join(done.stderr.split())
        raise DatabaseFailed(f"pg_dump cannot copy the database: {said}")
