"""Which repair addresses which rupture."""

from collections.abc import Sequence

import numpy as np
import pytest

from coding_app.agreement import krippendorff_alpha_masi
from coding_app.agreement.estimate import Estimate
from coding_app.agreement.event_matching import Matching
from coding_app.agreement.links import Link, LinkedRecording, assess_links, link_statistics
from coding_app.agreement.session_statistics import Draws
from coding_app.agreement.stretches import CodedStretch

NO_DRAWS = Draws(replicates=0)
RUPTURES = {name: CodedStretch(100 * i, 100 * i + 50, "rupture") for i, name in enumerate("ABCD")}


def repair(number: int, targets: str) -> Link:
    source = CodedStretch(1_000 + 100 * number, 1_050 + 100 * number, "repair")
    return Link(source, tuple(RUPTURES[each] for each in targets))


def recording(session: str, *by_coder: Sequence[str]) -> LinkedRecording:
    """The targets of repairs 0, 1, 2 ... of each coder; "-" = this coder did not find the repair."""
    links = [tuple(repair(i, t) for i, t in enumerate(targets) if t != "-") for targets in by_coder]
    return LinkedRecording(session, 10_000, {f"coder {i}": each for i, each in enumerate(links)})


def found(*recordings: LinkedRecording, **options: Matching) -> dict[str, Estimate]:
    return {each.statistic: each for each in assess_links(recordings, draws=NO_DRAWS, **options)}


def test_links_of_two_coders_by_hand() -> None:
    # equal, equal, {A,B} and {A}: Jaccard 1/2, disjoint; the fifth repair only one coder found
    result = found(recording("s1", ["A", "", "AB", "C", "D"], ["A", "", "A", "D", "-"]))
    assert result["link_agreement"].value == pytest.approx(2 / 4)
    assert result["link_jaccard"].value == pytest.approx((1 + 1 + 0.5 + 0) / 4)
    assert result["link_agreement"].n_units == 4


def test_alpha_of_links_is_alpha_of_sets_with_the_ruptures_of_each_session_apart() -> None:
    sessions = [
        (["A", "", "AB", "C"], ["A", "", "A", "D"]),
        (["A", "B", "BC"], ["B", "B", "BCD"]),
    ]
    result = found(*(recording(f"s{i}", *both) for i, both in enumerate(sessions)))
    sets = [
        [frozenset(f"{i}{name}" for name in targets) for targets in row]
        for i, both in enumerate(sessions)
        for row in zip(*both, strict=True)
    ]
    assert result["link_alpha_masi"].value == pytest.approx(krippendorff_alpha_masi(sets), abs=1e-12)


def test_a_session_drawn_twice_counts_twice_with_the_same_ruptures() -> None:
    sessions = [(["A", "B"], ["A", "C"]), (["A", "BC"], ["AB", "BC"]), (["D", ""], ["C", ""])]
    drawn = [2, 0, 1]
    sets = [
        [frozenset(f"{i}{name}" for name in targets) for targets in row]
        for i, both in enumerate(sessions)
        for row in list(zip(*both, strict=True)) * drawn[i]
    ]
    recordings = [recording(f"s{i}", *both) for i, both in enumerate(sessions)]
    exact = Matching(overlap=1.0)
    weights = np.array([drawn], dtype=float)
    agreed, jaccard, alpha = (each.kernel(weights)[0] for each in link_statistics(recordings, exact, exact))
    assert alpha == pytest.approx(krippendorff_alpha_masi(sets), abs=1e-12)
    assert (agreed, jaccard) == (pytest.approx(3 / 6), pytest.approx(3 / 6))


def test_drawn_ruptures_are_matched_before_links_are_compared() -> None:
    one = Link(CodedStretch(500, 600, "r"), (CodedStretch(100, 200, "x"), CodedStretch(300, 400, "x")))
    two = Link(CodedStretch(520, 610, "q"), (CodedStretch(110, 210, "y"), CodedStretch(380, 480, "y")))
    drawn = LinkedRecording("s1", 1_000, {"one": (one,), "two": (two,)})
    assert found(drawn)["link_agreement"].value is None  # as exact times nothing is the same
    half = Matching(overlap=0.5)
    result = found(drawn, sources=half, targets=half)
    assert result["link_agreement"].value == 0.0
    assert result["link_jaccard"].value == pytest.approx(
        1 / 3
    )  # the first rupture is the same, the second not


def test_moments_are_the_same_when_they_start_near_enough() -> None:
    one = Link(CodedStretch(500, 500, "r"), (CodedStretch(100, 100, "x"),))
    two = Link(CodedStretch(520, 520, "r"), (CodedStretch(110, 110, "x"),))
    drawn = LinkedRecording("s1", 1_000, {"one": (one,), "two": (two,)})
    near = Matching("onset", 50)
    assert found(drawn, sources=near, targets=near)["link_agreement"].value == 1.0
    same = LinkedRecording("s1", 1_000, {"one": (one,), "two": (one,)})
    assert found(same)["link_agreement"].value == 1.0


def test_the_order_of_three_coders_does_not_matter() -> None:
    by_coder = [["A", "B", "-"], ["A", "BC", "D"], ["B", "B", "D"]]
    one, other = found(recording("s1", *by_coder)), found(recording("s1", *by_coder[::-1]))
    for key in one:
        assert one[key].value == pytest.approx(other[key].value)


def test_links_without_a_common_repair_or_without_variation_are_null_with_the_reason() -> None:
    apart = found(recording("s1", ["A", "-"], ["-", "A"]))
    assert all(each.value is None and "No repair" in str(each.note) for each in apart.values())
    alike = found(recording("s1", ["A", "A"], ["A", "A"]))
    assert alike["link_agreement"].value == 1.0
    assert (alike["link_alpha_masi"].value, alike["link_jaccard"].value) == (None, 1.0)
    assert "without variation" in str(alike["link_alpha_masi"].note)
    empty = found(recording("s1", ["", ""], ["", ""]))
    assert (empty["link_agreement"].value, empty["link_alpha_masi"].value) == (1.0, None)


def test_links_of_several_sessions_have_an_interval_that_contains_the_estimate() -> None:
    sessions = [recording(f"s{i}", ["A", "B", "CD"], ["A", "BC"[i % 2], "CD"]) for i in range(12)]
    for each in assess_links(sessions, draws=Draws(replicates=300, seed=3)):
        assert each.low is not None
        assert each.low <= each.value <= each.high  # type: ignore[operator]
        assert each.interval_method == "bootstrap over sessions, 300 replicates"
