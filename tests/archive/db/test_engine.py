"""Connections: what SQLite is told, and what no database may be given."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import OperationalError, StatementError
from support.archives import NOW

from archive.db.columns import UtcDateTime
from archive.db.crawling import host
from archive.db.engine import WRITES, connect, insert_or_ignore, upsert
from archive.errors import ConfigError

moments = Table(
    "moments", MetaData(), Column("id", Integer, primary_key=True), Column("at", UtcDateTime)
)


@pytest.fixture
def engine(database_url):
    made = connect(database_url)
    yield made
    made.dispose()


@pytest.fixture
def table(engine):
    moments.create(engine)
    return moments


@pytest.mark.parametrize(
    "at",
    [
        NOW,
        datetime(1969, 7, 20, 20, 17, 40, 123456, tzinfo=UTC),
        datetime(2026, 3, 2, 13, 0, tzinfo=timezone(timedelta(hours=7))),
        datetime(2026, 3, 2, 1, 0, tzinfo=timezone(timedelta(hours=-11, minutes=-30))),
        None,
    ],
)
def test_an_instant_comes_back_aware_and_in_utc(engine, table, at):
    with engine.begin() as connection:
        connection.execute(insert(table), {"id": 1, "at": at})
        [found] = connection.execute(select(table.c.at)).scalars()
    assert found == at
    assert found is None or found.tzinfo is UTC or found.utcoffset() == timedelta(0)


def test_a_naive_instant_is_refused(engine, table):
    with (
        engine.begin() as connection,
        pytest.raises((ValueError, StatementError), match="a naive time cannot be stored"),
    ):
        connection.execute(insert(table), {"id": 1, "at": NOW.replace(tzinfo=None)})


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://x/y", "mysql is not supported; use postgresql://"),
        ("nonsense://x", "nonsense is not supported"),
        ("://", "neither a file name nor"),
        ("postgresql+nodriver://x", "neither a file name nor"),
        ("postgresql+psycopg2://x", "neither a file name nor"),
    ],
)
def test_an_unknown_database_is_named(url, said):
    with pytest.raises(ConfigError, match=f"`database`: .*{said}"):
        connect(url)


def pragma(engine, name):
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_sqlite_is_told_what_it_needs(tmp_path):
    engine = connect(f"sqlite:///{tmp_path / 'a.db'}")
    told = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000, "synchronous": 1}
    assert {name: pragma(engine, name) for name in told} == told
    engine.dispose()


def test_a_writing_transaction_says_so_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("archive.db.engine._PRAGMAS", ("journal_mode=WAL", "busy_timeout=1"))
    engine = connect(f"sqlite:///{tmp_path / 'a.db'}")
    writing = {WRITES: True}
    with (
        engine.connect().execution_options(**writing) as one,
        engine.connect().execution_options(**writing) as other,
        engine.connect() as reader,
        one.begin(),
    ):
        reader.exec_driver_sql("SELECT 1")
        with pytest.raises(OperationalError, match="locked"):
            other.begin()
    engine.dispose()


def rows(connection):
    return connection.execute(select(host.c.host, host.c.failures).order_by(host.c.host)).all()


def test_a_known_key_is_left_alone(connection):
    insert_or_ignore(connection, host, [{"host": "a", "failures": 1}])
    insert_or_ignore(connection, host, [{"host": "a", "failures": 2}, {"host": "b", "failures": 3}])
    insert_or_ignore(connection, host, [])
    assert rows(connection) == [("a", 1), ("b", 3)]


def test_a_known_key_is_overwritten_in_the_columns_given(connection):
    row = {"host": "a", "failures": 1, "reason": "kept"}
    upsert(connection, host, [row], key=["host"])
    upsert(connection, host, [{"host": "a", "failures": 2}], key=["host"])
    upsert(connection, host, [], key=["host"])
    assert rows(connection) == [("a", 2)]
    assert connection.execute(select(host.c.reason)).scalar() == "kept"
