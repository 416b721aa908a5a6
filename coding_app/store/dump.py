"""All rows of a database as plain JSON values, engine-neutral, and back: what a backup is made of."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from itertools import islice
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Integer, Table, func, inspect, select, text

from coding_app.errors import StoreError
from coding_app.store.columns import UtcDateTime
from coding_app.store.engine import Store, Tx
from coding_app.store.migrate import VERSION_TABLE, bring_up_to_date
from coding_app.store.tables import metadata

Row = Mapping[str, Any]
AT_ONCE = 500

TABLES: tuple[str, ...] = tuple(
    table.name for table in metadata.sorted_tables
)  # what is referred to comes first


def revision_of(tx: Tx) -> str | None:
    """The revision of the tables, None for an empty database."""
    return MigrationContext.configure(tx, opts={"version_table": VERSION_TABLE}).get_current_revision()


def is_empty(tx: Tx) -> bool:
    """Whether the database holds no row of ours."""
    there = set(inspect(tx).get_table_names())
    return all(
        tx.execute(select(1).select_from(table).limit(1)).first() is None
        for table in metadata.sorted_tables
        if table.name in there
    )


def rows(tx: Tx, table_name: str) -> Iterator[dict[str, Any]]:
    """Every row of the table in the order of its key, as values that JSON can hold; a few in memory at a time."""
    table = metadata.tables[table_name]
    moments = _moments(table)
    found = tx.execution_options(yield_per=AT_ONCE).execute(select(table).order_by(*table.primary_key))
    with closing(found):
        for row in found.mappings():
            yield {n: value.isoformat() if n in moments and value else value for n, value in row.items()}


def load(store: Store, revision: str, tables: Iterable[tuple[str, Iterator[Row]]]) -> dict[str, int]:
    """Fills an empty database with rows as `rows` gave them, all or none; returns how many per table.

    revision: that of the tables they were read from, and of the database, which is brought up to date afterwards.
    tables: in the order of TABLES. Raises StoreError when the database is not empty or has other tables, or the
    rows do not fit.
    """
    counts: dict[str, int] = {}
    with store.write() as tx:
        if revision_of(tx) != revision or not is_empty(tx):
            raise StoreError(f"{store.name} is not empty; restore into an empty one.")
        for name, given in tables:
            counts[name] = _fill(tx, metadata.tables[name], given)
        bring_up_to_date(tx, store.name)
    return counts


def _fill(tx: Tx, table: Table, given: Iterator[Row]) -> int:
    moments, columns, n = _moments(table), set(table.columns.keys()), 0
    while some := list(islice(given, AT_ONCE)):
        for row in some:
            if unknown := row.keys() - columns:
                raise StoreError(
                    f"The backup's table '{table.name}' has a column '{min(unknown)}' that is not known."
                )
        read = [
            {k: datetime.fromisoformat(v) if k in moments and v else v for k, v in row.items()}
            for row in some
        ]
        tx.execute(table.insert(), read)
        n += len(some)
    if n and tx.dialect.name == "postgresql":
        _count_on(tx, table)
    return n


def _count_on(tx: Tx, table: Table) -> None:
    """PostgreSQL numbers new rows from where the loaded ones end; SQLite does so by itself."""
    for column in table.primary_key:
        if table.autoincrement_column is column and isinstance(column.type, Integer):
            last = tx.execute(select(func.max(column))).scalar_one()
            place = {"table": table.name, "column": column.name, "last": last}
            tx.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"), place)


def _moments(table: Table) -> frozenset[str]:
    return frozenset(column.name for column in table.columns if isinstance(column.type, UtcDateTime))
