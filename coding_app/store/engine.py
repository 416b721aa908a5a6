"""Opening the database and its transactions: the same on SQLite and PostgreSQL."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from coding_app.errors import SettingsError, StoreError
from coding_app.store.failures import BUSY, told_as_sentences
from coding_app.store.locks import KEYS, Keys, Locks
from coding_app.store.migrate import bring_up_to_date

Tx = Connection

BUSY_MS = 10_000
WRITE_LOCK_S = 30.0
OPENING_S = 60.0
WRITES = "coding_app_writes"  # execution option of a connection whose transaction may write

_write_locks: dict[str, threading.Lock] = {}


class Store:
    """An open database. Safe to use from any number of threads; each transaction has its own connection."""

    def __init__(self, engine: Engine, name: str) -> None:
        """name: what messages call the database; on SQLite also the key of the process-wide write lock."""
        self.name = name
        self._engine = engine
        self._locks: Locks | None = None
        # SQLite's own waiting is unfair (p99 of seconds with 8 writers); this lock is taken first.
        one_writer = engine.dialect.name == "sqlite"
        self._write_lock = _write_locks.setdefault(name, threading.Lock()) if one_writer else None

    def unlock(self, locks: Locks) -> None:
        """Gives it the master key, without which it seals nothing and opens nothing that is sealed."""
        self._locks = locks

    def _keys(self) -> dict[str, Keys]:
        return {KEYS: Keys(self.name, self._locks)}

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that sees one moment of the database and cannot write. Raises StoreError."""
        with told_as_sentences(self.name), self._engine.connect() as connection:
            tx = connection.execution_options(**self._keys())
            with tx.begin():
                yield tx

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """A transaction kept on disk when the block ends, undone when it raises; not to be nested.

        Raises StoreError: busy, disk full, damaged, or a rule of the tables broken.
        """
        with self._writing(), told_as_sentences(self.name), self._engine.connect() as connection:
            tx = connection.execution_options(**{WRITES: True}, **self._keys())
            with tx.begin():
                yield tx

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if self._write_lock is None:
            yield
            return
        if not self._write_lock.acquire(timeout=WRITE_LOCK_S):
            raise StoreError(BUSY.format(database=self.name))
        try:
            yield
        finally:
            self._write_lock.release()

    def overwrite_deleted(self) -> None:
        """Takes what was deleted out of the file too: on SQLite it lies in the write-ahead log's way until then.

        While others read it can be too early; then it happens at a later turn of the log. Raises StoreError.
        """
        if self._write_lock is None:
            return
        with self._writing(), told_as_sentences(self.name):
            connection = self._engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
            finally:
                connection.close()

    def close(self) -> None:
        """Closes the connections; the store cannot be lost by leaving this out."""
        self._engine.dispose()


def open_store(database_url: str, revision: str | None = None) -> Store:
    """Opens the database, making or updating its tables first; any number of processes may do so at once.

    database_url: "sqlite:///<file>" (its folder is made) or "postgresql://...". revision: of the tables to make, to
    put an older backup into; None = the newest.
    Raises SettingsError for a URL that cannot be used, StoreError for a database that is damaged, in use,
    not ours or made by a newer version.
    """
    url = _checked_url(database_url)
    on_sqlite = url.get_backend_name() == "sqlite"
    name = f"The database {url.database if on_sqlite else (url.host or 'local') + '/' + (url.database or '')}"
    engine = _sqlite_engine(url) if on_sqlite else _postgresql_engine(url)
    store = Store(engine, name)
    try:
        with _opening(Path(str(url.database)), name) if on_sqlite else nullcontext():
            if on_sqlite:
                _use_wal(store, engine)
            with store.read() as tx:
                up_to_date = bring_up_to_date(tx, name, only_look=True)
            if not up_to_date:
                with store.write() as tx:
                    bring_up_to_date(tx, name, revision=revision)
    except BaseException:
        store.close()
        raise
    return store


def sqlite_file(database_url: str) -> Path | None:
    """The file of a SQLite database; None for one on a server. Raises SettingsError as open_store does."""
    url = _checked_url(database_url)
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def _checked_url(database_url: str) -> URL:
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise SettingsError(
            "The database URL (CODING_APP_DATABASE_URL) cannot be read; write sqlite:///<file> or postgresql://<server>/<name>."
        ) from None
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise SettingsError(
            f"The database URL (CODING_APP_DATABASE_URL) names '{url.drivername}'; "
            "only sqlite and postgresql can be used."
        )
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise SettingsError("The database URL (CODING_APP_DATABASE_URL) must name a file: sqlite:///<file>.")
    return url.set(database=str(Path(url.database).expanduser().resolve()))


@contextmanager
def _opening(database: Path, name: str) -> Iterator[None]:
    """One process at a time makes the file, switches it to WAL and migrates it."""
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{database}.opening", timeout=OPENING_S):
            yield
    except Timeout:
        raise StoreError(
            f"{name} is being opened by another program for a long time; close that one first."
        ) from None
    except OSError as error:
        reason = error.strerror or "unknown"
        raise StoreError(
            f"{name} cannot be opened ({reason}); check the folder and its permissions."
        ) from None


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=8,
        max_overflow=56,
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": BUSY_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def _pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        # FULL: what was acknowledged is on the disk; fullfsync: also on macOS, where fsync alone does not
        # do it; recursive_triggers: INSERT OR REPLACE meets the trigger that refuses to delete events;
        # secure_delete: what is deleted (a key) is overwritten.
        for pragma in (
            "foreign_keys = ON",
            "synchronous = FULL",
            "fullfsync = ON",
            "recursive_triggers = ON",
            "secure_delete = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(tx: Connection) -> None:
        writes = tx.get_execution_options().get(WRITES, False)
        tx.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
        tx.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=8,
        max_overflow=24,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10, "options": f"-c lock_timeout={BUSY_MS} -c timezone=UTC"},
    )

    @event.listens_for(engine, "begin")
    def _begin(tx: Connection) -> None:
        if not tx.get_execution_options().get(WRITES, False):
            tx.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    return engine


def _use_wal(store: Store, engine: Engine) -> None:
    """Switches the file to a write-ahead log, for good: readers and the writer do not wait for each other."""
    with told_as_sentences(store.name):
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA journal_mode = WAL")
            (mode,) = cursor.fetchone() or ("unknown",)
            cursor.close()
        finally:
            connection.close()
    if mode != "wal":
        raise StoreError(
            f"{store.name} is on a disk that cannot hold it safely (no WAL); choose a local folder."
        )
