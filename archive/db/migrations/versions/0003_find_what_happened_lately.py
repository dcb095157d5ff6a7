"""Find what was edited or taken down lately without reading every article."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_index(op.f("ix_article_gone_at"), "article", ["gone_at"])
    op.create_index(op.f("ix_version_first_captured_at"), "version", ["first_captured_at"])
