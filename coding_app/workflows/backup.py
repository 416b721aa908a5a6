"""Backups: everything of a data folder in one checked file, made while the app is in use, and put back."""

import json
import shutil
import tempfile
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import uuid4

from coding_app.domain.audit import BEGINNING, Act
from coding_app.errors import InputError, NotFoundError, ReadBackupError, StoreError
from coding_app.exchange.archive import Archive, ArchiveWriter, read_archive, write_archive
from coding_app.settings import Settings, sqlite_url
from coding_app.store import dump, open_store
from coding_app.store.engine import sqlite_file
from coding_app.workflows import audit
from coding_app.workflows.permission import by_the_machine
from coding_app.workflows.wiring import App

TABLES, VAULT, SCHEMES, DRAFTS = "tables", "vault", "schemes", "scheme-drafts"
PREFERENCES = "preferences.json"
FOLDERS = (VAULT, SCHEMES, DRAFTS)


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds. missing: recordings of the studies whose file was not in the vault when it was made.

    audit: the hash of the last entry of the audit then: `coding-app audit verify --head` finds a chain made anew.
    """

    made_at: datetime
    made_by: str
    rows: dict[str, int]
    n_recordings: int
    size_bytes: int
    missing: tuple[str, ...]
    audit: str

    @property
    def sentence(self) -> str:
        """What it holds, for a person."""
        counted = (
            f"{self.rows.get('study', 0)} studies, {self.n_recordings} recordings, "
            f"{self.rows.get('coding_event', 0)} acts of coding"
        )
        lost = (
            f" {len(self.missing)} recordings were missing from the data folder already."
            if self.missing
            else ""
        )
        made = f"made on {self.made_at:%Y-%m-%d %H:%M} UTC with coding-app {self.made_by}"
        return f"{made}: {counted}.{lost} Audit: {self.audit}"


@by_the_machine
def make_backup(app: App, out: Path) -> Backup:
    """Writes everything to `out`, also while a server works on the data folder; whole or not at all.

    The database is read as it is at one moment, sealed texts as they lie there. Left out are the models, the logs,
    what runs, and the master key, without which nobody hears or reads a session. Raises StoreError when it cannot be
    written.
    """
    with write_archive(out) as archive:
        about = _write(app, archive)
        archive.finish(about)
    audit.note_alone(app, Act.BACKED_UP)
    return verify_backup(out, rehearse=False)


def verify_backup(path: Path, *, rehearse: bool = True) -> Backup:
    """Reads the whole backup, compares every checksum and, to rehearse, fills a throw-away database with it.

    Raises NotFoundError when there is no such file, ReadBackupError for anything that is not as it was written.
    """
    if not path.is_file():
        raise NotFoundError(f"There is no backup {path.name} in that folder; check the path.")
    with read_archive(path) as archive:
        archive.check()
        found = _about(archive)
        if rehearse:
            with tempfile.TemporaryDirectory(prefix="coding-app-") as folder:
                _load(archive, found, sqlite_url(Path(folder) / "rehearsal.sqlite"))
        return found


def restore_backup(path: Path, settings: Settings) -> Backup:
    """Puts a backup into an empty data folder and an empty database: all of it, or nothing.

    Raises InputError when the data folder holds something, StoreError for a database that does or a full disk,
    and as verify_backup.
    """
    folder = settings.data_dir
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            f"The data folder {folder} is not empty; restore into a new one, for example with --data."
        )
    verify_backup(path, rehearse=False)
    partial = folder.with_name(f".{folder.name}-{uuid4().hex}")
    try:
        partial.mkdir(parents=True, mode=0o700)
        with read_archive(path) as archive:
            found = _about(archive)
            for name in archive.entries:
                if name.split("/")[0] in (*FOLDERS, PREFERENCES):
                    _extract(archive, name, partial / name)
            _load(archive, found, _database_url(settings, partial))
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
    except OSError as error:
        reason = error.strerror or "unknown"
        raise StoreError(f"The backup could not be restored ({reason}); nothing of it was kept.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return found


def _write(app: App, archive: ArchiveWriter) -> dict[str, Any]:
    """All entries; returns what the manifest says of them."""
    rows, sha256s, heads = dict[str, int](), set[str](), deque([BEGINNING], maxlen=1)

    def lines(tx: Any, table: str) -> Iterator[str]:
        for row in dump.rows(tx, table):
            rows[table] = rows.get(table, 0) + 1
            if table == "recording":
                sha256s.add(row["sha256"])
            if table == "audit_entry":
                heads.append(row["hash"])
            yield json.dumps(row, ensure_ascii=False)

    with app.store.read() as tx:
        revision = dump.revision_of(tx)
        for table in dump.TABLES:
            archive.add_lines(f"{TABLES}/{table}.jsonl", lines(tx, table))
    missing = [sha256 for sha256 in sorted(sha256s) if not _add_recording(app, archive, sha256)]
    for folder, name in ((app.settings.own_schemes_dir, SCHEMES), (app.settings.data_dir / DRAFTS, DRAFTS)):
        for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if file.is_file() and not file.name.startswith("."):
                _add(archive, f"{name}/{file.relative_to(folder).as_posix()}", file)
    _add(archive, PREFERENCES, app.settings.data_dir / PREFERENCES)
    return {
        "made_at": datetime.now(UTC).isoformat(),
        "version": version("coding-app"),
        "revision": revision,
        "rows": rows,
        "n_recordings": len(sha256s) - len(missing),
        "missing": missing,
        "audit": heads[-1],
    }


def _add_recording(app: App, archive: ArchiveWriter, sha256: str) -> bool:
    """The recording and what was derived from it; says whether it was there."""
    place = app.vault.place(sha256)
    if not _add(archive, f"{VAULT}/{place.relative_to(app.vault.folder).as_posix()}", place):
        return False
    derived = app.vault.folder / "derived" / place.relative_to(app.vault.folder)
    for file in sorted(derived.iterdir()) if derived.is_dir() else ():
        if not file.name.endswith(".part"):
            _add(archive, f"{VAULT}/{file.relative_to(app.vault.folder).as_posix()}", file)
    return True


def _add(archive: ArchiveWriter, name: str, file: Path) -> bool:
    try:
        source = file.open("rb")
    except FileNotFoundError:
        return False
    with source:
        archive.add_file(name, source)
    return True


def _about(archive: Archive) -> Backup:
    """What the manifest says; raises ReadBackupError when it does not say it."""
    about = archive.about
    try:
        return Backup(
            datetime.fromisoformat(about["made_at"]),
            str(about["version"]),
            {str(name): int(n) for name, n in about["rows"].items()},
            int(about["n_recordings"]),
            sum(each.size_bytes for each in archive.entries.values()),
            tuple(map(str, about["missing"])),
            str(about["audit"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReadBackupError(
            f"The backup {archive.name} does not say what it holds; use another one."
        ) from error


def _load(archive: Archive, found: Backup, database_url: str) -> None:
    """All rows into the database. Raises ReadBackupError when they are not those that were written."""
    revision = str(archive.about.get("revision"))
    store = open_store(database_url, revision)
    try:
        named = ((table, f"{TABLES}/{table}.jsonl") for table in dump.TABLES)
        counts = dump.load(
            store, revision, ((table, archive.rows(name)) for table, name in named if name in archive.entries)
        )
    finally:
        store.close()
    if {table: n for table, n in counts.items() if n} != found.rows:
        raise ReadBackupError(f"The backup {archive.name} holds other rows than it says; use another one.")


def _extract(archive: Archive, name: str, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with place.open("xb") as file:
        for block in archive.blocks(name):
            file.write(block)
    place.chmod(0o600)


def _database_url(settings: Settings, partial: Path) -> str:
    """The database to fill: one that lies in the data folder is made in the folder that takes its place."""
    file = sqlite_file(settings.database_url)
    if file is None or settings.data_dir not in file.parents:
        return settings.database_url
    return sqlite_url(partial / file.relative_to(settings.data_dir))
