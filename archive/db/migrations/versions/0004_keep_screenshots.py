"""Keep screenshots, and what each was drawn from."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "screenshot",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("capture_id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("software", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screenshot")),
    )
    op.create_index(op.f("ix_screenshot_capture_id"), "screenshot", ["capture_id"])
    op.create_index(op.f("ix_screenshot_file_offset"), "screenshot", ["file", "offset"])
    op.create_table(
        "screenshot_part",
        sa.Column("screenshot_id", sa.Text(), nullable=False),
        sa.Column("capture_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("screenshot_id", "capture_id", name=op.f("pk_screenshot_part")),
    )
