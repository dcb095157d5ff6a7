"""The tables of what is held; docs/for-researchers.md explains the columns in words.

    run 1─* capture *─1 warc_file               what was received, and where it lies
    capture 1─* requisite                       what a captured page needs to look right
    daily_root 1─* warc_file                    fixity: a chain of roots over all records
    article 1─* version, 1─* article_url        what was published, each distinct text once
    capture 1─* extraction *─1 version          what an extractor claimed about a capture
    capture 1─* screenshot 1─* screenshot_part  what it looks like, drawn from what
    restriction                                 takedowns and embargoes; beneath every read

What crawling remembers by is in `archive.db.crawling`. Rows never leave `archive.db` and
`archive.query`: statements select columns and yield records.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)

from archive.db import stating as _stating  # noqa: F401 - its tables are told to metadata
from archive.db.columns import Json, UtcDateTime, metadata
from archive.db.crawling import outlet

warc_file = Table(
    "warc_file",
    metadata,
    Column("name", Text, primary_key=True),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("sealed_at", UtcDateTime, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("root", Text),  # of the Merkle tree over its records
    Column("records", Integer),
    Column("rooted_on", Date),  # the day whose root covers the file
    Column("verified_at", UtcDateTime),  # null is never
    Column("location", Text),  # where its bytes lie if not in warc/
)

daily_root = Table(
    "daily_root",
    metadata,
    Column("day", Date, primary_key=True),
    Column("root", Text, nullable=False),
    Column("previous", Text),  # the root of the day before it
    Column("files", Json, nullable=False),  # their names, in order
    Column("records", Integer, nullable=False),
    Column("rooted_at", UtcDateTime, nullable=False),
)

capture = Table(
    "capture",
    metadata,
    Column("id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("urlkey", Text, nullable=False),
    Column("outlet_id", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    Column("captured_at", UtcDateTime, nullable=False),
    Column("status", Integer),
    Column("mime", Text),
    Column("payload_digest", Text),
    Column("payload_bytes", BigInteger, nullable=False),
    Column("file", Text),
    Column("offset", BigInteger),
    Column("length", BigInteger),
    Column("truncated", Text),
    Column("error", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("date", Text),  # as the server said it, of an answer without a validator
    Column("location", Text),
    Column("is_chunked", Boolean),  # how its body was framed
    Column("refers_to", Text),  # the capture whose payload a revisit shares
    Column("visit_at", UtcDateTime),  # when the visit that fetched it began
    Index(None, "urlkey", "captured_at"),
    Index(None, "outlet_id", "captured_at"),
    Index(None, "payload_digest"),
    Index(None, "file", "offset"),
)

requisite = Table(
    "requisite",
    metadata,
    Column("page_id", Text, primary_key=True),  # the capture of a page
    Column("url", Text, primary_key=True),  # what it needs to look right
)

article = Table(
    "article",
    metadata,
    Column("id", Text, primary_key=True),
    Column("outlet_id", Text, ForeignKey(outlet.c.id), nullable=False),
    Column("url", Text, nullable=False),
    Column("urlkey", Text, nullable=False),
    Column("first_sighted_at", UtcDateTime),
    Column("current_version_id", Text),
    Column("gone_at", UtcDateTime),
    Column("gone_cause", Text),
    Index(None, "outlet_id"),
    Index(None, "gone_at"),
)

article_url = Table(
    "article_url",
    metadata,
    Column("outlet_id", Text, primary_key=True),
    Column("urlkey", Text, primary_key=True),
    Column("article_id", Text, ForeignKey("article.id"), nullable=False, index=True),
)

version = Table(
    "version",
    metadata,
    Column("id", Text, primary_key=True),
    Column("article_id", Text, ForeignKey("article.id"), nullable=False),
    Column("docid", BigInteger, nullable=False, unique=True),  # sorts by publication; never shown
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("text_digest", Text, nullable=False),
    Column("published_at", UtcDateTime),
    Column("dated_on", Date, nullable=False),  # the local day of publication, else of capture
    Column("published", Json),  # instant with its offset, precision and where the zone came from
    Column("modified", Json),
    Column("authors", Json, nullable=False),
    Column("language", Text),
    Column("section", Text),
    Column("first_capture_id", Text, nullable=False),
    Column("last_capture_id", Text, nullable=False),
    Column("first_captured_at", UtcDateTime, nullable=False),
    Column("last_captured_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("superseded_by", Text),  # the same capture read by a later extractor
    Index(None, "article_id"),
    Index(None, "dated_on"),
    Index(None, "first_captured_at"),
)

extraction = Table(
    "extraction",
    metadata,
    Column("id", Text, primary_key=True),  # the UUID of the draft's metadata record
    Column("capture_id", Text, nullable=False),
    Column("version_id", Text),  # null if the page was no article
    Column("extractor", Text, nullable=False),
    Column("rules_digest", Text, nullable=False),
    Column("memory_digest", Text),
    Column("outcome", Text, nullable=False),
    Column("reason", Text),
    Column("text_digest", Text, nullable=False),
    Column("draft", Json, nullable=False),  # all but the body, which the version holds
    Column("extracted_at", UtcDateTime, nullable=False),
    Column("is_current", Boolean, nullable=False),  # the one that counts for its capture
    Column("file", Text, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Index(None, "capture_id"),
    Index(None, "version_id"),
    Index(None, "file", "offset"),
)

screenshot = Table(
    "screenshot",
    metadata,
    Column("id", Text, primary_key=True),  # the UUID of the picture's resource record
    Column("capture_id", Text, nullable=False),  # the page that it shows
    Column("made_at", UtcDateTime, nullable=False),
    Column("software", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Index(None, "capture_id"),
    Index(None, "file", "offset"),
)

screenshot_part = Table(
    "screenshot_part",
    metadata,
    Column("screenshot_id", Text, primary_key=True),
    Column("capture_id", Text, primary_key=True),  # a capture that it was drawn from
)

restriction = Table(
    "restriction",
    metadata,
    Column("id", Text, primary_key=True),
    Column("scope", Text, nullable=False),  # article, outlet or urlkey (a prefix)
    Column("target", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("imposed_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
    Column("lifted_at", UtcDateTime),
    Index(None, "scope", "target"),
)
