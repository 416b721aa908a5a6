"""The vault: recordings kept unchanged under their sha256, and what was derived from them; all of it sealed.

A file ends in ".sealed". Without that ending it is plain, from an earlier version: read as it is, until the server
has sealed it.
"""

import errno
import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

from coding_app.errors import MediaError, StoreError
from coding_app.media.opening import open_named
from coding_app.media.sealed import SealedWriter, new_key
from coding_app.media.source import BLOCK_BYTES, Sealed, Source, copied, open_source

LEFT_BEHIND_SECONDS = 24 * 3600
SHA256 = re.compile(r"[0-9a-f]{64}")
NAME = re.compile(r"\w[\w.-]*")
SEALED = ".sealed"
ORIGINAL = "recording"  # what a sealed original is called
NO_KEY = (
    "The key of the recording {sha256} is gone, so that it cannot be opened any more; put the database back from a "
    "backup, or add the same recording again."
)


class Keys(Protocol):
    """Who keeps the recordings' keys."""

    def find(self, sha256: str) -> bytes | None:
        """None when there is none."""

    def keep(self, sha256: str, key: bytes | None = None) -> bytes:
        """Keeps the key (None: a new one) unless there is one; returns the one that is there then."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is in the vault."""

    sha256: str
    size_bytes: int


