"""Any recording to 16 kHz mono samples in a file, a little at a time."""

import errno
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

from coding_app.errors import MediaError, StoreError
from coding_app.media.forms import EXPORT_AGAIN
from coding_app.media.probe import audio_stream, opened, origin_ms
from coding_app.media.source import Source

SAMPLE_RATE_HZ = 16_000
DISK_FULL = "The disk is full: free some space and start the transcription again."

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Pcm:
    """A file of signed 16-bit samples, one channel."""

    path: Path
    n_samples: int
    sample_rate_hz: int = SAMPLE_RATE_HZ


def open_pcm(path: Path) -> Samples:
    """The samples of a decoded file, shape (n,), read from disk as they are used."""
    if path.stat().st_size == 0:
        return np.zeros(0, dtype=np.int16)
    return np.memmap(path, dtype=np.int16, mode="r")


def is_full_disk(error: BaseException) -> bool:
    """Whether there was no room: the disk is full, or a person's share of it is used up."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def decode_to_pcm(
    source: Source,
    out_path: Path,
    on_progress: Callable[[float], None] | None = None,
    channel: int | None = None,
) -> Pcm:
    """Decodes to 16 kHz, 16 bit, one channel: all mixed, or only number `channel` (0 = the first).

    Samples lie where a player would play them: silence is put in where the recording has a gap. Damaged
    stretches become silence. on_progress gets 0..1. Memory stays a few tens of megabytes at any length.
    Raises MediaError when nothing can be decoded, StoreError when the disk is full; then no file is left.
    """
    try:
        with out_path.open("wb") as out, opened(source) as container:
            n_samples = _decode(container, out, on_progress or (lambda _: None), channel)
    except BaseException as error:
        out_path.unlink(missing_ok=True)
        if is_full_disk(error):
            raise StoreError(DISK_FULL) from error
        raise
    return Pcm(out_path, n_samples)


def _decode(container: Any, out: BinaryIO, on_progress: Callable[[float], None], channel: int | None) -> int:
    stream = audio_stream(container)
    if channel is not None and channel >= stream.codec_context.channels:
        raise MediaError(
            f"This recording has {stream.codec_context.channels} channel(s), so there is no channel "
            f"{channel + 1}; transcribe it without naming channels."
        )
    start_ms = origin_ms(container, stream)
    total = (container.duration or 0) / av.time_base * SAMPLE_RATE_HZ
    written = 0
    layout = "mono" if channel is None else None
    for at_ms, samples in resampled(frames_of(container, stream), SAMPLE_RATE_HZ, layout):
        gap = gap_before(at_ms, start_ms, written, SAMPLE_RATE_HZ)
        written += _write_silence(out, gap)
        out.write(samples[:, min(channel or 0, samples.shape[1] - 1)].tobytes())
        written += len(samples)
        on_progress(min(1.0, written / total) if total else 0.0)
    if written == 0:
        raise MediaError(f"The sound of this recording cannot be decoded; {EXPORT_AGAIN}.")
    return written


def gap_before(at_ms: float | None, start_ms: float, n_written: int, rate_hz: int) -> int:
    """Samples of silence that belong before samples of this moment, so that they lie where a player has them.

    Steps under a tenth of a second are rounding, and over an hour a mistake in the file: 0 for both.
    """
    if at_ms is None:
        return 0
    gap = round((at_ms - start_ms) * rate_hz / 1000) - n_written
    return gap if rate_hz // 10 < gap < rate_hz * 3600 else 0


def _write_silence(out: BinaryIO, n_samples: int) -> int:
    for start in range(0, n_samples, SAMPLE_RATE_HZ):
        out.write(bytes(2 * min(SAMPLE_RATE_HZ, n_samples - start)))
    return n_samples


def frames_of(container: Any, stream: Any) -> Iterator[Any]:
    """Decoded frames; packets that are damaged are left out."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            yield from packet.decode()
        except av.error.EOFError:
            return
        except av.error.InvalidDataError:
            continue


def resampled(
    frames: Iterator[Any], rate_hz: int, layout: str | None
) -> Iterator[tuple[float | None, Samples]]:
    """Pairs (time of the first sample in ms or None, samples (n, n_channels)); a new form in mid-stream is followed.

    layout: None = as each frame has it.
    """
    form, resampler = None, None
    for frame in frames:
        at_ms = float(frame.pts * frame.time_base * 1000) if frame.pts is not None else None
        now = (frame.format.name, frame.layout.name, frame.sample_rate)
        if now != form:
            if resampler is not None:
                yield from ((None, _packed(each)) for each in resampler.resample(None))
            form = now
            resampler = av.AudioResampler(format="s16", layout=layout or frame.layout.name, rate=rate_hz)
        assert resampler is not None
        for number, each in enumerate(resampler.resample(frame)):
            yield (at_ms if number == 0 else None), _packed(each)
    if resampler is not None:
        yield from ((None, _packed(each)) for each in resampler.resample(None))


def _packed(frame: Any) -> Samples:
    """The samples of a packed 16-bit frame, shape (n, n_channels)."""
    samples: Samples = frame.to_ndarray()[0].reshape(-1, frame.layout.nb_channels)
    return samples
