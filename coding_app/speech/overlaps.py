"""Where two people talk at once: flagged on the segments it touches, so that somebody listens there."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment

LEAST_MS = 200  # of a segment; less is where one speaker takes over from another
LEAST_SHARE = 0.5  # or so much of a shorter one
EDGE_MS = 250  # own speech is widened at its ends by pads and smoothing; that much of each end proves nothing


def with_overlaps(segments: Sequence[Segment], overlaps: Sequence[Span]) -> tuple[Segment, ...]:
    """The segments with the flag "overlap" where two talk at once for a fifth of a second; no word changes."""
    return tuple(
        replace(each, flags=(*each.flags, "overlap"))
        if "overlap" not in each.flags and _is_overlapped(each.span, overlaps)
        else each
        for each in segments
    )


def _is_overlapped(span: Span, overlaps: Sequence[Span]) -> bool:
    shared = shared_ms(span, overlaps)
    return shared > 0 and shared >= min(LEAST_MS, LEAST_SHARE * span.duration_ms)


def own_at_once(own_speech: Sequence[Iterable[Span]]) -> tuple[Span, ...]:
    """Where two microphones' owners talk at once. own_speech: of each microphone, in order of time."""
    found: list[Span] = []
    spans = [[_without_edges(each) for each in union(of_one)] for of_one in own_speech]
    for number, one in enumerate(spans):
        for other in spans[number + 1 :]:
            found += both(one, other)
    return union(each for each in found if each.duration_ms)


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order that do not touch each other, together as long as those given cover."""
    joined: list[Span] = []
    for each in sorted(spans):
        if joined and each.start_ms <= joined[-1].end_ms:
            joined[-1] = Span(joined[-1].start_ms, max(joined[-1].end_ms, each.end_ms))
        else:
            joined.append(each)
    return tuple(joined)


def both(one: Sequence[Span], other: Sequence[Span]) -> tuple[Span, ...]:
    """Where a span of the one and a span of the other meet; each in order and free of overlap."""
    found, place = list[Span](), 0
    for each in one:
        while place < len(other) and other[place].end_ms <= each.start_ms:
            place += 1
        ahead = place
        while ahead < len(other) and other[ahead].start_ms < each.end_ms:
            start, end = max(each.start_ms, other[ahead].start_ms), min(each.end_ms, other[ahead].end_ms)
            if end > start:
                found.append(Span(start, end))
            ahead += 1
    return tuple(found)


def shared_ms(span: Span, spans: Iterable[Span]) -> int:
    """How much of a span others cover, when those do not cover each other."""
    return sum(span.overlap_ms(each) for each in spans)


def _without_edges(span: Span) -> Span:
    edge = min(EDGE_MS, span.duration_ms // 2)
    return Span(span.start_ms + edge, span.end_ms - edge)
