"""The words of a segment: where they stand in its text, and which of them a correction leaves as they were."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, Word

DOUBTFUL_BELOW = 0.5
_LOOK_AHEAD = 80  # characters in which a word is looked for that is not the very next


def doubtful(text: str, words: Sequence[Word]) -> list[list[int]]:
    """The stretches of a text that were recognised with a probability below 0.5, in order.

    Each is [from, to, percent]; from and to count UTF-16 code units, as a browser does. A word that the text
    does not hold there, because the two were not written alike, is left out.
    """
    if not any(_is_doubtful(word) for word in words):
        return []
    return [
        [_utf16_length(text[:start]), _utf16_length(text[:end]), round(100 * (word.probability or 0.0))]
        for start, end, word in placed_words(text, words)
        if _is_doubtful(word)
    ]


def placed_words(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int, Word]]:
    """Each word with where it stands in the text, as characters [start, end); those that are not there are left out."""
    end = 0
    for word in words:
        wanted = word.text.strip()
        start = _place(text, wanted, end) if wanted else -1
        if start >= 0:
            end = start + len(wanted)
            yield start, end, word


def _is_doubtful(word: Word) -> bool:
    return word.probability is not None and word.probability < DOUBTFUL_BELOW


def _place(text: str, wanted: str, after: int) -> int:
    """Where the word begins: right here, or a little later as a whole word; -1 when it is not there."""
    while after < len(text) and text[after].isspace():
        after += 1
    if text.startswith(wanted, after):
        return after
    limit = after + _LOOK_AHEAD
    start = text.find(wanted, after, limit)
    while start >= 0 and not _stands_alone(text, start, start + len(wanted)):
        start = text.find(wanted, start + 1, limit)
    return start


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def _utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def corrected_words(segment: Segment, text: str) -> tuple[Word, ...]:
    """The words of a segment whose text becomes this one.

    Words that stay keep their times and probability. New ones share the time of those they replace, or the
    pause in which they were put in, evenly, and have no probability. A segment without words stays without.
    """
    if not segment.words:
        return ()
    old, new = [word.text.strip() for word in segment.words], text.split()
    words: list[Word] = []
    for same, first, last, begin, end in SequenceMatcher(None, old, new).get_opcodes():
        if same == "equal":
            words += segment.words[first:last]
        else:
            words += _spread(new[begin:end], _room(segment, first, last))
    return tuple(words)


def _room(segment: Segment, first: int, last: int) -> Span:
    """The time of the words first ... last - 1; where there are none, the pause between their neighbours."""
    words = segment.words
    if first < last:
        start, end = words[first].start_ms, words[last - 1].end_ms
    else:
        start = words[first - 1].end_ms if first else segment.span.start_ms
        end = words[first].start_ms if first < len(words) else segment.span.end_ms
    return Span(start, max(start, end))


def _spread(texts: Sequence[str], room: Span) -> list[Word]:
    edges = [
        room.start_ms + room.duration_ms * number // max(1, len(texts)) for number in range(len(texts) + 1)
    ]
    return [Word(start, end, text) for text, start, end in zip(texts, edges, edges[1:], strict=False)]
