"""Adds up what can be measured of sound while it streams by: never the whole recording in memory."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

FRAME_SECONDS = 0.02
CLIP_LEVEL = 0.989  # -0.1 dBFS, where limiters of recorders stop
CLIP_RUN = 2
MOST = np.float32(
    8.0
)  # a floating-point file may hold more than full scale, but nothing means more than this
SPECTRUM_BINS = 4096
MAX_METERED = 8  # as many as a recording may have

Block = NDArray[np.float32]
Numbers = NDArray[np.float64]


@dataclass(slots=True)
class _Sums:
    n: int = 0
    total: float = 0.0
    squares: float = 0.0
    peak: float = 0.0
    clipped: int = 0
    zeros: int = 0
    frames: list[NDArray[np.float32]] = field(default_factory=list)


class Meter:
    """Sums over blocks of samples; n_channels beyond the eighth are not metered."""

    def __init__(self, rate_hz: int, n_channels: int) -> None:
        self.rate_hz, self.n_channels = rate_hz, min(n_channels, MAX_METERED)
        self.frame = max(1, round(rate_hz * FRAME_SECONDS))
        self.sums = [_Sums() for _ in range(self.n_channels)]
        self.products = 0.0  # of the first two channels
        self.n_damaged = 0
        self.spectrum: Numbers = np.zeros(SPECTRUM_BINS // 2 + 1)
        self._rest: Block = np.zeros((self.n_channels, 0), np.float32)
        self._window = np.hanning(SPECTRUM_BINS).astype(np.float32)

    def add(self, block: Block) -> None:
        """block: shape (n_channels or more, n), full scale = 1; what is no number counts as silence."""
        joined = np.concatenate([self._rest, block[: self.n_channels]], axis=1)
        n = joined.shape[1] // self._step * self._step
        if n:
            self._take(joined[:, :n])
        self._rest = joined[:, n:]

    def finish(self) -> None:
        """Takes what is left of the last block."""
        if self._rest.shape[1]:
            self._take(self._rest)
        self._rest = self._rest[:, :0]

    @property
    def _step(self) -> int:
        return self.frame * 50

    def _take(self, block: Block) -> None:
        bad = ~np.isfinite(block)
        if bad.any():
            self.n_damaged += int(bad.sum())
            block = np.where(bad, np.float32(0), block)
        block = np.clip(block, -MOST, MOST)
        for sums, samples in zip(self.sums, block, strict=True):
            self._add_channel(sums, samples)
        if self.n_channels >= 2:
            self.products += float(np.dot(block[0].astype(np.float64), block[1]))
        self._add_spectrum(block)

    def _add_channel(self, sums: _Sums, samples: NDArray[np.float32]) -> None:
        loud = np.abs(samples)
        sums.n += samples.size
        sums.total += float(samples.sum(dtype=np.float64))
        sums.squares += float(np.dot(samples.astype(np.float64), samples))
        sums.peak = max(sums.peak, float(loud.max()))
        sums.zeros += int((loud == 0).sum())
        sums.clipped += _in_runs(loud >= CLIP_LEVEL)
        sums.frames.append(_frame_powers(samples, self.frame))

    def _add_spectrum(self, block: Block) -> None:
        n = block.shape[1] // SPECTRUM_BINS * SPECTRUM_BINS
        for samples in block[:, :n]:
            parts = samples.reshape(-1, SPECTRUM_BINS) * self._window
            self.spectrum += np.square(np.abs(np.fft.rfft(parts, axis=1))).sum(axis=0)


def _in_runs(mask: NDArray[np.bool_]) -> int:
    """How many samples belong to CLIP_RUN or more marked ones in a row."""
    if not mask.any():
        return 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.view(np.int8), [0]])))
    lengths = edges[1::2] - edges[::2]
    return int(lengths[lengths >= CLIP_RUN].sum())


def _frame_powers(samples: NDArray[np.float32], frame: int) -> NDArray[np.float32]:
    """Mean square of each 20 ms without its mean (rumble and DC), shape (n_frames,)."""
    whole = samples[: samples.size // frame * frame].reshape(-1, frame).astype(np.float64)
    powers: Any = np.square(whole).mean(axis=1) - np.square(whole.mean(axis=1)) if whole.size else np.zeros(0)
    found: NDArray[np.float32] = np.maximum(powers, 0.0).astype(np.float32)
    return found
