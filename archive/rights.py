"""What outlets state of rights, written: a part of a turn."""

from collections.abc import Sequence

from sqlalchemy import Connection

from archive.db import rights
from archive.journal import Journal
from archive.records import CaptureId
from archive.signals import RightsFile, Source, Statement, signals_as_json


class Rights:
    """Keeps statements, each once, and which of them were made of a captured page."""

    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal

    def keep(
        self,
        capture: CaptureId,
        statements: Sequence[Statement],
        *,
        confirms: CaptureId | None = None,
    ) -> None:
        """Note what is stated of a captured page; nothing is written if nothing is.

        Of a 304, `confirms` is the capture whose page it says is still so: what that page states
        of itself is stated again.

        The journal tells a statement when it is first made, and then names it by its digest: the
        archive cannot read pages, so that reindex could not find it in them.
        """
        made = [(one, one.digest) for one in statements if one.signals]
        if not made and confirms is None:
            return
        there = rights.known(self._connection, [digest for _, digest in made])
        for one, digest in made:
            if digest not in there:
                signals = signals_as_json(one.signals)
                self._journal.write("stated", digest=digest, source=one.source, signals=signals)
                rights.add_statement(self._connection, digest, one.source, one.signals)
        said = [(one.source, digest, one.said_by) for one, digest in made]
        if confirms is not None:
            said += rights.of_page(self._connection, confirms)
        if not said:
            return
        self._journal.write("rights", capture=capture, said=said)
        rights.add(self._connection, capture, said)

    def file_of(self, origin: str, name: Source) -> RightsFile | None:
        """A file of an origin that states rights, as last asked for."""
        return rights.file_of(self._connection, origin, name)

    def keep_file(self, file: RightsFile) -> None:
        """Remember such a file."""
        rights.keep_file(self._connection, file)
