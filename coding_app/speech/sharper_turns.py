"""Turns with the boundaries that the talk network heard: voice prints say who it is, the network from when to when."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coding_app.domain.times import Span
from coding_app.speech.segmenting import Turn
from coding_app.speech.talk import LIKELY, TRUST, PerFrame, Talk, spans_of, trust_of
from coding_app.speech.talk_network import FIRST_FRAME, FRAME, N_FRAMES, TALKING
from coding_app.speech.voice_activity import PER_MS

PAUSE_FRAMES = 59  # a second: a shorter pause goes to whoever talked nearest to it
NOBODY = -1

Floats = NDArray[np.float32]
Numbers = NDArray[np.signedinteger]


def sharper_turns(
    talk: Talk, rough: Sequence[Turn], starts: Numbers, print_samples: int, likeness: Floats
) -> tuple[Turn, ...]:
    """The same speakers in the same stretches of sound, changing where the network hears the change.

    rough: in order, speakers "S1", "S2" ...; they stay where the network hears nobody for a second. starts: of each
    voice print, in samples, ascending; print_samples: how much sound a print is of. likeness: how near each print
    is to each speaker, shape (n_prints, n_speakers), columns in the order of the speakers' numbers.
    """
    first_frames = (np.asarray(starts) - FIRST_FRAME) // FRAME
    activity = _activity(talk, first_frames, print_samples // FRAME, likeness)
    heard = np.where(activity.max(axis=1) > LIKELY, activity.argmax(axis=1), NOBODY)
    said = np.full(len(heard), NOBODY)
    for turn in rough:
        said[_frames(turn.span)] = int(turn.speaker[1:]) - 1
    filled = _filled(heard, said)
    found = [
        Turn(span, f"S{speaker + 1}")
        for speaker in range(likeness.shape[1])
        for span in spans_of((filled == speaker) & (said != NOBODY))
    ]
    return tuple(sorted(found, key=lambda turn: turn.span))


def _frames(span: Span) -> slice:
    return slice(*(max(0, (ms * PER_MS - FIRST_FRAME) // FRAME) for ms in (span.start_ms, span.end_ms)))


def _activity(talk: Talk, first_frames: Numbers, n_frames: int, likeness: Floats) -> PerFrame:
    """How surely each speaker talks in each frame, shape (talk.n_frames, n_speakers)."""
    total = np.zeros((talk.n_frames, likeness.shape[1]), dtype=np.float32)
    evidence = likeness - likeness.mean(axis=1, keepdims=True)
    for begin, window in zip(talk.first_frames, talk.windows, strict=True):
        low, high = np.searchsorted(first_frames, [begin - n_frames + 1, begin + N_FRAMES])
        for local, speaker in _who_is_who(
            window, first_frames[low:high] - begin, n_frames, evidence[low:high]
        ):
            talks = np.minimum(window.astype(np.float32) @ TALKING[:, local], 1)
            total[begin : begin + N_FRAMES, speaker] += talks * TRUST
    total /= np.maximum(trust_of(talk.first_frames, talk.n_frames), 1e-6)[:, None]
    return total


def _who_is_who(
    window: NDArray[np.float16], print_frames: Numbers, n_frames: int, evidence: Floats
) -> list[tuple[int, int]]:
    """Which speaker each of the window's three is, by the voice prints of what that one says alone."""
    from scipy.optimize import linear_sum_assignment

    talking = TALKING[window.argmax(axis=1)]
    alone = talking * (talking.sum(axis=1, keepdims=True) == 1)
    until = np.concatenate([np.zeros((1, 3), dtype=np.float32), alone.cumsum(axis=0)])
    ends = np.clip(print_frames + n_frames, 0, N_FRAMES)
    share = (until[ends] - until[np.clip(print_frames, 0, N_FRAMES)]) / n_frames
    scores = np.square(share).T @ evidence
    present = np.flatnonzero(talking.any(axis=0))
    found = {int(each): int(scores[each].argmax()) for each in present}
    rows, columns = linear_sum_assignment(scores[present], maximize=True)  # two voices are two people
    found |= {int(present[row]): int(column) for row, column in zip(rows, columns, strict=True)}
    return list(found.items())


def _filled(heard: Numbers, said: Numbers) -> Numbers:
    """Pauses of under a second go to whoever talked nearest, longer ones to whom the rough turns name."""
    frames = np.arange(len(heard))
    known = np.flatnonzero(heard != NOBODY)
    if not len(known):
        return said
    place = np.searchsorted(known, frames)
    before, after = known[np.maximum(place - 1, 0)], known[np.minimum(place, len(known) - 1)]
    nearest = np.where(np.abs(frames - before) <= np.abs(after - frames), before, after)
    return np.where(np.abs(nearest - frames) <= PAUSE_FRAMES // 2, heard[nearest], said)
