"""Reads the weights out of a CTranslate2 model file, for engines that do not read that format themselves."""

import struct
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from coding_app.errors import SpeechError

DTYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
OLDEST_VERSION = 4


def read_weights(path: Path) -> dict[str, NDArray[Any]]:
    """Variable name -> array, as stored. Raises SpeechError when the file is damaged or of an old version.

    Source of the format: CTranslate2, python/ctranslate2/specs/model_spec.py, binary version 6.
    """
    try:
        with path.open("rb") as file:
            return _read(file)
    except (OSError, struct.error, KeyError, ValueError) as error:
        raise SpeechError(
            f"The model file '{path.parent.name}/{path.name}' is damaged; delete that folder and start again."
        ) from error


def _read(file: BinaryIO) -> dict[str, NDArray[Any]]:
    if _number(file, "I") < OLDEST_VERSION:
        raise ValueError("binary version too old")
    _string(file)
    _number(file, "I")
    weights = {}
    for _ in range(_number(file, "I")):
        name = _string(file)
        shape = tuple(_number(file, "I") for _ in range(_number(file, "B")))
        dtype = np.dtype(DTYPES[_number(file, "B")])
        weights[name] = np.frombuffer(file.read(_number(file, "I")), dtype).reshape(shape)
    for _ in range(_number(file, "I")):
        alias, name = _string(file), _string(file)
        weights[alias] = weights[name]
    return weights


def _number(file: BinaryIO, form: str) -> int:
    return int(struct.unpack(f"<{form}", file.read(struct.calcsize(f"<{form}")))[0])


def _string(file: BinaryIO) -> str:
    return file.read(_number(file, "H")).rstrip(b"\0").decode()
