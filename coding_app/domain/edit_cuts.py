"""Edits of where segments begin and end: split, merge, move, add."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from coding_app.domain.edit_patch import EditError, Patch, changed
from coding_app.domain.edit_texts import readable
from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, Transcript, Word

SHORTEST_MS = 100
TOUCHING_MS = 50  # neighbours that were this near share a boundary, and it moves for both


def split(transcript: Transcript, given: Mapping[str, Any], free_key: str) -> Patch:
    """{"key", "at" (a place in the text, in code points), "at_ms" (None: between the words)}; no word is cut."""
    segment = transcript.the(given["key"])
    at = given["at"]
    if not isinstance(at, int) or isinstance(at, bool):
        raise EditError("The edit is not complete; reload the page and try again.")
    at = _between_words(segment.text, at)
    left, right = segment.text[:at].strip(), segment.text[at:].strip()
    if not left or not right:
        raise EditError("Put the cursor between two words to split there.")
    first, second = _words_at(segment, len(left.split()), len(right.split()))
    at_ms = _boundary(segment, first, second, len(left) / (len(left) + len(right)), given.get("at_ms"))
    before, after = Span(segment.span.start_ms, at_ms), Span(at_ms, segment.span.end_ms)
    return Patch(
        (
            (segment, replace(segment, span=before, text=left, words=within(first, before))),
            (None, replace(segment, key=free_key, span=after, text=right, words=within(second, after))),
        )
    )


def _between_words(text: str, at: int) -> int:
    """The end of the word in which the place lies; as it is in writing without spaces."""
    at = min(max(at, 0), len(text))
    if " " in text and at > 0 and not text[at - 1].isspace():
        while at < len(text) and not text[at].isspace():
            at += 1
    return at


def _words_at(segment: Segment, n_left: int, n_right: int) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """The words of both halves: by their count where text and words agree, else by share."""
    words = segment.words
    cut = n_left if len(words) == n_left + n_right else round(len(words) * n_left / (n_left + n_right))
    return words[:cut], words[cut:]


def _boundary(
    segment: Segment, first: Sequence[Word], second: Sequence[Word], share: float, asked: object
) -> int:
    span = segment.span
    if isinstance(asked, int) and not isinstance(asked, bool):
        at_ms = asked
    elif first and second:
        at_ms = (first[-1].end_ms + second[0].start_ms) // 2
    else:
        at_ms = span.start_ms + round(span.duration_ms * share)
    at_ms = min(max(at_ms, span.start_ms + SHORTEST_MS), span.end_ms - SHORTEST_MS)
    if not span.start_ms < at_ms < span.end_ms:
        raise EditError("This segment is too short to be split.")
    return at_ms


def merge(transcript: Transcript, given: Mapping[str, Any], _: str) -> Patch:
    """{"keys"}: segments that follow each other become the first of them, with its speaker."""
    keys = set(given["keys"])
    places = [place for place, each in enumerate(transcript.segments) if each.key in keys]
    if len(places) < 2 or len(places) != len(keys) or any(b - a != 1 for a, b in pairwise(places)):
        raise EditError("Choose two or more segments that follow each other to put them together.")
    parts = [transcript.segments[place] for place in places]
    whole = replace(
        parts[0],
        span=Span(min(each.span.start_ms for each in parts), max(each.span.end_ms for each in parts)),
        text=readable(" ".join(each.text for each in parts)),
        words=tuple(word for each in parts for word in each.words),
        flags=tuple(dict.fromkeys(flag for each in parts for flag in each.flags)),
    )
    return Patch(((parts[0], whole), *((each, None) for each in parts[1:])))


def move(transcript: Transcript, given: Mapping[str, Any], _: str) -> Patch:
    """{"key"} and "start_ms" or "end_ms", or "start_by" or "end_by" (ms from where it is now).

    A neighbour that touched it gives way.
    """
    segment = transcript.the(given["key"])
    start_ms = _moved(transcript, given, "start", segment.span.start_ms)
    end_ms = _moved(transcript, given, "end", segment.span.end_ms)
    if end_ms - start_ms < SHORTEST_MS:
        raise EditError(f"A segment lasts at least {SHORTEST_MS} ms; move the boundary less far.")
    place = transcript.segments.index(segment)
    pairs = [(segment, _with_span(segment, Span(start_ms, end_ms)))]
    if place and start_ms != segment.span.start_ms:
        before = transcript.segments[place - 1]
        if abs(before.span.end_ms - segment.span.start_ms) <= TOUCHING_MS:
            pairs.append((before, _giving_way(before, Span(before.span.start_ms, start_ms))))
    if place + 1 < len(transcript.segments) and end_ms != segment.span.end_ms:
        after = transcript.segments[place + 1]
        if abs(after.span.start_ms - segment.span.end_ms) <= TOUCHING_MS:
            pairs.append((after, _giving_way(after, _span(end_ms, after.span.end_ms))))
    return changed(pairs)


def _moved(transcript: Transcript, given: Mapping[str, Any], edge: str, now_ms: int) -> int:
    by = given.get(f"{edge}_by")
    if by is None:
        return _time(transcript, given.get(f"{edge}_ms"), now_ms)
    if not isinstance(by, int) or isinstance(by, bool):
        raise EditError("The edit is not complete; reload the page and try again.")
    return _time(transcript, now_ms + by, now_ms)


def _time(transcript: Transcript, given: object, old: int) -> int:
    if given is None:
        return old
    if not isinstance(given, int) or isinstance(given, bool):
        raise EditError("The edit is not complete; reload the page and try again.")
    return min(max(given, 0), transcript.duration_ms)


def _span(start_ms: int, end_ms: int) -> Span:
    return Span(start_ms, max(start_ms, end_ms))


def _giving_way(segment: Segment, span: Span) -> Segment:
    if span.duration_ms < SHORTEST_MS:
        raise EditError(
            "The neighbouring segment would be too short; delete it or put the two together instead."
        )
    return _with_span(segment, span)


def _with_span(segment: Segment, span: Span) -> Segment:
    return replace(segment, span=span, words=within(segment.words, span))


def within(words: Sequence[Word], span: Span) -> tuple[Word, ...]:
    """The words with times inside the span: as they are where they fit, else spread in proportion."""
    if not words or (
        words[0].start_ms >= span.start_ms and max(word.end_ms for word in words) <= span.end_ms
    ):
        return tuple(words)
    first, last = min(word.start_ms for word in words), max(word.end_ms for word in words)
    scale = span.duration_ms / max(1, last - first)

    def placed(ms: int) -> int:
        return min(span.end_ms, span.start_ms + round((ms - first) * scale))

    return tuple(replace(word, start_ms=placed(word.start_ms), end_ms=placed(word.end_ms)) for word in words)


def add(transcript: Transcript, given: Mapping[str, Any], free_key: str) -> Patch:
    """{"start_ms", "end_ms", "speaker", "text"}: a new segment; it may overlap others, as people do."""
    speaker = given["speaker"]
    if speaker is not None and speaker not in transcript.speakers:
        raise EditError("This transcript has no such voice; reload the page.")
    start_ms, end_ms = (_time(transcript, given[name], 0) for name in ("start_ms", "end_ms"))
    if end_ms - start_ms < SHORTEST_MS:
        raise EditError(f"A segment lasts at least {SHORTEST_MS} ms; choose a longer stretch.")
    new = Segment(free_key, Span(start_ms, end_ms), speaker, readable(given["text"]))
    return Patch(((None, new),))
