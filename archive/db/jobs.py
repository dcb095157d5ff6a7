"""Jobs and workers, in a PostgreSQL schema of their own beside the archive's tables.

    kliping_jobs   procrastinate_…   the queue, as its library lays it out
                   worker            who works: machine, process, since when
                   pause             until when an outlet is left alone after its last visit
                   made              by which version of the library all this was made

Nothing here must be kept: what is due is said by the frontier and by schedules. So the schema is no
part of a backup, and may be dropped while no worker runs.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, text

from archive.db.columns import UtcDateTime

SCHEMA = "kliping_jobs"
MAKING, LEADING = 1_802_267_001, 1_802_267_002
"""Keys of advisory locks: who makes the schema, and who leads. A database is one archive's."""

_OWN = """
CREATE TABLE kliping_jobs.made (by text NOT NULL);
CREATE TABLE kliping_jobs.worker (
    id bigint PRIMARY KEY,
    machine text NOT NULL,
    pid bigint NOT NULL,
    since timestamptz NOT NULL,
    leads boolean NOT NULL DEFAULT false
);
CREATE TABLE kliping_jobs.pause (
    outlet_id text PRIMARY KEY,
    until timestamptz NOT NULL,
    failures integer NOT NULL
);
"""
_AT_WORK = """
SELECT w.id, w.machine, w.pid, w.since, w.leads,
       extract(epoch FROM clock_timestamp() - q.last_heartbeat)::float8 AS silent_seconds,
       (SELECT coalesce(array_agg(substr(j.lock, 8) ORDER BY j.lock), '{}')
          FROM kliping_jobs.procrastinate_jobs j
         WHERE j.worker_id = w.id AND j.status = 'doing' AND j.lock LIKE 'outlet:%') AS outlets
  FROM kliping_jobs.worker w
  LEFT JOIN kliping_jobs.procrastinate_workers q ON q.id = w.id
 ORDER BY w.machine, w.pid, w.id
"""


def is_there(connection: Connection) -> bool:
    """Whether the schema is there, and was made to its end."""
    found = connection.execute(text("SELECT to_regclass('kliping_jobs.made')")).scalar()
    return found is not None


def made_by(connection: Connection) -> str | None:
    """The version of the library that made the schema; None if it is not there."""
    if not is_there(connection):
        return None
    return str(connection.execute(text("SELECT by FROM kliping_jobs.made")).scalar())


def lock_making(connection: Connection) -> None:
    """Let nobody else make the schema before this transaction ends."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MAKING})


def make(connection: Connection, library: str, version: str) -> None:
    """Make the schema anew: the library's own statements, then our tables."""
    driver: Any = connection.connection.driver_connection
    driver.execute("DROP SCHEMA IF EXISTS kliping_jobs CASCADE")
    driver.execute("CREATE SCHEMA kliping_jobs")
    driver.execute("SET LOCAL search_path TO kliping_jobs")  # its names are bare
    driver.execute(library)  # many statements at once: only without parameters
    driver.execute(_OWN)
    connection.execute(text("INSERT INTO kliping_jobs.made VALUES (:by)"), {"by": version})


def try_to_lead(connection: Connection) -> bool:
    """Take the leader's lock for this connection, unless another has it."""
    taken = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": LEADING})
    return bool(taken.scalar())


def notice_lost_peers(connection: Connection) -> None:
    """Have the server find out within two minutes if our machine is gone without a word."""
    for setting, value in (("idle", 60), ("interval", 20), ("count", 3)):
        connection.exec_driver_sql(f"SET tcp_keepalives_{setting} = {value}")


def arrive(connection: Connection, id_: int, machine: str, pid: int, since: datetime) -> None:
    """Note a worker that begins."""
    connection.execute(
        text(
            "INSERT INTO kliping_jobs.worker (id, machine, pid, since) "
            "VALUES (:id, :machine, :pid, :since) ON CONFLICT (id) DO NOTHING"
        ),
        {"id": id_, "machine": machine, "pid": pid, "since": since},
    )


def leave(connection: Connection, ids: Iterable[int]) -> None:
    """Forget workers."""
    statement = text("DELETE FROM kliping_jobs.worker WHERE id IN :ids")
    connection.execute(statement.bindparams(bindparam("ids", expanding=True)), {"ids": list(ids)})


def note_leader(connection: Connection, id_: int) -> None:
    """Note which worker leads."""
    connection.execute(
        text("UPDATE kliping_jobs.worker SET leads = (id = :id) WHERE leads <> (id = :id)"),
        {"id": id_},
    )


def is_known(connection: Connection, id_: int) -> bool:
    """Whether a worker is still counted among the living."""
    statement = text("SELECT 1 FROM kliping_jobs.worker WHERE id = :id")
    return connection.execute(statement, {"id": id_}).first() is not None


def at_work(connection: Connection) -> list[dict[str, Any]]:
    """Every worker that was noted, with its silence and the outlets it visits."""
    typed = text(_AT_WORK).columns(since=UtcDateTime())
    return [dict(row) for row in connection.execute(typed).mappings()]


def live(connection: Connection) -> list[tuple[str, str]]:
    """The locks of jobs that wait or are done, with their status."""
    statement = text(
        "SELECT lock, status::text FROM kliping_jobs.procrastinate_jobs "
        "WHERE status IN ('todo', 'doing') AND lock IS NOT NULL"
    )
    return [(lock, status) for lock, status in connection.execute(statement)]


def counts(connection: Connection) -> dict[str, int]:
    """How many jobs there are, by status."""
    statement = text(
        "SELECT status::text, count(*) FROM kliping_jobs.procrastinate_jobs GROUP BY status"
    )
    return {status: int(number) for status, number in connection.execute(statement)}


def pause(connection: Connection, outlet_id: str, until: datetime, failures: int) -> None:
    """Leave an outlet alone until an instant."""
    connection.execute(
        text(
            "INSERT INTO kliping_jobs.pause VALUES (:outlet, :until, :failures) "
            "ON CONFLICT (outlet_id) DO UPDATE "
            "SET until = excluded.until, failures = excluded.failures"
        ),
        {"outlet": outlet_id, "until": until, "failures": failures},
    )


def pauses(connection: Connection, now: datetime) -> list[tuple[str, datetime]]:
    """The outlets that are left alone now, until when."""
    statement = text("SELECT outlet_id, until FROM kliping_jobs.pause WHERE until > :now")
    typed = statement.columns(until=UtcDateTime())
    return [(outlet, until) for outlet, until in connection.execute(typed, {"now": now})]


def failures_of(connection: Connection, outlet_id: str) -> int:
    """How many visits of an outlet failed in a row."""
    statement = text("SELECT failures FROM kliping_jobs.pause WHERE outlet_id = :outlet")
    return int(connection.execute(statement, {"outlet": outlet_id}).scalar() or 0)
