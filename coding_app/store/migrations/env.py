"""Alembic's entry: runs the migrations inside the transaction that migrate.py opened."""

from alembic import context

from coding_app.store.migrate import VERSION_TABLE
from coding_app.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,  # SQLite too: our BEGIN comes before the first statement
    render_as_batch=True,  # SQLite changes a table by building it anew
)
with context.begin_transaction():
    context.run_migrations()
