"""What may be said of a session, as text and as values, and when it does not go with what is known."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.session_details import (
    MAX_CASE_CODE,
    NOTHING_SAID,
    SessionDetails,
    check_number_free,
    check_same,
    read_details,
    session_details,
)
from coding_app.errors import InputError
from tests.builders import a_session

DAY = date(2026, 2, 14)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ((None, None, None), NOTHING_SAID),
        (("", " ", ""), NOTHING_SAID),
        ((" C-12\n", " 03 ", " 2026-02-14 "), SessionDetails("C-12", 3, DAY)),
        (("x" * MAX_CASE_CODE, "9999", "1900-01-01"), SessionDetails("x" * 64, 9999, date(1900, 1, 1))),
        ((None, "+1", "2024-02-29"), SessionDetails(None, 1, date(2024, 2, 29))),
    ],
)
def test_what_is_typed_is_read(
    typed: tuple[str | None, str | None, str | None], read: SessionDetails
) -> None:
    assert read_details(*typed) == read


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("x" * 65, None, None), "case code has 65 characters"),
        (("x" * 100_000, None, None), "case code has 100000 characters"),
        ((None, "0", None), "number is below 1"),
        ((None, "-3", None), "number is below 1"),
        ((None, "10000", None), "number is above 9999"),
        ((None, "9" * 100_000, None), "must be a whole number"),
        ((None, "three", None), "must be a whole number"),
        ((None, "1.5", None), "must be a whole number"),
        ((None, "1_0", None), "must be a whole number"),
        ((None, None, "14.02.2026"), "as year-month-day"),
        ((None, None, "2026-02-30"), "a day of the calendar"),
        ((None, None, "20260214"), "as year-month-day"),
        ((None, None, "2026-02-14T10:00"), "as year-month-day"),
        ((None, None, "0202-02-14"), "not between 1900 and 2099"),
        ((None, None, "2100-01-01"), "not between 1900 and 2099"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    typed: tuple[str | None, str | None, str | None], told: str
) -> None:
    with pytest.raises(InputError, match=told) as refused:
        read_details(*typed)
    assert str(refused.value).endswith(".")
    assert len(str(refused.value)) < 200


@given(*(st.none() | st.text() for _ in range(3)))
def test_any_text_is_read_or_refused_and_what_is_read_is_read_alike_again(
    case_code: str | None, number: str | None, held_on: str | None
) -> None:
    try:
        read = read_details(case_code, number, held_on)
    except InputError:
        return
    again = (str(read.number or ""), read.held_on.isoformat() if read.held_on else None)
    assert read_details(read.case_code, *again) == read
    assert session_details(read.case_code, read.number, read.held_on) == read


@pytest.mark.parametrize(
    "said", [NOTHING_SAID, SessionDetails("c-12"), SessionDetails(number=3), SessionDetails("C-12", 3, DAY)]
)
def test_saying_again_what_is_known_or_nothing_is_no_matter(said: SessionDetails) -> None:
    check_same(a_session("study", case_code="C-12", number=3, held_on=DAY), said)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (SessionDetails("C-13", 3, DAY), "another case code, or with none"),
        (SessionDetails("C-12", 4, DAY), "another number, or"),
        (SessionDetails(held_on=date(2026, 2, 15)), "another day, or"),
        (SessionDetails("C-13", 4), "another case code and another number, or"),
    ],
)
def test_saying_something_else_is_refused_and_named(said: SessionDetails, told: str) -> None:
    with pytest.raises(InputError, match=told):
        check_same(a_session("study", case_code="C-12", number=3, held_on=DAY), said)


def test_saying_something_of_a_session_of_which_nothing_is_known_is_refused() -> None:
    with pytest.raises(InputError, match="or with none"):
        check_same(a_session("study"), SessionDetails("C-12"))


def test_a_number_is_given_once_in_a_case_and_may_come_again_in_another() -> None:
    there = a_session("study", case_code="C-12", number=3)
    with pytest.raises(InputError, match="has the number 3"):
        check_number_free(a_session("study", case_code="c-12", number=3), [there])
    for free in (
        a_session("study", case_code="C-13", number=3),
        a_session("study", case_code="C-12", number=4),
        a_session("study", case_code="C-12"),
        a_session("study", number=3),
        there,
    ):
        check_number_free(free, [there, a_session("study", number=3)])
