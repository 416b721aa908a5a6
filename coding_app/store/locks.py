"""The master key as the store knows it, and the keys that a transaction has unlocked with it."""

from typing import TYPE_CHECKING, Protocol

from coding_app.errors import StoreError

if TYPE_CHECKING:
    from coding_app.store.sealing import Sealer

KEYS = "coding_app_keys"  # execution option of a transaction: its Keys
NO_MASTER = (
    "{database} was opened without the master key, so that no text can be sealed or opened; "
    "this is a fault in the program."
)


class Locks(Protocol):
    """What locks and unlocks the keys of recordings: the master key."""

    @property
    def id(self) -> str:
        """A name for it."""

    def wrap(self, key: bytes, sha256: str) -> str:
        """The recording's key, locked."""

    def unwrap(self, wrapped: str, sha256: str) -> bytes:
        """What was wrapped. Raises StoreError when it was changed."""


class Keys:
    """What a transaction needs to open and seal; keys that it has unlocked are known until it ends."""

    def __init__(self, database: str, locks: Locks | None) -> None:
        """locks: None for a database that was opened without the master key, in which plain values are read."""
        self.sealers: dict[tuple[str, str], Sealer] = {}
        self._database, self._locks = database, locks

    @property
    def locks(self) -> Locks:
        """Raises StoreError when there is none."""
        if self._locks is None:
            raise StoreError(NO_MASTER.format(database=self._database))
        return self._locks
