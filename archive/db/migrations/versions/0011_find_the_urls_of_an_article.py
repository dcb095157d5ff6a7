"""Find the URLs that an article is known by without reading every URL."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_index(op.f("ix_article_url_article_id"), "article_url", ["article_id"])
