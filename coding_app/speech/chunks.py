"""Cutting speech into pieces that are transcribed one by one: progress shows, a stop is quick, a crash costs one."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coding_app.domain.times import Span
from coding_app.domain.transcript import Word
from coding_app.speech.transcriber import Audio
from coding_app.speech.voice_activity import PER_MS, as_float

SEARCH_MS = 30_000
QUIET_MS = 500
STEP_MS = 50


def chunk_length_ms(duration_ms: int) -> int:
    """Shorter for short recordings, so that there is some progress to see; at least Whisper's own 30 s window."""
    minutes = duration_ms / 60_000
    return 30_000 if minutes <= 2 else 60_000 if minutes <= 10 else 120_000


def plan_chunks(
    samples: NDArray[np.int16], speech: Sequence[Span], chunk_ms: int
) -> tuple[tuple[Span, ...], ...]:
    """Groups stretches of speech into chunks of up to chunk_ms, cut in pauses.

    A stretch without a pause is cut at the quietest half second within the last 30 s before chunk_ms is over.
    All of the speech is in exactly one chunk each, in order.
    """
    chunks: list[list[Span]] = []
    for stretch in speech:
        for piece in _pieces(samples, stretch, chunk_ms):
            if not chunks or piece.end_ms - chunks[-1][0].start_ms > chunk_ms:
                chunks.append([])
            chunks[-1].append(piece)
    return tuple(tuple(each) for each in chunks)


def _pieces(samples: NDArray[np.int16], stretch: Span, chunk_ms: int) -> list[Span]:
    pieces, start = [], stretch.start_ms
    while stretch.end_ms - start > chunk_ms:
        cut = _quietest(samples, start + max(chunk_ms // 2, chunk_ms - SEARCH_MS), start + chunk_ms)
        pieces.append(Span(start, cut))
        start = cut
    return [*pieces, Span(start, stretch.end_ms)]


def _quietest(samples: NDArray[np.int16], from_ms: int, to_ms: int) -> int:
    """The middle of the quietest half second between two moments, in ms."""
    window = as_float(samples[from_ms * PER_MS : to_ms * PER_MS])
    step = STEP_MS * PER_MS
    energy = np.square(window[: len(window) // step * step]).reshape(-1, step).sum(axis=1)
    n_steps = QUIET_MS // STEP_MS
    if len(energy) < n_steps:
        return to_ms
    loudness = np.convolve(energy, np.ones(n_steps), mode="valid")
    return from_ms + int(loudness.argmin()) * STEP_MS + QUIET_MS // 2


def speech_only(samples: NDArray[np.int16], spans: Sequence[Span]) -> Audio:
    """The sound of the spans one after the other, shape (n,)."""
    parts = [as_float(samples[each.start_ms * PER_MS : each.end_ms * PER_MS]) for each in spans]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def back_in_place(words: Sequence[Word], spans: Sequence[Span]) -> tuple[Word, ...]:
    """Words timed in what speech_only gave, timed in the recording again; each stays within its span."""
    return tuple(_placed(word, spans) for word in words)


def _placed(word: Word, spans: Sequence[Span]) -> Word:
    middle, before = (word.start_ms + word.end_ms) / 2, 0
    span = spans[-1]
    for each in spans:
        span = each
        if middle < before + each.duration_ms or each is spans[-1]:
            break
        before += each.duration_ms
    shift = span.start_ms - before
    start = min(max(word.start_ms + shift, span.start_ms), span.end_ms)
    end = min(max(word.end_ms + shift, start), span.end_ms)
    return Word(start, end, word.text, word.probability)
