"""Keep the Date of an answer without a validator, to ask with it (RFC 9110 §13.1.3)."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("capture", sa.Column("date", sa.Text(), nullable=True))
    # said so: SQLite would else copy the table
    op.execute("ALTER TABLE frontier RENAME COLUMN last_modified TO since")
