"""Alembic migrations, run by coding_app.store.migrate."""
