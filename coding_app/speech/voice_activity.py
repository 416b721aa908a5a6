"""Where somebody speaks: silence never reaches an engine, which would invent words for it."""

import mmap
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from coding_app.domain.times import Span
from coding_app.speech.transcriber import SAMPLE_RATE_HZ, Audio

MIN_SILENCE_MS, PAD_MS = 700, 200  # least word errors of the settings measured: docs/explanation/speech.md
BLOCK = 300 * SAMPLE_RATE_HZ
PER_MS = SAMPLE_RATE_HZ // 1000


def as_float(samples: NDArray[np.int16]) -> Audio:
    """16-bit samples as -1..1."""
    return np.asarray(samples, dtype=np.float32) / 32768.0


def let_go(samples: NDArray[np.int16]) -> None:
    """Gives back the memory of what was read of a memory-mapped file; any of it can be read again."""
    mapped = getattr(samples, "_mmap", None)
    if mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)


def speech_spans(
    samples: NDArray[np.int16],
    *,
    min_silence_ms: int = MIN_SILENCE_MS,
    pad_ms: int = PAD_MS,
    on_progress: Callable[[float], None] | None = None,
) -> tuple[Span, ...]:
    """Stretches of speech in order, apart by at least min_silence_ms, widened by pad_ms on each side.

    samples: shape (n,), 16 kHz, may be a memory-mapped file: five minutes are read at a time. Silence,
    hum and noise give none. Model: Silero VAD v6, as it comes with faster-whisper.
    """
    from faster_whisper.vad import get_speech_timestamps

    spans: list[Span] = []
    start = 0
    while start < len(samples):
        block = as_float(samples[start : start + BLOCK])
        found = get_speech_timestamps(block, min_silence_duration_ms=min_silence_ms, speech_pad_ms=pad_ms)
        end = start + len(block)
        if (
            found
            and end < len(samples)
            and found[-1]["end"] >= len(block) - SAMPLE_RATE_HZ
            and found[-1]["start"]
        ):
            end = start + found.pop()["start"]  # still speaking at the end: look again from where that began
        spans += [_span(start + each["start"], start + each["end"]) for each in found]
        start = end
        let_go(samples)
        if on_progress:
            on_progress(min(1.0, start / len(samples)))
    return _apart(spans)


def _span(start: int, end: int) -> Span:
    return Span(start // PER_MS, max(start, end) // PER_MS)


def _apart(spans: list[Span]) -> tuple[Span, ...]:
    """Spans that touch or overlap at a block's edge become one."""
    joined: list[Span] = []
    for each in spans:
        if joined and each.start_ms <= joined[-1].end_ms:
            joined[-1] = Span(joined[-1].start_ms, max(joined[-1].end_ms, each.end_ms))
        elif each.duration_ms:
            joined.append(each)
    return tuple(joined)
