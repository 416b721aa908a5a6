"""A copy for playing, when no browser plays the recording as it is: Opus in WebM, with a small picture for videos."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from coding_app.media.decode import Samples, frames_of, gap_before, resampled
from coding_app.media.probe import audio_stream, is_cover, opened, origin_ms
from coding_app.media.source import Source

RATE_HZ = 48_000  # the rate that Opus has
BITS_PER_CHANNEL = 48_000
PICTURE_LINES, PICTURE_RATE, PICTURE_BITS = 360, 15, 400_000
SILENCE_BLOCK = RATE_HZ

OnProgress = Callable[[float], None]


def write_copy(source: Source, out_path: Path, on_progress: OnProgress = lambda _: None) -> str:
    """Writes the copy in step with the original's clock and says what it holds: "video" or "sound".

    The picture is at most 360 lines and 15 a second; when it cannot be decoded the sound alone is copied. The
    file appears whole or not at all. Raises MediaError when the sound cannot be decoded.
    """
    partial = out_path.with_name(out_path.name + ".part")
    try:
        holds = "sound"
        if _has_picture(source):
            try:
                _write(source, partial, True, on_progress)
                holds = "video"
            except (av.error.FFmpegError, ValueError):
                holds = "sound"
        if holds == "sound":
            _write(source, partial, False, on_progress)
        partial.replace(out_path)
    finally:
        partial.unlink(missing_ok=True)
    return holds


def _has_picture(source: Source) -> bool:
    with opened(source) as container:
        return any(not is_cover(each) for each in container.streams.video)


def _write(source: Source, partial: Path, with_picture: bool, on_progress: OnProgress) -> None:
    """Sound first, then (from the beginning again) the picture: each reader has only one kind to decode."""
    with opened(source) as container, partial.open("wb") as file:
        stream = audio_stream(container)
        layout = "stereo" if stream.codec_context.channels > 1 else "mono"
        with av.open(file, "w", format="webm") as out:
            opus: Any = out.add_stream("libopus", rate=RATE_HZ, layout=layout)
            opus.bit_rate = BITS_PER_CHANNEL * (2 if layout == "stereo" else 1)
            total_ms = (container.duration or 0) / av.time_base * 1000
            if not with_picture:
                for at_ms, packets in _sound(container, stream, opus, layout):
                    out.mux(packets)
                    on_progress(min(1.0, at_ms / total_ms) if total_ms else 0.0)
                return
            _with_picture(source, out, _sound(container, stream, opus, layout), total_ms, on_progress)


def _with_picture(
    source: Source,
    out: Any,
    sound: Iterator[tuple[float, list[Any]]],
    total_ms: float,
    on_progress: OnProgress,
) -> None:
    """Sound and picture taken in turns, whichever is behind, so that a player finds both side by side."""
    with opened(source) as container:
        stream = next(each for each in container.streams.video if not is_cover(each))
        stream.codec_context.thread_count = 2
        size = _small(stream.codec_context.width, stream.codec_context.height)
        picture = out.add_stream(
            "libvpx", rate=PICTURE_RATE, options={"deadline": "realtime", "cpu-used": "8"}
        )
        picture.width, picture.height, picture.pix_fmt = *size, "yuv420p"
        picture.bit_rate, picture.codec_context.time_base = PICTURE_BITS, Fraction(1, 1000)
        heard_ms, done, n_pictures = 0.0, False, 0
        for seen_ms, packets in _pictures(container, stream, picture):
            while not done and heard_ms <= seen_ms:
                heard_ms, more, done = _next(sound, heard_ms)
                out.mux(more)
            out.mux(packets)
            n_pictures += len(packets)
            on_progress(min(1.0, seen_ms / total_ms) if total_ms else 0.0)
        if n_pictures == 0:
            raise ValueError("No picture could be decoded")
        for _, more in sound:
            out.mux(more)


def _next(sound: Iterator[tuple[float, list[Any]]], heard_ms: float) -> tuple[float, list[Any], bool]:
    at_ms, packets = next(sound, (heard_ms, None))
    return (at_ms, packets, False) if packets is not None else (heard_ms, [], True)


def _sound(container: Any, stream: Any, opus: Any, layout: str) -> Iterator[tuple[float, list[Any]]]:
    """Encoded sound and the moment up to which it goes."""
    start_ms, written = origin_ms(container, stream), 0
    for at_ms, samples in resampled(frames_of(container, stream), RATE_HZ, layout):
        for block in (*_silence(gap_before(at_ms, start_ms, written, RATE_HZ), samples.shape[1]), samples):
            frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout=layout)
            frame.rate, frame.pts = RATE_HZ, written
            written += len(block)
            yield written * 1000 / RATE_HZ, opus.encode(frame)
    yield written * 1000 / RATE_HZ, opus.encode(None)


def _silence(n_samples: int, n_channels: int) -> Iterator[Samples]:
    for start in range(0, n_samples, SILENCE_BLOCK):
        yield np.zeros((min(SILENCE_BLOCK, n_samples - start), n_channels), np.int16)


def _pictures(container: Any, stream: Any, picture: Any) -> Iterator[tuple[float, list[Any]]]:
    """Encoded pictures, no more than PICTURE_RATE a second, and the moment of each."""
    start_ms, last_ms = origin_ms(container, stream), -1000.0
    for frame in frames_of(container, stream):
        if frame.pts is None:
            continue
        at_ms = float(frame.pts * frame.time_base * 1000) - start_ms
        if at_ms - last_ms < 1000 / PICTURE_RATE - 1 or at_ms < 0:
            continue
        small = frame.reformat(picture.width, picture.height, "yuv420p", interpolation="FAST_BILINEAR")
        small.pts, small.time_base = round(at_ms), Fraction(1, 1000)
        last_ms = at_ms
        yield at_ms, picture.encode(small)
    yield last_ms, picture.encode(None)


def _small(width: int, height: int) -> tuple[int, int]:
    """At most PICTURE_LINES high, both numbers even."""
    scale = min(1.0, PICTURE_LINES / max(1, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)
