"""What is missing before a pass can be submitted."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding_app.domain.coding import AppliedCode, CodingEvent, Judgement, fold
from coding_app.domain.gaps import GapsError, gaps
from coding_app.domain.rules import units_of
from coding_app.domain.scheme import Scheme
from coding_app.domain.transcript import Transcript
from coding_app.domain.units import Unit
from tests.builders import a_unit
from tests.domain.codings import (
    BLOCK,
    CLIENTS,
    CODES,
    LONG,
    NOT_APPLICABLE,
    SCHEME,
    TRANSCRIPT,
    coded,
    complete,
    drawn,
    evidence,
    rated,
    remark,
)

ALL_RATED = [rated("strain", 0, unit=BLOCK), rated("bond", 4), rated("goal", 4), rated("task", 4)]


def missing(*events: CodingEvent, scheme: Scheme = SCHEME, transcript: Transcript = TRANSCRIPT) -> list[str]:
    return [gap.sentence for gap in gaps(scheme, transcript, fold(events))]


def test_nothing_is_missing_when_all_is_rated_and_no_code_was_given() -> None:
    assert missing(*ALL_RATED) == []


def test_an_empty_pass_misses_every_rating_that_applies() -> None:
    assert missing() == [
        "Strain in this block from 0:00 to 0:16 is not rated; choose a value.",
        "Bond is not rated; choose a value.",
        "Goal is not rated; choose a value.",
        "Task is not rated; choose a value.",
    ]


def test_every_block_is_rated() -> None:
    found = [gap for gap in gaps(SCHEME, LONG, {}) if gap.criterion == "strain"]
    assert [(gap.unit, gap.sentence.split(" is ")[0]) for gap in found] == [
        ("b-0001", "Strain in this block from 0:00 to 5:00"),
        ("b-0002", "Strain in this block from 5:00 to 11:00"),
    ]


def test_the_attributes_that_are_missing_are_named_with_the_moment() -> None:
    event = coded(AppliedCode("rup_c_withdraw", {"certainty": 2}))
    mended = [rated("repair_success", 0), rated("therapist_part", 0)]
    assert missing(event, *ALL_RATED, *mended) == [
        "Client withdrawal at 0:04: choose 'how strong' and 'what it is about'."
    ]


def test_missing_attributes_come_in_the_order_of_time() -> None:
    events = [
        coded(AppliedCode("rup_c_withdraw"), unit=a_unit(4)),
        coded(AppliedCode("emp_c_received"), criterion="empathy"),
    ]
    found = [gap.unit for gap in gaps(SCHEME, TRANSCRIPT, fold(events))]
    assert found[:2] == ["s-0002", "s-0004"]


def test_repair_is_rated_only_when_there_was_a_rupture() -> None:
    withdrawal = coded("rup_c_withdraw")
    assert missing(withdrawal, *ALL_RATED) == [
        "Repair over the session is not rated; choose a value.",
        "Therapist's part in strain is not rated; choose a value.",
    ]
    assert missing(withdrawal, *ALL_RATED, rated("repair_success", 2), rated("therapist_part", 1)) == []


def test_a_rating_marked_as_not_applicable_is_missing_when_a_rupture_was_coded() -> None:
    marked = [rated(name, codes=NOT_APPLICABLE) for name in ("repair_success", "therapist_part")]
    assert missing(*ALL_RATED, *marked) == []
    assert missing(coded("rup_c_withdraw"), *ALL_RATED, *marked)[0] == (
        "Repair over the session is marked as not applicable, "
        "but 'Client withdrawal' was coded at 0:04; choose a value."
    )


def test_collected_evidence_is_no_rating() -> None:
    events = [event for event in ALL_RATED if event.criterion != "bond"]
    assert missing(*events, evidence("bond", "s-0001")) == ["Bond is not rated; choose a value."]
    assert missing(*events, evidence("bond", "s-0001", value=5)) == []


def test_a_rating_with_evidence_only_is_not_taken_for_one_that_does_not_apply() -> None:
    collected = evidence("repair_success", "s-0002")
    assert missing(*ALL_RATED, collected) == []
    found = missing(coded("rup_c_withdraw"), *ALL_RATED, collected, rated("therapist_part", 0))
    assert found == ["Repair over the session is not rated; choose a value."]


def test_a_remark_is_neither_a_code_nor_missing() -> None:
    criteria = (replace(SCHEME.criteria[0], exhaustive=True), *SCHEME.criteria[1:])
    scheme = replace(SCHEME, criteria=criteria)
    assert missing(REMARKED, *ALL_RATED, scheme=scheme) == missing(*ALL_RATED, scheme=scheme) != []


def test_a_note_is_no_rating() -> None:
    events = [event for event in ALL_RATED if event.criterion != "bond"]
    assert missing(*events, rated("bond", note="Hard to say.")) == ["Bond is not rated; choose a value."]


def rejoined(*links: str, unit: Unit = CLIENTS) -> CodingEvent:
    return coded(replace(complete("rep_c_rejoin"), links=links), unit=unit, criterion="repair")


RUPTURES = [coded("rup_c_withdraw"), coded("rup_c_confront", unit=a_unit(4))]
MENDED = [*ALL_RATED, rated("repair_success", 1), rated("therapist_part", 0)]
REMARKED = remark("flag", unit=a_unit(3))


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ((), [": link it to the moment that it answers."]),
        (("s-0002",), []),
        (("s-0002", "s-0002"), []),
        (("earlier_session",), []),
        (("s-0002", "earlier_session"), []),
        (("s-0001",), [" is linked to a moment where nothing is coded that it can answer; change the link."]),
        (("s-0003",), [" is linked to a moment where nothing is coded that it can answer; change the link."]),
        (("s-0004",), [" is linked to 0:12, which comes later; link it to the moment before it that it answers."]),
        ((drawn(1, 0).key,), [" is linked to a moment where nothing is coded that it can answer; change the link."]),
    ],
)  # fmt: skip
def test_a_repair_is_linked_to_a_rupture_that_is_coded_and_not_later(
    links: tuple[str, ...], said: list[str]
) -> None:
    found = missing(*RUPTURES, REMARKED, rejoined(*links), *MENDED)
    assert found == [f"Client rejoins at 0:04{sentence}" for sentence in said]


def test_a_link_that_is_not_required_may_be_left_out() -> None:
    scheme = replace(SCHEME, links=tuple(replace(link, required=False) for link in SCHEME.links))
    assert missing(rejoined(), *ALL_RATED, scheme=scheme) == []


def test_a_link_in_any_direction_may_lead_to_what_comes_later() -> None:
    scheme = replace(SCHEME, links=tuple(replace(link, direction="any") for link in SCHEME.links))
    assert missing(*RUPTURES, rejoined("s-0004"), *MENDED, scheme=scheme) == []


def test_a_link_to_one_moment_cannot_lead_to_two() -> None:
    scheme = replace(SCHEME, links=tuple(replace(link, cardinality="one") for link in SCHEME.links))
    at_the_end = rejoined("s-0002", "s-0004", unit=a_unit(4))
    assert missing(*RUPTURES, at_the_end, *MENDED, scheme=scheme) == [
        "Client rejoins at 0:12 is linked to several moments, but answers one; keep one link."
    ]
    assert missing(*RUPTURES, rejoined("s-0002", unit=a_unit(4)), *MENDED, scheme=scheme) == []


def test_an_exhaustive_criterion_asks_for_a_code_on_every_segment() -> None:
    criteria = (replace(SCHEME.criteria[0], exhaustive=True), *SCHEME.criteria[1:])
    found = missing(*ALL_RATED, scheme=replace(SCHEME, criteria=criteria))
    assert found == [f"Empathy at 0:{at:02}: choose a code." for at in (0, 4, 8, 12)]


def linked(code: str) -> tuple[str, ...]:
    return ("earlier_session",) if SCHEME.links_from(code) else ()


@settings(deadline=None)
@given(
    st.sets(
        st.tuples(st.sampled_from(sorted(code.id for code in SCHEME.codes)), st.integers(1, 4)), max_size=8
    )
)
def test_what_fills_every_gap_leaves_none(chosen: set[tuple[str, int]]) -> None:
    events = [
        coded(AppliedCode(code), unit=a_unit(number), criterion=CODES[code].criterion)
        for code, number in sorted(chosen)
    ]
    held = fold(events)
    units = {unit.key: unit for kind in SCHEME.units for unit in units_of(kind, TRANSCRIPT)}
    for gap in gaps(SCHEME, TRANSCRIPT, held):
        key, unit = (gap.unit, gap.criterion), units[gap.unit]
        if key in held:
            codes = tuple(replace(complete(each.code), links=linked(each.code)) for each in held[key].codes)
            held[key] = Judgement(unit, gap.criterion, codes)
        else:
            held[key] = Judgement(unit, gap.criterion, (), value=1)
    assert gaps(SCHEME, TRANSCRIPT, held) == ()


def test_the_error_of_gaps_carries_them_and_tells_the_first() -> None:
    found = gaps(SCHEME, TRANSCRIPT, {})
    error = GapsError(found)
    assert error.gaps == found
    assert "cannot be submitted yet: Strain in this block from 0:00" in str(error)
    assert "And 3 more." in str(error)
