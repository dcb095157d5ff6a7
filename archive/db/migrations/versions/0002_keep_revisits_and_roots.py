"""Keep what revisits refer to, and the roots that chain the files."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("capture", sa.Column("refers_to", sa.Text(), nullable=True))
    op.add_column("capture", sa.Column("is_chunked", sa.Boolean(), nullable=True))
    op.add_column("warc_file", sa.Column("root", sa.Text(), nullable=True))
    op.add_column("warc_file", sa.Column("records", sa.Integer(), nullable=True))
    op.add_column("warc_file", sa.Column("rooted_on", sa.Date(), nullable=True))
    op.add_column("warc_file", sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("warc_file", sa.Column("location", sa.Text(), nullable=True))
    op.create_index(op.f("ix_extraction_file_offset"), "extraction", ["file", "offset"])
    op.create_table(
        "requisite",
        sa.Column("page_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("page_id", "url", name=op.f("pk_requisite")),
    )
    op.create_table(
        "daily_root",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=True),
        sa.Column(
            "files",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("rooted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_daily_root")),
    )
