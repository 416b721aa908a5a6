"""A short piece of a recording as a WAV file."""

import warnings
from io import BytesIO
from typing import Any

import av
import numpy as np

from coding_app.domain.times import Span
from coding_app.errors import MediaError
from coding_app.media.probe import audio_stream, opened, origin_ms
from coding_app.media.source import Source

MAX_CLIP_MS = 10 * 60 * 1000
HEADROOM_DB = 1.0


def clip_wav(path: Source, span: Span, fade_ms: int = 15) -> bytes:
    """The span as WAV, at the recording's own rate, as loud as it goes, faded in and out against clicks.

    Only that window is decoded. Raises MediaError when it is empty, longer than 10 minutes or past the end.
    """
    if not 0 < span.duration_ms <= MAX_CLIP_MS:
        raise MediaError(
            "A clip must be longer than nothing and no longer than 10 minutes; choose another stretch."
        )
    with opened(path) as container:
        stream = audio_stream(container)
        samples, first_ms = _window(container, stream, span)
        rate_hz, n_channels = stream.codec_context.sample_rate, min(2, stream.codec_context.channels)
    if samples.size == 0:
        raise MediaError("This stretch lies after the end of the recording; choose another one.")
    sound = _segment(samples.tobytes(), rate_hz, n_channels)
    start = max(0.0, span.start_ms - first_ms)
    return _export(sound[start : start + span.duration_ms], fade_ms)


def _window(container: Any, stream: Any, span: Span) -> tuple[np.ndarray[Any, np.dtype[np.int16]], float]:
    """Packed samples of the frames that touch the span, and the time of the first of them in ms."""
    layout = "stereo" if stream.codec_context.channels > 1 else "mono"
    resampler = av.AudioResampler(format="s16", layout=layout, rate=stream.codec_context.sample_rate)
    origin, first_ms = origin_ms(container, stream), 0.0
    parts: list[np.ndarray[Any, np.dtype[np.int16]]] = []
    container.seek(max(0, int((span.start_ms + origin - 500) / 1000 / stream.time_base)), stream=stream)
    for frame in container.decode(stream):
        at_ms = float(frame.pts * frame.time_base * 1000) - origin if frame.pts is not None else 0.0
        if at_ms >= span.end_ms:
            break
        if at_ms + frame.samples / frame.sample_rate * 1000 <= span.start_ms:
            continue
        if not parts:
            first_ms = at_ms
        parts += [each.to_ndarray()[0] for each in resampler.resample(frame)]
    if parts:
        parts += [each.to_ndarray()[0] for each in resampler.resample(None)]
    return (np.concatenate(parts) if parts else np.zeros(0, dtype=np.int16)), first_ms


def _segment(data: bytes, rate_hz: int, n_channels: int) -> Any:
    with warnings.catch_warnings():
        # pydub warns that audioop will leave Python (a replacement is installed there) and that there is no
        # ffmpeg program (not needed: PyAV decodes)
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    return AudioSegment(data=data, sample_width=2, frame_rate=rate_hz, channels=n_channels)


def _export(sound: Any, fade_ms: int) -> bytes:
    fade = min(fade_ms, len(sound) // 2)
    out = BytesIO()
    sound.normalize(headroom=HEADROOM_DB).fade_in(fade).fade_out(fade).export(out, format="wav")
    return out.getvalue()
