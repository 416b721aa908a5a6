"""What a database is asked, counted: no clock can tell it as surely."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from coding_app.store import Store


@contextmanager
def statements_of(store: Store) -> Iterator[list[str]]:
    """Every statement that is sent to the database within the block, with those that begin a transaction."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(store._engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(store._engine, "before_cursor_execute", note)
