"""Keep all that listings say of a URL, and what they say otherwise later."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")
    op.add_column("sighting", sa.Column("position", sa.Integer(), nullable=True))
    op.add_column("sighting", sa.Column("said", json, nullable=True))
    op.add_column(
        "sighting", sa.Column("changes", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table(
        "sighting_change",
        sa.Column(
            "frontier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("listing", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("said", json, nullable=False),
        sa.ForeignKeyConstraint(
            ["frontier_id", "listing"],
            ["sighting.frontier_id", "sighting.listing"],
            name=op.f("fk_sighting_change_frontier_id_sighting"),
        ),
        sa.PrimaryKeyConstraint(
            "frontier_id", "listing", "number", name=op.f("pk_sighting_change")
        ),
    )
