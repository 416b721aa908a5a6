"""The audit: chained, append-only, and no change goes unseen, on both engines."""

import csv
import threading
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from coding_app.domain.audit import BEGINNING, Act, look_along
from coding_app.domain.people import Actor
from coding_app.errors import AuditError, StoreError
from coding_app.settings import read_settings
from coding_app.store import Store, audit, open_store, studies
from coding_app.workflows.audit import trail_csv, verify_audit
from coding_app.workflows.wiring import App, open_vault
from tests.builders import NOON, a_study

RUTH = Actor("a-1", "Ruth")
ACTS = list(Act)


def given_entries(store: Store, n: int) -> None:
    with store.write() as tx:
        for number in range(n):
            audit.append(
                tx,
                ACTS[number % len(ACTS)],
                RUTH,
                NOON + timedelta(microseconds=number * 1_000_003),
                study_id=f"study-{number % 2}",
                subject=f"r-{number}",
                reason="Ä \u2028 😀",
                n=number,
                share=number / 7,
                yes=True,
                nothing=None,
            )


def as_app(store: Store, folder: Path) -> App:
    settings = read_settings({}, folder)
    return App(settings, store, open_vault(settings, store))


@pytest.fixture
def tamper(store: Store, database_url: str, tmp_path: Path) -> Callable[..., None]:
    """Changes the table behind the app's back, as somebody with the database's password can."""

    def change(statement: str, **values: Any) -> None:
        url = database_url.replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(url)
        with engine.begin() as tx:
            if tx.dialect.name == "sqlite":
                tx.execute(text("DROP TRIGGER IF EXISTS audit_entry_refuses_update"))
                tx.execute(text("DROP TRIGGER IF EXISTS audit_entry_refuses_delete"))
            else:
                tx.execute(text("DROP TRIGGER IF EXISTS audit_entry_refuses ON audit_entry"))
            tx.execute(text(statement), values)
        engine.dispose()

    return change


def test_entries_come_back_as_they_were_and_their_chain_is_whole(store: Store):
    given_entries(store, 2 * len(ACTS))
    with store.read() as tx:
        kept = list(audit.all_entries(tx))
    assert [entry.seq for entry, _ in kept] == list(range(1, 2 * len(ACTS) + 1))
    assert kept[0][0].previous == BEGINNING
    assert kept[3][0].details == {
        "reason": "Ä \u2028 😀",
        "n": 3,
        "share": 3 / 7,
        "yes": True,
        "nothing": None,
    }
    assert look_along(kept).broken is None
    assert look_along(kept).head == kept[-1][1]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("who", "Somebody else"),
        ("account_id", None),
        ("act", str(Act.SIGNED_IN)),
        ("act", "did nothing"),
        ("subject", "r-9"),
        ("study_id", "study-x"),
        ("details", "{}"),
        ("previous", "0" * 64),
        ("hash", "0" * 64),
        ("at", "2026-11-22 13:00:00+00:00"),
    ],
)
def test_a_changed_entry_is_named(
    store: Store, tmp_path: Path, tamper: Callable[..., None], column: str, value: str | None
):
    given_entries(store, 8)
    on_sqlite = store.name.endswith(".sqlite")
    types = {"details": "JSON", "at": "TIMESTAMP WITH TIME ZONE"}
    spelled = ":value" if on_sqlite or column not in types else f"CAST(:value AS {types[column]})"
    if on_sqlite and column == "at":
        value = "2026-11-22 13:00:00.000000"
    tamper(f"UPDATE audit_entry SET {column} = {spelled} WHERE seq = 5", value=value)
    with pytest.raises(AuditError, match="broken at entry 5"):
        verify_audit(as_app(store, tmp_path / "d"))


def test_a_removed_entry_is_named(store: Store, tmp_path: Path, tamper: Callable[..., None]):
    given_entries(store, 8)
    tamper("DELETE FROM audit_entry WHERE seq = 4")
    with pytest.raises(AuditError, match="broken at entry 4"):
        verify_audit(as_app(store, tmp_path / "d"))


def test_a_tail_that_was_cut_off_shows_against_a_noted_hash(
    store: Store, tmp_path: Path, tamper: Callable[..., None]
):
    given_entries(store, 8)
    app = as_app(store, tmp_path / "d")
    noted = verify_audit(app).head
    given_entries(store, 3)
    assert verify_audit(app, noted).n_entries == 11
    tamper("DELETE FROM audit_entry WHERE seq >= 8")
    assert verify_audit(app).n_entries == 7  # nothing shows in the chain itself
    with pytest.raises(AuditError, match="the noted hash is not in it"):
        verify_audit(app, noted)


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET who = 'x'", "DELETE FROM audit_entry"])
def test_the_database_itself_refuses_to_change_the_audit(store: Store, statement: str):
    given_entries(store, 1)
    with pytest.raises(StoreError, match="refused a change"), store.write() as tx:
        tx.execute(text(statement))


def test_two_who_write_at_once_make_one_chain(store: Store, database_url: str, tmp_path: Path):
    other = open_store(database_url)
    threads = [threading.Thread(target=given_entries, args=(each, 20)) for each in (store, other, store)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert verify_audit(as_app(store, tmp_path / "d")).n_entries == 60


def test_a_lead_reads_the_newest_of_the_own_study_first(store: Store):
    given_entries(store, 10)
    with store.read() as tx:
        found = audit.newest(tx, frozenset({"study-1"}), n=3)
        assert [each.seq for each in found] == [10, 8, 6]
        assert [each.seq for each in audit.newest(tx, frozenset({"study-1"}), before=6)] == [4, 2]
        assert len(audit.newest(tx, None)) == 10


def test_the_table_of_a_study_holds_only_its_own_entries(store: Store, tmp_path: Path):
    study = a_study(id="study-1", title="=cmd|' /C calc'!A0")
    with store.write() as tx:
        studies.add_study(tx, study)
    given_entries(store, 4)
    head, *rows = csv.reader(StringIO(trail_csv(as_app(store, tmp_path / "d"), "study-1")))
    assert [row[head.index("subject")] for row in rows] == ["r-1", "r-3"]
    assert {row[head.index("study")] for row in rows} == {
        "'=cmd|' /C calc'!A0"
    }  # no formula for a spreadsheet
