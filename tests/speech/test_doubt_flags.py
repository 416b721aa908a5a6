"""What an engine has likely invented is flagged, and nothing else, and no word of it is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment
from coding_app.speech.doubt_flags import compression_ratio, repeats_itself, speech_share, with_doubts
from tests.builders import a_segment

EVERYWHERE = (Span(0, 1_000_000),)
SAID = [
    "No, no, no, no, that isn't it.",
    "I thought, well, I thought I might, I thought I might go and see her.",
    "Ha ha ha ha.",
    "So it was long and then it was longer and then it stopped.",
]  # fmt: skip
INVENTED = [
    "Thank you. Thank you. Thank you. Thank you.",
    "you you you you you you you",
    "I'm going to go. I'm going to go. I'm going to go. I'm going to go. I'm going to go.",
]


def flags(*texts: str, speech: tuple[Span, ...] = EVERYWHERE) -> list[tuple[str, ...]]:
    segments = [a_segment(number, text=text) for number, text in enumerate(texts, start=1)]
    return [segment.flags for segment in with_doubts(segments, speech)]


@pytest.mark.parametrize("text", SAID)
def test_what_people_say_is_not_flagged(text: str) -> None:
    assert flags(text) == [()]


@pytest.mark.parametrize("text", INVENTED)
def test_a_phrase_over_and_over_is_flagged(text: str) -> None:
    assert "repetition" in flags(text)[0]


def test_three_segments_with_the_same_words_are_flagged_and_short_answers_are_not() -> None:
    assert flags("Thanks for watching.", "Thanks for watching!", "thanks for watching", "Goodbye then, Tom.") == [
        ("repetition",), ("repetition",), ("repetition",), (),
    ]  # fmt: skip
    assert flags("Mm-hm.", "Mm-hm.", "Mm-hm.", "Mm-hm.") == [(), (), (), ()]


def test_text_that_says_little_in_many_letters_is_flagged() -> None:
    assert "compressed" in flags("la di da di la di da di " * 8)[0]
    assert compression_ratio("Yes.") == 0


def test_text_where_no_voice_was_found_is_flagged() -> None:
    segments = [a_segment(1), a_segment(2)]
    found = with_doubts(segments, (Span(0, 4_000), Span(7_500, 8_000)))
    assert [each.flags for each in found] == [(), ("over_silence",)]
    assert speech_share(Span(0, 0), ()) == 1.0


@given(st.lists(st.text("ab ", min_size=1), max_size=8))
def test_no_word_time_or_speaker_changes_by_it(texts: list[str]) -> None:
    segments = [a_segment(number, text=text) for number, text in enumerate(texts, start=1)]
    found = with_doubts(segments, EVERYWHERE)

    def without_flags(segment: Segment) -> tuple[object, ...]:
        return segment.key, segment.span, segment.speaker, segment.text, segment.words

    assert [*map(without_flags, found)] == [*map(without_flags, segments)]


@given(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8), st.integers(4, 6))
def test_a_phrase_of_any_length_is_found_when_it_is_said_often(phrase: list[str], times: int) -> None:
    words = phrase * times
    assert repeats_itself(words) is (len(phrase) > 1 or (len(phrase) == 1 and times >= 6))
