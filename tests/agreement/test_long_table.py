"""The long table: what is read, what is refused with line and column, what is written."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding_app.errors import TableError
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
    assert found.lines == [2, 4]


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
    assert found.lines == [2, 3, 5]


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
NFC = WORDS.map(lambda word: __import__("unicodedata").normalize("NFC", word).strip()).filter(bool)
ROWS = st.lists(
    st.builds(
        LongRow, NFC, NFC, NFC, NFC, NFC, st.none() | st.integers(0, 9), st.none() | st.integers(9, 99)
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


def test_columns_that_no_row_uses_are_not_written() -> None:
    assert write_long_table([LongRow("u1", "A", "x|y")]) == "unit,coder,value\nu1,A,x|y\n"
    assert write_long_table([LongRow("u1", "A", "", start_ms=0)]) == "unit,coder,value,start_ms\nu1,A,,0\n"
