"""Agreement by recognition confidence: numbers by hand, the same units in the groups as in the whole, reasons."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding_app.exchange.certificate import Parameters, Run
from coding_app.exchange.long_table import LongRow, read_long_table
from coding_app.workflows.confidence_groups import Group, groups_of_run, study_by_confidence
from coding_app.workflows.judgement_tables import long_table_csv
from coding_app.workflows.table_runs import assess_run, table_of_rows
from coding_app.workflows.wiring import App
from tests.agreement.test_agreement_published_tables import KRIPPENDORFF_2011
from tests.workflows.double_coded import given_a_study, unequally_recognised

QUICK = Parameters(replicates=0, seed=1, confidence=0.95)


def rows(units: Sequence[Sequence[object]], confidence: float | None, start: int = 0) -> list[LongRow]:
    """One session per four units; None = not judged."""
    return [
        LongRow(f"u{start + n}", f"c{m}", str(value), f"s{n // 4}", "empathy", confidence=confidence)
        for n, unit in enumerate(units)
        for m, value in enumerate(unit)
        if value is not None
    ]


def groups(table: list[LongRow], run: Run | None = None) -> dict[str, Group]:
    found = groups_of_run(table_of_rows(table), run or Run(), QUICK)
    return {each.key: each for each in found["empathy"]}


def value(group: Group, statistic: str = "krippendorff_alpha") -> float | None:
    assert group.assessment is not None
    estimate = group.assessment.estimate(statistic)
    assert estimate is not None
    return estimate.value


def test_groups_of_a_small_example_have_the_numbers_computed_by_hand() -> None:
    # Low: 8 of 10 units agree, each value given 10 times: alpha = 1 - (4/20) / (2 * 10 * 10 / (20 * 19)) = 0.62.
    low = rows([["a", "a"]] * 4 + [["b", "b"]] * 4 + [["a", "b"], ["b", "a"]], 0.6999)
    high = rows([["a", "a"], ["b", "b"]] * 5, 0.9, start=10)
    middle = rows([["a", "b"]] * 3, 0.7, start=20)
    unknown = rows([["a", "a"]] * 10, None, start=30)
    found = groups([*high, *unknown, *low, *middle])
    assert list(found) == ["low", "middle", "high", "unknown"]
    assert value(found["low"]) == pytest.approx(0.62)
    assert value(found["low"], "percent_agreement") == pytest.approx(0.8)
    assert value(found["high"]) == 1
    assert (found["middle"].n_units, found["middle"].assessment) == (3, None)
    assert found["middle"].note == "Only 3 units here that two observers judged; a coefficient needs 10"
    assert value(found["unknown"]) is None  # all the same: undefined, and the estimate says why
    assert "variation" in str(found["unknown"].assessment.estimate("krippendorff_alpha").note)  # type: ignore[union-attr]


def test_a_group_with_a_published_table_has_its_published_alpha() -> None:
    disturbing = rows([["1", "2"], ["2", "3"]] * 10, 0.1, start=50)
    found = groups([*disturbing, *rows(KRIPPENDORFF_2011, 0.95)])
    assert value(found["high"]) == pytest.approx(0.743, abs=5e-4)
    assert found["high"].n_units == 11  # one of the twelve was judged once


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("ab") | st.none(), st.none() | st.floats(0, 1)),
        min_size=12,
        max_size=60,
    ).filter(lambda units: any(second for _, second, _ in units)),
    st.sampled_from(["missing", "absent"]),
)
@settings(max_examples=40, deadline=None)
def test_every_unit_is_in_exactly_one_group(units, unmarked) -> None:  # type: ignore[no-untyped-def]
    table = [each for n, (a, b, sure) in enumerate(units) for each in rows([[a, b]], sure, start=n)]
    run = Run(unmarked=unmarked)
    (whole,) = assess_run(table_of_rows(table), run, QUICK)
    found = groups(table, run)
    assert sum(each.n_units for each in found.values()) == whole.estimate("percent_agreement").n_units  # type: ignore[union-attr]
    for each in found.values():
        assert (each.note is None) == (each.n_units >= 10) == (each.assessment is not None)


def test_one_group_with_all_units_has_the_numbers_of_the_whole() -> None:
    rng = np.random.default_rng(3)
    table = rows(rng.integers(1, 4, (40, 3)).tolist(), 0.5)
    run = Run(level="ordinal", categories=("1", "2", "3"), ratings=True)
    parameters = Parameters(replicates=100, seed=1, confidence=0.95)
    (whole,) = assess_run(table_of_rows(table), run, parameters)
    ((only,),) = groups_of_run(table_of_rows(table), run, parameters).values()
    assert only.assessment == whole


def test_several_codes_per_unit_are_grouped_as_a_whole_and_code_by_code() -> None:
    table = rows([["a|b", "a"], ["b", "b"]] * 6, 0.2) + rows([["b", "b"], ["", ""]] * 6, 0.95, start=12)
    found = groups_of_run(table_of_rows(table), Run(multiple=True), QUICK)
    assert list(found) == ["empathy", "empathy: a", "empathy: b"]
    low, high = found["empathy: a"]
    assert value(low, "percent_agreement") == 1
    assert (high.assessment, high.note) == (None, "Nobody gave this code here")


def test_a_study_is_grouped_by_the_words_of_its_segments_and_by_their_flags(app: App) -> None:
    study_id = given_a_study(app, n_sessions=3, segments=unequally_recognised())
    found = {each.name.key: each for each in study_by_confidence(app, study_id, None)}
    assert set(found) >= {"rupture", "empathy"}
    assert not {"bond", "goal", "task"} & set(found)  # one unit per session
    for grouped in found.values():
        assert sum(each.n_units for each in grouped.groups) == grouped.whole.n_units
        assert [each.key for each in grouped.groups] == ["low", "middle", "unknown"]
    rupture = found["rupture"]
    low = next(each for each in rupture.groups if each.key == "low")
    overlap, invented = rupture.flagged
    assert (overlap.key, invented.key) == ("overlap", "invented")
    assert overlap.n_units < low.n_units
    assert invented.note is not None
    assert invented.note.startswith("Only 3 units")


def test_the_long_table_of_a_study_carries_the_confidence_of_each_unit(app: App, tmp_path: Path) -> None:
    study_id = given_a_study(app, n_sessions=2, segments=unequally_recognised())
    path = tmp_path / "codes.csv"
    path.write_text(long_table_csv(app, study_id, None), "utf-8")
    assert path.read_text("utf-8").startswith(
        "unit,coder,value,session,criterion,start_ms,end_ms,confidence,blind\n"
    )
    by_segment = {row.unit[-6:]: row.confidence for row in read_long_table(path, confidence=True).rows}
    assert (by_segment["s-0002"], by_segment["s-0010"], by_segment["s-0016"]) == (0.25, 0.75, None)
    path.write_text(long_table_csv(app, study_id, None, "ratings"), "utf-8")
    whole = {row.confidence for row in read_long_table(path, confidence=True).rows}
    assert whole == {0.5}  # seven words of 0.25, seven of 0.75, six that do not count
