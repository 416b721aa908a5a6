"""Opening a database: made, migrated, refused with a sentence."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text

from coding_app.errors import SettingsError, StoreError
from coding_app.store import Store, events, open_store, studies
from coding_app.store.migrate import VERSION_TABLE
from coding_app.store.tables import metadata
from tests.builders import an_event, an_unlocked_store, given_a_pass

ROOT = Path(__file__).parents[2]


def _shape(tx: Connection) -> Any:
    """Everything the engine tells about the tables, as text."""
    look = inspect(tx)
    names = [name for name in look.get_table_names() if name != VERSION_TABLE]
    parts = ("columns", "pk_constraint", "foreign_keys", "unique_constraints", "check_constraints", "indexes")
    shape = {f"{name}.{part}": getattr(look, f"get_{part}")(name) for name in names for part in parts}
    plain = json.loads(json.dumps(shape, default=str))  # types and conditions as their SQL
    for part, found in plain.items():
        if isinstance(found, list) and not part.endswith(".columns"):  # only columns come in a certain order
            found.sort(key=str)
    return plain


@pytest.fixture
def plain_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> str:
    """An empty database of the same engine as database_url."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'plain.sqlite'}"
    return str(request.getfixturevalue("empty_postgresql_url"))


def test_the_migrations_make_exactly_the_tables_that_the_code_describes(store: Store, plain_url: str) -> None:
    with store.read() as tx:
        context = MigrationContext.configure(tx, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, metadata) == []
        migrated = _shape(tx)
    plain = create_engine(plain_url)
    with plain.begin() as tx:
        metadata.create_all(tx)
        described = _shape(tx)
    plain.dispose()
    assert len(described) == 6 * len(metadata.tables)
    assert migrated == described


def test_an_empty_database_is_migrated_and_opens_again_as_it_was(plain_url: str) -> None:
    first = an_unlocked_store(plain_url)
    coding_pass = given_a_pass(first)
    first.close()
    again = open_store(plain_url)
    with again.read() as tx:
        assert events.list_events(tx, coding_pass.id) == ()
    again.close()


def test_processes_that_open_a_new_database_at_once_all_succeed(plain_url: str) -> None:
    program = f"from coding_app.store import open_store; open_store({plain_url!r}).close()"
    children = [subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) for _ in range(3)]
    assert [child.wait(timeout=300) for child in children] == [0, 0, 0]


def test_a_database_of_a_newer_version_is_refused(store: Store, database_url: str) -> None:
    with store.write() as tx:
        tx.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version of coding-app"):
        open_store(database_url)


def test_another_programs_database_is_refused_and_left_alone(plain_url: str) -> None:
    other = create_engine(plain_url)
    with other.begin() as tx:
        tx.execute(text("CREATE TABLE invoices (id integer)"))
    with pytest.raises(StoreError, match="tables of another program"):
        open_store(plain_url)
    with other.begin() as tx:
        assert inspect(tx).get_table_names() == ["invoices"]
    other.dispose()


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "coding-app.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE VIEW coding_state AS SELECT 1")  # in the way of one of the last tables
    other.close()
    with pytest.raises(Exception, match="coding_state"):
        open_store(f"sqlite:///{path}")
    after = sqlite3.connect(path)
    assert after.execute("SELECT name FROM sqlite_master").fetchall() == [("coding_state",)]
    after.close()


def test_sqlite_is_opened_so_that_acknowledged_means_on_disk(sqlite_store: Store) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    with sqlite_store.write() as tx:
        assert {name: tx.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted} == wanted


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'new' / 'deep' / 'its 100%.sqlite'}").close()
    assert (tmp_path / "new" / "deep").is_dir()


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.sqlite"
    path.write_text("Dear colleague, " * 500)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"damaged or is not a coding-app database"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_damaged_database_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "coding-app.sqlite"
    store = an_unlocked_store(f"sqlite:///{path}")
    given_a_pass(store, codings=[an_event("") for _ in range(50)])
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + os.urandom(len(whole) - 100))
    with pytest.raises(StoreError, match="damaged"):
        open_store(f"sqlite:///{path}")


def test_damage_met_later_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "coding-app.sqlite"
    store = an_unlocked_store(f"sqlite:///{path}")
    coding_pass = given_a_pass(store, codings=[an_event("", note="n" * 500) for _ in range(100)])
    with store.read() as tx:
        page = (
            tx.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'coding_event'").scalar() or 0
        )
        size = tx.exec_driver_sql("PRAGMA page_size").scalar() or 0
    store.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    store = open_store(f"sqlite:///{path}")
    with pytest.raises(StoreError, match="damaged"), store.read() as tx:
        events.list_events(tx, coding_pass.id)
    store.close()


def test_a_folder_in_the_way_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(f"sqlite:///{tmp_path}")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(f"sqlite:///{tmp_path / 'file' / 'coding-app.sqlite'}")


def test_a_database_locked_by_another_program_is_one_sentence(sqlite_store: Store, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "coding-app.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with sqlite_store.read() as tx:  # readers do not wait
        assert studies.list_studies(tx) == ()
        tx.exec_driver_sql("PRAGMA busy_timeout = 50")  # of the pool's one connection: no need to wait 10 s
    with pytest.raises(StoreError, match="busy"), sqlite_store.write():
        pass
    other.close()
    with sqlite_store.write():
        pass


def test_a_server_that_is_not_there_is_one_sentence_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        open_store(f"postgresql://someone:hush@/coding?host={tmp_path}")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "coding-app.sqlite",
        "mysql://somewhere/coding",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x",
    ],
)
def test_a_url_that_cannot_be_used_names_the_setting(url: str) -> None:
    with pytest.raises(SettingsError, match="CODING_APP_DATABASE_URL"):
        open_store(url)
