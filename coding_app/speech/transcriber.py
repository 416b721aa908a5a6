"""What the rest of the app needs from a speech recogniser; two engines have it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from coding_app.domain.transcript import Word

SAMPLE_RATE_HZ = 16_000
WIDE_BEAM = 5  # a chunk that came out doubtful is heard once more with so many ways followed at once
# Whisper's own thresholds for what should be heard again (openai-whisper, transcribe.py).
MOST_COMPRESSED, LEAST_LOG_PROBABILITY = 2.4, -1.0
INVENTED_LOG_PROBABILITY, INVENTED_MS = -1.0, 1000

Audio: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Recognised:
    """Words in the order they were said, timed from the start of the audio given; language as "en", "de"."""

    words: tuple[Word, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Part:
    """A segment of an engine: its words and how sure the engine was of it."""

    log_probability: float
    compression_ratio: float
    words: tuple[Word, ...]

    @property
    def is_doubtful(self) -> bool:
        """Whether the engine was lost or unsure: a loop of words compresses well."""
        return self.compression_ratio > MOST_COMPRESSED or self.log_probability < LEAST_LOG_PROBABILITY


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an engine heard in a chunk at one try."""

    parts: tuple[Part, ...]
    language: str

    @property
    def doubt(self) -> tuple[int, float]:
        """Less is better: the words of doubtful parts, then how unsure the engine was of all of them."""
        n_words = sum(len(each.words) for each in self.parts)
        said = sum(each.log_probability * len(each.words) for each in self.parts)
        return sum(len(each.words) for each in self.parts if each.is_doubtful), -said / max(1, n_words)


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


def recognised(attempt: Callable[[int], Attempt], beam_size: int) -> Recognised:
    """The words of a chunk; one that came out doubtful is heard again with a wider beam, and the better try counts.

    attempt: hears the chunk with a beam of this size. No try is left to chance, as Whisper's own sampling at higher
    temperatures is: the same sound gives the same words, also after a crash.
    """
    found = attempt(beam_size)
    if beam_size < WIDE_BEAM and any(each.is_doubtful for each in found.parts):
        found = min(found, attempt(WIDE_BEAM), key=lambda each: each.doubt)
    return Recognised(
        spoken_words((each.log_probability, each.words) for each in found.parts), found.language
    )


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
