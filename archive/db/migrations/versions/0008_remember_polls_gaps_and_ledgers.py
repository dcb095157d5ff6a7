"""Remember polls and gaps, why things are due, and the ledgers of days that are over."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("frontier", sa.Column("due_reason", sa.Text(), nullable=True))
    op.add_column(
        "frontier", sa.Column("score", sa.Float(), nullable=False, server_default=sa.text("0"))
    )
    op.add_column("frontier", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("frontier", sa.Column("polled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("frontier", sa.Column("every_seconds", sa.Integer(), nullable=True))
    op.execute(  # an older version gave up without a word
        "UPDATE frontier SET retired_at = settled_at WHERE kind = 'article' "
        "AND state IN ('refused', 'failed') AND next_due_at IS NULL"
    )
    for columns in (["outlet_id", "next_due_at"], ["lease_token"]):
        name = op.f("ix_frontier_" + "_".join(columns))
        is_not_null = sa.text(f"{columns[-1]} IS NOT NULL")
        op.drop_index(name, "frontier")
        op.create_index(
            name, "frontier", columns, sqlite_where=is_not_null, postgresql_where=is_not_null
        )
    op.create_index(
        op.f("ix_frontier_outlet_id_kind_first_sighted_at"),
        "frontier",
        ["outlet_id", "kind", "first_sighted_at"],
    )
    op.create_table(
        "poll_day",
        sa.Column("frontier_id", _ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("outlet_id", sa.Text(), nullable=False),
        sa.Column("polls", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("named", sa.Integer(), nullable=False),
        sa.Column("fresh", sa.Integer(), nullable=False),
        sa.Column("denied", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["frontier_id"], ["frontier.id"], name=op.f("fk_poll_day_frontier_id_frontier")
        ),
        sa.PrimaryKeyConstraint("frontier_id", "day", name=op.f("pk_poll_day")),
    )
    op.create_index(op.f("ix_poll_day_outlet_id_day"), "poll_day", ["outlet_id", "day"])
    op.create_table(
        "gap",
        sa.Column("frontier_id", _ID, nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outlet_id", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["frontier_id"], ["frontier.id"], name=op.f("fk_gap_frontier_id_frontier")
        ),
        sa.PrimaryKeyConstraint("frontier_id", "proved_at", name=op.f("pk_gap")),
    )
    op.create_index(op.f("ix_gap_outlet_id_ended_at"), "gap", ["outlet_id", "ended_at"])
    op.create_table(
        "ledger",
        sa.Column("outlet_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced", sa.Integer(), nullable=False),
        sa.Column("captured", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlet.id"], name=op.f("fk_ledger_outlet_id_outlet")
        ),
        sa.PrimaryKeyConstraint("outlet_id", "day", name=op.f("pk_ledger")),
    )


_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
