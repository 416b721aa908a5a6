"""A whole recording heard in windows of ten seconds: where somebody talks, and where two do at once."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coding_app.domain.times import Span
from coding_app.speech.talk_network import (
    FIRST_FRAME,
    FRAME,
    N_FRAMES,
    WINDOW,
    Probabilities,
    available,
    talk_probabilities,
)
from coding_app.speech.voice_activity import PER_MS, as_float, let_go

__all__ = ["Talk", "available", "listen"]

HOP_FRAMES = 296  # 5.0 s: every moment is heard twice
BATCH = 4
LIKELY = 0.5
MIN_OVERLAP_MS = 100
# The middle of a window is heard best: both sides are known there.
TRUST = np.hamming(N_FRAMES).astype(np.float32)

PerFrame = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Talk:
    """What was heard. first_frames: where each window begins; windows: shape (n, 589, 7), as TALKING has the classes.

    Three hours take 36 MB.
    """

    first_frames: tuple[int, ...]
    windows: NDArray[np.float16]
    n_frames: int

    def voice(self) -> tuple[Span, ...]:
        """Where somebody talks."""
        return spans_of(self._of_frames(lambda window: 1 - window[:, 0]) > LIKELY)

    def overlaps(self) -> tuple[Span, ...]:
        """Where two or more talk at once, for a tenth of a second or longer."""
        both = self._of_frames(lambda window: window[:, 4:].sum(axis=1)) > LIKELY
        return tuple(each for each in spans_of(both) if each.duration_ms >= MIN_OVERLAP_MS)

    def _of_frames(self, measure: Callable[[Probabilities], PerFrame]) -> PerFrame:
        total = np.zeros(self.n_frames, dtype=np.float32)
        for first, window in zip(self.first_frames, self.windows, strict=True):
            total[first : first + N_FRAMES] += measure(window.astype(np.float32)) * TRUST
        total /= np.maximum(trust_of(self.first_frames, self.n_frames), 1e-6)
        return total


def listen(
    samples: NDArray[np.int16], speech: Sequence[Span], on_progress: Callable[[float], None] | None = None
) -> Talk:
    """Hears the windows in which there is speech, four at a time, whatever the recording's length.

    samples: shape (n,), 16 kHz, may be a memory-mapped file. speech: in order. on_progress gets 0..1. Raises
    SpeechError when the weights are not there (see available).
    """
    n_frames = max(0, -(-(len(samples) - WINDOW) // (HOP_FRAMES * FRAME))) * HOP_FRAMES + N_FRAMES
    firsts = [
        first for first in range(0, n_frames - N_FRAMES + 1, HOP_FRAMES) if _holds_speech(first, speech)
    ]
    windows = np.zeros((len(firsts), N_FRAMES, 7), dtype=np.float16)
    for start in range(0, len(firsts), BATCH):
        batch = np.stack([_window(samples, first) for first in firsts[start : start + BATCH]])
        windows[start : start + len(batch)] = talk_probabilities(batch)
        let_go(samples)
        if on_progress:
            on_progress((start + len(batch)) / len(firsts))
    return Talk(tuple(firsts), windows, n_frames)


def _holds_speech(first: int, speech: Sequence[Span]) -> bool:
    start_ms = first * FRAME // PER_MS
    window = Span(start_ms, start_ms + WINDOW // PER_MS)
    place = bisect_right(speech, window.start_ms, key=lambda each: each.end_ms)
    return place < len(speech) and speech[place].overlap_ms(window) > 0


def _window(samples: NDArray[np.int16], first: int) -> NDArray[np.float32]:
    heard = as_float(samples[first * FRAME : first * FRAME + WINDOW])
    return np.pad(heard, (0, WINDOW - len(heard)))


def trust_of(first_frames: Sequence[int], n_frames: int) -> PerFrame:
    """The sum of all windows' weights in each frame; 0 where nothing was heard."""
    total = np.zeros(n_frames, dtype=np.float32)
    for first in first_frames:
        total[first : first + N_FRAMES] += TRUST
    return total


def spans_of(mask: Mask) -> tuple[Span, ...]:
    """The stretches of frames that are true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    moments = (edges * FRAME + FIRST_FRAME) // PER_MS
    return tuple(Span(int(start), int(end)) for start, end in moments.reshape(-1, 2))
