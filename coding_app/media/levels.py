"""Level, noise, clipping, channels and bandwidth of a recording, measured in one pass through it."""

from collections.abc import Callable, Iterator
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from coding_app.domain.sound import ChannelKind, ChannelSound, Sound
from coding_app.errors import MediaError
from coding_app.media.decode import frames_of
from coding_app.media.forms import EXPORT_AGAIN
from coding_app.media.meter import Block, Meter, Numbers
from coding_app.media.probe import audio_stream, opened
from coding_app.media.source import Source

LOWEST_DB = -100.0
STANDS_OUT_DB = 6.0  # loud moments less than this above the quiet ones: nobody is heard to speak
SILENT_DB, BEHIND_DB = -65.0, 30.0
SAME_CORRELATION, OPPOSITE_CORRELATION = 0.999, -0.9
LOUDER_DB, EACH_LOUDER, TOGETHER_LOUDER = 4.0, 0.1, 0.6
AROUND_FRAMES = 5
EDGE_DB, DROP_DB = 60.0, 20.0

Mask = NDArray[np.bool_]


def measure(path: Source, on_progress: Callable[[float], None] = lambda _: None) -> Sound:
    """Decodes the recording once, at its own rate; raises MediaError when it cannot be decoded."""
    with opened(path) as container:
        stream = audio_stream(container)
        context = stream.codec_context
        meter = Meter(int(context.sample_rate), int(context.channels))
        total = (container.duration or 0) / av.time_base * meter.rate_hz
        for block in _blocks(container, stream, meter.rate_hz, context.layout.name):
            meter.add(block)
            on_progress(min(1.0, meter.sums[0].n / total) if total else 0.0)
    meter.finish()
    if not meter.sums[0].n:
        raise MediaError(f"The sound of this recording cannot be decoded; {EXPORT_AGAIN}.")
    return sound_of(meter)


def _blocks(container: Any, stream: Any, rate_hz: int, layout: str) -> Iterator[Block]:
    """Samples of full scale 1, shape (n_channels, n), in the form in which the recording begins.

    Packed, not planar: PyAV 18 reads beyond the planes of a frame with eight or more of them.
    """
    resampler = av.AudioResampler(format="flt", layout=layout, rate=rate_hz)
    for frame in frames_of(container, stream):
        frame.pts = None
        for each in resampler.resample(frame):
            yield _by_channel(each)
    for each in resampler.resample(None):
        yield _by_channel(each)


def _by_channel(frame: Any) -> Block:
    packed = frame.to_ndarray()[0].reshape(-1, frame.layout.nb_channels)
    return np.asarray(packed.T, dtype=np.float32)


def sound_of(meter: Meter) -> Sound:
    """What the sums of a finished meter say."""
    powers = [np.concatenate(each.frames).astype(np.float64) for each in meter.sums]
    speaking = [speech_frames(each) for each in powers]
    channels = tuple(
        _channel(sums, power, talk) for sums, power, talk in zip(meter.sums, powers, speaking, strict=True)
    )
    kind, dominance = _channel_kind(meter, channels, powers, speaking)
    anybody = np.logical_or.reduce([_widened(each) for each in speaking]) if speaking[0].size else speaking[0]
    return Sound(
        channels,
        kind,
        *_bandwidth(meter),
        silence_share=float(1 - anybody.mean()) if anybody.size else 1.0,
        n_damaged=meter.n_damaged,
        dominance=dominance,
    )


def decibel(power: Any) -> Any:
    """10 log10 of a power (mean square, full scale = 1), not below -100."""
    return 10 * np.log10(np.maximum(power, 10 ** (LOWEST_DB / 10)))


def speech_frames(power: Numbers) -> Mask:
    """Which 20 ms frames stand out from the quiet ones; none when nothing does. power: shape (n_frames,).

    The threshold lies a third of the way from the quiet frames (10th percentile of those with any sound) to
    the loud ones (95th), 4 to 12 dB above the quiet ones.
    """
    heard = power[power > 10 ** (LOWEST_DB / 10)]
    if heard.size < 10:
        return np.zeros(power.shape, np.bool_)
    quiet, loud = np.percentile(decibel(_smooth(heard)), [10, 95])
    if loud - quiet < STANDS_OUT_DB:
        return np.zeros(power.shape, np.bool_)
    mask: Mask = decibel(_smooth(power)) > quiet + np.clip((loud - quiet) / 3, 4.0, 12.0)
    return mask


def _smooth(power: Numbers, n_frames: int = 3) -> Numbers:
    return (
        np.convolve(power, np.full(n_frames, 1 / n_frames), mode="same") if power.size >= n_frames else power
    )


