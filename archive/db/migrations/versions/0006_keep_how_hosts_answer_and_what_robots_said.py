"""Keep how hosts answer, and each robots.txt that was in force."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_HOST: dict[str, Any] = {
    "ready_at": sa.DateTime(timezone=True),
    "delay_reason": sa.Text(),
    "latency_seconds": sa.Float(),
    "caution": sa.Float(),
    "busy_by": sa.Text(),
    "busy_until": sa.DateTime(timezone=True),
}


def upgrade() -> None:
    """Bring the schema up."""
    for name, type_ in _HOST.items():
        op.add_column("host", sa.Column(name, type_, nullable=True))
    op.add_column("robots", sa.Column("ask_again_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("robots", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("robots", sa.Column("reason", sa.Text(), nullable=True))
    op.create_table(
        "robots_history",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("capture_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("origin", "first_seen_at", name=op.f("pk_robots_history")),
    )
