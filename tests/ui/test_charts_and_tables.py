"""What the Agreement page draws: tables with their notes, the chart of intervals; and how things are written."""

import re
from dataclasses import replace

import altair as alt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding_app.agreement import Assessment, assess, assess_sets
from coding_app.ui import charts
from coding_app.ui.parts import statistics
from coding_app.ui.parts.words import how_long, number, plain

CODED = statistics.COLUMNS["Codes"](2)


def an_assessment(values: list[list[float]]) -> Assessment:
    return assess(
        values, coders=["A", "B"], categories=[0, 1], labels=["absent", "present"], replicates=50, seed=1
    )


def test_a_reason_is_told_once_however_many_dashes_it_explains() -> None:
    notes = statistics.Notes()
    nothing = an_assessment([[0, 0]] * 5)
    rows = [
        statistics.agreement_row(label, nothing, CODED, ["A", "B"], notes, "part", ())
        for label in ("one", "two")
    ]
    html = statistics.table(["Code"], rows, notes, "Agreement")
    assert html.count("without variation alpha is undefined") <= 1
    assert rows[0].cells[0] == "–<sup>1</sup>"
    assert rows[1].cells[0] == "–<sup>1</sup>"


def test_a_name_given_by_a_person_cannot_become_markup() -> None:
    row = statistics.agreement_row(
        "<b>x</b>", an_assessment([[0, 1], [1, 1]]), CODED, ["A"], statistics.Notes(), "part", ()
    )
    html = statistics.table(["Code", "<script>"], [row], statistics.Notes(), 'a "caption"')
    assert "<script>" not in html
    assert "<b>x" not in html
    assert "&quot;caption&quot;" in html


def test_a_warning_that_holds_for_every_row_is_taken_out_of_the_rows() -> None:
    one = replace(an_assessment([[0, 1], [1, 1]]), warnings=("few sessions", "rare"))
    other = replace(one, warnings=("few sessions",))
    assert statistics.common_warnings([one, other]) == ("few sessions",)


def test_the_share_of_a_coder_is_how_often_they_gave_the_code() -> None:
    assert statistics.marked_share(an_assessment([[1, 0], [0, 0], [1, 1], [0, 0]]), "A") == "50 %"
    assert statistics.marked_share(an_assessment([[1, 0], [0, 0], [1, 1], [0, 0]]), "B") == "25 %"


def test_a_unit_without_a_code_is_not_counted_as_coded_where_several_codes_are_allowed() -> None:
    sets = [[{"a", "b"}, {"a"}], [set(), {"b"}], [set(), None], [{"a"}, set()]]
    assessment = assess_sets(sets, coders=["A", "B"], replicates=0)
    assert statistics.marked_share(assessment, "A") == "50 %"
    assert statistics.marked_share(assessment, "B") == "67 %"


def _of_sessions(n_sessions: int) -> Assessment:
    units = [[1, 1], [0, 0], [1, 0], [0, 0], [1, 1]]
    sessions = [number for number in range(n_sessions) for _ in units]
    return assess(units * n_sessions, sessions=sessions, categories=[0, 1], replicates=50, seed=1)


@pytest.mark.parametrize(("n_sessions", "shown"), [(1, True), (2, False), (3, True)])
def test_no_interval_is_shown_when_two_sessions_were_resampled(n_sessions: int, shown: bool) -> None:
    notes, found = statistics.Notes(), _of_sessions(n_sessions)
    cell = statistics.range_cell(statistics.main_of(found), notes, found.n_sessions)
    assert (" to " in cell) == shown
    assert ("too few sessions for an interval" in notes.sentences) != shown


def test_left_out_resamples_are_told_under_an_interval_that_is_shown() -> None:
    rare = assess([[1, 1], [0, 1]] + [[0, 0]] * 8, categories=[0, 1], replicates=200, seed=1)
    notes = statistics.Notes()
    row = statistics.agreement_row("rare", rare, CODED, ["coder 1"], notes, "part", rare.warnings)
    assert " to " in row.cells[1]
    assert "replicates had no value and were left out" in notes.sentences[0]
    assert row.cells[1].endswith("<sup>1</sup>")


def test_every_bar_of_the_chart_has_its_own_line_and_the_scale_reaches_the_lowest() -> None:
    bars = [charts.IntervalBar("one", "g", 0.5, -0.23, 0.8), charts.IntervalBar("two", "g", 0.9, None, None)]
    drawn = charts.interval_bars(bars, "Alpha", (0.667, 0.8)).to_dict()
    x = next(layer["encoding"]["x"] for layer in drawn["layer"] if "y" in layer["encoding"])
    assert x["scale"]["domain"] == [-0.3, 1.0]
    assert drawn["height"] >= 2 * charts.ROW_HEIGHT_PX


def test_an_undefined_pair_is_an_empty_place_of_the_map_and_numbers_stay_readable() -> None:
    cells = pd.DataFrame(
        [{"row": "A", "column": "B", "value": 0.9}, {"row": "B", "column": "A", "value": None}]
    )
    drawn = charts.heat_map(cells, ["A", "B"], ["A", "B"], "Alpha", diverging=True).to_dict()
    (values,) = drawn["datasets"].values()
    assert [each["value"] for each in values] == [0.9]
    words = drawn["layer"][1]["encoding"]
    assert words["color"]["condition"]["value"] == "#ffffff"
    assert words["y"]["sort"] == ["A", "B"]


def test_a_line_below_zero_is_inside_the_chart() -> None:
    points = pd.DataFrame(
        [("2026-03-02", "A", -0.31), ("2026-03-03", "A", 0.5)], columns=["x", "name", "value"]
    )
    drawn = charts.lines(points, alt.X("x:T"), "Alpha").to_dict()
    assert drawn["layer"][0]["encoding"]["y"]["scale"]["domain"] == [-0.4, 1.0]


@given(st.text())
def test_plain_text_keeps_every_letter_and_escapes_every_sign_of_markdown(text: str) -> None:
    pieces = re.findall(r"\\(.)|([^\\])", plain(text), flags=re.DOTALL)
    assert "".join(escaped or free for escaped, free in pieces) == text
    assert not {free for _, free in pieces} & set("*_`[]<>$:#~")


@given(st.floats(0, 1e6))
def test_a_waiting_time_never_shows_seconds(seconds: float) -> None:
    assert how_long(seconds).startswith(("less than a minute", "about "))


@pytest.mark.parametrize(
    ("value", "shown"), [(0.7434, "0.74"), (-0.051, "−0.05"), (None, "–"), (1.0, "1.00")]
)
def test_numbers_are_rounded_only_for_reading(value: float | None, shown: str) -> None:
    assert number(value) == shown
