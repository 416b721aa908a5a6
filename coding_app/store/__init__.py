"""What the app keeps in its database: one module per group of tables, functions over a transaction."""

from coding_app.store import work_tables as _work_tables  # noqa: F401  the metadata is whole with it
from coding_app.store.engine import Store, Tx, open_store

__all__ = ["Store", "Tx", "open_store"]
