"""What the rest of the app needs from a speech recogniser; two engines have it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from coding_app.domain.transcript import Word

SAMPLE_RATE_HZ = 16_000
TEMPERATURES = (
    0.0,
    0.2,
    0.4,
    0.6,
)  # tried one after the other while the engine doubts; above that it babbles
SEED = 1  # above 0.0 chance decides; seeded, the same sound gives the same words, whatever was heard before
INVENTED_LOG_PROBABILITY, INVENTED_MS = -1.0, 1000

Audio: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Recognised:
    """Words in the order they were said, timed from the start of the audio given; language as "en", "de"."""

    words: tuple[Word, ...]
    language: str


class Transcriber(Protocol):
    """A loaded model of one engine."""

    def transcribe_chunk(self, audio: Audio, language: str | None, prompt: str | None) -> Recognised:
        """audio: shape (n,), 16 kHz, -1..1. language None: recognised. prompt: names and terms to expect.

        Raises SpeechError when the engine fails or does not know the language.
        """
        ...


def timed_word(start_seconds: float, end_seconds: float, text: str, probability: float | None) -> Word:
    """A word from an engine's seconds; whatever the engine says, it does not start below 0 or end before that."""
    start_ms = max(0, round(start_seconds * 1000))
    return Word(start_ms, max(start_ms, round(end_seconds * 1000)), text.strip(), probability)


def spoken_words(parts: Iterable[tuple[float, Sequence[Word]]]) -> tuple[Word, ...]:
    """The words of an engine's segments (mean log probability, words) that somebody can have said.

    Left out: bare punctuation, and a doubtful bit of under a second at the very end, which is what engines
    make of the last instant of a chunk (" you", " .").
    """
    kept = [(doubt, words) for doubt, words in parts if words]
    if kept:
        doubt, last = kept[-1]
        if doubt < INVENTED_LOG_PROBABILITY and last[-1].end_ms - last[0].start_ms < INVENTED_MS:
            kept.pop()
    return tuple(word for _, words in kept for word in words if any(map(str.isalnum, word.text)))
