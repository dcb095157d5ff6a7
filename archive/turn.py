"""One turn at the archive: everything that is written, in one transaction.

Order of truth, at the end of each turn: the records' bytes are on disk, then the journal's lines,
then the rows are committed. A crash at any instant leaves at most records without rows.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from archive import policy, roots
from archive.backlog import Backlog
from archive.clock import Clock
from archive.colophon import Declared, declared_by
from archive.db import (
    articles,
    extractions,
    files,
    frontier,
    locations,
    outlets,
    requisites,
    runs,
    sightings,
)
from archive.db.engine import explained
from archive.db.frontier import Kind
from archive.db.listings import add_children, sync_listings
from archive.db.originals import Scope
from archive.db.roots import DailyRoot
from archive.db.sightings import Sighted
from archive.discoveries import discovery_as_json
from archive.errors import ComparedUnlike
from archive.hosts import Hosts
from archive.journal import Journal
from archive.learning import Learning
from archive.ledgers import Ledgers
from archive.recorder import Recorder
from archive.records import (
    Capture,
    CaptureId,
    Declaration,
    Discovery,
    Draft,
    Exchange,
    Lease,
    Moment,
    OutletId,
    Provenance,
    RunId,
    Saved,
    Url,
    UrlKey,
)
from archive.rights import Rights
from archive.scheduling import Schedules
from archive.screenshots import Picture, Screenshot
from archive.settlements import Settlement, settlement_as_json
from archive.urls import urlkey
from archive.warc.adopted import Beside, Incoming
from archive.warc.writer import WarcWriter


class Turn:
    """What can be written. Only `Archive.turn` makes one, and it ends with its `with` block.

    Attributes:
        hosts: what is remembered of hosts.
        schedules: what people decide of schedules.
        ledgers: what came of what was announced.
        backlog: articles of the past.
        rights: what outlets state of rights.
        learning: what is learned of outlets.
    """

    def __init__(
        self,
        connection: Connection,
        warc: WarcWriter,
        journal: Journal,
        clock: Clock,
        directory: Path,
        *,
        scope: Scope,
        declared: dict[str, Declared],
    ) -> None:
        self._connection = connection
        self._declared = declared
        self.hosts = Hosts(connection, journal, clock)
        self.schedules = Schedules(connection, journal, clock)
        self.ledgers = Ledgers(connection, journal, clock)
        self.backlog = Backlog(connection, journal, clock)
        self.rights = Rights(connection, journal)
        self.learning = Learning(connection, journal, clock)
        self._recorder = Recorder(connection, warc, journal, scope)
        self._warc = warc
        self._journal = journal
        self._clock = clock
        self._directory = directory

    @contextmanager
    def apart(self) -> Iterator[None]:
        """A part that may fail by itself: its rows are undone, the rest of the turn is not."""
        with explained(self._directory):
            self._connection.exec_driver_sql("SAVEPOINT apart")
            try:
                yield
            except BaseException:
                self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT apart")
                self._connection.exec_driver_sql("RELEASE SAVEPOINT apart")
                raise
            self._connection.exec_driver_sql("RELEASE SAVEPOINT apart")

    # what the crawler brings

    def record(self, exchange: Exchange, provenance: Provenance) -> Capture:
        """Write one exchange as it crossed the socket, and note its capture.

        Raises:
            OSError: if it cannot be written; no row is made then.
        """
        return self._recorder.record(exchange, provenance, self._clock.now())

    def adopt(self, found: Incoming, provenance: Provenance) -> Capture | None:
        """Keep somebody else's exchange as it is; None if it is here already.

        Raises:
            OSError: if it cannot be written; no row is made then.
        """
        return self._recorder.adopt(found, provenance, self._clock.now())

    def copy(self, beside: Beside) -> None:
        """Keep records of somebody else's that belong to no exchange."""
        self._recorder.copy(beside.records)

    def note_import(self, file: str, sha256: str, *, captures: int, run: RunId) -> None:
        """Tell the journal that a file came in."""
        self._journal.write("imported", file=file, sha256=sha256, captures=captures, run=run)

    def save(
        self, draft: Draft, capture: Capture, provenance: Provenance, *, known_as: Url
    ) -> Saved:
        """Keep an article's draft: its claims, and its text if it is new.

        `known_as` is the URL that was announced; redirects bind the article to it.

        Raises:
            ComparedUnlike: if the version we hold was made under another fingerprint.
        """
        canonical = [urlkey(draft.canonical)] if draft.canonical else []
        keys = [urlkey(known_as), capture.urlkey, *canonical]
        now = self._clock.now()
        known = articles.find(self._connection, provenance.outlet, *keys)
        held = articles.current(self._connection, known) if known else None
        if held and not extractions.may_compare(self._connection, held[1], draft):
            raise ComparedUnlike(held[1])
        saved = articles.keep(self._connection, known, keys, draft, capture, now)
        self._recorder.keep_draft(
            draft,
            capture,
            outcome=saved.outcome,
            now=now,
            outlet=provenance.outlet,
            known_as=known_as,
            version=saved.version,
        )
        return saved

    def dismiss(self, draft: Draft, capture: Capture, *, outcome: str) -> None:
        """Keep what was claimed of a page that is no article (a wall, a listing), as evidence."""
        now = self._clock.now()
        self._recorder.keep_draft(draft, capture, outcome=outcome, now=now, outlet=capture.outlet)

    def reread(self, draft: Draft, capture: Capture, *, known_as: Url, outlet: OutletId) -> None:
        """Replace what an older extractor made of a capture that an article's version rests on."""
        id_ = articles.find(self._connection, outlet, urlkey(known_as))
        held = articles.current(self._connection, id_) if id_ else None
        if id_ is None or held is None:
            return
        now = self._clock.now()
        version = articles.supersede(self._connection, id_, held[0], draft, now)
        extractions.retire(self._connection, capture.id)
        self._recorder.keep_draft(
            draft,
            capture,
            outcome="reread",
            now=now,
            outlet=outlet,
            known_as=known_as,
            version=version,
        )

    def keep_screenshot(self, picture: Picture, of: Capture) -> Screenshot:
        """Keep a picture of a captured page."""
        return self._recorder.keep_screenshot(picture, of, self._clock.now())

    def mark_gone(self, lease: Lease, cause: str) -> None:
        """Note that the article under a lease is gone, and how; its versions stay."""
        id_ = articles.find(self._connection, lease.outlet, lease.urlkey)
        if id_:
            self._journal.write("gone", article=id_, url=lease.url, cause=cause)
            articles.mark_gone(self._connection, id_, at=self._clock.now(), cause=cause)

    # the frontier

    def sync_outlet(
        self,
        declared: Declaration,
        listings: Iterable[tuple[Kind, Url]] | None,
        *,
        makes_due: bool = True,
    ) -> None:
        """Note an outlet as declared, and make its listings due; without `makes_due` the new."""
        now = self._clock.now()
        outlets.sync_outlet(self._connection, declared, now)
        self._declared[declared.id] = declared_by(declared)
        if listings is not None:
            sync_listings(self._connection, declared.id, listings, now, makes_due=makes_due)

    def discover(self, outlet: OutletId, discoveries: Sequence[Discovery]) -> Sighted:
        """Note what a listing named; a URL never seen before becomes due at once."""
        sighted = sightings.discover(self._connection, outlet, discoveries, self._clock.now())
        for one in sighted.sightings:
            said = discovery_as_json(one)
            self._journal.write("sighted", outlet=outlet, discovery=said)
        return sighted

    def add_children(
        self, outlet: OutletId, children: Sequence[tuple[Url, Moment | None]], *, at_once: int
    ) -> tuple[int, int]:
        """Note the sitemaps that an index names; how many become due now, and how many later."""
        now = self._clock.now()
        return add_children(self._connection, outlet, children, now, at_once=at_once)

    def need(
        self, outlet: OutletId, page: CaptureId, needed: Sequence[Discovery], fresh: timedelta
    ) -> None:
        """Note what a captured page or style sheet needs, and make due what is not fresh."""
        if not needed:
            return
        urls = [one.url for one in needed]
        first = needed[0]
        said = {"url": first.listing, "depth": first.position, "urls": urls}
        self._journal.write("needs", outlet=outlet, page=page, **said)
        requisites.add(self._connection, page, urls)
        frontier.need(self._connection, outlet, needed, self._clock.now(), fresh)

    def ask_for(self, outlet: OutletId, url: Url) -> None:
        """A person asks for one article: it is sighted, and due at once whatever its cadence."""
        self.discover(outlet, [Discovery(url=url, listing=url, kind="seed")])
        frontier.make_due(self._connection, outlet, urlkey(url), self._clock.now())

    def lease(
        self,
        outlet: OutletId,
        *,
        limit: int,
        for_: timedelta,
        holder: str,
        only: UrlKey | None = None,
        without_articles: bool = False,
    ) -> list[Lease]:
        """Borrow what is due: listings first, then articles, newest first, then requisites."""
        now = self._clock.now()
        return frontier.lease(
            self._connection,
            outlet,
            limit=limit,
            now=now,
            until=now + for_,
            holder=holder,
            only=only,
            without_articles=without_articles,
        )

    def free_leases(self, holders: Callable[[str], bool]) -> int:
        """Take back what is borrowed by runs of which `holders` says that they are over."""
        return frontier.free(self._connection, holders)

    def settle(self, settlement: Settlement) -> bool:
        """End a lease; whether its token still held it."""
        ended = frontier.settle(self._connection, settlement, self._clock.now())
        if ended and settlement.outcome != "released":
            self._journal.write("settled", **settlement_as_json(settlement, ended))
        return ended is not None

    # runs and acts

    def open_run(self, id_: RunId, outlets: Sequence[OutletId]) -> None:
        """Note that a run has begun."""
        self._journal.write("run-opened", run=id_, outlets=list(outlets))
        runs.open_run(self._connection, id_, outlets, self._clock.now())

    def close_run(self, id_: RunId, *, outcome: str, counts: Mapping[str, object]) -> None:
        """Note how a run ended, with its numbers."""
        self._journal.write("run-closed", run=id_, outcome=outcome, counts=dict(counts))
        runs.close_run(self._connection, id_, outcome=outcome, counts=counts, now=self._clock.now())

    def root_days(self) -> list[DailyRoot]:
        """Make the Merkle root of each day that is over; what was made."""
        return roots.make(self._connection, self._journal, self._clock.now())

    def rotate(self) -> None:
        """Seal the WARC file that grows, however small, and begin another file of the journal.

        For a process that goes on for long: what is sealed is rooted, and can be moved.
        """
        self._warc.seal()
        self._journal.end_file()

    def note_verified(self, file: str) -> None:
        """Note that all of a sealed file was read and compared just now."""
        files.note_verified(self._connection, file, self._clock.now())

    def note_moved(self, name: str, location: str | None, sha256: str) -> None:
        """Note where a sealed file lies from now on; None is `warc/`."""
        self._journal.write("moved", name=name, location=location, sha256=sha256)
        locations.note_location(self._connection, name, location)

    def restrict(
        self,
        scope: policy.Scope,
        target: str,
        *,
        reason: str,
        actor: str,
        until: datetime | None = None,
    ) -> str:
        """Hide an article, an outlet or all URLs under a urlkey from every read."""
        act = policy.impose(
            self._connection,
            scope=scope,
            target=target,
            reason=reason,
            actor=actor,
            now=self._clock.now(),
            until=until,
        )
        facts = {"scope": scope, "target": target, "reason": reason, "actor": actor}
        self._journal.write("restricted", id=act, **facts, until=until and until.isoformat())
        self.learning.restricted(scope, target)
        return act

    def lift(self, restriction: str) -> bool:
        """End a restriction; whether there was one in force."""
        self._journal.write("lifted", id=restriction)
        return policy.lift(self._connection, restriction, self._clock.now())
