"""Keep which visit fetched a capture: what one visit fetched belongs together."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("capture", sa.Column("visit_at", sa.DateTime(timezone=True), nullable=True))
