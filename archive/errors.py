"""What can go wrong in an archive, each named for the fact."""


class ArchiveError(Exception):
    """Something about an archive that its user should be told in one sentence."""

    exit_code = 1


class NotAnArchive(ArchiveError):
    """The directory holds no `kliping.toml`; `kliping init` makes one."""

    exit_code = 2


class ConfigError(ArchiveError):
    """A file written by hand says something that cannot be; names file, key and value."""

    exit_code = 2


class ContactMissing(ArchiveError):
    """A crawl of other people's sites needs a contact, in `kliping.toml` or `--contact`."""

    exit_code = 2


class SchemaOutdated(ArchiveError):
    """The database was written by an older version; `kliping upgrade` brings it up."""


class SchemaTooNew(ArchiveError):
    """The database was written by a newer version than this program."""


class ArchiveLocked(ArchiveError):
    """Another process is writing to this archive."""


class DatabaseFailed(ArchiveError):
    """The database cannot be reached, or refused a statement."""


class NotCaptured(ArchiveError, LookupError):
    """No capture, article or version has this id."""


class CorruptRecord(ArchiveError):
    """A WARC record cannot be read where its row says it is."""


class DigestMismatch(CorruptRecord):
    """The bytes of a record are not the bytes that were recorded."""


class StorageUnavailable(ArchiveError):
    """The place that `[storage]` names is not configured, cannot be reached or refuses us."""


class NameTaken(ArchiveError):
    """Something of that name is kept there already; it is never overwritten."""


class ComparedUnlike(ArchiveError):
    """The version we hold was read by another extractor; read `capture` again before comparing."""

    def __init__(self, capture: str) -> None:
        super().__init__(f"capture {capture} was read by another extractor")
        self.capture = capture


class UndecodableBody(ArchiveError, ValueError):
    """A body does not follow the content coding that its header names."""


class BodyTooLarge(UndecodableBody):
    """A body unpacks to more than the limit: a bomb, or nothing we want."""


class QuerySyntax(ArchiveError, ValueError):
    """A query cannot be parsed.

    Attributes:
        column: where in the query, counted from 1.
    """

    exit_code = 2

    def __init__(self, message: str, *, query: str, column: int) -> None:
        super().__init__(message)
        self.query = query
        self.column = column

    def __str__(self) -> str:
        return f"{self.args[0]}\n  {self.query}\n  {' ' * (self.column - 1)}^"
