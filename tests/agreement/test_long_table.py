"""The long table: what is read, what is refused with line and column, what is written."""

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding_app.errors import TableError
from coding_app.exchange.csv_columns import read_columns
from coding_app.exchange.long_table import LongRow, read_long_table, write_long_table

GOOD = "unit,coder,value\nu1,A,1\nu1,B,2\n"


@pytest.fixture
def table(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(content: str | bytes) -> Path:
        path = tmp_path / "codes.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_optional_columns_may_be_absent_and_others_are_ignored(table) -> None:  # type: ignore[no-untyped-def]
    found = read_long_table(table("remark,coder,Unit , value\nx,A,u1, yes \n\ny,B,u1,no\n"))
    assert found.rows == [LongRow("u1", "A", "yes"), LongRow("u1", "B", "no")]
    assert [found.file.line_of(row) for row in range(2)] == [2, 4]


def test_all_columns_are_read(table) -> None:  # type: ignore[no-untyped-def]
    text = "unit,coder,value,session,criterion,start_ms,end_ms\nu1,A,1,s1,rupture,0,1500\n"
    assert read_long_table(table(text)).rows == [LongRow("u1", "A", "1", "s1", "rupture", 0, 1500)]


def test_quotes_spaces_line_breaks_and_other_scripts_survive(table) -> None:  # type: ignore[no-untyped-def]
    text = (
        'unit,coder,value\r\n"u,1",Ольга,"said ""no"""\r\n"u,1",李,"two\nlines"\r\n"u,1",e\u0301va,共情\r\n'
    )
    found = read_long_table(table("\ufeff" + text))
    assert [row.value for row in found.rows] == ['said "no"', "two\nlines", "共情"]
    assert [row.coder for row in found.rows] == ["Ольга", "李", "\u00e9va"]
    assert [found.file.line_of(row) for row in range(3)] == [2, 3, 5]


def test_the_same_judgement_twice_is_no_contradiction(table) -> None:  # type: ignore[no-untyped-def]
    assert len(read_long_table(table(GOOD + "u1,A,1\n")).rows) == 3
    assert len(read_long_table(table(GOOD + "u1,A,1.0\n"), level="interval").rows) == 3
    codes = "unit,coder,value\nu1,A,a|b\nu1,A,b | a\n"
    assert len(read_long_table(table(codes), multiple=True).rows) == 2


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("", {}, "codes.csv is empty"),
        ("\n\n", {}, "codes.csv is empty"),
        ("unit,coder,value\n", {}, "no rows"),
        ("unit,coder\nu1,A\n", {}, "line 1: column 'value' is missing"),
        ("u1,A,1\nu1,B,1\n", {}, "column 'unit' is missing"),
        ("unit;coder;value\nu1;A;1\n", {}, "not separated by commas"),
        ("unit,coder,value,value\nu1,A,1,1\n", {}, "'value' appears twice"),
        (GOOD + "u2,A\n", {}, "Line 4: 2 fields, but the header has 3"),
        (GOOD + "u2,A,1,extra\n", {}, "Line 4: 4 fields"),
        (GOOD + ",A,1\n", {}, "Line 4, column 'unit' is empty"),
        (GOOD + "u2, ,1\n", {}, "Line 4, column 'coder' is empty"),
        (GOOD + "u1,A,2\n", {}, "Lines 2 and 4, column 'value': one coder has two different values"),
        (GOOD + "u2,A,much\n", {"level": "interval"}, "Line 4, column 'value': 'much' is not a number"),
        (GOOD + 'u2,A,"2,5"\n', {"level": "ordinal"}, "write 2.5"),
        (GOOD + "u2,A,nan\n", {"level": "ratio"}, "Line 4, column 'value'"),
        (GOOD + "u2,A,inf\n", {"level": "interval"}, "Line 4, column 'value'"),
        (GOOD, {"level": "cardinal"}, "Level 'cardinal' is not known"),
        (GOOD, {"level": "interval", "multiple": True}, "are nominal"),
        ('unit,coder,value\nu1,A,"1\nu1,B,2\n', {}, "line 2: not a CSV record"),
        ("unit,coder,value,start_ms\nu1,A,1,1.5\n", {}, "Line 2, column 'start_ms'"),
        (
            "unit,coder,value,start_ms,end_ms\nu1,A,1,9,5\n",
            {},
            "Line 2, column 'end_ms': the end lies before",
        ),
        ("unit,coder,value\nu1,A,\0\n", {}, "line 2: not a CSV text file"),
        (GOOD.encode() + "u2,A,Mühe\n".encode("latin-1"), {}, "line 4: not UTF-8"),
        (GOOD.encode("utf-16"), {}, "not UTF-8"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_the_place(table, text, options, message) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(TableError) as refused:
        read_long_table(table(text), **options)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_or_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="does not exist"):
        read_long_table(tmp_path / "none.csv")
    with pytest.raises(TableError, match="could not be read"):
        read_long_table(tmp_path)


def test_a_coders_name_is_not_in_the_error(table) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(TableError) as refused:
        read_long_table(table("unit,coder,value\nu1,Anna Koch,1\nu1,Anna Koch,2\n"))
    assert "Anna" not in str(refused.value)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=8).map(
    str.strip
)
NFC = WORDS.map(lambda word: unicodedata.normalize("NFC", word).strip()).filter(bool)
ROWS = st.lists(
    st.builds(
        LongRow,
        NFC,
        NFC,
        NFC,
        NFC,
        NFC,
        st.none() | st.integers(0, 9),
        st.none() | st.integers(9, 99),
        st.none(),
        st.sampled_from(["", "yes", "no"]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda row: (row.unit, row.coder),
)


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back(tmp_path_factory, rows) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("table") / "codes.csv"
    path.write_text(write_long_table(rows), encoding="utf-8", newline="")
    assert read_long_table(path).rows == rows


def test_codings_that_are_not_blind_are_counted_by_observer_and_session(tmp_path: Path) -> None:
    rows = [
        LongRow(f"u{n}", coder, "1", session, blind="no" if (coder, session) == ("A", "s2") else "yes")
        for n in range(3)
        for coder in "AB"
        for session in ("s1", "s2")
    ]
    path = tmp_path / "codes.csv"
    path.write_text(write_long_table(rows), encoding="utf-8")
    assert read_long_table(path).not_blind() == (1, 4)
    path.write_text(write_long_table([each._replace(blind="") for each in rows]), encoding="utf-8")
    assert read_long_table(path).not_blind() == (0, 4)


@given(st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_confidence_is_written_in_full_and_read_when_it_is_asked_for(tmp_path_factory, given) -> None:  # type: ignore[no-untyped-def]
    rows = [LongRow(f"u{n}", coder, "1", confidence=each) for n, each in enumerate(given) for coder in "AB"]
    path = tmp_path_factory.mktemp("table") / "codes.csv"
    path.write_text(write_long_table([*rows, LongRow("last", "A", "1", confidence=0.5)]), encoding="utf-8")
    assert read_long_table(path, confidence=True).rows[:-1] == rows
    assert {each.confidence for each in read_long_table(path).rows} == {None}


SURE = "unit,coder,value,confidence\nu1,A,1,0.5\nu1,B,2,"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD, "codes.csv, line 1: column 'confidence' is missing"),
        (SURE + "4\n", "Line 3, column 'confidence': '4' is not a number from 0 to 1"),
        (SURE + "nan\n", "Line 3, column 'confidence': 'nan' is not a number from 0 to 1"),
        (SURE + "high\n", "Line 3, column 'confidence': 'high' is not a number from 0 to 1"),
        (
            SURE + "0.6\n",
            "Lines 2 and 3, column 'confidence': the same unit has two different ones; keep one",
        ),
    ],
)
def test_a_confidence_that_cannot_be_used_is_refused_only_when_it_is_asked_for(table, text, message) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(TableError) as refused:
        read_long_table(table(text), confidence=True)
    assert message in str(refused.value)
    assert len(read_long_table(table(text)).rows) == 2


