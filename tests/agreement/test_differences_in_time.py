"""Where coders differ in time, and the cross-tables behind the kappas."""

import numpy as np
import pytest
from hypothesis import given, settings

from coding_app.agreement.differences import duration_table, event_differences, event_table, time_differences
from coding_app.agreement.event_matching import Matching
from coding_app.agreement.session_statistics import Draws
from coding_app.agreement.span_assessment import span_estimates
from coding_app.agreement.stretches import SpanCoding
from coding_app.errors import InputError
from tests.agreement.drawn import a_coding, codings, moments

TWO = {"one": [(0, 40, "a"), (60, 80, "b")], "two": [(10, 40, "a"), (60, 70, "c")]}


def test_stretches_on_which_coders_differ_are_listed_with_what_each_coded() -> None:
    found = time_differences(a_coding(TWO))
    assert [(each.start_ms, each.end_ms) for each in found] == [(0, 10), (60, 70), (70, 80)]
    assert found[1].codes == {"one": ("b",), "two": ("c",)}
    assert found[2].codes == {"one": ("b",), "two": ()}
    assert time_differences(a_coding(TWO), longer_than_ms=10) == ()


def test_differences_of_sets_of_codes_name_the_sets() -> None:
    coding = a_coding({"one": [(0, 50, "a"), (0, 40, "c")], "two": [(0, 50, "a")]}, exclusive=False)
    (only,) = time_differences(coding)
    assert (only.start_ms, only.end_ms, only.codes) == (0, 40, {"one": ("a", "c"), "two": ("a",)})


@given(codings(n_coders=3))
@settings(max_examples=20, deadline=None)
def test_two_coders_differ_for_exactly_the_time_on_which_they_do_not_agree(coding: SpanCoding) -> None:
    two = coding.of_coders("coder 0", "coder 2")
    agreement = span_estimates(two, None, Draws(0))[0]
    total = sum(each.duration_ms for each in coding.recordings)
    differing = sum(each.end_ms - each.start_ms for each in time_differences(two))
    assert agreement.value == pytest.approx(1 - differing / total)
    labels, table = duration_table(coding, "coder 0", "coder 2")
    assert (table.sum(), np.trace(table)) == (total, total - differing)
    assert labels == ("a", "b", "c", "none")


def test_the_cross_table_of_events_leaves_the_impossible_cell_empty() -> None:
    labels, table = event_table(a_coding(TWO), "one", "two", Matching())
    expected = np.zeros((4, 4))
    expected[0, 0] = expected[1, 2] = 1  # a with a; b with c
    expected[3, 3] = np.nan
    np.testing.assert_array_equal(table, expected)
    assert labels[-1] == "none"
    _, strict = event_table(a_coding(TWO), "one", "two", Matching(overlap=0.6))
    assert (strict[1, 3], strict[3, 2]) == (1, 1)  # now each misses the other's


def test_missed_and_differently_coded_events_are_listed() -> None:
    found = event_differences(a_coding(TWO), Matching())
    assert [(each.start_ms, each.end_ms, each.codes) for each in found] == [
        (60, 80, {"one": ("b",), "two": ("c",)})
    ]
    (missed,) = event_differences(moments({"one": [5, 50], "two": [6]}, 100), Matching("onset", 2))
    assert (missed.recording, missed.start_ms, missed.end_ms) == (0, 50, 50)
    assert missed.codes == {"one": ("a",), "two": ()}


def test_durations_of_moments_are_refused() -> None:
    coding = moments({"one": [5], "two": [6]}, 100)
    for call in (lambda: time_differences(coding), lambda: duration_table(coding, "one", "two")):
        with pytest.raises(InputError, match=r"length|durations"):
            call()
