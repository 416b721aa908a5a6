"""One microphone per person: which channel's owner speaks, although every microphone hears everyone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coding_app.domain.times import Span
from coding_app.speech.voice_activity import PER_MS

FRAME_MS = 20
SMOOTH_FRAMES = 25
FALLS_BEHIND_DB = 3.0
LEVEL_PERCENTILE = 95
MIN_PIECE_MS, JOIN_MS, PAD_MS = 250, 400, 100
FLOOR = 1e-10


def own_speech(
    tracks: Sequence[NDArray[np.int16]], speech: Sequence[Sequence[Span]]
) -> tuple[tuple[Span, ...], ...]:
    """For each channel the stretches of its speech in which no other channel is clearly louder.

    Loudness counts relative to each channel's own loud speech, so a microphone set lower is no loss; behind
    another by more than 3 dB is taken for that person's voice across the room.
    tracks: one (n,) array of 16 kHz samples per channel; speech: what voice activity found on each.
    """
    loudness = [_loudness(each) for each in tracks]
    length = min(map(len, loudness))
    levels = [_relative(each[:length], spans) for each, spans in zip(loudness, speech, strict=True)]
    owned = []
    for number, spans in enumerate(speech):
        others = [each for place, each in enumerate(levels) if place != number]
        own = levels[number] >= np.max(others, axis=0) - FALLS_BEHIND_DB if others else np.ones(length, bool)
        owned.append(tuple(piece for span in spans for piece in _pieces(span, own)))
    return tuple(owned)


def _loudness(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    """Smoothed power per 20 ms in dB, shape (n_frames,); a minute is read at a time."""
    frame, block, power = FRAME_MS * PER_MS, 60_000 * PER_MS, []
    for start in range(0, len(samples), block):
        part = np.asarray(samples[start : start + block], dtype=np.float64) / 32768
        part = np.pad(part, (0, -len(part) % frame))
        power.append(np.square(part).reshape(-1, frame).mean(axis=1))
    whole = np.concatenate(power) if power else np.zeros(0)
    if len(whole) >= SMOOTH_FRAMES:
        whole = np.convolve(whole, np.full(SMOOTH_FRAMES, 1 / SMOOTH_FRAMES), mode="same")
    decibel: NDArray[np.float64] = 10 * np.log10(whole + FLOOR)
    return decibel


def _relative(loudness: NDArray[np.float64], spans: Sequence[Span]) -> NDArray[np.float64]:
    """Loudness against the channel's own loud speech; a channel without speech is never the louder one."""
    heard = [loudness[each.start_ms // FRAME_MS : each.end_ms // FRAME_MS] for each in spans]
    speaking = np.concatenate(heard) if heard else np.zeros(0)
    if not speaking.size:
        return np.full(len(loudness), -np.inf)
    return loudness - np.percentile(speaking, LEVEL_PERCENTILE)


def _pieces(span: Span, own: NDArray[np.bool_]) -> list[Span]:
    """The parts of a span that are owned: near ones joined, very short ones dropped, edges widened."""
    first = span.start_ms // FRAME_MS
    mask = own[first : -(-span.end_ms // FRAME_MS)].astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask, [0]]))).reshape(-1, 2)
    pieces: list[Span] = []
    for start, end in (edges + first) * FRAME_MS:
        low, high = max(span.start_ms, int(start) - PAD_MS), min(span.end_ms, int(end) + PAD_MS)
        if pieces and low - pieces[-1].end_ms < JOIN_MS:
            pieces[-1] = Span(pieces[-1].start_ms, high)
        elif high > low:
            pieces.append(Span(low, high))
    return [each for each in pieces if each.duration_ms >= MIN_PIECE_MS + 2 * PAD_MS or each == span]
