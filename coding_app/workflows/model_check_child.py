"""Reads one model fully and tries it, in a limited process: python -m coding_app.workflows.model_check_child.

Tasks: "read" (every number of the weights; says their sha256) and "try" (loads it with one engine, on the
processor, and recognises a second of sound). Says "fine", or "fault" with a sentence.
"""

from pathlib import Path
from typing import Any

import numpy as np

from coding_app.errors import CodingAppError
from coding_app.jobs.child_side import meet_parent
from coding_app.media.limited_child import limit_process
from coding_app.speech.ct2_file import read_outline, unusable_numbers
from coding_app.speech.model_files import weights_of
from coding_app.speech.models import Model, file_sha256, load
from coding_app.speech.transcriber import SAMPLE_RATE_HZ, Audio

PITCH_HZ, FORMANTS_HZ = 120.0, (700.0, 1200.0, 2600.0)
TOO_LARGE = "It needs more memory than this machine has or a model of its size should; choose a smaller one."


def main() -> None:
    """Does the one task of the request."""
    request, say = meet_parent()
    limit_process(**request["limits"])
    try:
        say(_read(request) if request["task"] == "read" else _try(request))
    except CodingAppError as error:
        say({"event": "fault", "sentence": str(error)})
    except MemoryError:
        say({"event": "fault", "sentence": TOO_LARGE})


def _read(request: dict[str, Any]) -> dict[str, Any]:
    path = Path(request["path"])
    weights = weights_of(path)
    if path.is_dir() and (name := unusable_numbers(weights, read_outline(weights))):
        return {
            "event": "fault",
            "sentence": f"Its weights hold what is no number (in {name}): they are damaged; fetch it again, whole.",
        }
    published = None
    if not path.is_dir():
        from coding_app.speech.openai_whisper import published_sha256s

        published = published_sha256s().get(file_sha256(weights))
    return {"event": "fine", "sha256": file_sha256(weights), "published": published}


def _try(request: dict[str, Any]) -> dict[str, Any]:
    path = Path(request["path"])
    load(request["engine"], Model(path.stem, path), device="cpu").transcribe_chunk(a_vowel(), "en", None)
    return {"event": "fine"}


def a_vowel() -> Audio:
    """One second that sounds like "ah": harmonics of a voice, louder near the formants of the vowel."""
    seconds = np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    sound = np.zeros(SAMPLE_RATE_HZ)
    for harmonic in np.arange(PITCH_HZ, 4000.0, PITCH_HZ):
        loudness = sum(np.exp(-(((harmonic - formant) / 150.0) ** 2)) for formant in FORMANTS_HZ)
        sound += loudness * np.sin(2 * np.pi * harmonic * seconds)
    return np.asarray(0.3 * sound / np.abs(sound).max() * np.sin(np.pi * seconds), np.float32)


if __name__ == "__main__":
    main()
