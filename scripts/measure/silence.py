"""Does an engine write words where nobody speaks, or lose some after a long pause? Both engines, the whole pipeline.

    .venv/bin/python scripts/measure/silence.py

A minute each of digital silence, of white noise at -54 dBFS and of mains hum: no word may come out. Then a known speech
of 22 words, a minute's pause (silent, or with that noise), and the speech again: all 44 must. The starter model's
weights in both engines. Prints one flat JSON object on its last line: `_words` of each engine and sound, `invented`
altogether, and `lost` (the words of the speech that are not in what came out, by alignment with what was said).
"""

import json
import sys
import tempfile
import wave
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from coding_app.media.decode import decode_to_pcm, open_pcm
from coding_app.settings import ENGINES
from coding_app.speech.models import find_model, load
from coding_app.speech.transcriber import SAMPLE_RATE_HZ, Transcriber
from coding_app.workflows.recognition import finish, prepare, recognise

SPEECH = ROOT.parent / "shared" / "data" / "speech" / "jfk.flac"
SAID = (
    "and so my fellow americans ask not what your country can do for you ask what you can do for your country"
)
MINUTE = 60 * SAMPLE_RATE_HZ
FULL_SCALE = 32768
NOISE_DB, HUM_DB = -54.0, -30.0

Samples = NDArray[np.int16]


def silence() -> Samples:
    """A minute of zeros."""
    return np.zeros(MINUTE, dtype=np.int16)


def noise(seed: int = 1) -> Samples:
    """A minute of white noise at -54 dBFS."""
    loud = FULL_SCALE * 10 ** (NOISE_DB / 20)
    return (np.random.default_rng(seed).normal(0, 1, MINUTE) * loud).astype(np.int16)


def hum() -> Samples:
    """A minute of 50 Hz and its odd harmonics, at -30 dBFS."""
    time = np.arange(MINUTE) / SAMPLE_RATE_HZ
    tone = sum(np.sin(2 * np.pi * 50 * n * time) / n for n in (1, 3, 5, 7))
    loud = FULL_SCALE * 10 ** (HUM_DB / 20)
    return (tone / np.sqrt(np.mean(np.square(tone))) * loud).astype(np.int16)


def words_of(samples: Samples, transcriber: Transcriber, work: Path) -> list[str]:
    """What the pipeline writes down of these samples, in order, as plain words."""
    source = work / "sound.wav"
    with wave.open(str(source), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(samples.tobytes())
    prepared = prepare(source, work / "work")
    chunks = [recognise(prepared, place, transcriber, "en") for place in range(len(prepared.chunks))]
    text = " ".join(each.text for each in finish(prepared, chunks, 1).segments)
    return "".join(letter for letter in text.lower() if letter.isalnum() or letter == " ").split()


def lost(said: Sequence[str], heard: Sequence[str]) -> int:
    """How many of the words said are not among those heard, both in order."""
    found = SequenceMatcher(None, said, heard, autojunk=False).get_matching_blocks()
    return len(said) - sum(each.size for each in found)


def measured(engine: str, work: Path) -> dict[str, int]:
    """All sounds through one engine."""
    transcriber = load(engine, find_model(engine, "base", work / "models"))
    name, found, invented = engine.replace("-", "_"), dict[str, int](), 0
    for kind, samples in (("silence", silence()), ("noise", noise()), ("hum", hum())):
        found[f"{name}_{kind}_words"] = len(words_of(samples, transcriber, work))
        invented += found[f"{name}_{kind}_words"]
    speech = open_pcm(decode_to_pcm(SPEECH, work / "speech.pcm").path)
    n_lost = 0
    for kind, pause in (("pause", silence()), ("noisy_pause", noise())):
        heard = words_of(np.concatenate([speech, pause, speech]), transcriber, work)
        found[f"{name}_{kind}_words"] = len(heard)
        n_lost += lost(SAID.split() * 2, heard)
    return found | {f"{name}_invented": invented, f"{name}_lost": n_lost}


def main() -> None:
    """Measures both engines and prints what came out."""
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for engine in ENGINES:
            result |= measured(engine, Path(folder))
            print(result, file=sys.stderr)
    for kind in ("invented", "lost"):
        result[kind] = sum(result[f"{engine.replace('-', '_')}_{kind}"] for engine in ENGINES)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
