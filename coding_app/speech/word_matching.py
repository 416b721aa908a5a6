"""Which recognised word is which word of a script: anchors first, then dynamic programming between them.

Runs of three words that both sides hold once, in the longest order they share, cut a session of two hours into
stretches of a few words; what lies between is aligned by Needleman & Wunsch (1970), large stretches in linear memory
(Hirschberg, 1975).
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from coding_app.domain.script import longest_rising

EXACT, ALIKE, OTHER, GAP = 4, 2, -2, -2
ANCHOR_WORDS = 3
MAX_CELLS = 2_000_000
UNHEARD = -1

Ints: TypeAlias = NDArray[np.int64]
Window: TypeAlias = tuple[Ints, Ints]
Scores: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sequences as numbers: equal words have equal numbers, similar ones equal stems.

    low, high: the heard words among which each script word may be found, [low, high).
    """

    script: Ints
    script_stems: Ints
    heard: Ints
    heard_stems: Ints
    low: Ints
    high: Ints


def match_words(
    script: Sequence[str], heard: Sequence[str], window: Window | None = None
) -> tuple[Ints, Ints]:
    """For each script word the place of the heard word it stands for (UNHEARD: none), and how alike they are.

    The places rise. How alike: EXACT, ALIKE, or OTHER for a word that stands in another's place. window: for each
    script word the first place and the one after the last at which it may count as alike.
    """
    if window is None:
        window = np.zeros(len(script), dtype=np.int64), np.full(len(script), len(heard), dtype=np.int64)
    sides = _sides(script, heard, window)
    found = np.full(len(script), UNHEARD, dtype=np.int64)
    _between(sides, found, 0, len(script), 0, len(heard), ANCHOR_WORDS)
    paired = found >= 0
    places = found[paired]
    likeness = np.full(len(script), OTHER, dtype=np.int64)
    same_stem = sides.script_stems[paired] == sides.heard_stems[places]
    likeness[paired] = np.where(
        sides.script[paired] == sides.heard[places], EXACT, np.where(same_stem, ALIKE, OTHER)
    )
    outside = paired & ((found < sides.low) | (found >= sides.high))
    likeness[outside] = OTHER
    return found, likeness


def normal(word: str) -> str:
    """A word without case and punctuation; "" when nothing of it is spoken.

    >>> normal("Don't!"), normal("—"), normal("ÄRGER,")
    ('dont', '', 'ärger')
    """
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", word).casefold()))


def _stem(word: str) -> str:
    """The same for words that a recogniser mixes up: the beginning of long ones, the consonants of short ones."""
    if len(word) >= 5:
        return word[:4]
    return word[:1] + "".join(letter for letter in word[1:] if letter not in "aeiouyhäöü") if word else ""


def _sides(script: Sequence[str], heard: Sequence[str], window: Window) -> Sides:
    words, stems = dict[str, int](), dict[str, int]()

    def numbers(texts: Sequence[str], empty: int) -> tuple[Ints, Ints]:
        plain = [normal(each) for each in texts]
        whole = [words.setdefault(each, len(words)) if each else empty for each in plain]
        short = [stems.setdefault(stem, len(stems)) if (stem := _stem(each)) else empty for each in plain]
        return np.asarray(whole, dtype=np.int64), np.asarray(short, dtype=np.int64)

    return Sides(*numbers(script, -1), *numbers(heard, -2), *window)


def _between(sides: Sides, found: Ints, a: int, b: int, c: int, d: int, n_words: int) -> None:
    """Fills found[a:b] from the heard words c ... d - 1: large stretches are cut at anchors first."""
    if a == b or c == d:
        return
    if n_words and (b - a) * (d - c) > 64:
        anchors = _anchors(sides, a, b, c, d, n_words)
        for i, j in [*anchors, (b, d)]:
            if (i - a) * (j - c) <= MAX_CELLS:
                _between(sides, found, a, i, c, j, 0)
            else:  # anchors of fewer words are less sure: only where they save much
                _between(sides, found, a, i, c, j, n_words - 1)
            if i < b:
                found[i] = j
            a, c = i + 1, j + 1
    elif b - a == 1 or (b - a) * (d - c) <= MAX_CELLS:
        _aligned(sides, found, a, b, c, d)
    else:
        middle = (a + b) // 2
        above = _last_row(sides, range(a, middle), c, d, forward=True)
        below = _last_row(sides, range(b - 1, middle - 1, -1), c, d, forward=False)
        cut = c + int(np.argmax(above + below[::-1]))
        _between(sides, found, a, middle, c, cut, 0)
        _between(sides, found, middle, b, cut, d, 0)


