"""From a CSV file of any tool to coefficients: the command's logic, and the same for pandas tables."""

import json
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pandas as pd
import pytest

from coding_app import agreement
from coding_app.errors import InputError, TableError
from coding_app.exchange.long_table import LongRow, write_long_table
from coding_app.workflows.agreement_of_table import as_json, as_text, assess_file
from tests.agreement.test_agreement_published_tables import KRIPPENDORFF_2011

ESTIMATE_KEYS = [
    "statistic", "value", "low", "high", "confidence", "interval_method", "n_units", "n_pairable", "note",
]  # fmt: skip


def rows_of(values: list[list[Any]], criterion: str = "", per_session: int = 4) -> list[LongRow]:
    return [
        LongRow(f"u{unit}", f"c{coder}", str(value), f"s{unit // per_session}", criterion)
        for unit, row in enumerate(values)
        for coder, value in enumerate(row)
        if value is not None
    ]


def write(path: Path, rows: list[LongRow]) -> Path:
    path.write_text(write_long_table(rows), encoding="utf-8", newline="")
    return path


@pytest.fixture
def worked_example(tmp_path: Path) -> Path:
    return write(tmp_path / "codes.csv", rows_of(KRIPPENDORFF_2011, "rupture"))


def test_the_json_object_has_the_agreed_shape(worked_example: Path) -> None:
    found = as_json(assess_file(worked_example))
    (criterion,) = json.loads(json.dumps(found, allow_nan=False))["criteria"]
    head = {"criterion": "rupture", "level": "nominal", "n_units": 12, "n_coders": 4, "n_sessions": 3}
    assert {key: criterion[key] for key in head} == head
    assert criterion["n_pairable_sessions"] == 3
    assert [each["n_units"] for each in criterion["prevalence"]] == [9, 10, 11, 11]
    assert "Only 3 sessions" in criterion["warnings"][0]
    assert all(list(estimate)[: len(ESTIMATE_KEYS)] == ESTIMATE_KEYS for estimate in criterion["estimates"])
    alpha = next(each for each in criterion["estimates"] if each["statistic"] == "krippendorff_alpha")
    assert alpha["value"] == pytest.approx(0.743, abs=5e-4)
    assert (alpha["n_units"], alpha["n_pairable"], alpha["confidence"], alpha["note"]) == (11, 40, 0.95, None)
    assert alpha["interval_method"] == "bootstrap over sessions, 1000 replicates"
    assert alpha["low"] < alpha["value"] < alpha["high"]
    assert (alpha["n_coders"], alpha["n_sessions"], alpha["method"]) == (
        4,
        3,
        "Krippendorff's alpha, nominal",
    )
    assert [each["kind"] for each in alpha["intervals"]] == ["percentile", "bca"]
    assert alpha["conventions"] == [
        {
            "convention": "Krippendorff 2004",
            "for_value": "tentative conclusions only",
            "for_low": "not reliable enough",
        }
    ]


def test_the_file_gives_what_krippendorff_gives_for_the_array(worked_example: Path) -> None:
    data = np.array(KRIPPENDORFF_2011, dtype=float).T
    for level in agreement.LEVELS:
        found = assess_file(worked_example, level=level, replicates=0)[0].estimate("krippendorff_alpha")
        assert found is not None
        assert found.value == pytest.approx(krippendorff.alpha(data, level_of_measurement=level), abs=1e-12)