def test_columns_that_no_row_uses_are_not_written() -> None:
    assert write_long_table([LongRow("u1", "A", "x|y")]) == "unit,coder,value\nu1,A,x|y\n"
    assert write_long_table([LongRow("u1", "A", "", start_ms=0)]) == "unit,coder,value,start_ms\nu1,A,,0\n"


def test_an_error_on_the_last_line_of_a_hundred_megabytes_is_found(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    block = "".join(
        f"{'x' * 2000}{unit},{coder},{unit % 5}\n" for unit in range(250) for coder in "AB"
    ).encode()
    n_blocks = 100_000_000 // len(block) + 1
    with path.open("wb") as file:
        file.write(b"unit,coder,value\n")
        for _ in range(n_blocks):
            file.write(block)
    with path.open("ab") as file:
        file.write(b"u2,A\n")
    with pytest.raises(TableError, match=f"Line {n_blocks * 500 + 2}: 2 fields"):
        read_long_table(path)
    with path.open("ab") as file:
        file.write(b"\xff\n")
    with pytest.raises(TableError, match=f"line {n_blocks * 500 + 3}: not UTF-8"):
        read_long_table(path)


def test_lines_are_counted_past_empty_rows_and_line_breaks_in_quotes(table) -> None:  # type: ignore[no-untyped-def]
    text = 'unit,coder,value\n\nu1,A,"one\ntwo"\n,,\n  \nu1,B,x\nu2,,x\n'
    with pytest.raises(TableError, match="Line 8, column 'coder' is empty"):
        read_long_table(table(text))
    assert len(read_long_table(table(text.replace("u2,,x\n", ""))).rows) == 2


def test_errors_far_down_name_the_same_place_as_errors_near_the_top(table) -> None:  # type: ignore[no-untyped-def]
    rows = [f"u{unit},{coder},{unit % 3}\n" for unit in range(2000) for coder in "AB"]
    for line, row in ((3, "u0,A,9\n"), (4000, "u0,A,9\n"), (4001, "u1999,B,much\n")):
        text = "".join(["unit,coder,value\n", *rows[: line - 2], row, *rows[line - 2 :]])
        with pytest.raises(TableError, match=f"{line}, column 'value'"):
            read_long_table(table(text), level="interval")


@given(
    st.lists(
        st.tuples(
            *[st.sampled_from(["a", " a ", "\u00e9", "e\u0301", "", '"q"', "b,c", "b\nc", "1", "1.0"])] * 3
        ),
        max_size=30,
    )
)
@settings(max_examples=60, deadline=None)
def test_columns_hold_the_trimmed_fields_of_the_csv_module(tmp_path_factory, rows) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("columns") / "codes.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("unit", "coder", "value"), *rows])
    kept = [row for row in rows if any(map(str.strip, row))]
    found = read_columns(path, ("unit", "coder", "value"), ())
    for position, name in enumerate(("unit", "coder", "value")):
        column = found.columns[name]
        expected = [unicodedata.normalize("NFC", row[position]).strip() for row in kept]
        assert [column.labels[code] for code in column.codes] == expected
        assert len(set(column.labels)) == len(column.labels)
