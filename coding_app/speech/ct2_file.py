"""Reads CTranslate2 model files: what is in them, without native code, and the weights themselves.

A model file may come from anywhere. The outline is read first and compared with the file's length, so that no
damaged or lying file reaches an engine's native code, which would crash on it.
"""

import math
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from coding_app.errors import SpeechError

BFLOAT16 = 5  # numpy has no such type
DTYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
ITEM_BYTES = {0: 4, 1: 1, 2: 2, 3: 4, 4: 2, BFLOAT16: 2}
FLOATS = (0, 4)
OLDEST_VERSION, NEWEST_VERSION = 4, 6
MOST_VARIABLES, MOST_DIMENSIONS = 20_000, 8
SPECIFICATION = "WhisperSpec"
OTHER_FORMATS = {
    b"lmgg": "GGML (whisper.cpp)",
    b"ggml": "GGML (whisper.cpp)",
    b"GGUF": "GGUF",
    b"PK\x03\x04": "PyTorch",
    b"\x80\x02": "pickled PyTorch",
    b"version https://git-lfs": "Git LFS (a note in the place of the file)",
    b"\x89HDF": "HDF5 (Keras)",
    b"<!DOCTYPE": "HTML (a web page in the place of the file)",
    b"<html": "HTML (a web page in the place of the file)",
    b"<?xml": "XML (a note in the place of the file)",
}


@dataclass(frozen=True, slots=True)
class Variable:
    """One array in the file: its type's number in the format, shape, and where its bytes begin."""

    dtype: int
    shape: tuple[int, ...]
    offset: int

    @property
    def n_bytes(self) -> int:
        """How many bytes it takes."""
        return math.prod(self.shape) * ITEM_BYTES[self.dtype]


@dataclass(frozen=True, slots=True)
class Outline:
    """What a model file says it holds: name -> variable, and other name -> name."""

    variables: dict[str, Variable]
    aliases: dict[str, str]

    def shape(self, name: str) -> tuple[int, ...]:
        """Raises KeyError when there is no such variable."""
        return self.variables[self.aliases.get(name, name)].shape


def read_outline(path: Path) -> Outline:
    """Everything but the weights; reads a few kilobytes and trusts nothing.

    Raises SpeechError when the file is cut off, damaged, of another format, or no Whisper model.
    Source of the format: CTranslate2, python/ctranslate2/specs/model_spec.py, binary version 6.
    """
    try:
        with path.open("rb") as file:
            if other := other_format(file.read(32)):
                raise SpeechError(
                    f"The model file '{path.parent.name}/{path.name}' is of the format {other}, not CTranslate2; "
                    "download the model in the form for faster-whisper."
                )
            file.seek(0)
            return _outline(file)
    except (OSError, struct.error, KeyError, ValueError) as error:
        raise SpeechError(
            f"The model file '{path.parent.name}/{path.name}' is damaged or no Whisper model; "
            "delete that folder and start again."
        ) from error


def read_weights(path: Path) -> dict[str, NDArray[Any]]:
    """Variable name -> array, as stored. Raises SpeechError as read_outline, or for types numpy does not have."""
    outline = read_outline(path)
    if any(each.dtype not in DTYPES for each in outline.variables.values()):
        raise SpeechError(
            f"The model '{path.parent.name}' is stored in a type (bfloat16) that openai-whisper cannot take over; "
            "choose faster-whisper, or another model."
        )
    weights = {}
    with path.open("rb") as file:
        for name, each in outline.variables.items():
            file.seek(each.offset)
            read = file.read(each.n_bytes)
            weights[name] = np.frombuffer(read, np.dtype(DTYPES[each.dtype])).reshape(each.shape)
    return weights | {alias: weights[name] for alias, name in outline.aliases.items()}


def unusable_numbers(path: Path, outline: Outline) -> str | None:
    """The name of the first variable with a number that is none (NaN, infinite), None when all can be used.

    Reads the whole file, a variable at a time.
    """
    with path.open("rb") as file:
        for name, each in outline.variables.items():
            if each.dtype in FLOATS:
                file.seek(each.offset)
                values = np.frombuffer(file.read(each.n_bytes), np.dtype(DTYPES[each.dtype]))
                if not np.isfinite(values).all():
                    return name
    return None


def other_format(head: bytes) -> str | None:
    """What a file that begins like this is, when it is a kind of model file that is none of ours."""
    for magic, name in OTHER_FORMATS.items():
        if head.startswith(magic):
            return name
    if len(head) > 9 and head[8:9] == b"{" and int.from_bytes(head[:8], "little") < 10**8:
        return "safetensors"
    if head[:1] == b"\x08" and head[2:3] == b"\x12" and head[1] < 32:
        return "ONNX"
    return None


def _outline(file: BinaryIO) -> Outline:
    size = os.fstat(file.fileno()).st_size
    if not OLDEST_VERSION <= _number(file, "I") <= NEWEST_VERSION or _string(file) != SPECIFICATION:
        raise ValueError("another version or kind of model")
    _number(file, "I")
    variables: dict[str, Variable] = {}
    for _ in range(_at_most(MOST_VARIABLES, _number(file, "I"))):
        name = _string(file)
        shape = tuple(_number(file, "I") for _ in range(_at_most(MOST_DIMENSIONS, _number(file, "B"))))
        dtype, n_bytes = _number(file, "B"), _number(file, "I")
        variables[name] = Variable(dtype, shape, file.tell())
        if variables[name].n_bytes != n_bytes or file.tell() + n_bytes > size:
            raise ValueError("the sizes do not agree")
        file.seek(n_bytes, os.SEEK_CUR)
    aliases = {}
    for _ in range(_at_most(MOST_VARIABLES, _number(file, "I"))):
        alias, name = _string(file), _string(file)
        if name not in variables:
            raise ValueError("another name of nothing")
        aliases[alias] = name
    if file.tell() != size:
        raise ValueError("more than a model")
    return Outline(variables, aliases)


def _at_most(most: int, n: int) -> int:
    if n > most:
        raise ValueError("more than any model has")
    return n


def _number(file: BinaryIO, form: str) -> int:
    return int(struct.unpack(f"<{form}", file.read(struct.calcsize(f"<{form}")))[0])


def _string(file: BinaryIO) -> str:
    return file.read(_number(file, "H")).rstrip(b"\0").decode()
