"""Connections, and the places where SQLite and PostgreSQL differ (full text aside).

SQLite runs in WAL mode with one writer at a time; a transaction that will write says so at once
(`BEGIN IMMEDIATE`), since upgrading a read transaction can fail without waiting.
"""

import errno
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from archive.errors import ArchiveLocked, ConfigError, DatabaseFailed

WRITES = "kliping_writes"
"""The execution option that marks a transaction which will write."""
BUSY_TIMEOUT_MS = 10_000
"""How long SQLite waits for another process's transaction before it says that it is locked."""

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",  # a power cut may undo the last commits: their URLs are due again
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "foreign_keys=ON",
    "cache_size=-65536",
    "mmap_size=268435456",
)


INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def connect(url: str) -> Engine:
    """An engine for a database URL; nothing is created and nothing asked yet.

    Raises:
        ConfigError: if the URL names a database we do not know.
    """
    try:
        name = make_url(url).get_backend_name()
        if name not in ("sqlite", "postgresql"):
            raise ConfigError(f"`database`: {name} is not supported; use postgresql://")
        engine = create_engine(url, connect_args=_arguments(url))
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise ConfigError(
            f"`database`: {url!r} is neither a file name nor a postgresql:// URL"
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _arguments(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"check_same_thread": False}
    # a prepared statement is planned without its values, and then compares 500 keys one by one
    return {"prepare_threshold": None}


def _prepare_sqlite(connection: Any, entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def insert_or_ignore(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert rows, leaving alone those whose key is there already."""
    if rows:
        connection.execute(_ignoring(connection.dialect.name, table), list(rows))


@cache
def _ignoring(dialect: str, table: Table) -> Any:
    return INSERTS[dialect](table).on_conflict_do_nothing()


def upsert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, key: Sequence[str]
) -> None:
    """Insert rows; where the key is there already, overwrite the other columns given."""
    if not rows:
        return
    statement = INSERTS[connection.dialect.name](table)
    given = {name: statement.excluded[name] for name in rows[0] if name not in key}
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(key), set_=given), list(rows)
    )


def lock_table(connection: Connection, table: Table) -> None:
    """Let no other transaction write a table before this one ends; readers are not held up."""
    if connection.dialect.name == "postgresql":  # on SQLite there is one writer anyway
        connection.exec_driver_sql(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE")


@contextmanager
def explained(directory: Path) -> Iterator[None]:
    """Say in one sentence what the database driver says in twenty lines.

    Raises:
        ArchiveLocked: if another process holds the database.
        OSError: if the disk is full, or the database may not be written.
        DatabaseFailed: for anything else.
    """
    try:
        yield
    except DatabaseError as error:
        if type(error) not in (DatabaseError, OperationalError):
            raise  # a statement of ours is wrong
        said = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
        if "locked" in said:
            raise ArchiveLocked(
                f"{directory}: another process has held the database for too long. "
                "Wait for it to end, or stop it, and try again."
            ) from error
        if "disk is full" in said or "disk I/O error" in said:
            raise OSError(errno.ENOSPC, "no space left on the disk", str(directory)) from error
        if "readonly database" in said or "unable to open database file" in said:
            raise OSError(
                errno.EROFS, f"the database cannot be opened for writing ({said})", str(directory)
            ) from error
        raise DatabaseFailed(f"{directory}: the database says: {said}") from error
