"""How Alembic reaches the database: the connection it is given."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from archive.db.columns import UtcDateTime, metadata


def render_item(type_: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our instant as what it is: migrations must not import the living schema."""
    if type_ == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def include_name(name: str | None, type_: str, parents: Any) -> bool:
    """Leave the full-text index to its migration: it is not the same on both engines."""
    return not (type_ == "table" and (name or "").startswith("fulltext"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=render_item,
    include_name=include_name,
    compare_type=False,
)
context.run_migrations()
