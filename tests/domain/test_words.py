"""Doubtful words in a text, and the words that a correction leaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, Word
from coding_app.domain.words import corrected_words, doubtful


def words(*pairs: tuple[str, float | None]) -> tuple[Word, ...]:
    """One word per 100 ms, with these texts and probabilities."""
    return tuple(
        Word(number * 100, number * 100 + 80, text, probability)
        for number, (text, probability) in enumerate(pairs)
    )


def marked(text: str, *pairs: tuple[str, float | None]) -> list[tuple[str, int]]:
    """The doubtful stretches as a browser would cut them out of the text, with their percent."""
    units = text.encode("utf-16-le")
    return [
        (units[2 * start : 2 * end].decode("utf-16-le"), percent)
        for start, end, percent in doubtful(text, words(*pairs))
    ]


def test_words_below_one_half_are_doubtful_where_they_stand() -> None:
    text = "I was there and I was late."
    pairs = [
        ("I", 0.9),
        (" was", 0.4),
        (" there", None),
        (" and", 0.5),
        (" I", 0.2),
        (" was", 0.9),
        (" late.", 0.126),
    ]
    assert doubtful(text, words(*pairs)) == [[2, 5, 40], [16, 17, 20], [22, 27, 13]]


@pytest.mark.parametrize("before", ["😀 ", "👩‍👧 ", "naïve ", "שלום "])
def test_offsets_count_as_a_browser_counts(before: str) -> None:
    pairs = [(word, 0.9) for word in before.split()]
    assert marked(before + "yes 😀", *pairs, ("yes", 0.3), ("😀", 0.1)) == [("yes", 30), ("😀", 10)]


def test_a_word_that_the_text_lacks_is_left_out_and_the_rest_is_found() -> None:
    pairs = [("a", 0.1), ("ninety-five", 0.1), ("", 0.1), ("  ", 0.1), ("hand", 0.2), ("a", 0.3)]
    assert marked("sand 95 hand, a", *pairs) == [("a", 10)]
    assert marked("95 hand, a", *pairs[1:]) == [("hand", 20), ("a", 30)]


def test_a_word_is_not_looked_for_far_away() -> None:
    text = "one " + "so " * 40 + "lost end"
    assert marked(text, ("one", 0.9), ("lost", 0.1), ("so", 0.4)) == [("so", 40)]


def test_words_without_spaces_between_them_are_found() -> None:
    assert marked("你好吗", ("你", 0.9), ("好", 0.2), ("吗", 0.3)) == [("好", 20), ("吗", 30)]


@given(
    st.lists(st.tuples(st.text(max_size=6), st.none() | st.floats(0, 1)), max_size=12), st.text(max_size=60)
)
def test_doubtful_stretches_are_in_order_and_inside_the_text(
    pairs: list[tuple[str, float | None]], text: str
) -> None:
    found = doubtful(text, words(*pairs))
    edges = [edge for start, end, _ in found for edge in (start, end)]
    assert edges == sorted(edges)
    assert all(0 <= percent <= 50 for *_, percent in found)
    assert not edges or edges[-1] <= len(text.encode("utf-16-le", "surrogatepass")) // 2


def a_spoken_segment(text: str = "she went home late") -> Segment:
    spoken = tuple(
        Word(1_000 + 500 * n, 1_400 + 500 * n, f" {word}", 0.3) for n, word in enumerate(text.split())
    )
    return Segment("s-0001", Span(900, 4_000), "S1", text, spoken)


def test_words_that_stay_keep_their_times_and_probability() -> None:
    segment = a_spoken_segment()
    assert corrected_words(segment, "he went home late") == (Word(1_000, 1_400, "he"), *segment.words[1:])


def test_new_words_share_the_time_of_those_they_replace_or_of_the_pause() -> None:
    segment = a_spoken_segment()
    assert corrected_words(segment, "she was off home very late again")[1:] == (
        Word(1_500, 1_700, "was"), Word(1_700, 1_900, "off"), segment.words[2],
        Word(2_400, 2_500, "very"), segment.words[3], Word(2_900, 4_000, "again"),
    )  # fmt: skip


def test_words_taken_out_are_gone() -> None:
    segment = a_spoken_segment()
    assert corrected_words(segment, "went late") == (segment.words[1], segment.words[3])


def test_a_segment_without_words_stays_without() -> None:
    assert corrected_words(Segment("s-0001", Span(0, 10), None, "what", ()), "what else") == ()


def test_overlapping_word_times_do_not_turn_round() -> None:
    spoken = (Word(0, 900, "one"), Word(500, 1_000, "two"))
    segment = Segment("s-0001", Span(0, 1_000), None, "one two", spoken)
    assert corrected_words(segment, "one and two")[1] == Word(900, 900, "and")


TEXTS = st.lists(st.sampled_from(["yes", "no", "well", "I", "so"]), min_size=1, max_size=15).map(" ".join)


@given(TEXTS, TEXTS)
def test_corrected_words_are_the_words_of_the_text_in_the_order_of_time(before: str, after: str) -> None:
    found = corrected_words(a_spoken_segment(before), after)
    assert [word.text.strip() for word in found] == after.split()
    starts = [word.start_ms for word in found]
    assert starts == sorted(starts)
    assert all(word.start_ms <= word.end_ms for word in found)
