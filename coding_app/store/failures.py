"""What the database says, told as one sentence and without any of the stored words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from coding_app.errors import CodingAppError, StoreError

BUSY = (
    "{database} is busy: another program is writing to it; wait a moment and try again. Nothing was stored."
)
FULL = (
    "There was no room left to write to {database}; free some disk space and try again. "
    "Nothing of this change was stored; everything stored before it is safe."
)
DAMAGED = (
    "{database} is damaged or is not a coding-app database; restore the last backup or choose another file."
)
DISK = (
    "The disk of {database} could not be read or written (full or failing); check it and try again. "
    "Nothing of this change was stored."
)
UNREACHABLE = "{database} cannot be opened; check that it is there and that you may read and write it."
READ_ONLY = "{database} may not be written here; check its permissions. Nothing was stored."
REFUSED = "{database} refused a change that breaks its rules ({code}); nothing was stored."

# SQLite's primary result codes (sqlite.org/rescode.html): their extended forms begin with the same word.
SQLITE = {
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_FULL": FULL,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
    "SQLITE_IOERR": DISK,
    "SQLITE_CANTOPEN": UNREACHABLE,
    "SQLITE_PERM": UNREACHABLE,
    "SQLITE_AUTH": UNREACHABLE,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_CONSTRAINT": REFUSED,
}
# PostgreSQL's SQLSTATE classes and codes (Appendix A of its manual): the longest that fits counts.
POSTGRESQL = {
    "08": UNREACHABLE,
    "28": UNREACHABLE,
    "3D000": UNREACHABLE,
    "57P": UNREACHABLE,
    "40": BUSY,
    "55P03": BUSY,
    "57014": BUSY,
    "53": BUSY,
    "53100": FULL,
    "58": DISK,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
    "25006": READ_ONLY,
    "42501": READ_ONLY,
    "22": REFUSED,
    "23": REFUSED,
    "P0001": REFUSED,
}


def _sentence(error: BaseException | None) -> tuple[str, str] | None:
    """The sentence and the database's own code; None when the error is a mistake of ours."""
    sqlite_name = getattr(error, "sqlite_errorname", None)
    if sqlite_name:
        words = str(sqlite_name).split("_")
        found = SQLITE.get("_".join(words[:2]))
        return (found, str(sqlite_name)) if found else None
    state = getattr(error, "sqlstate", None)
    if state is None:  # psycopg gives no code when it never reached the server
        return (UNREACHABLE, "connection") if isinstance(error, psycopg.OperationalError) else None
    fitting = [code for code in POSTGRESQL if str(state).startswith(code)]
    return (POSTGRESQL[max(fitting, key=len)], str(state)) if fitting else None


@contextmanager
def told_as_sentences(database: str) -> Iterator[None]:
    """Turns what the database raises inside into StoreError; database: what to call it ("The database x").

    The cause is cut off on purpose: its text may hold stored words. Mistakes of ours (a wrong statement)
    pass as they are.
    """
    try:
        yield
    except PoolTimeoutError:
        raise StoreError(BUSY.format(database=database)) from None
    except StatementError as error:  # also what SQLAlchemy makes of the drivers' errors
        if isinstance(error.orig, CodingAppError):
            raise error.orig from None
        told = _sentence(error.orig)
        if told is None:
            raise
        raise StoreError(told[0].format(database=database, code=told[1])) from None
    except (sqlite3.Error, psycopg.Error) as error:
        told = _sentence(error)
        if told is None:
            raise
        raise StoreError(told[0].format(database=database, code=told[1])) from None
