"""Find what is due in the order in which it is lent, however much is due."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up; what is due now is ranked by the leases to come."""
    op.add_column("frontier", sa.Column("due_rank", sa.Integer(), nullable=True))
    ranked = sa.text("due_rank IS NOT NULL")
    op.create_index(
        "ix_frontier_ranked",
        "frontier",
        ["outlet_id", "due_rank", sa.text("sort_at DESC"), "id"],
        sqlite_where=ranked,
        postgresql_where=ranked,
    )
    unranked = sa.text("due_rank IS NULL AND next_due_at IS NOT NULL")
    op.create_index(
        "ix_frontier_unranked",
        "frontier",
        ["outlet_id", "next_due_at"],
        sqlite_where=unranked,
        postgresql_where=unranked,
    )
