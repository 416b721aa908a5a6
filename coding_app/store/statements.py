"""The few statements that every table needs and that SQL leaves to each engine."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Executable, Row, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from coding_app.errors import NotFoundError
from coding_app.store.engine import Tx

T = TypeVar("T")
_AT_ONCE = 500  # well below the number of parameters either engine takes in one statement


def insert_new(tx: Tx, table: Table, row: Mapping[str, Any]) -> bool:
    """Inserts the row unless it meets a row with the same key; returns whether it was stored."""
    dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(**row).on_conflict_do_nothing()
    return tx.execute(statement.returning(*table.primary_key)).first() is not None


def insert_all_new(tx: Tx, table: Table, rows: Sequence[Mapping[str, Any]], key: str) -> None:
    """Inserts the rows one after the other, in order; a row whose key is there already is left out."""
    tx.execute(_inserting(tx.dialect.name, table, key), list(rows))


def put_all(tx: Tx, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts the rows; one with the primary key of a stored row replaces what that one holds."""
    tx.execute(_putting(tx.dialect.name, table), list(rows))


# Building a statement takes longer than running it, and these run for every act of coding: built once each.
@lru_cache
def _inserting(engine: str, table: Table, key: str) -> Executable:
    statement = (sqlite if engine == "sqlite" else postgresql).insert(table)
    built: Executable = statement.on_conflict_do_nothing(index_elements=[key])
    return built


@lru_cache
def _putting(engine: str, table: Table) -> Executable:
    statement = (sqlite if engine == "sqlite" else postgresql).insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {column.name: statement.excluded[column.name] for column in table.c if column.name not in keys}
    built: Executable = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    return built


@lru_cache
def _looking(table: Table, column: ColumnElement[Any], lock: bool) -> Executable:
    statement = select(table).where(column.in_(bindparam("some", expanding=True))).order_by(column)
    return _locked(statement) if lock else statement


def the_row(tx: Tx, table: Table, row_id: str, *, called: str, lock: bool = False) -> Row[Any]:
    """The row with this id; lock: nobody else changes it before this transaction ends.

    Raises NotFoundError when there is none; called: the word for it on screen ("recording").
    """
    statement = select(table).where(table.c.id == row_id)
    row = tx.execute(_locked(statement) if lock else statement).one_or_none()
    if row is None:
        raise not_found(called, row_id)
    return row


def not_found(called: str, row_id: str) -> NotFoundError:
    """What is said of something that is not there, and of what is there for others only: they must look the same."""
    return NotFoundError(f"There is no {called} with the id '{row_id[:64]}'; choose one from the list.")


def _locked(statement: Any) -> Any:  # SQLAlchemy's Select has one type per column list
    """FOR NO KEY UPDATE on PostgreSQL; SQLite has one writer anyway and leaves it out."""
    return statement.with_for_update(key_share=True)


def rows_where(
    tx: Tx, table: Table, column: ColumnElement[Any], values: Sequence[str], *, lock: bool = False
) -> list[Row[Any]]:
    """Rows whose column is one of the values, ordered by it (so that locks are always taken in one order)."""
    found: list[Row[Any]] = []
    for some in batched(sorted(set(values)), _AT_ONCE):
        found.extend(tx.execute(_looking(table, column, lock), {"some": list(some)}))
    return found


def batched(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Runs of at most size items, in order."""
    return (items[start : start + size] for start in range(0, len(items), size))
