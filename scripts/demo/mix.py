"""Lays spoken utterances on one timeline with pauses and room tone, and knows where each one lies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from .dialogue import Utterance
from .voices import SAMPLE_RATE_HZ

LEAD_IN_MS = 900
TAIL_MS = 600
EDGE_MS = 25  # kept around the audible part, faded in and out
AUDIBLE = 0.012
PEAK_LIMIT = 0.7
ROOM_TONE_DB = -64.0
ROOM_TONE_SEED = 20261122
OPUS_BIT_RATE = 32_000
OPUS_FRAME = 480


@dataclass(frozen=True, slots=True)
class Spoken:
    """One utterance and where its sound lies, in whole milliseconds."""

    utterance: Utterance
    start_ms: int
    end_ms: int


def mix(
    utterances: Iterable[Utterance], speak: Callable[[Utterance], np.ndarray]
) -> tuple[np.ndarray, tuple[Spoken, ...]]:
    """The whole recording (mono float32 at 24 kHz) and the span of every utterance; spans never overlap."""
    parts = [_silence(LEAD_IN_MS)]
    spoken = []
    at_ms = LEAD_IN_MS
    for utterance in utterances:
        sound = _levelled(_whole_ms(_trimmed(speak(utterance))), utterance.speaker.level_db)
        length_ms = len(sound) * 1000 // SAMPLE_RATE_HZ
        spoken.append(Spoken(utterance, at_ms, at_ms + length_ms))
        parts += [sound, _silence(utterance.pause_ms)]
        at_ms += length_ms + utterance.pause_ms
    parts.append(_silence(TAIL_MS))
    samples = np.concatenate(parts)
    return samples + _room_tone(len(samples)), tuple(spoken)


def write_opus(samples: np.ndarray, path: Path) -> None:
    """Writes mono float32 samples at 24 kHz as Opus in an Ogg file."""
    # bitexact: no random stream number, so that the same samples give the same file
    with av.open(str(path), "w", format="ogg", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libopus", rate=SAMPLE_RATE_HZ)
        stream.bit_rate = OPUS_BIT_RATE
        stream.layout = "mono"
        pcm = np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16)
        for first in range(0, len(pcm), OPUS_FRAME):
            block = pcm[first : first + OPUS_FRAME]
            frame = av.AudioFrame.from_ndarray(
                np.pad(block, (0, OPUS_FRAME - len(block)))[None, :], "s16", "mono"
            )
            frame.sample_rate = SAMPLE_RATE_HZ
            frame.pts = first
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def decode(path: Path, rate_hz: int) -> np.ndarray:
    """Any audio file as mono float32 samples at `rate_hz`."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=rate_hz)
    with av.open(str(path)) as container:
        frames = [f for frame in container.decode(audio=0) for f in resampler.resample(frame)]
    frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray().ravel() for frame in frames])


def _silence(length_ms: int) -> np.ndarray:
    return np.zeros(length_ms * SAMPLE_RATE_HZ // 1000, dtype=np.float32)


def _trimmed(sound: np.ndarray) -> np.ndarray:
    loud = np.flatnonzero(np.abs(sound) > AUDIBLE)
    edge = EDGE_MS * SAMPLE_RATE_HZ // 1000
    cut = sound[max(0, loud[0] - edge) : loud[-1] + edge].copy()
    ramp = np.linspace(0, 1, edge, dtype=np.float32)
    cut[:edge] *= ramp
    cut[-edge:] *= ramp[::-1]
    return cut


def _whole_ms(sound: np.ndarray) -> np.ndarray:
    per_ms = SAMPLE_RATE_HZ // 1000
    return np.pad(sound, (0, -len(sound) % per_ms))


def _levelled(sound: np.ndarray, level_db: float) -> np.ndarray:
    gain = 10 ** (level_db / 20) / float(np.sqrt(np.mean(sound**2)))
    return (sound * min(gain, PEAK_LIMIT / float(np.abs(sound).max()))).astype(np.float32)


def _room_tone(length: int) -> np.ndarray:
    """Brownish noise: a quiet room, so that pauses are not digital silence."""
    noise = np.random.default_rng(ROOM_TONE_SEED).standard_normal(length).astype(np.float32)
    dull = np.convolve(noise, np.hanning(24) / np.hanning(24).sum(), mode="same")
    return (dull * 10 ** (ROOM_TONE_DB / 20) / float(np.sqrt(np.mean(dull**2)))).astype(np.float32)
