"""Where media are read from and written to: a plain file, or a sealed one with the key that opens it."""

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias, cast
from uuid import uuid4

from coding_app.media.sealed import SealedReader, SealedWriter

BLOCK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed file, there or not, and what opens it; name: what it is ("recording", "peaks.i8")."""

    path: Path
    key: bytes = field(repr=False)
    name: str

    def open(self) -> SealedReader:
        """Raises StoreError when it was changed or cut short, OSError when it cannot be opened."""
        file = self.path.open("rb", buffering=0)
        try:
            return SealedReader(cast(BinaryIO, file), self.key, self.name)
        except BaseException:
            file.close()
            raise


Source: TypeAlias = Path | Sealed


def open_source(source: Source) -> BinaryIO:
    """The plain bytes, as a file that can be read anywhere. Raises as Sealed.open."""
    return cast(BinaryIO, source.open()) if isinstance(source, Sealed) else source.open("rb")


def file_of(source: Source) -> Path:
    """The file itself, sealed or plain."""
    return source.path if isinstance(source, Sealed) else source


def read_all(source: Source) -> bytes:
    """All plain bytes; for what is small."""
    with open_source(source) as file:
        return file.read()


@contextmanager
def written(target: Source) -> Iterator[Any]:
    """Something to write() plain bytes to; the file appears whole when the block ends, or not at all."""
    place = file_of(target)
    partial = place.with_name(f"{place.name}.{uuid4().hex}.part")
    try:
        with partial.open("xb") as file:
            if isinstance(target, Sealed):
                writer = SealedWriter(file, target.key, target.name)
                yield writer
                writer.finish()
            else:
                yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)


def remove_partial(target: Source) -> None:
    """Removes what a process that was killed while it wrote has left."""
    place = file_of(target)
    for partial in place.parent.glob(f"{place.name}.*.part"):
        partial.unlink(missing_ok=True)


def copied(source: Source, target: Source) -> None:
    """Writes the plain bytes of one to the other: seals, opens, or seals anew."""
    with open_source(source) as file, written(target) as out:
        while block := file.read(BLOCK_BYTES):
            out.write(block)


def as_json(source: Source) -> Any:
    """For a request to a child process, which comes in by a pipe that nobody else reads."""
    if isinstance(source, Sealed):
        key = base64.b64encode(source.key).decode()
        return {"path": str(source.path.absolute()), "key": key, "name": source.name}
    return str(source.absolute())


def from_json(data: Any) -> Source:
    """What as_json made."""
    if isinstance(data, dict):
        return Sealed(Path(data["path"]), base64.b64decode(data["key"]), data["name"])
    return Path(data)
