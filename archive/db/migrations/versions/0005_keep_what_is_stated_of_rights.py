"""Keep what outlets state of rights, by capture."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "rights_statement",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "signals",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_rights_statement")),
    )
    op.create_table(
        "rights",
        sa.Column("capture_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("capture_id", "source", name=op.f("pk_rights")),
    )
    op.create_index(op.f("ix_rights_statement"), "rights", ["statement"])
    op.create_table(
        "rights_file",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("capture_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("origin", "name", name=op.f("pk_rights_file")),
    )
