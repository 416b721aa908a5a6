"""Which places of a transcript a person should look at first."""

from dataclasses import replace

from coding_app.domain.doubts import doubts
from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, Word
from tests.builders import a_segment


def with_words(number: int, *probabilities: float | None, flags: tuple[str, ...] = ()) -> Segment:
    words = tuple(Word(0, 1, "word", each) for each in probabilities)
    return a_segment(number, text="word " * len(words), words=words, flags=flags)


def test_what_was_perhaps_never_said_comes_first_and_then_what_was_heard_worst() -> None:
    segments = [
        with_words(1, 0.9, 0.9),
        with_words(2, 0.4, 0.9, 0.9),
        with_words(3, 0.1, 0.1),
        with_words(4, 0.9, flags=("overlap",)),
        with_words(5, 0.9, flags=("very_long", "over_silence")),
        replace(with_words(6, 0.9), span=Span(0, 20_001)),
    ]
    found = doubts(segments)
    assert [(each.key, each.kinds) for each in found] == [
        ("s-0005", ("over_silence", "very_long")),
        ("s-0004", ("overlap",)),
        ("s-0003", ("low_probability",)),
        ("s-0002", ("low_probability",)),
        ("s-0006", ("very_long",)),
    ]
    assert found[2].share == 1.0


def test_what_a_person_confirmed_and_words_without_a_probability_are_not_doubted() -> None:
    assert doubts([with_words(1, 0.1, flags=("repetition", "confirmed")), with_words(2, None, None)]) == ()
