"""Opens the parts of the app for one data folder and closes them again."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from coding_app.domain.people import THIS_MACHINE, Actor
from coding_app.errors import StoreError
from coding_app.media.vault import Vault
from coding_app.settings import Settings
from coding_app.store import Store, open_store
from coding_app.workflows.recording_keys import open_keys

if TYPE_CHECKING:
    from coding_app.jobs.engine import Jobs


OURS = ("vault", "work", "logs", "models", "secret.key", "preferences.json", "schemes", "scheme-drafts")
OUR_DATABASES = ("coding-app.sqlite", "jobs.sqlite")


@dataclass(frozen=True, slots=True)
class App:
    """The open parts that every workflow works with; jobs is None in commands that only read or add.

    actor: who asks; every workflow looks at it (permission.py).
    """

    settings: Settings
    store: Store
    vault: Vault
    jobs: "Jobs | None" = None
    actor: Actor = THIS_MACHINE

    def acting(self, actor: Actor) -> "App":
        """The same app, used by somebody."""
        return replace(self, actor=actor)


def _make_data_dir(settings: Settings) -> None:
    """Makes the folder, sees that it can be written, and keeps what is ours in it from other accounts."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = settings.data_dir / f".write-{os.getpid()}"
        probe.touch()
        probe.unlink()
        for path in settings.data_dir.iterdir():
            if path.name in OURS or path.name.startswith(OUR_DATABASES):
                path.chmod(0o700 if path.is_dir() else 0o600)
    except OSError as error:
        raise StoreError(
            f"The data folder {settings.data_dir} cannot be written ({error.strerror}); "
            "make room or choose another with --data."
        ) from error


def open_vault(settings: Settings, store: Store) -> Vault:
    """The recordings and their keys; the store gets the master key too, for the texts that it seals.

    Raises StoreError when the master key that locks them is not found.
    """
    keys = open_keys(settings, store)
    store.unlock(keys.master)
    return Vault(settings.vault_dir, keys)


@contextmanager
def open_app(settings: Settings) -> Iterator[App]:
    """The app without its job engine: for commands, also while a server runs on the same data folder.

    Raises StoreError when the folder or the database cannot be used.
    """
    _make_data_dir(settings)
    store = open_store(settings.database_url)
    try:
        yield App(settings, store, open_vault(settings, store))
    finally:
        store.close()


@contextmanager
def open_server_app(settings: Settings) -> Iterator[App]:
    """The app with its job engine, for the one server of a data folder.

    Raises StoreError when another server has this data folder already.
    """
    _make_data_dir(settings)
    lock = FileLock(settings.data_dir / "server.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StoreError(
            f"Another coding-app server is using the data folder {settings.data_dir}; "
            "go on in that one, stop it, or choose another folder with --data."
        ) from error
    try:
        from coding_app.workflows.transcribe import open_transcription_jobs

        with open_app(settings) as app, open_transcription_jobs(app) as jobs:
            yield App(app.settings, app.store, app.vault, jobs)
    finally:
        lock.release()