def _widened(mask: Mask) -> Mask:
    """Speech with the tenth of a second before and after it."""
    if not mask.any():
        return mask
    wide: Mask = np.convolve(mask, np.ones(2 * AROUND_FRAMES + 1), mode="same") > 0.5
    return wide


def _channel(sums: Any, power: Numbers, talk: Mask) -> ChannelSound:
    pauses = power[~_widened(talk) & (power > 10 ** (LOWEST_DB / 10))]
    spoken, noise = None, None
    if talk.any():
        if pauses.size < 25:  # less than half a second: what lies between the words must do
            pauses = np.sort(power[power > 10 ** (LOWEST_DB / 10)])[: max(5, power.size // 10)]
        noise = float(np.median(pauses)) if pauses.size else 0.0
        spoken = max(float(power[talk].mean()) - noise, 1e-12)
    elif pauses.size:
        noise = float(np.median(pauses))
    return ChannelSound(
        peak=_rounded(decibel(sums.peak**2)),
        level=_rounded(decibel(sums.squares / sums.n)),
        speech=None if spoken is None else _rounded(decibel(spoken)),
        noise=None if noise is None else _rounded(decibel(noise)),
        snr_db=None if spoken is None or noise is None else _rounded(decibel(spoken) - decibel(noise)),
        clipped=sums.clipped / sums.n,
        dc=sums.total / sums.n,
        speech_share=float(talk.mean()) if talk.size else 0.0,
        zero_share=sums.zeros / sums.n,
    )


def _rounded(value: Any) -> float:
    return round(float(value), 2)


def _channel_kind(
    meter: Meter, channels: tuple[ChannelSound, ...], powers: list[Numbers], speaking: list[Mask]
) -> tuple[ChannelKind, tuple[float, ...]]:
    """How the channels belong together, and each one's share of the talk in which it is clearly louder."""
    if len(channels) == 1:
        return "mono", ()
    levels = [each.level for each in channels]
    if (min(levels) < SILENT_DB and max(levels) >= SILENT_DB) or max(levels) - min(levels) > BEHIND_DB:
        return "one_silent", ()
    if len(channels) > 2:
        return "many", ()
    first, second = meter.sums
    alike = meter.products / max(float(np.sqrt(first.squares * second.squares)), 1e-12)
    if alike >= SAME_CORRELATION:
        return "same", ()
    if alike <= OPPOSITE_CORRELATION:
        return "opposite", ()
    shares = _dominance(powers, speaking)
    apart = min(shares) >= EACH_LOUDER and sum(shares) >= TOGETHER_LOUDER
    return ("separate" if apart else "stereo"), shares


def _dominance(powers: list[Numbers], speaking: list[Mask]) -> tuple[float, float]:
    """Loudness counts relative to each channel's own loud speech: a microphone set lower is no loss."""
    n = min(map(len, powers))
    talk = speaking[0][:n] | speaking[1][:n]
    if not talk.any():
        return 0.0, 0.0
    levels = [decibel(_smooth(each[:n], 15)) for each in powers]
    ahead = (levels[0] - np.percentile(levels[0][talk], 95)) - (
        levels[1] - np.percentile(levels[1][talk], 95)
    )
    return float((ahead[talk] > LOUDER_DB).mean()), float((ahead[talk] < -LOUDER_DB).mean())


def _bandwidth(meter: Meter) -> tuple[int, bool]:
    """Up to which frequency the sound reaches (within 60 dB of the voice), and whether it is cut as calls are."""
    hertz: NDArray[Any] = np.fft.rfftfreq((len(meter.spectrum) - 1) * 2, 1 / meter.rate_hz)
    width = max(1, round(200 / hertz[1]))
    power: NDArray[Any] = np.convolve(meter.spectrum, np.full(width, 1 / width), mode="same")
    voice = power[(hertz >= 150) & (hertz <= 3000)]
    if not voice.size or voice.max() <= 0:
        return 0, False
    level: NDArray[Any] = 10 * np.log10(np.maximum(power / voice.max(), 1e-20))
    reached = hertz[level > -EDGE_DB]
    edge = int(round(float(reached.max()), -2)) if reached.size else 0
    if meter.rate_hz <= 8_000:
        return edge, True
    drop = _mean_level(level, hertz, 2500, 3300) - _mean_level(level, hertz, 4200, 5000)
    return edge, bool(drop >= DROP_DB)


def _mean_level(level: NDArray[Any], hertz: NDArray[Any], low_hz: int, high_hz: int) -> float:
    return float(level[(hertz >= low_hz) & (hertz < high_hz)].mean())
