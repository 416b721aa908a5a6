"""Bringing a database to the tables of this version, with Alembic, from code."""

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from coding_app.errors import StoreError

VERSION_TABLE = "coding_app_version"
_ADVISORY_LOCK = 7_262_633_401  # any number, the same in every process of this app

_alembic_is_not_thread_safe = threading.Lock()


def alembic_config() -> Config:
    """Where the migrations are."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def knows(revision: str) -> bool:
    """Whether this version has the tables of this revision, or of one made from it."""
    scripts = ScriptDirectory.from_config(alembic_config())
    return revision in {script.revision for script in scripts.walk_revisions()}


def bring_up_to_date(
    tx: Connection, name: str, *, only_look: bool = False, revision: str | None = None
) -> bool:
    """Migrates inside the given transaction, so that a killed or failed one leaves nothing behind.

    only_look: change nothing. revision: an earlier one to stop at, None = the newest. Returns whether the
    tables were up to date on arrival. Raises StoreError for a database made by a newer version or holding
    another program's tables.
    """
    if tx.dialect.name == "postgresql" and not only_look:
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    scripts = ScriptDirectory.from_config(alembic_config())
    current = MigrationContext.configure(tx, opts={"version_table": VERSION_TABLE}).get_current_revision()
    if current is None and inspect(tx).get_table_names():
        raise StoreError(
            f"{name} holds the tables of another program; choose another file or an empty database."
        )
    if current is not None and not knows(current):
        raise StoreError(f"{name} was made by a newer version of coding-app; update coding-app to open it.")
    if current == scripts.get_current_head():
        return True
    if not only_look:
        config = alembic_config()
        config.attributes["connection"] = tx
        with _alembic_is_not_thread_safe:
            command.upgrade(config, revision or "head")
    return False
