"""Opening a file that a person named."""

from pathlib import Path
from typing import BinaryIO

from coding_app.errors import MediaError


def open_named(path: Path) -> BinaryIO:
    """The file, open for reading. Raises MediaError for a folder, what is not there, or is no ordinary file.

    A pipe would keep its reader waiting, and a device such as /dev/zero has no end.
    """
    try:
        if path.is_dir():
            raise MediaError("This is a folder; name the recording in it.")
        if not path.exists():
            raise MediaError("There is no such file; check its name and place.")
        if not path.is_file():
            raise MediaError("This is a pipe or a device, not a file; save the recording as a file first.")
        return path.open("rb")
    except OSError as error:
        raise MediaError(
            "This file cannot be opened; check its name, its place and its permissions."
        ) from error
