"""A backup file: a zip archive whose last entry lists every other one with its size and checksum."""

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO
from uuid import uuid4

from coding_app.errors import ReadBackupError, StoreError

FORMAT = "coding-app-backup/1"
MANIFEST = "manifest.json"
BLOCK_BYTES = 2**20
MAX_MANIFEST_BYTES = 256 * 2**20
# What an entry may be called: relative, forward slashes, no dot at the beginning of a part.
ENTRY = re.compile(r"(?:[\w-][\w.-]*/)*[\w-][\w. -]*")
BROKEN = "The backup {name} is damaged at '{entry}' and must not be trusted; use another one."
UNFINISHED = "The backup {name} is incomplete or is no backup of the coding app; use another one."


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the archive and what it must be."""

    name: str
    size_bytes: int
    sha256: str


class ArchiveWriter:
    """Writes entries one after the other; what it has written counts only once `write_archive` ends well."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.entries: list[Entry] = []

    def add_lines(self, name: str, lines: Iterable[str]) -> None:
        """A text entry, compressed, a line at a time."""
        self._add(name, ((line + "\n").encode("utf-8") for line in lines), zipfile.ZIP_DEFLATED)

    def add_file(self, name: str, source: BinaryIO) -> None:
        """A file as it is, not compressed: recordings are already."""
        self._add(name, iter(lambda: source.read(BLOCK_BYTES), b""), zipfile.ZIP_STORED)

    def _add(self, name: str, blocks: Iterable[bytes], method: int) -> None:
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name)
        info.compress_type, info.external_attr = method, 0o600 << 16
        with self._archive.open(info, "w", force_zip64=True) as entry:
            for block in blocks:
                entry.write(block)
                digest.update(block)
                size += len(block)
        self.entries.append(Entry(name, size, digest.hexdigest()))

    def finish(self, about: dict[str, Any]) -> None:
        """The manifest: `about` and the list of entries."""
        listed = [{"name": e.name, "size_bytes": e.size_bytes, "sha256": e.sha256} for e in self.entries]
        self._archive.writestr(MANIFEST, json.dumps({"format": FORMAT, **about, "entries": listed}, indent=1))


@contextmanager
def write_archive(out: Path) -> Iterator[ArchiveWriter]:
    """A new archive at `out`, which is there whole, and on the disk, or not at all. Raises StoreError."""
    if out.exists():
        raise StoreError(f"There is a file {out.name} already; nothing is written over, choose another name.")
    partial = out.with_name(f".{out.name}-{uuid4().hex}.part")
    try:
        with os.fdopen(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w") as archive:
                yield ArchiveWriter(archive)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(out)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StoreError(
            f"The backup {out.name} could not be written ({reason}); nothing of it was kept."
        ) from error
    finally:
        partial.unlink(missing_ok=True)


class Archive:
    """An open backup, its list of entries read and well-formed."""

    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self.name, self._archive = name, archive
        try:
            if archive.getinfo(MANIFEST).file_size > MAX_MANIFEST_BYTES:
                raise ValueError
            self.about: dict[str, Any] = json.loads(archive.read(MANIFEST))
            if self.about["format"] != FORMAT:
                raise ValueError
            self.entries = {each["name"]: Entry(**each) for each in self.about["entries"]}
        except (
            KeyError,
            TypeError,
            ValueError,
            zipfile.BadZipFile,
            EOFError,
            OSError,
            NotImplementedError,
        ) as error:
            raise ReadBackupError(UNFINISHED.format(name=name)) from error
        there = set(archive.namelist()) - {MANIFEST}
        wrong = [each for each in self.entries if not ENTRY.fullmatch(each) or ".." in each]
        if odd := sorted(wrong or there.symmetric_difference(self.entries)):
            raise ReadBackupError(BROKEN.format(name=name, entry=odd[0][:80]))

    def check(self) -> None:
        """Reads everything and compares size and checksum. Raises ReadBackupError at the first difference."""
        for entry in self.entries.values():
            for _ in self.blocks(entry.name):
                pass

    def blocks(self, name: str) -> Iterator[bytes]:
        """The entry's bytes; raises ReadBackupError when they are not what they were, at the latest at the end."""
        entry = self.entries[name]
        digest, size = hashlib.sha256(), 0
        with self._opened(name) as file:
            while block := self._read(file, name):
                digest.update(block)
                size += len(block)
                if size > entry.size_bytes:
                    break
                yield block
        if (size, digest.hexdigest()) != (entry.size_bytes, entry.sha256):
            raise ReadBackupError(BROKEN.format(name=self.name, entry=name))

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """The lines of an entry of JSON lines; raises ReadBackupError as `blocks` does."""
        rest = b""
        for block in self.blocks(name):
            *whole, rest = (rest + block).split(b"\n")
            yield from map(json.loads, whole)
        if rest:
            raise ReadBackupError(BROKEN.format(name=self.name, entry=name))

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self._archive.open(name) as file:
                yield file
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise ReadBackupError(BROKEN.format(name=self.name, entry=name)) from error

    def _read(self, file: IO[bytes], name: str) -> bytes:
        try:
            return file.read(BLOCK_BYTES)
        except (zipfile.BadZipFile, EOFError, OSError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
            raise ReadBackupError(BROKEN.format(name=self.name, entry=name)) from error


@contextmanager
def read_archive(path: Path) -> Iterator[Archive]:
    """The backup at `path`. Raises ReadBackupError when it is none, incomplete, or lists what is not there."""
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        raise ReadBackupError(UNFINISHED.format(name=path.name)) from error
    with archive:
        yield Archive(path.name, archive)
