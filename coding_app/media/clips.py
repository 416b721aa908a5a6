"""A short piece of a recording as a WAV file."""

import math
import warnings
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import numpy as np

from coding_app.domain.times import Span
from coding_app.errors import MediaError
from coding_app.media.decode import frames_of, gap_before, resampled
from coding_app.media.probe import audio_stream, opened, origin_ms
from coding_app.media.source import Source

Samples = np.ndarray[Any, np.dtype[np.int16]]
MAX_CLIP_MS = 10 * 60 * 1000
HEADROOM_DB = 1.0


def clip_wav(path: Source, span: Span, fade_ms: int = 15, silences: Iterable[Span] = ()) -> bytes:
    """The span as WAV, at the recording's own rate, as loud as it goes, faded in and out against clicks.

    silences: stretches of the recording of which nothing is heard in it. Only that window is decoded.
    Raises MediaError when it is empty, longer than 10 minutes or past the end.
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
    gain = _gain(samples.size // n_channels, silences, first_ms, rate_hz, fade_ms)
    if gain is not None:
        samples = (samples.reshape(-1, n_channels) * gain[:, None]).round().astype(np.int16)
    sound = _segment(samples.tobytes(), rate_hz, n_channels)
    start = max(0.0, span.start_ms - first_ms)
    return _export(sound[start : start + span.duration_ms], fade_ms)


def _gain(
    n: int, silences: Iterable[Span], first_ms: float, rate_hz: int, fade_ms: int
) -> np.ndarray[Any, np.dtype[np.float32]] | None:
    """0 within the stretches; what is around them fades out before and in after. None: all n frames stay as they are.

    Exactly 0: turned down however far, in whole numbers the sign of each sample stays, and that can be understood.
    """
    gain = None
    n_fade = round(fade_ms * rate_hz / 1000)
    ramp = np.linspace(0, 1, n_fade, endpoint=False, dtype=np.float32)
    for each in silences:
        start = min(n, max(0, math.floor((each.start_ms - first_ms) * rate_hz / 1000)))
        end = min(n, max(0, math.ceil((each.end_ms - first_ms) * rate_hz / 1000)))
        if start == end:
            continue
        gain = np.ones(n, dtype=np.float32) if gain is None else gain
        gain[max(0, start - n_fade) : start] *= ramp[::-1][n_fade - min(n_fade, start) :]
        gain[end : end + n_fade] *= ramp[: n - end]
        gain[start:end] = 0
    return gain


def _window(container: Any, stream: Any, span: Span) -> tuple[Samples, float]:
    """Packed samples from the first frame that touches the span to the last, and the time of the first one in ms.

    Silence is put in where the recording has a gap, so that each sample lies where a player would play it.
    """
    layout, rate_hz = (
        "stereo" if stream.codec_context.channels > 1 else "mono",
        stream.codec_context.sample_rate,
    )
    origin, first_ms, n = origin_ms(container, stream), float(span.start_ms), 0
    parts: list[Samples] = []
    container.seek(max(0, int((span.start_ms + origin - 500) / 1000 / stream.time_base)), stream=stream)
    touching = _touching(frames_of(container, stream), origin, span)
    for at_ms, samples in resampled(touching, rate_hz, layout):
        gap = gap_before(at_ms, origin + first_ms, n, rate_hz)
        if not parts and not gap and at_ms is not None:
            first_ms = at_ms - origin
        parts += [np.zeros(gap * samples.shape[1], dtype=np.int16), samples.reshape(-1)]
        n += gap + len(samples)
    return (np.concatenate(parts) if parts else np.zeros(0, dtype=np.int16)), first_ms


def _touching(frames: Iterator[Any], origin: float, span: Span) -> Iterator[Any]:
    """The frames of which something lies in the span; one without a time follows the one before."""
    at_ms = 0.0
    for frame in frames:
        if frame.pts is not None:
            at_ms = float(frame.pts * frame.time_base * 1000) - origin
        if at_ms >= span.end_ms:
            return
        until_ms = at_ms + frame.samples / frame.sample_rate * 1000
        if until_ms > span.start_ms:
            yield frame
        at_ms = until_ms


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
