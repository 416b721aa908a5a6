"""How a transcript came about, enough to make it again; no word of it and no name of a recording."""

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from coding_app.speech.catalogue import SECONDS_PER_SECOND_ON_ONE_CORE, SPEAKERS_PER_SECOND, entry_of
from coding_app.workflows.wanted_script import WantedScript

ENGINE_PARTS = {"faster-whisper": ("ctranslate2",), "openai-whisper": ("torch",)}
PREPARE_PER_SECOND = 0.015
HEARING_PER_SECOND = 0.013


def provenance(
    request: Mapping[str, Any], finished: Mapping[str, Any], model: str | None = None
) -> dict[str, Any]:
    """From what a transcription child was asked and what it said at the end.

    model: how to call it, default: as in the request. device and compute_type are None where nothing had to be
    recognised.
    """
    packages = ("coding-app", request["engine"], *ENGINE_PARTS[request["engine"]])
    script = WantedScript.from_json(request["script"]) if request["script"] else None
    return (script.provenance if script else {}) | {
        "engine": request["engine"],
        "model": model or request["model"],
        "model_sha256": finished["model_sha256"],
        "device": finished["device"],
        "compute_type": finished["compute_type"],
        "parameters": {
            "language": request["language"],
            "speakers": request["n_speakers"],
            "channels": list(request["channels"]),
        },
        "overlap_ms": finished["overlap_ms"],
        "versions": {name: version(name) for name in packages},
        "finished_at": datetime.now(UTC).isoformat(),
    }


def stage_weights(engine: str, model: str, *, alone: bool) -> dict[str, float]:
    """The stages' shares of the time, from what one core was measured to need for a second of sound.

    alone: no voices are to be told apart.
    """
    entry = entry_of(model)
    return {
        "prepare": PREPARE_PER_SECOND,
        "recognise": SECONDS_PER_SECOND_ON_ONE_CORE[engine] * (entry.relative_cost if entry else 1.0),
        "finish": HEARING_PER_SECOND if alone else SPEAKERS_PER_SECOND,
    }
