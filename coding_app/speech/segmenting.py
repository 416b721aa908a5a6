"""Words and speaker turns to segments: short stretches of one speaker's talk."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, Word

PAUSE_MS = 1000
MIN_SENTENCE_MS = 1000
MAX_SEGMENT_MS = 20_000
FLIP_MS = 600
SHIFT_WORDS = 3
SENTENCE_END = (".", "?", "!", "…", "。", "？", "！", "؟", "।")
CLOSING = "\"'”’»)]"
WITHOUT_SPACES = {"zh", "ja", "th", "lo", "my", "yue", "km"}

Said = tuple[Word, str | None]


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch in which one speaker talks."""

    span: Span
    speaker: str


def segments(words: Sequence[Word], turns: Sequence[Turn], language: str = "en") -> tuple[Segment, ...]:
    """Segments in the order of the words; no word is lost, doubled or moved.

    A new one begins with another speaker, after a pause of 1 s, after a sentence that lasted 1 s, or when 20 s
    are full. turns in order of their start; without any, nobody is known to speak.
    """
    said = list(zip(words, speakers_of(words, turns), strict=True))
    return number(_segment(each, language) for each in _groups(said))


def number(parts: Iterable[Segment]) -> tuple[Segment, ...]:
    """Segments with the keys "s-0001", "s-0002" ... in the order given."""
    return tuple(
        Segment(f"s-{place:04}", each.span, each.speaker, each.text, each.words)
        for place, each in enumerate(parts, start=1)
    )


def speakers_of(words: Sequence[Word], turns: Sequence[Turn]) -> list[str | None]:
    """Who says each word: the turn it overlaps most, else the nearest; small slips are put right."""
    if not turns:
        return [None] * len(words)
    speakers = [_speaker(word, turns) for word in words]
    _undo_flips(words, speakers)
    _move_to_sentence_ends(words, speakers)
    return list(speakers)


def _speaker(word: Word, turns: Sequence[Turn]) -> str:
    span = Span(word.start_ms, max(word.start_ms, word.end_ms))
    low = max(0, bisect_right(turns, span.start_ms, key=_start) - 2)
    near = turns[low : bisect_right(turns, span.end_ms, key=_start) + 1]
    return min(near, key=lambda turn: (-turn.span.overlap_ms(span), _distance_ms(turn.span, span))).speaker


def _start(turn: Turn) -> int:
    return turn.span.start_ms


def _distance_ms(one: Span, other: Span) -> int:
    return max(0, one.start_ms - other.end_ms, other.start_ms - one.end_ms)


def _undo_flips(words: Sequence[Word], speakers: list[str]) -> None:
    """A single short word between two of the same other speaker was theirs, when it follows without a pause."""
    for place in range(1, len(words) - 1):
        before, after = speakers[place - 1], speakers[place + 1]
        word = words[place]
        is_short = word.end_ms - word.start_ms < FLIP_MS and not _ends_sentence(word)
        if before == after != speakers[place] and is_short and _gap_ms(words, place) < PAUSE_MS:
            speakers[place] = before


def _move_to_sentence_ends(words: Sequence[Word], speakers: list[str]) -> None:
    """A change of speaker within 3 words of a sentence end happened there: turns are known to half a second."""
    changes = [place for place in range(1, len(words)) if speakers[place] != speakers[place - 1]]
    for index, place in enumerate(changes):
        low = changes[index - 1] if index else 0
        high = changes[index + 1] if index + 1 < len(changes) else len(words)
        if _is_boundary(words, place):
            continue
        ends = [
            each
            for each in range(max(low + 1, place - SHIFT_WORDS), min(high, place + SHIFT_WORDS + 1))
            if _is_boundary(words, each) and not _pause_between(words, each, place)
        ]
        if ends:
            nearest = min(ends, key=lambda each: abs(each - place))
            speaker = speakers[place] if nearest < place else speakers[place - 1]
            for each in range(min(nearest, place), max(nearest, place)):
                speakers[each] = speaker


def _is_boundary(words: Sequence[Word], place: int) -> bool:
    """Whether a sentence ends before the word at this place."""
    return _ends_sentence(words[place - 1])


def _pause_between(words: Sequence[Word], one: int, other: int) -> bool:
    low, high = sorted((one, other))
    return any(_gap_ms(words, place) >= PAUSE_MS for place in range(low + 1, high))


def _ends_sentence(word: Word) -> bool:
    return word.text.rstrip(CLOSING).endswith(SENTENCE_END)


def _gap_ms(words: Sequence[Word], place: int) -> int:
    return words[place].start_ms - words[place - 1].end_ms


def _groups(said: Sequence[Said]) -> list[list[Said]]:
    groups: list[list[Said]] = []
    for each in said:
        if not groups or _begins_segment(groups[-1], each):
            groups.append([])
        groups[-1].append(each)
    return groups


def _begins_segment(group: Sequence[Said], following: Said) -> bool:
    first, last = group[0][0], group[-1][0]
    word, speaker = following
    return (
        speaker != group[-1][1]
        or word.start_ms - last.end_ms >= PAUSE_MS
        or (_ends_sentence(last) and last.end_ms - first.start_ms >= MIN_SENTENCE_MS)
        or word.end_ms - first.start_ms > MAX_SEGMENT_MS
    )


def _segment(group: Sequence[Said], language: str) -> Segment:
    words = tuple(word for word, _ in group)
    start = min(word.start_ms for word in words)
    end = max(max(word.start_ms, word.end_ms) for word in words)
    text = ("" if language in WITHOUT_SPACES else " ").join(word.text for word in words)
    return Segment("", Span(start, end), group[0][1], text, words)
