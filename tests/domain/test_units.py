"""Spans, clocks and units."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding_app.domain.times import Span, clock
from coding_app.domain.units import blocks, is_drawn, session_unit

MOMENTS = st.integers(0, 20_000_000)


@pytest.mark.parametrize(("start_ms", "end_ms"), [(-1, 5), (5, 4)])
def test_an_impossible_span_cannot_be_made(start_ms: int, end_ms: int) -> None:
    with pytest.raises(ValueError, match="cannot run"):
        Span(start_ms, end_ms)


@settings(deadline=None)
@given(st.lists(MOMENTS, min_size=4, max_size=4))
def test_overlap_is_the_same_both_ways_and_never_longer_than_either(moments: list[int]) -> None:
    a, b = Span(*sorted(moments[:2])), Span(*sorted(moments[2:]))
    assert a.overlap_ms(b) == b.overlap_ms(a) <= min(a.duration_ms, b.duration_ms)


@pytest.mark.parametrize(
    ("moment_ms", "shown"), [(0, "0:00"), (59_999, "0:59"), (61_240, "1:01"), (3_600_000, "1:00:00")]
)
def test_a_moment_is_written_as_people_read_it(moment_ms: int, shown: str) -> None:
    assert clock(moment_ms) == shown


@settings(deadline=None)
@given(MOMENTS, st.integers(1_000, 900_000), st.integers(0, 900_000))
def test_blocks_cover_the_recording_without_gap_or_overlap(
    duration_ms: int, block_ms: int, keep_ms: int
) -> None:
    found = blocks(duration_ms, block_ms, keep_ms)
    assert found[0].span.start_ms == 0
    assert found[-1].span.end_ms == duration_ms
    assert all(a.span.end_ms == b.span.start_ms for a, b in itertools.pairwise(found))
    assert len({unit.key for unit in found}) == len(found)
    assert all(unit.span.duration_ms == block_ms for unit in found[:-1])


@pytest.mark.parametrize(
    ("duration_ms", "ends_ms"),
    [
        (720_000, [300_000, 600_000, 720_000]),  # a last block of exactly two minutes stays
        (719_999, [300_000, 719_999]),  # a shorter one joins the block before
        (100_000, [100_000]),
    ],
)
def test_a_short_last_block_joins_the_one_before(duration_ms: int, ends_ms: list[int]) -> None:
    assert [unit.span.end_ms for unit in blocks(duration_ms, 300_000, 120_000)] == ends_ms


def test_the_session_is_the_whole_recording() -> None:
    assert session_unit(5_000).span == Span(0, 5_000)


@pytest.mark.parametrize(
    ("key", "drawn"),
    [
        ("x-" + "0123456789abcdef" * 2, True),
        ("x-" + "0" * 31, False),
        ("x-" + "0" * 33, False),
        ("x-" + "0" * 32 + "\n", False),
        ("X-" + "0" * 32, False),
        ("x-" + "٣" * 32, False),
        ("s-0001", False),
        ("", False),
    ],
)
def test_only_a_key_made_by_the_browser_is_that_of_a_drawn_unit(key: str, drawn: bool) -> None:
    assert is_drawn(key) is drawn
