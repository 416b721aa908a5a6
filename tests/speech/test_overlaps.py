"""Talk of two at once is flagged where it is, and flags cost no word."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment
from coding_app.speech.doubt_flags import with_doubts
from coding_app.speech.faint import with_low_level
from coding_app.speech.overlaps import both, own_at_once, shared_ms, union, with_overlaps
from coding_app.speech.segmenting import segments
from coding_app.speech.talk import FIRST_FRAME, FRAME, PER_MS, spans_of
from tests.builders import a_segment
from tests.speech.test_segmenting import ANY_TURNS, ANY_WORDS, SPANS

ANY_SPANS = st.lists(SPANS, max_size=8)
SHORT = st.tuples(st.integers(0, 60), st.integers(0, 30)).map(lambda each: Span(each[0], sum(each)))
SHORT_SPANS = st.lists(SHORT, max_size=8)


def milliseconds(spans: tuple[Span, ...]) -> set[int]:
    return {ms for span in spans for ms in range(span.start_ms, span.end_ms)}


def overlapped(*overlaps: Span) -> list[bool]:
    made = with_overlaps([a_segment(1), a_segment(2)], overlaps)  # four seconds each
    return ["overlap" in each.flags for each in made]


@given(ANY_WORDS, ANY_TURNS, ANY_SPANS)
def test_flagging_loses_doubles_and_moves_no_word(words, turns, spans):
    made = segments(words, turns)
    marked = with_overlaps(with_doubts(made, union(spans)), union(spans))
    quiet = with_low_level(marked, np.zeros(16_000, np.int16))
    assert [word for each in quiet for word in each.words] == words

    def without_flags(segment: Segment) -> tuple[object, ...]:
        return segment.key, segment.span, segment.speaker, segment.text

    assert [*map(without_flags, quiet)] == [*map(without_flags, made)]


def test_a_segment_is_flagged_from_a_fifth_of_a_second_on():
    assert overlapped(Span(1000, 1199)) == [False, False]
    assert overlapped(Span(1000, 1100), Span(2000, 2100)) == [True, False]
    assert overlapped(Span(3800, 4300)) == [True, True]
    assert overlapped() == [False, False]


def test_a_very_short_answer_is_flagged_when_half_of_it_is_talked_over():
    yes = a_segment(1, span=Span(1000, 1240))
    assert with_overlaps([yes], [Span(900, 1120)])[0].flags == ("overlap",)
    assert with_overlaps([yes], [Span(900, 1119)])[0].flags == ()


@given(SHORT_SPANS, SHORT_SPANS)
def test_union_and_meeting_of_spans_are_those_of_their_moments(one, other):
    first, second = union(one), union(other)
    assert milliseconds(first) == milliseconds(tuple(one))
    assert milliseconds(both(first, second)) == milliseconds(first) & milliseconds(second)
    assert all(a.end_ms < b.start_ms for a, b in pairwise(first))
    if first:
        assert shared_ms(first[0], second) == len(milliseconds(first[:1]) & milliseconds(second))


def test_two_microphones_overlap_where_both_owners_speak_and_not_where_one_takes_over():
    taking_turns = [[Span(0, 3000), Span(6000, 9000)], [Span(2700, 6200)]]
    assert own_at_once(taking_turns) == ()
    assert own_at_once([[Span(0, 5000)], [Span(3000, 8000)]]) == (Span(3250, 4750),)
    assert own_at_once([[Span(0, 3000), Span(3000, 5000)], [Span(1000, 4000)]]) == (Span(1250, 3750),)


def test_a_segment_far_quieter_than_the_others_is_flagged_and_a_quiet_recording_is_not():
    loud, faint = np.full(64_000, 3000, np.int16), np.full(64_000, 100, np.int16)  # -21 and -50 dBFS
    three = [a_segment(1), a_segment(2), a_segment(3)]
    assert [each.flags for each in with_low_level(three, np.concatenate([loud, loud, faint]))] == [
        (), (), ("low_level",),
    ]  # fmt: skip
    assert [each.flags for each in with_low_level(three, np.tile(faint, 3))] == [(), (), ()]
    assert with_low_level([], loud) == ()


def test_frames_are_timed_in_the_recording():
    (span,) = spans_of(np.array([False, True, True, False]))
    assert span == Span((FRAME + FIRST_FRAME) // PER_MS, (3 * FRAME + FIRST_FRAME) // PER_MS)
    assert spans_of(np.zeros(5, bool)) == ()
