"""What coding events add up to."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding_app.domain.coding import CodingEvent, check_open, fold
from coding_app.errors import SubmittedError
from tests.builders import NOON, a_pass, a_unit, an_event

EVENTS = st.lists(
    st.builds(
        lambda number, criterion, code, note: an_event(
            "pass", code, unit=a_unit(number), criterion=criterion, note=note
        ),
        st.integers(1, 3),
        st.sampled_from(["rupture", "empathy"]),
        st.sampled_from(["a", "b", None]),
        st.sampled_from([None, "a note"]),
    ),
    max_size=12,
)


def test_the_last_event_on_a_unit_and_criterion_counts_whatever_the_browsers_clock_says() -> None:
    first, second = an_event("pass", "a"), an_event("pass", "b", at=NOON.replace(year=2001))
    assert [held.codes[0].code for held in fold([first, second]).values()] == ["b"]


def test_clearing_leaves_nothing_but_a_note_stays() -> None:
    assert fold([an_event("pass"), an_event("pass", None)]) == {}
    noted = an_event("pass", None, note="Listen again.")
    assert [held.note for held in fold([an_event("pass"), noted]).values()] == ["Listen again."]


def test_a_rating_of_zero_is_a_judgement() -> None:
    assert [held.value for held in fold([an_event("pass", None, value=0)]).values()] == [0]


@settings(deadline=None)
@given(EVENTS)
def test_repeating_all_events_in_order_changes_nothing(events: list[CodingEvent]) -> None:
    assert fold([*events, *events]) == fold(events)


@settings(deadline=None)
@given(EVENTS, EVENTS)
def test_events_on_one_unit_leave_other_units_alone(
    events: list[CodingEvent], others: list[CodingEvent]
) -> None:
    moved = [replace(event, unit=a_unit(9)) for event in others]
    before = fold(events)
    assert {key: held for key, held in fold([*events, *moved]).items() if key[0] != "s-0009"} == before


def test_a_submitted_pass_takes_no_more_codes() -> None:
    coding_pass = a_pass("recording", "transcript", "coder")
    check_open(coding_pass)
    with pytest.raises(SubmittedError, match="submitted on 2026-11-22"):
        check_open(replace(coding_pass, submitted_at=NOON))
