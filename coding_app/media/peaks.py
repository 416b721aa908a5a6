"""The waveform's outline for the screen, computed once per recording."""

import numpy as np
from numpy.typing import NDArray

from coding_app.media.decode import SAMPLE_RATE_HZ, Samples
from coding_app.media.source import Source, read_all, written

BLOCK_SECONDS = 60


def write_peaks(samples: Samples, out_path: Source, per_second: int = 50) -> int:
    """Writes one byte 0..127 per 1/per_second second: the loudest absolute sample in it.

    samples: shape (n,), 16 kHz, may be a memory-mapped file (read a minute at a time). A last, incomplete
    window counts. The file appears whole or not at all. Returns the number of peaks.
    """
    window = SAMPLE_RATE_HZ // per_second
    block = window * per_second * BLOCK_SECONDS
    n_peaks = 0
    with written(out_path) as out:
        for start in range(0, len(samples), block):
            peaks = _peaks(np.asarray(samples[start : start + block]), window)
            n_peaks += out.write(peaks.tobytes())
    return n_peaks


def _peaks(samples: Samples, window: int) -> NDArray[np.int8]:
    padded = np.pad(samples.astype(np.int32), (0, -len(samples) % window))
    loudest = np.abs(padded).reshape(-1, window).max(axis=1)
    peaks: NDArray[np.int8] = (loudest * 127 // 32768).astype(np.int8)
    return peaks


def read_peaks(path: Source) -> NDArray[np.int8]:
    """The peaks that write_peaks wrote, shape (n_peaks,)."""
    return np.frombuffer(read_all(path), dtype=np.int8)