def _anchors(sides: Sides, a: int, b: int, c: int, d: int, n_words: int) -> list[tuple[int, int]]:
    """Pairs of places in rising order: all words of the runs that both stretches hold exactly once."""
    mine, theirs = _unique_runs(sides.script, a, b, n_words), _unique_runs(sides.heard, c, d, n_words)
    starts = [
        (i, theirs[run])
        for run, i in mine.items()
        if run in theirs and sides.low[i] <= theirs[run] < sides.high[i]
    ]
    pairs = sorted({(i + n, j + n) for i, j in starts for n in range(n_words)})
    rising = [pairs[place] for place in longest_rising([j for _, j in pairs])]
    made: list[tuple[int, int]] = []
    for i, j in rising:
        if not made or (i > made[-1][0] and j > made[-1][1]):
            made.append((i, j))
    return made


def _unique_runs(words: Ints, first: int, end: int, n_words: int) -> dict[tuple[Any, ...], int]:
    part = words[first:end].tolist()
    runs = list(zip(*(part[n:] for n in range(n_words)), strict=False))
    once = {run for run, n in Counter(runs).items() if n == 1 and min(run) >= 0}
    return {run: first + place for place, run in enumerate(runs) if run in once}


def _likeness(sides: Sides, i: int, c: int, d: int) -> Scores:
    """How well script word i goes with each of the heard words c ... d - 1."""
    score = np.full(d - c, OTHER, dtype=np.int32)
    low, high = max(int(sides.low[i]), c), min(int(sides.high[i]), d)
    if low < high:
        score[low - c : high - c][sides.heard_stems[low:high] == sides.script_stems[i]] = ALIKE
        score[low - c : high - c][sides.heard[low:high] == sides.script[i]] = EXACT
    return score


def _next_row(
    before: Scores, score: Scores, steps: Scores
) -> tuple[Scores, NDArray[np.bool_], NDArray[np.bool_]]:
    """The next row of best sums, where the word above was left out, and where the heard word was.

    A row's dependence on its own left neighbour is a running maximum, because every gap costs the same.
    """
    up = before + GAP
    diagonal = before[:-1] + score
    left_out = np.ones(len(before), dtype=np.bool_)
    left_out[1:] = diagonal < up[1:]
    best = up.copy()
    best[1:] = np.maximum(diagonal, up[1:])
    row = np.maximum.accumulate(best - steps) + steps
    return row, left_out, row > best


def _last_row(sides: Sides, rows: range, c: int, d: int, *, forward: bool) -> Scores:
    """The best sum of all these script words with the first (last) 0 ... d - c heard words."""
    steps = np.arange(d - c + 1, dtype=np.int32) * GAP
    row = steps.copy()
    for i in rows:
        score = _likeness(sides, i, c, d)
        row = _next_row(row, score if forward else score[::-1], steps)[0]
    return row


def _aligned(sides: Sides, found: Ints, a: int, b: int, c: int, d: int) -> None:
    steps = np.arange(d - c + 1, dtype=np.int32) * GAP
    row = steps.copy()
    left_out = np.empty((b - a, d - c + 1), dtype=np.bool_)
    unsaid = np.empty((b - a, d - c + 1), dtype=np.bool_)
    for i in range(a, b):
        row, left_out[i - a], unsaid[i - a] = _next_row(row, _likeness(sides, i, c, d), steps)
    i, j = b - a - 1, d - c
    while i >= 0 and j > 0:
        if unsaid[i, j]:
            j -= 1
        elif left_out[i, j]:
            i -= 1
        else:
            found[a + i] = c + j - 1
            i, j = i - 1, j - 1
