"""Who speaks when: voice prints of short windows, put into as many groups as there are speakers."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coding_app.domain.times import Span
from coding_app.speech.segmenting import Turn
from coding_app.speech.sharper_turns import sharper_turns
from coding_app.speech.talk import Talk
from coding_app.speech.transcriber import SAMPLE_RATE_HZ, Audio
from coding_app.speech.voice_activity import PER_MS, as_float, let_go, speech_spans
from coding_app.speech.voice_prints import MIN_SAMPLES, Prints, available, voice_prints

__all__ = ["available", "speaker_turns"]

WINDOW = SAMPLE_RATE_HZ * 3 // 2
HOP = WINDOW // 2
MIN_SILENCE_MS, PAD_MS = 250, 100
MAX_CLUSTERED = 3000
MIN_SHARE = 0.04
SAME_VOICE = 0.6
MAX_GUESSED = 6
FEW_WINDOWS = 4

Labels = NDArray[np.signedinteger]


def speaker_turns(
    samples: NDArray[np.int16],
    n_speakers: int | None,
    on_progress: Callable[[float], None] | None = None,
    talk: Talk | None = None,
) -> tuple[Turn, ...]:
    """Turns in order, speakers "S1", "S2" ... in the order in which they first speak.

    samples: shape (n,), 16 kHz, may be a memory-mapped file. n_speakers None: guessed from how different the
    voices are. talk: what the talk network heard; without it, changes of speaker are known to half a second. One
    speaker is heard at a time: where two talk at once, the clearer one wins. Short or sparse recordings (under half
    a minute of talk each) can be badly wrong. Raises SpeechError when the weights are not there (see available).
    """
    spans = speech_spans(samples, min_silence_ms=MIN_SILENCE_MS, pad_ms=PAD_MS)
    starts = [_window_starts(each) for each in spans]
    windows = [
        partial(_window, samples, start, span.end_ms * PER_MS)
        for span, each in zip(spans, starts, strict=True)
        for start in each
    ]
    if not windows:
        return ()

    def after_batch(done: float) -> None:
        let_go(samples)
        if on_progress:
            on_progress(done)

    prints = voice_prints(windows, after_batch)
    labels = _numbered(_cluster(prints, n_speakers))
    rough = _turns(spans, starts, labels)
    if talk is None or not labels.max():
        return rough
    centres = np.stack([prints[labels == each].mean(axis=0) for each in range(labels.max() + 1)])
    flat = np.array([start for each in starts for start in each])
    return _renamed(sharper_turns(talk, rough, flat, WINDOW, _likeness(prints, centres)))


def _numbered(labels: Labels) -> Labels:
    """The same groups, numbered 0, 1 ... in the order in which they first occur."""
    _, first, place = np.unique(labels, return_index=True, return_inverse=True)
    numbered: Labels = np.argsort(np.argsort(first))[place]
    return numbered


def _renamed(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Who speaks first is "S1" here too."""
    names = {each: f"S{number}" for number, each in enumerate(dict.fromkeys(t.speaker for t in turns), 1)}
    return tuple(Turn(each.span, names[each.speaker]) for each in turns)


def _window_starts(span: Span) -> list[int]:
    """Where windows begin (in samples): every 0.75 s; the last one ends with the span."""
    first, last = span.start_ms * PER_MS, span.end_ms * PER_MS - WINDOW
    if last <= first:
        return [first]
    return [*range(first, last - HOP // 3, HOP), last]


def _window(samples: NDArray[np.int16], start: int, end: int) -> Audio:
    audio = as_float(samples[start : min(start + WINDOW, end)])
    return np.resize(audio, MIN_SAMPLES) if len(audio) < MIN_SAMPLES else audio


def _cluster(prints: Prints, n_speakers: int | None) -> Labels:
    """A group number per print: average linkage on a sample, then everyone to the nearest group's mean.

    Stray windows (a cough, two at once) make tiny groups of their own; those are not taken for a speaker.
    """
    if n_speakers == 1 or len(prints) < FEW_WINDOWS:
        return np.zeros(len(prints), dtype=np.intp)
    from scipy.cluster.hierarchy import linkage

    step = -(-len(prints) // MAX_CLUSTERED)
    sample = prints[::step]
    tree = linkage(sample, method="average", metric="cosine")
    if n_speakers is None:
        labels = _cut(tree, SAME_VOICE, "distance")
        n_speakers = max(1, min(MAX_GUESSED, len(_large(labels))))
    else:
        labels = _enough_groups(tree, n_speakers)
    centres = np.stack([sample[labels == each].mean(axis=0) for each in _large(labels, n_speakers)])
    for _ in range(3):
        nearest = _nearest(prints, centres)
        centres = np.stack(
            [prints[nearest == k].mean(axis=0) if (nearest == k).any() else c for k, c in enumerate(centres)]
        )
    return _nearest(prints, centres)


def _cut(tree: NDArray[np.float64], at: float, criterion: Literal["distance", "maxclust"]) -> Labels:
    from scipy.cluster.hierarchy import fcluster

    return np.asarray(fcluster(tree, at, criterion=criterion), dtype=np.intp)


def _enough_groups(tree: NDArray[np.float64], n_speakers: int) -> Labels:
    """Cuts the tree until so many groups are large enough to be speakers; else just into so many."""
    for n_groups in range(n_speakers, n_speakers + 12):
        labels = _cut(tree, n_groups, "maxclust")
        if len(_large(labels)) >= n_speakers:
            return labels
    return _cut(tree, n_speakers, "maxclust")


def _large(labels: Labels, n_most: int | None = None) -> list[int]:
    """The numbers of the largest groups: n_most of them, or all with at least 4 % of the windows."""
    found, sizes = np.unique(labels, return_counts=True)
    order = np.argsort(-sizes, kind="stable")
    if n_most is not None:
        return [int(found[each]) for each in order[:n_most]]
    return [int(found[each]) for each in order if sizes[each] >= max(2, MIN_SHARE * len(labels))]


def _nearest(prints: Prints, centres: Prints) -> Labels:
    nearest: Labels = _likeness(prints, centres).argmax(axis=1)
    return nearest


def _likeness(prints: Prints, centres: Prints) -> Prints:
    """Cosine of each print and each centre, shape (n_prints, n_centres)."""
    directions = centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    likeness: Prints = prints @ directions.T
    return likeness


def _turns(spans: Sequence[Span], starts: Sequence[Sequence[int]], labels: Labels) -> tuple[Turn, ...]:
    """The change between two windows lies halfway between their middles."""
    turns: list[Turn] = []
    places = iter(labels.tolist())
    for span, each in zip(spans, starts, strict=True):
        edges = [(one + other + WINDOW) // 2 // PER_MS for one, other in pairwise(each)]
        for start, end in zip([span.start_ms, *edges], [*edges, span.end_ms], strict=True):
            name = f"S{next(places) + 1}"
            last = turns[-1] if turns else None
            if last and last.speaker == name and last.span.end_ms == start:
                turns[-1] = Turn(Span(last.span.start_ms, end), name)
            else:
                turns.append(Turn(Span(start, end), name))
    return tuple(turns)
