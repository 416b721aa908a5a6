"""Segments so quiet that words are easily misheard there."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment
from coding_app.speech.voice_activity import PER_MS, as_float

FAINT_DB = -45.0  # from where on the sound quality calls voices far too quiet
BELOW_USUAL_DB = 15.0
FLOOR = 1e-10


def with_low_level(segments: Sequence[Segment], samples: NDArray[np.int16]) -> tuple[Segment, ...]:
    """The segments with the flag "low_level" on those below -45 dBFS that are 15 dB quieter than the median one.

    samples: shape (n,), 16 kHz, may be a memory-mapped file. A recording that is quiet as a whole is told of once,
    by its sound quality, and not on every segment.
    """
    levels = np.array([_level(samples, each.span) for each in segments])
    if not len(levels):
        return ()
    limit = min(FAINT_DB, float(np.median(levels)) - BELOW_USUAL_DB)
    return tuple(
        replace(each, flags=tuple(dict.fromkeys((*each.flags, "low_level")))) if level < limit else each
        for each, level in zip(segments, levels, strict=True)
    )


def _level(samples: NDArray[np.int16], span: Span) -> float:
    """Mean level in dBFS."""
    heard = as_float(samples[span.start_ms * PER_MS : span.end_ms * PER_MS])
    return float(10 * np.log10(np.square(heard).mean() + FLOOR)) if len(heard) else 0.0
