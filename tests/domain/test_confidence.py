"""The recognition confidence of units: what it is computed from, and what it leaves open."""

from hypothesis import given, settings
from hypothesis import strategies as st

from coding_app.domain.confidence import GROUPS, Recognised, group_of, mean_probability
from coding_app.domain.times import Span
from coding_app.domain.transcript import Word
from coding_app.domain.units import blocks
from tests.builders import a_segment, a_transcript


def words(*probabilities: float | None, start_ms: int = 0) -> tuple[Word, ...]:
    return tuple(
        Word(start_ms + 500 * n, start_ms + 500 * n + 400, "word", each)
        for n, each in enumerate(probabilities)
    )


def test_a_word_without_a_probability_does_not_count() -> None:
    assert mean_probability(words(0.4, None, 0.8)) == 0.6000000000000001
    assert mean_probability(words(None, None)) is None
    assert mean_probability(()) is None


def test_a_segment_has_its_own_words_and_a_stretch_all_that_begin_in_it() -> None:
    segments = (
        a_segment(1, words=words(0.2, 0.4)),
        a_segment(2, span=Span(400, 3_000), words=words(1.0, 0.9, start_ms=400)),
        a_segment(3, words=()),
    )
    found = Recognised(a_transcript("r", segments=segments))
    assert found.of_segment("s-0001") == 0.30000000000000004
    assert found.of_segment("s-0003") is None
    assert found.within(Span(400, 901)) == (1.0 + 0.4 + 0.9) / 3
    assert found.within(Span(400, 900)) == 0.7
    assert found.within(Span(5_000, 9_000)) is None
    assert found.within(Span(400, 400)) is None  # a moment holds no word


@given(
    st.lists(st.none() | st.floats(0, 1), max_size=30),
    st.integers(1_000, 9_000),
)
@settings(max_examples=50, deadline=None)
def test_every_word_counts_in_exactly_one_block(probabilities: list[float | None], block_ms: int) -> None:
    transcript = a_transcript("r", segments=(a_segment(1, words=words(*probabilities)),), duration_ms=20_000)
    found = Recognised(transcript)
    n_words = 0
    for block in blocks(20_000, block_ms, 50):
        within = [w for w in words(*probabilities) if block.span.start_ms <= w.start_ms < block.span.end_ms]
        n_words += len(within)
        assert found.within(block.span) == mean_probability(within)
    assert n_words == len(probabilities)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
@settings(deadline=None)
def test_a_confidence_lies_between_0_and_1_and_in_one_group(probabilities: list[float]) -> None:
    found = mean_probability(words(*probabilities))
    assert found is not None
    assert 0 <= found <= 1
    assert group_of(found) in GROUPS
