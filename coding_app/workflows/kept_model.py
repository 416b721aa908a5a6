"""The model that a transcription child keeps in memory from one transcription to the next."""

import gc
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coding_app.speech.models import Model, load
from coding_app.speech.transcriber import Transcriber


@dataclass(frozen=True, slots=True)
class _Mark:
    """The same as long as the same weights lie in the same place."""

    engine: str
    weights: Path
    size: int
    changed_ns: int


_kept: dict[_Mark, Transcriber] = {}  # one at most


def loaded(engine: str, model: Model) -> Transcriber:
    """The model in memory: the one of last time, or loaded now in its place. Raises SpeechError as load does."""
    mark = _mark(engine, model)
    if mark not in _kept:
        _kept.clear()
        gc.collect()  # before the next one is loaded: never two in memory
        _kept[mark] = load(engine, model)
    return _kept[mark]


def sha256_of(model: Model) -> str:
    """Of the weights; read once per child."""
    return model.sha256 or _sha256(_mark("", model))


def _mark(engine: str, model: Model) -> _Mark:
    weights = model.path / "model.bin" if model.path.is_dir() else model.path
    found = weights.stat()
    return _Mark(engine, weights, found.st_size, found.st_mtime_ns)


@cache
def _sha256(mark: _Mark) -> str:
    with mark.weights.open("rb") as weights:
        return hashlib.file_digest(weights, "sha256").hexdigest()
