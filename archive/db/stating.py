"""The tables of what outlets state of rights; docs/for-researchers.md explains the columns.

capture 1─* rights *─1 rights_statement     what was reserved of a page when it was captured
rights_file                                 the files of an origin that say so, as last asked for
"""

from sqlalchemy import Column, Index, Integer, Table, Text

from archive.db.columns import Json, UtcDateTime, metadata

rights_statement = Table(
    "rights_statement",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("signals", Json, nullable=False),
)

rights = Table(
    "rights",
    metadata,
    Column("capture_id", Text, primary_key=True),  # the page that it is said of
    Column("source", Text, primary_key=True),
    Column("statement", Text, nullable=False),  # its digest
    Column("said_by", Text, nullable=False),  # the capture that says so
    Index(None, "statement"),
)

rights_file = Table(
    "rights_file",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("fetched_at", UtcDateTime, nullable=False),
    Column("status", Integer),
    Column("body", Text),
    Column("capture_id", Text),
)
"""robots.txt is in a table of its own."""
