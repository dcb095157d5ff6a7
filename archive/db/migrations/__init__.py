"""Alembic finds its scripts here."""
