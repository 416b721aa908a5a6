"""The vault: recordings kept unchanged under their sha256, and what was derived from them."""

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
from typing import BinaryIO
from uuid import uuid4

from coding_app.errors import MediaError, StoreError
from coding_app.media.opening import open_named

BLOCK_BYTES = 1024 * 1024
LEFT_BEHIND_SECONDS = 24 * 3600
SHA256 = re.compile(r"[0-9a-f]{64}")
NAME = re.compile(r"\w[\w.-]*")


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
    """A file that is being received; it is in the vault only after finish()."""

    def __init__(self, vault: "Vault", file: BinaryIO, partial: Path, max_bytes: int) -> None:
        self._vault, self._file, self._partial, self._max_bytes = vault, file, partial, max_bytes
        self._hash, self._size = hashlib.sha256(), 0

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
            self._file.write(block)

    def finish(self) -> Stored:
        """Puts the file into the vault, safe on disk. Raises MediaError when nothing was received."""
        if self._size == 0:
            raise MediaError("This file is empty (0 bytes); copy it from the recorder again.")
        stored = Stored(self._hash.hexdigest(), self._size)
        with _disk_errors():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            place = self._vault.place(stored.sha256)
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._partial.replace(place)
            _sync_folder(place.parent)
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

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with _disk_errors():
            self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
            self._sweep()

    @property
    def _incoming(self) -> Path:
        return self.folder / "incoming"

    def _sweep(self) -> None:
        """Removes what a power cut left half received; a day's grace for another process still receiving."""
        for partial in self._incoming.iterdir():
            if time.time() - partial.stat().st_mtime > LEFT_BEHIND_SECONDS:
                partial.unlink(missing_ok=True)

    def place(self, sha256: str) -> Path:
        """Where a file with this sha256 belongs, there or not. Raises StoreError when it is no sha256."""
        if not SHA256.fullmatch(sha256):
            raise StoreError("A recording was asked for by something that is not a sha256 checksum.")
        return self.folder / sha256[:2] / sha256

    def path(self, sha256: str) -> Path:
        """The file with this sha256. Raises StoreError when it is missing."""
        place = self.place(sha256)
        if not place.is_file():
            raise StoreError(
                f"The recording {sha256[:12]} is missing from the data folder; put the folder back "
                "from a backup or add the same recording again."
            )
        return place

    def derived(self, sha256: str, name: str) -> Path:
        """Where something computed from a recording ("peaks") is kept; only the folder is made."""
        if not NAME.fullmatch(name):
            raise ValueError(f"A derived file cannot be called {name!r}")
        folder = self.folder / "derived" / self.place(sha256).relative_to(self.folder)
        with _disk_errors():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder / name

    def erase(self, sha256: str) -> None:
        """Removes the file with this sha256 and all that was derived from it; what is not there is no fault."""
        place = self.place(sha256)
        with _disk_errors():
            shutil.rmtree(self.folder / "derived" / place.relative_to(self.folder), ignore_errors=True)
            place.unlink(missing_ok=True)

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
