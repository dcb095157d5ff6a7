"""Archives on both engines: SQLite in a file, PostgreSQL 15 in a cluster of each test process."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection
from sqlalchemy.engine import URL, make_url
from support import postgres
from support.archives import NOW, opened

from archive.clock import SimulatedClock
from archive.config import ArchiveConfig, render_config
from archive.db import migrate
from archive.db.engine import WRITES, connect
from archive.db.schema import metadata
from archive.store import Archive

os.environ["COLUMNS"] = "200"
"""What is printed is folded to its terminal; here it has one, whoever runs the tests, and where."""


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str | None]:
    """The URL of a running server's maintenance database; None if there is no PostgreSQL 15."""
    if given := os.environ.get("KLIPING_TEST_POSTGRES"):
        yield given
    elif not postgres.is_installed():
        yield None
    else:
        with postgres.cluster() as server, pytest.MonkeyPatch.context() as patch:
            patch.setenv("KLIPING_TEST_POSTGRES", server)
            yield server


class PostgresPool:
    """Databases for one test at a time: emptied and used again, since making one takes long."""

    def __init__(self, server: str) -> None:
        self._server = make_url(server.replace("postgresql+psycopg://", "postgresql://"))
        self._connection = psycopg.connect(_as_text(self._server), autocommit=True)
        self._names: list[str] = []
        self._free: list[str] = []

    def take(self) -> str:
        """The URL of an empty database."""
        if self._free:
            return self._free.pop()
        name = f"kliping_{os.getpid()}_{len(self._names)}"
        self._connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        self._names.append(name)
        return _as_text(self._server.set(database=name))

    def give(self, url: str) -> None:
        """Take back a database with whatever is in it."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        self._free.append(url)

    def close(self) -> None:
        """Remove every database."""
        for name in self._names:
            self._connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        self._connection.close()


class MigratedPool:
    """As `PostgresPool`, of databases with every table."""

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool
        self._free: list[str] = []

    def take(self) -> str:
        """The URL of a database with every table, and nothing in them."""
        if self._free:
            return self._free.pop()
        url = self._pool.take()
        engine = connect(url)
        migrate.upgrade(engine)
        engine.dispose()
        return url

    def give(self, url: str) -> None:
        """Take back a database with whatever is in it."""
        with psycopg.connect(url, options="-c lock_timeout=10s") as connection:
            for table in ("fulltext", *(t.name for t in reversed(metadata.sorted_tables))):
                connection.execute(f"DELETE FROM {table}")
            connection.execute("UPDATE alembic_version SET version_num = %s", (migrate.HEAD,))
        self._free.append(url)


def _as_text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_pool(postgres_cluster: str | None) -> Iterator[PostgresPool]:
    if postgres_cluster is None:
        pytest.skip(postgres.ABSENT)
    pool = PostgresPool(postgres_cluster)
    yield pool
    pool.close()


@pytest.fixture(scope="session")
def migrated_pool(postgres_pool: PostgresPool) -> MigratedPool:
    return MigratedPool(postgres_pool)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, on each engine in turn."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    pool: PostgresPool = request.getfixturevalue("postgres_pool")
    url = pool.take()
    yield url
    pool.give(url)


@pytest.fixture(scope="session")
def blank_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with every table, to be copied."""
    path = tmp_path_factory.mktemp("blank") / "archive.db"
    engine = connect(f"sqlite:///{path}")
    migrate.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


NewDirectory = Callable[[str], AbstractContextManager[Path]]


@pytest.fixture(scope="session")
def new_directory(
    request: pytest.FixtureRequest, blank_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> NewDirectory:
    """Lays out archive directories as `Archive.create` does, on the engine named."""

    @contextmanager
    def new(engine: str) -> Iterator[Path]:
        made = tmp_path_factory.mktemp("archive")
        if engine == "sqlite":
            shutil.copy(blank_sqlite, made / "archive.db")
            yield _lay_out(made, "archive.db")
            return
        pool: MigratedPool = request.getfixturevalue("migrated_pool")
        url = pool.take()
        yield _lay_out(made, url)
        pool.give(url)

    return new


def _lay_out(made: Path, database: str) -> Path:
    for name in ("outlets", "warc", "cdxj", "journal", "exports"):
        (made / name).mkdir()
    config = ArchiveConfig(contact="me@x.example", database=database)
    (made / "kliping.toml").write_text(render_config(config), "utf-8")
    return made


@pytest.fixture
def directory(engine_name: str, new_directory: NewDirectory) -> Iterator[Path]:
    """The directory of an empty archive, on each engine in turn."""
    with new_directory(engine_name) as made:
        yield made


@pytest.fixture
def sqlite_directory(new_directory: NewDirectory) -> Iterator[Path]:
    """The directory of an empty archive on SQLite, for what the engine cannot change."""
    with new_directory("sqlite") as made:
        yield made


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
def archive(directory: Path, clock: SimulatedClock) -> Iterator[Archive]:
    """An open archive that knows the outlet `lantern`, on each engine in turn."""
    with opened(directory, clock) as one:
        yield one


@pytest.fixture
def sqlite_archive(sqlite_directory: Path, clock: SimulatedClock) -> Iterator[Archive]:
    """As `archive`, on SQLite alone."""
    with opened(sqlite_directory, clock) as one:
        yield one


@pytest.fixture
def connection(archive: Archive) -> Iterator[Connection]:
    """A writing transaction on the archive's database, rolled back at the end."""
    writing = archive._engine.connect().execution_options(**{WRITES: True})
    with writing as opened, opened.begin() as transaction:
        yield opened
        transaction.rollback()
