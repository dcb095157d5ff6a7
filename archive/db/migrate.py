"""The schema's versions: a new database, an old one brought up, a newer one refused."""

import sqlite3
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, inspect, text

from archive.clock import Clock
from archive.db.engine import WRITES
from archive.errors import ArchiveError, SchemaOutdated, SchemaTooNew

HEAD = "0016"
"""The newest migration; they are numbered, so that an older and a newer one can be told apart."""


def current(engine: Engine) -> str | None:
    """The schema's version, or None if the database is empty."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def check(engine: Engine) -> None:
    """Refuse a database that this program cannot use as it is.

    Raises:
        SchemaOutdated: if it is older, or not there.
        SchemaTooNew: if it is newer; both versions are named.
    """
    found = current(engine)
    if found == HEAD:
        return
    if found is None:
        raise SchemaOutdated(
            f"The database {engine.url.render_as_string()} is empty. If this archive is new, "
            "make it ready with `kliping upgrade`; if its database was lost, `kliping reindex` "
            "makes it anew."
        )
    if found > HEAD:
        raise SchemaTooNew(
            f"The database is of schema {found}, from a newer kliping; this one knows up to "
            f"{HEAD}. Install the newer version; nothing has been changed."
        )
    raise SchemaOutdated(
        f"The database is of schema {found} and this kliping needs {HEAD}. Run `kliping upgrade`: "
        "it makes a backup first."
    )


def upgrade(engine: Engine) -> None:
    """Bring the database up to `HEAD`; an empty one gets every table."""
    from alembic import command  # noqa: PLC0415 - slow to import, and rarely needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def upgrade_with_backup(engine: Engine, clock: Clock) -> list[str]:
    """Bring an existing database up, a copy of it kept; what was done, in sentences.

    Raises:
        SchemaTooNew: if it is newer than this program.
    """
    found = current(engine)
    if found == HEAD:
        return [f"The database is of schema {HEAD} already; nothing was changed."]
    if found is not None and found > HEAD:
        check(engine)
    done = [_back_up(engine, found, clock.now())] if found else []
    upgrade(engine)
    return [*done, f"The database went from schema {found or 'none'} to {HEAD}."]


def _back_up(engine: Engine, found: str | None, now: datetime) -> str:
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return "PostgreSQL: no copy was made here; the upgrade is one transaction."
    source = Path(engine.url.database)
    target = source.with_name(f"{source.name}.schema-{found}-{now:%Y%m%dT%H%M%SZ}.backup")
    if target.exists():
        raise ArchiveError(f"{target} exists; move it away and try again")
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    return f"A copy of the database as it was is {target}."
