"""Keep which outlets are visited again and again, and what is done more often for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "schedule",
        sa.Column("outlet_id", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=True),
        sa.Column("every_seconds", sa.Float(), nullable=True),
        sa.Column("cron", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("front_page_seconds", sa.Float(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlet.id"], name=op.f("fk_schedule_outlet_id_outlet")
        ),
        sa.PrimaryKeyConstraint("outlet_id", name=op.f("pk_schedule")),
    )
    op.create_table(
        "boost",
        sa.Column("outlet_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("front_page_seconds", sa.Float(), nullable=True),
        sa.Column("feed_seconds", sa.Float(), nullable=True),
        sa.Column("every_seconds", sa.Float(), nullable=True),
        sa.Column("recheck_factor", sa.Float(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["schedule.outlet_id"], name=op.f("fk_boost_outlet_id_schedule")
        ),
        sa.PrimaryKeyConstraint("outlet_id", "name", name=op.f("pk_boost")),
    )
