"""Locking all keys of recordings with another master key; the recordings themselves stay as they are."""

from pathlib import Path

from coding_app.media.master_key import MasterKey, key_in_file
from coding_app.store import recording_keys
from coding_app.workflows.permission import by_the_machine
from coding_app.workflows.recording_keys import open_keys
from coding_app.workflows.wiring import App


@by_the_machine
def change_master_key(app: App, to: Path) -> tuple[MasterKey, int]:
    """Locks every key with the one in the file `to`, made when it is not there; all or none of them.

    Returns that key and how many were locked. Raises SettingsError for a file that holds no key, StoreError.
    """
    new, old = key_in_file(to, app.settings), open_keys(app.settings, app.store).master
    with app.store.write() as tx:
        kept = recording_keys.all_wrapped(tx, lock=True)
        for sha256, wrapped in kept.items():
            recording_keys.replace_wrapped(tx, sha256, new.wrap(old.unwrap(wrapped, sha256), sha256), new.id)
    app.store.overwrite_deleted()
    return new, len(kept)
