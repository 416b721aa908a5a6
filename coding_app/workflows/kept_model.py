"""The model that a transcription child keeps in memory from one transcription to the next."""

import gc
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from coding_app.errors import SpeechError
from coding_app.speech.model_files import weights_of
from coding_app.speech.models import Model, file_sha256, load

if TYPE_CHECKING:
    from coding_app.speech.faster_whisper import FasterWhisper
    from coding_app.speech.openai_whisper import OpenaiWhisper


@dataclass(frozen=True, slots=True)
class _Mark:
    """The same as long as the same weights lie in the same place."""

    engine: str
    device: str
    weights: Path
    size: int
    changed_ns: int


_kept: "dict[_Mark, FasterWhisper | OpenaiWhisper]" = {}  # one at most


def loaded(engine: str, model: Model, device: str) -> "FasterWhisper | OpenaiWhisper":
    """The model in memory: the one of last time, or loaded now in its place.

    Raises SpeechError as load does, and when its weights are not those that are known under its name.
    """
    mark = _mark(engine, model, device)
    if mark not in _kept:
        _kept.clear()
        gc.collect()  # before the next one is loaded: never two in memory
        check_weights(model)
        _kept[mark] = load(engine, model, device=device)
    return _kept[mark]


def sha256_of(model: Model) -> str:
    """Of the weights as they are; read once per child."""
    return _sha256(_mark("", model))


def check_weights(model: Model) -> None:
    """Raises SpeechError when it is known what the weights must be, and they are not."""
    if model.sha256 is not None and sha256_of(model) != model.sha256:
        raise SpeechError(
            f"The weights of the model '{model.name}' are not the published ones (their checksum is wrong): they are "
            "damaged, or another model; delete its folder, or give it another name."
        )


def _mark(engine: str, model: Model, device: str = "") -> _Mark:
    weights = weights_of(model.path)
    found = weights.stat()
    return _Mark(engine, device, weights, found.st_size, found.st_mtime_ns)


@cache
def _sha256(mark: _Mark) -> str:
    return file_sha256(mark.weights)
