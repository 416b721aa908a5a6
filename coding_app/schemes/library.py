"""Where schemes are kept: the team's folder first, then the ones that come with the program."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from coding_app.domain.scheme import Scheme
from coding_app.errors import SchemeError
from coding_app.schemes.reading import parse_scheme, read_bytes

BUILT_IN = Path(__file__).resolve().parents[2] / "coding_schemes"


def scheme_folders(schemes_dir: Path | None) -> tuple[Path, ...]:
    """The folders to look in, in this order; schemes_dir: the team's own (CODING_APP_SCHEMES), if any."""
    return (BUILT_IN,) if schemes_dir is None else (schemes_dir, BUILT_IN)


def read_folders(folders: Iterable[Path]) -> tuple[tuple[Path, Scheme | SchemeError], ...]:
    """Each scheme file (.yaml, .yml) with its scheme or what is wrong with it."""
    return tuple((path, _read(path)) for path in _files(folders))


def list_schemes(folders: Iterable[Path]) -> tuple[Scheme, ...]:
    """The schemes without faults, by title; of two with one id the first folder's counts."""
    schemes: dict[str, Scheme] = {}
    for _, scheme in read_folders(folders):
        if isinstance(scheme, Scheme):
            schemes.setdefault(scheme.id, scheme)
    return tuple(sorted(schemes.values(), key=lambda scheme: scheme.title))


def find_scheme(folders: Iterable[Path], scheme_id: str) -> tuple[Scheme, str]:
    """A scheme with the text of its file.

    Raises SchemeError when none has this id (naming those there are), or its file has a fault.
    """
    folders = tuple(folders)
    fault: SchemeError | None = None
    for path in sorted(_files(folders), key=lambda path: path.stem != scheme_id):
        try:
            data = read_bytes(path)
            scheme = parse_scheme(data, str(path))
        except SchemeError as error:
            fault = fault or (error if path.stem == scheme_id else None)
            continue
        if scheme.id == scheme_id:
            return scheme, data.decode("utf-8-sig")
    if fault is not None:
        raise fault
    known = ", ".join(scheme.id for scheme in list_schemes(folders)) or "none"
    shown = scheme_id if re.fullmatch(r"[\w-]{1,64}", scheme_id) else "of this name"
    raise SchemeError(f"There is no coding scheme '{shown}'; use one of these: {known}.")


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.is_dir():
            yield from sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))


def _read(path: Path) -> Scheme | SchemeError:
    try:
        return parse_scheme(read_bytes(path), str(path))
    except SchemeError as error:
        return error
