"""When each known word was spoken: Whisper's times where it heard the word, shared time elsewhere."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel

from .mix import Spoken

WHISPER_RATE_HZ = 16_000
MIN_WORD_MS = 20
PAD_MS = 200


@dataclass(frozen=True, slots=True)
class TimedWord:
    """One word of the reference text with its span."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What Whisper heard in one utterance: words with times in milliseconds from the recording's start."""

    words: tuple[TimedWord, ...]


def listen(model: WhisperModel, samples: np.ndarray, spoken: Spoken, language: str) -> Heard:
    """Whisper's own words within one utterance of `samples` (mono float32 at 16 kHz)."""
    first_ms = max(0, spoken.start_ms - PAD_MS)
    per_ms = WHISPER_RATE_HZ // 1000
    cut = samples[first_ms * per_ms : (spoken.end_ms + PAD_MS) * per_ms]
    segments, _ = model.transcribe(cut, language=language, beam_size=1, word_timestamps=True, temperature=0.0)
    return Heard(
        tuple(
            TimedWord(first_ms + round(w.start * 1000), first_ms + round(w.end * 1000), w.word.strip())
            for segment in segments
            for w in segment.words or ()
        )
    )


def align(spoken: Spoken, heard: Heard) -> tuple[TimedWord, ...]:
    """The utterance's own words, in order, none overlapping, all inside its span."""
    words = spoken.utterance.text.split()
    matched: dict[int, TimedWord] = {}
    matcher = SequenceMatcher(
        None, [_bare(w) for w in words], [_bare(w.text) for w in heard.words], autojunk=False
    )
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            matched[block.a + offset] = heard.words[block.b + offset]
    starts = {i: word.start_ms for i, word in matched.items()}
    edges = _edges(words, starts, spoken.start_ms, spoken.end_ms)
    return tuple(
        TimedWord(edges[i], _end(edges[i], edges[i + 1], matched.get(i)), word)
        for i, word in enumerate(words)
    )


def load_whisper(folder: Path) -> WhisperModel:
    """A CTranslate2 Whisper model from a folder."""
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2)


def _end(start_ms: int, next_ms: int, heard: TimedWord | None) -> int:
    """Where the word stops: where Whisper heard it stop, if that lies before the next word."""
    if heard is not None and start_ms + MIN_WORD_MS <= heard.end_ms < next_ms:
        return heard.end_ms
    return next_ms


def _bare(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.lower())


def _edges(words: Sequence[str], starts: dict[int, int], first_ms: int, last_ms: int) -> list[int]:
    """Where each word begins, and at the end where the last one stops, in increasing order.

    Known starts are kept when they leave room for the words around them; the rest is shared by letters.
    """
    n = len(words)
    known: dict[int, float] = {0: first_ms, n: last_ms}
    floor = float(first_ms)
    for i in range(1, n):
        at = starts.get(i)
        if at is not None and at >= floor + MIN_WORD_MS * i and at <= last_ms - MIN_WORD_MS * (n - i):
            known[i] = at
            floor = at - MIN_WORD_MS * i
    anchors = sorted(known)
    edges = [float(first_ms)] * (n + 1)
    for left, right in itertools.pairwise(anchors):
        sizes = np.array([len(w) + 1 for w in words[left:right]], dtype=float)
        steps = np.concatenate([[0.0], np.cumsum(sizes) / sizes.sum()])
        for offset, share in enumerate(steps):
            edges[left + offset] = known[left] + share * (known[right] - known[left])
    return [round(edge) for edge in edges]