@contextmanager
def _disk_errors() -> Iterator[None]:
    """OSError as StoreError with a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreError(
                "The disk is full: the recording was not kept; free some space and add it again."
            ) from error
        raise StoreError(
            "The recording could not be written to the data folder; "
            "check that the folder exists and can be written to."
        ) from error


class Incoming:
    """A file that is being received and sealed on its way to the disk; it is in the vault only after finish()."""

    def __init__(self, vault: "Vault", file: BinaryIO, partial: Path, max_bytes: int) -> None:
        self._vault, self._file, self._partial, self._max_bytes = vault, file, partial, max_bytes
        self._hash, self._size, self._key = hashlib.sha256(), 0, new_key()
        with _disk_errors():
            self._sealing = SealedWriter(file, self._key, ORIGINAL)

    def write(self, block: bytes) -> None:
        """Adds a block. Raises MediaError when the file gets too large, StoreError when the disk is full."""
        self._size += len(block)
        if self._size > self._max_bytes:
            raise MediaError(
                f"This file is larger than the {self._max_bytes // 1024**2} MB that are allowed here; "
                "export the recording compressed (MP3 or M4A), or raise CODING_APP_MAX_UPLOAD_MB."
            )
        self._hash.update(block)
        with _disk_errors():
            self._sealing.write(block)

    def finish(self) -> Stored:
        """Puts the file into the vault, safe on disk. Raises MediaError when nothing was received."""
        if self._size == 0:
            raise MediaError("This file is empty (0 bytes); copy it from the recorder again.")
        stored = Stored(self._hash.hexdigest(), self._size)
        with _disk_errors():
            self._sealing.finish()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        self._vault.take(stored.sha256, Sealed(self._partial, self._key, ORIGINAL))
        return stored


def _sync_folder(folder: Path) -> None:
    """Makes a rename survive a power cut, where the system knows how (not on Windows)."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class Vault:
    """A folder of recordings by sha256; made, readable by its owner only, when it does not exist."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self.folder, self.keys = folder, keys
        with _disk_errors():
            self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
            self._sweep()

    @property
    def _incoming(self) -> Path:
        return self.folder / "incoming"

    def _sweep(self) -> None:
        """Removes what a power cut left half received; a day's grace for another process still receiving."""
        for partial in (
            *self._incoming.iterdir(),
            *self.folder.glob("??/*.part"),
            *self.folder.glob("derived/??/*/*.part"),
        ):
            if time.time() - partial.stat().st_mtime > LEFT_BEHIND_SECONDS:
                partial.unlink(missing_ok=True)

    def plain_place(self, sha256: str) -> Path:
        """Where earlier versions kept the file. Raises StoreError when it is no sha256."""
        if not SHA256.fullmatch(sha256):
            raise StoreError("A recording was asked for by something that is not a sha256 checksum.")
        return self.folder / sha256[:2] / sha256

    def place(self, sha256: str) -> Path:
        """Where the sealed file belongs, there or not. Raises StoreError when it is no sha256."""
        plain = self.plain_place(sha256)
        return plain.with_name(plain.name + SEALED)

    def is_there(self, sha256: str) -> bool:
        """Whether the vault holds the recording, sealed or plain."""
        return self.place(sha256).is_file() or self.plain_place(sha256).is_file()

    def source(self, sha256: str) -> Source:
        """The recording, to be read. Raises StoreError when it, or its key, is missing."""
        place, plain = self.place(sha256), self.plain_place(sha256)
        if place.is_file():
            return Sealed(place, self._key(sha256), ORIGINAL)
        if not plain.is_file():
            raise StoreError(
                f"The recording {sha256[:12]} is missing from the data folder; put the folder back "
                "from a backup or add the same recording again."
            )
        return plain

    def _key(self, sha256: str) -> bytes:
        key = self.keys.find(sha256)
        if key is None:
            raise StoreError(NO_KEY.format(sha256=sha256[:12]))
        return key

    def derived(self, sha256: str, name: str) -> Sealed:
        """Where something computed from a recording ("peaks") is to be written; only the folder is made.

        Raises StoreError when the recording has no key: it was erased.
        """
        if not NAME.fullmatch(name):
            raise ValueError(f"A derived file cannot be called {name!r}")
        folder = self._derived_folder(sha256)
        key = self.keys.keep(sha256) if self.plain_place(sha256).is_file() else self._key(sha256)
        with _disk_errors():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Sealed(folder / (name + SEALED), key, name)

    def find_derived(self, sha256: str, name: str) -> Source | None:
        """What was derived, to be read; None when it is not there."""
        folder = self._derived_folder(sha256)
        if (folder / (name + SEALED)).is_file():
            return Sealed(folder / (name + SEALED), self._key(sha256), name)
        return folder / name if (folder / name).is_file() else None

    def _derived_folder(self, sha256: str) -> Path:
        return self.folder / "derived" / self.plain_place(sha256).relative_to(self.folder)

    def take(self, sha256: str, received: Sealed) -> None:
        """Puts a file that was received into its place, under the key that the recording has or gets."""
        place = self.place(sha256)
        with _disk_errors():
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            key = self.keys.keep(sha256, received.key)
            with _disk_errors():
                if key == received.key:
                    received.path.replace(place)
                else:  # the same recording is there: what was derived from it needs its key
                    copied(received, Sealed(place, key, ORIGINAL))
                self.plain_place(sha256).unlink(missing_ok=True)
                _sync_folder(place.parent)
            if self.keys.find(sha256) == key:
                return
            received = Sealed(place, key, ORIGINAL)  # erased at this moment: it comes in anew

    def erase(self, sha256: str) -> None:
        """Removes the recording and all that was derived from it; what is not there is no fault.

        The one who calls destroys its key.
        """
        with _disk_errors():
            shutil.rmtree(self._derived_folder(sha256), ignore_errors=True)
            for each in (self.place(sha256), self.plain_place(sha256)):
                each.unlink(missing_ok=True)

    def plain_recordings(self) -> list[str]:
        """sha256 of the recordings that have a plain file, or a plain derived one, from earlier versions."""
        found = {each.name for each in self.folder.glob("??/*") if SHA256.fullmatch(each.name)}
        found |= {each.parent.name for each in self.folder.glob("derived/??/*/*") if _is_plain(each)}
        return sorted(found)

    def seal(self, sha256: str) -> Iterator[tuple[Path, Path]]:
        """Seals plain files one by one, each read again to be sure; yields (plain file, sealed and not yet in place).

        Whoever asks puts each in its place with `settle`, or leaves it; what is left over goes with the sweep.
        """
        plain = self.plain_place(sha256)
        derived = [each for each in self._derived_folder(sha256).glob("*") if _is_plain(each)]
        for path in (plain, *derived):
            if not path.is_file():
                continue
            ready = Sealed(
                self._incoming / f"{uuid4().hex}.part",
                self.keys.keep(sha256),
                ORIGINAL if path == plain else path.name,
            )
            with _disk_errors():
                try:
                    copied(path, ready)
                    if _digest(path) != _digest(ready):
                        raise StoreError(
                            "A recording could not be sealed: the disk gave back other bytes than were written."
                        )
                    yield path, ready.path
                finally:
                    ready.path.unlink(missing_ok=True)

    def settle(self, plain: Path, ready: Path) -> None:
        """Puts a sealed file in the place of the plain one."""
        with _disk_errors():
            ready.replace(plain.with_name(plain.name + SEALED))
            _sync_folder(plain.parent)
            plain.unlink(missing_ok=True)

    @contextmanager
    def receive(self, max_bytes: int) -> Iterator[Incoming]:
        """A place to write a new file to, block by block; leaving without finish() leaves nothing behind."""
        partial = self._incoming / f"{uuid4().hex}.part"
        with _disk_errors():
            file = partial.open("xb")
        try:
            yield Incoming(self, file, partial, max_bytes)
        finally:
            _close_quietly(file)
            partial.unlink(missing_ok=True)

    def add_file(self, path: Path, max_bytes: int) -> Stored:
        """Copies a file into the vault. Raises MediaError when it cannot be read, is empty or too large."""
        with open_named(path) as source, self.receive(max_bytes) as incoming:
            while block := source.read(BLOCK_BYTES):
                incoming.write(block)
            return incoming.finish()


def _close_quietly(file: BinaryIO) -> None:
    """Closing flushes, which fails again on a full disk; the file is thrown away anyway."""
    try:
        file.close()
    except OSError:
        return


def _is_plain(derived: Path) -> bool:
    return derived.suffix not in (SEALED, ".part")


def _digest(source: Source) -> bytes:
    digest = hashlib.sha256()
    with open_source(source) as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return digest.digest()