def test_every_printed_statistic_is_documented(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs/reference/agreement.md").read_text("utf-8")
    printed: set[str] = set()
    for n_coders in (2, 3):
        values = [[(unit + coder) % 2 for coder in range(n_coders)] for unit in range(5)] + [[1] * n_coders]
        path = write(tmp_path / "codes.csv", rows_of(values))
        runs = [assess_file(path, level=level, replicates=0) for level in agreement.LEVELS]
        runs.append(assess_file(path, multiple=True, replicates=0))
        printed |= {each.statistic for run in runs for found in run for each in found.estimates}
    assert len(printed) >= 18
    assert {key for key in printed if f"`{key}`" not in text} == set()


def test_criteria_are_assessed_one_by_one(tmp_path: Path) -> None:
    rows = rows_of([[1, 1], [2, 2], [1, 2]], "empathy") + rows_of([["a", "b"], ["b", "b"]], "rupture")
    found = assess_file(write(tmp_path / "codes.csv", rows))
    assert [(each.criterion, each.n_units) for each in found] == [("empathy", 3), ("rupture", 2)]


def test_units_of_different_sessions_with_the_same_name_are_different_units(tmp_path: Path) -> None:
    rows = [
        LongRow("s-1", coder, value, session) for session, value in (("a", "1"), ("b", "2")) for coder in "xy"
    ]
    (found,) = assess_file(write(tmp_path / "codes.csv", rows))
    assert (found.n_units, found.n_sessions) == (2, 2)


def test_several_codes_per_unit_give_set_alpha_and_every_code(tmp_path: Path) -> None:
    values = [["e|r", "r | e"], ["", ""], ["e", "e|r"], ["r", "r"]]
    found = assess_file(write(tmp_path / "codes.csv", rows_of(values, "talk")), multiple=True, replicates=0)
    assert [each.criterion for each in found] == ["talk", "talk: e", "talk: r"]
    percent = [each.estimate("percent_agreement").value for each in found]  # type: ignore[union-attr]
    assert percent == [0.75, 1.0, 0.75]
    assert found[0].estimate("krippendorff_alpha_jaccard").value == pytest.approx(  # type: ignore[union-attr]
        agreement.krippendorff_alpha_jaccard(
            [[{"e", "r"}, {"r", "e"}], [set(), set()], [{"e"}, {"e", "r"}], [{"r"}] * 2]
        )
    )


def test_unmarked_units_are_missing_or_absent_as_stated(tmp_path: Path) -> None:
    values = [[1, 1], [1, None], [None, 1], [1, 1]]
    path = write(tmp_path / "codes.csv", rows_of(values))
    missing = assess_file(path, unmarked="missing", replicates=0)[0]
    absent = assess_file(path, unmarked="absent", replicates=0)[0]
    assert missing.estimate("percent_agreement").n_units == 2  # type: ignore[union-attr]
    assert absent.estimate("percent_agreement").value == 0.5  # type: ignore[union-attr]
    assert absent.estimate("positive_agreement").value == pytest.approx(4 / 6)  # type: ignore[union-attr]


def test_absent_does_not_reach_into_sessions_that_a_coder_did_not_code(tmp_path: Path) -> None:
    only_one_coder = [LongRow("u1", "c0", "r", "s1")]
    shared = [LongRow("u0", "c0", "e", "s0"), LongRow("u0", "c1", "e", "s0"), LongRow("u2", "c1", "e", "s0")]
    rows = shared + only_one_coder
    (found, *_) = assess_file(
        write(tmp_path / "codes.csv", rows), multiple=True, unmarked="absent", replicates=0
    )
    percent = found.estimate("percent_agreement")
    assert percent is not None
    assert (percent.n_units, percent.value) == (2, 0.5)


def test_empty_values_are_counted_and_named(tmp_path: Path) -> None:
    rows = [*rows_of([["e", "e"], ["r", "e"]]), LongRow("u9", "c0", "")]
    (found,) = assess_file(write(tmp_path / "codes.csv", rows))
    assert "Rows without a value: 1, treated as missing" in found.warnings


def test_yes_and_no_are_read_as_present_and_absent(tmp_path: Path) -> None:
    path = write(tmp_path / "codes.csv", rows_of([["Yes", "Yes"], ["No", "Yes"], ["No", "No"]]))
    (found,) = assess_file(path, replicates=0)
    assert found.estimate("positive_agreement").value == pytest.approx(2 / 3)  # type: ignore[union-attr]
    assert found.prevalence[0].shares == pytest.approx({"No": 2 / 3, "Yes": 1 / 3})


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        ([LongRow("u1", "A", "1"), LongRow("u2", "A", "1")], {}, "only one coder"),
        ([LongRow("u1", "A", "1"), LongRow("u2", "B", "1")], {}, "no unit was judged by two coders"),
        (
            [LongRow("u1", "A", "1", criterion="x"), LongRow("u1", "A", "1", criterion="y")],
            {},
            "Criterion 'x'",
        ),
        (rows_of([[-1, 1], [1, 1]]), {"level": "ratio"}, "zero or more"),
        (rows_of([[1, 1]]), {"unmarked": "zero"}, "missing or absent"),
        (rows_of([[1, 1]]), {"confidence": 95}, "between 0 and 1"),
        (rows_of([[1, 1]]), {"replicates": -5}, "0 or more"),
    ],
)
def test_what_cannot_be_assessed_is_refused(
    tmp_path: Path, rows: list[LongRow], options: Any, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        assess_file(write(tmp_path / "codes.csv", rows), **options)


def test_the_text_names_every_statistic_value_warning_and_coder(worked_example: Path) -> None:
    text = as_text(assess_file(worked_example))
    for part in (
        "rupture (nominal): 12 units, 4 coders, 3 session(s)",
        "krippendorff_alpha",
        "0.743",
        "95 %",
        "c3 (11",
    ):
        assert part in text
    assert "Only 3 sessions" in text
    assert max(map(len, text.splitlines())) <= 110


def test_the_text_says_undefined_and_why_and_survives_square_brackets(tmp_path: Path) -> None:
    path = write(tmp_path / "codes.csv", rows_of([["[/b] same", "[/b] same"]] * 3, "[bold]"))
    text = as_text(assess_file(path))
    assert "[bold] (nominal)" in text
    assert "undefined" in text
    assert "without variation" in " ".join(text.split())


def test_a_pandas_table_gives_the_same(worked_example: Path) -> None:
    table = pd.read_csv(worked_example)
    assert agreement.assess_table(table, level="ordinal") == assess_file(worked_example, level="ordinal")


def test_missing_values_of_pandas_are_missing_and_empty_sets_are_not() -> None:
    rows = {"unit": [1, 1, 2, 2, 3, 3], "coder": list("ABABAB")}
    numbers = pd.DataFrame(rows | {"value": pd.array([1, 1, 2, None, 2, 2], dtype="Int64")})
    (found,) = agreement.assess_table(numbers, level="ordinal", replicates=0)
    assert found.estimate("krippendorff_alpha").n_pairable == 4  # type: ignore[union-attr]
    sets = pd.DataFrame(rows | {"value": ["e", "e", None, "e", float("nan"), None]})
    whole, _ = agreement.assess_table(sets, multiple=True, replicates=0)
    assert whole.estimate("percent_agreement").value == pytest.approx(2 / 3)  # type: ignore[union-attr]


def test_a_pandas_table_without_a_column_or_with_contradictions_is_refused() -> None:
    with pytest.raises(TableError, match="no column 'coder'"):
        agreement.assess_table(pd.DataFrame({"unit": [1], "value": [1]}))
    with pytest.raises(TableError, match="two different values"):
        agreement.assess_table(pd.DataFrame({"unit": [1, 1, 1], "coder": list("AAB"), "value": [1, 2, 2]}))
    with pytest.raises(TableError, match="needs numbers"):
        agreement.assess_table(
            pd.DataFrame({"unit": [1, 1], "coder": list("AB"), "value": ["low", "high"]}), level="ordinal"
        )
