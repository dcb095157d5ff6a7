"""Archives on both engines: SQLite in a file, PostgreSQL 15 in a cluster of each test process."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from archive.clock import SimulatedClock
from archive.config import ArchiveConfig, render_config
from archive.db import migrate
from archive.db.engine import WRITES, connect
from archive.store import Archive
from support import postgres
from support.archives import NOW, OUTLET, declaration

_TEMPLATE = "kliping_template"
_numbers = itertools.count(1)


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


NewDatabase = Callable[[str | None], str]


@pytest.fixture(scope="session")
def new_postgres_database(postgres_cluster: str | None) -> Iterator[NewDatabase]:
    """Makes a fresh database, a copy of `template` if one is named; gives its URL."""
    if postgres_cluster is None:
        pytest.skip(postgres.ABSENT)
    plain = postgres_cluster.replace("postgresql+psycopg://", "postgresql://")
    made: list[str] = []
    with psycopg.connect(plain, autocommit=True) as connection:

        def new(template: str | None = None) -> str:
            name = f"kliping_{os.getpid()}_{next(_numbers)}"
            connection.execute(f'CREATE DATABASE {name} TEMPLATE {template or "template0"}')
            made.append(name)
            return make_url(plain).set(database=name).render_as_string(hide_password=False)

        yield new
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, on each engine in turn."""
    if engine_name == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    new: NewDatabase = request.getfixturevalue("new_postgres_database")
    return new(None)


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


@pytest.fixture(scope="session")
def blank_postgres(new_postgres_database: NewDatabase) -> str:
    """The name of a PostgreSQL database with every table, to be copied."""
    url = new_postgres_database(None)
    engine = connect(url)
    migrate.upgrade(engine)
    engine.dispose()
    return str(make_url(url).database)


def _lay_out(directory: Path, config: ArchiveConfig) -> Path:
    for name in ("outlets", "warc", "journal", "exports"):
        (directory / name).mkdir(parents=True)
    (directory / "kliping.toml").write_text(render_config(config), "utf-8")
    return directory


@pytest.fixture
def directory(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Path:
    """An archive directory as `Archive.create` makes it, on each engine in turn."""
    if engine_name == "sqlite":
        return request.getfixturevalue("sqlite_directory")
    new: NewDatabase = request.getfixturevalue("new_postgres_database")
    database = new(request.getfixturevalue("blank_postgres"))
    return _lay_out(tmp_path / "archive", ArchiveConfig(contact="me@x.example", database=database))


@pytest.fixture
def sqlite_directory(blank_sqlite: Path, tmp_path: Path) -> Path:
    """An archive directory on SQLite alone, for what the engine cannot change."""
    made = _lay_out(tmp_path / "archive", ArchiveConfig(contact="me@x.example"))
    shutil.copy(blank_sqlite, made / "archive.db")
    return made


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


def _opened(directory: Path, clock: SimulatedClock) -> Archive:
    archive = Archive.open(directory, clock=clock)
    with archive.turn() as turn:
        turn.sync_outlet(declaration(), None)
        turn.open_run("run-1", [OUTLET])
    return archive


@pytest.fixture
def archive(directory: Path, clock: SimulatedClock) -> Iterator[Archive]:
    """An open archive that knows the outlet `lantern`, on each engine in turn."""
    with _opened(directory, clock) as opened:
        yield opened


@pytest.fixture
def sqlite_archive(sqlite_directory: Path, clock: SimulatedClock) -> Iterator[Archive]:
    """As `archive`, on SQLite alone."""
    with _opened(sqlite_directory, clock) as opened:
        yield opened


@pytest.fixture
def connection(archive: Archive) -> Iterator[Connection]:
    """A writing transaction on the archive's database, rolled back at the end."""
    writing = archive._engine.connect().execution_options(**{WRITES: True})
    with writing as opened, opened.begin() as transaction:
        yield opened
        transaction.rollback()
