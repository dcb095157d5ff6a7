"""A new database gets every table, an old one is brought up with a copy, a newer one is refused."""

import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from support.archives import NOW

from archive.clock import SimulatedClock
from archive.db import migrate
from archive.db.engine import connect
from archive.db.schema import metadata
from archive.errors import ArchiveError, SchemaOutdated, SchemaTooNew


@pytest.fixture
def engine(database_url):
    made = connect(database_url)
    yield made
    made.dispose()


def stamp(engine, version):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})


def is_ours(_object, name, kind, *_rest):
    return not (kind == "table" and (name.startswith("fulltext") or name == "alembic_version"))


def test_an_empty_database_has_no_version_and_is_refused(engine):
    assert migrate.current(engine) is None
    with pytest.raises(SchemaOutdated, match=r"is empty.*`kliping upgrade`"):
        migrate.check(engine)


def test_a_refusal_does_not_show_a_password():
    engine = connect("postgresql://me:secret@127.0.0.1:1/x")
    assert "secret" not in engine.url.render_as_string()


def test_an_empty_database_gets_every_table(engine):
    migrate.upgrade(engine)
    migrate.check(engine)
    tables = set(inspect(engine).get_table_names())
    assert set(metadata.tables) <= tables
    assert "fulltext" in tables


def test_upgrading_twice_changes_nothing(engine):
    migrate.upgrade(engine)
    migrate.upgrade(engine)
    assert migrate.current(engine) == migrate.HEAD


def test_the_migrations_make_what_the_schema_says(engine):
    migrate.upgrade(engine)
    options = {"compare_type": True, "include_object": is_ours}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_head_is_the_newest_migration():
    from pathlib import Path

    scripts = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    assert scripts.get_heads() == [migrate.HEAD]


def test_an_older_database_is_refused_with_what_to_do(engine):
    migrate.upgrade(engine)
    stamp(engine, "0000")
    with pytest.raises(SchemaOutdated, match=f"schema 0000 .* needs {migrate.HEAD}.*upgrade"):
        migrate.check(engine)


def test_a_newer_database_is_refused_naming_both_versions(engine):
    migrate.upgrade(engine)
    stamp(engine, "9999")
    for refuse in (migrate.check, lambda e: migrate.upgrade_with_backup(e, SimulatedClock(NOW))):
        with pytest.raises(SchemaTooNew, match=f"schema 9999, .*up to {migrate.HEAD}"):
            refuse(engine)


def test_a_current_database_is_left_as_it_is(engine):
    migrate.upgrade(engine)
    [sentence] = migrate.upgrade_with_backup(engine, SimulatedClock(NOW))
    assert "nothing was changed" in sentence


def test_an_empty_database_needs_no_copy(engine):
    [sentence] = migrate.upgrade_with_backup(engine, SimulatedClock(NOW))
    assert sentence == f"The database went from schema none to {migrate.HEAD}."


@pytest.fixture
def old_engine(tmp_path, monkeypatch):
    """A database of an older schema, one step behind; the step itself is left out."""
    engine = connect(f"sqlite:///{tmp_path / 'archive.db'}")
    migrate.upgrade(engine)
    stamp(engine, "0000")
    monkeypatch.setattr(migrate, "upgrade", lambda e: stamp(e, migrate.HEAD))
    yield engine
    engine.dispose()


def test_an_upgrade_keeps_a_copy_of_what_was(old_engine, tmp_path):
    copied, went = migrate.upgrade_with_backup(old_engine, SimulatedClock(NOW))
    path = tmp_path / "archive.db.schema-0000-20260302T060000Z.backup"
    assert str(path) in copied
    assert went == f"The database went from schema 0000 to {migrate.HEAD}."
    with sqlite3.connect(path) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == ("0000",)
    copy.close()


def test_no_copy_is_written_over_another(old_engine, tmp_path):
    path = tmp_path / "archive.db.schema-0000-20260302T060000Z.backup"
    path.write_text("precious")
    with pytest.raises(ArchiveError, match="move it away"):
        migrate.upgrade_with_backup(old_engine, SimulatedClock(NOW))
    assert path.read_text() == "precious"
    assert migrate.current(old_engine) == "0000"
