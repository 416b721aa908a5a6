"""The keys of recordings: kept in the database, locked with the master key."""

from dataclasses import dataclass
from datetime import UTC, datetime

from coding_app.media.master_key import MasterKey, find_master_key
from coding_app.media.sealed import new_key
from coding_app.settings import Settings
from coding_app.store import Store, recording_keys


@dataclass(frozen=True, slots=True)
class RecordingKeys:
    """What the vault asks for keys. Not inside a transaction that writes: keeping a key is one of its own."""

    store: Store
    master: MasterKey

    def find(self, sha256: str) -> bytes | None:
        """None when it has none (any more). Raises StoreError when the key was changed."""
        with self.store.read() as tx:
            wrapped = recording_keys.find_wrapped(tx, sha256)
        return None if wrapped is None else self.master.unwrap(wrapped, sha256)

    def keep(self, sha256: str, key: bytes | None = None) -> bytes:
        """Keeps the key (None: a new one) unless the recording has one; returns the one it has then."""
        wrapped = self.master.wrap(key or new_key(), sha256)
        with self.store.write() as tx:
            kept = recording_keys.keep_wrapped(tx, sha256, wrapped, self.master.id, datetime.now(UTC))
        return self.master.unwrap(kept, sha256)


def open_keys(settings: Settings, store: Store) -> RecordingKeys:
    """Finds the master key. Raises StoreError when the recordings are locked with another one than is found."""
    with store.read() as tx:
        wanted = recording_keys.master_id(tx)
    return RecordingKeys(store, find_master_key(settings, wanted))
