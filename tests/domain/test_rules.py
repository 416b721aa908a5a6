"""What an observer may say about a unit, and what is missing before submit."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding_app.domain.coding import AppliedCode, CodingEvent, Judgement, fold
from coding_app.domain.rules import (
    MAX_LINKS,
    MAX_NOTE,
    GapsError,
    check_event,
    code_fits,
    gaps,
    units_of,
)
from coding_app.domain.scheme import Scheme
from coding_app.domain.times import Span
from coding_app.domain.transcript import SPEAKER_ROLES, Transcript
from coding_app.domain.units import Unit
from coding_app.errors import CodingError
from coding_app.schemes import BUILT_IN, load_scheme
from tests.builders import a_segment, a_transcript, a_unit, an_event

SCHEME = load_scheme(BUILT_IN / "alliance-core.yaml")
CODES = {code.id: code for code in SCHEME.codes}
ATTRIBUTES: dict[str, int | str] = {"intensity": 2, "certainty": 1, "facet": "task", "outcome": 0}
TRANSCRIPT = a_transcript("recording", n_segments=4)  # 16 seconds; therapist and client take turns
LONG = replace(TRANSCRIPT, duration_ms=660_000)  # 11 minutes: two blocks, the last one of 6 minutes
SESSION = Unit("session", Span(0, 16_000))
BLOCK = Unit("b-0001", Span(0, 16_000))
CLIENTS, THERAPISTS = a_unit(2), a_unit(1)
NOT_APPLICABLE = (AppliedCode("not_applicable"),)


def complete(code: str) -> AppliedCode:
    """The code with a value for each of its attributes."""
    return AppliedCode(code, {name: ATTRIBUTES[name] for name in CODES[code].attributes})


def coded(
    *codes: AppliedCode | str, unit: Unit = CLIENTS, criterion: str = "rupture", **given: Any
) -> CodingEvent:
    applied = tuple(complete(code) if isinstance(code, str) else code for code in codes)
    return an_event("pass", unit=unit, criterion=criterion, codes=applied, **given)


def rated(rating: str, value: int | None = None, unit: Unit = SESSION, **given: Any) -> CodingEvent:
    return an_event("pass", **({"unit": unit, "criterion": rating, "codes": (), "value": value} | given))


def check(event: CodingEvent, scheme: Scheme = SCHEME, transcript: Transcript = TRANSCRIPT) -> None:
    check_event(event, scheme, transcript)


@pytest.mark.parametrize(
    ("code", "role", "fits"),
    [
        ("rup_c_withdraw", "client", True),
        ("rup_c_withdraw", "therapist", False),
        ("rup_t_withdraw", "client", False),
        ("rup_c_withdraw", "other", True),
        ("rup_c_withdraw", None, True),
    ],
)
def test_a_code_fits_the_speaker_of_its_role_and_anybody_unknown(
    code: str, role: str | None, fits: bool
) -> None:
    assert code_fits(CODES[code], role) is fits


@pytest.mark.parametrize("role", [*SPEAKER_ROLES, None])
def test_a_code_of_the_dyad_fits_everybody(role: str | None) -> None:
    assert code_fits(replace(CODES["rup_c_withdraw"], role="dyad"), role)


GOOD = [
    coded("rup_c_withdraw"),
    coded(AppliedCode("rup_c_withdraw")),  # attributes may follow
    coded(),
    coded(note="Not sure; listen again."),
    coded("rup_t_confront", unit=THERAPISTS),
    coded("emp_c_received", criterion="empathy"),
    coded(replace(complete("rep_c_rejoin"), links=("s-0002",)), criterion="repair"),
    rated("bond", 7),
    rated("bond"),
    rated("bond", note="The tone at the end."),
    rated("strain", 0, unit=BLOCK),
    rated("repair_success", codes=NOT_APPLICABLE),
]


@pytest.mark.parametrize("event", GOOD)
def test_what_the_scheme_allows_is_accepted(event: CodingEvent) -> None:
    check(event)


BAD = [
    (coded(unit=Unit("s-0099", Span(0, 4_000))), "no segment of this key"),
    (coded(unit=Unit("", Span(0, 4_000))), "no segment of this key"),
    (coded("rup_c_withdraw", unit=Unit("s-0002", Span(4_000, 8_001))), "at 0:04 has other times"),
    (coded("rup_c_withdraw", unit=SESSION), "no segment of this key"),
    (rated("bond", 4, unit=BLOCK), "no session of this key"),
    (rated("bond", 4, unit=CLIENTS), "no session of this key"),
    (rated("bond", 4, unit=Unit("session", Span(0, 15_000))), "has other times"),
    (rated("strain", 1, unit=SESSION), "no five-minute block"),
    (rated("strain", 1, unit=Unit("b-0002", Span(300_000, 600_000))), "no five-minute block"),
    (coded(criterion="warmth"), "no such criterion or rating"),
    (coded("rup_c_withdraw", criterion="empathy"), "a code that the scheme does not have"),
    (coded(AppliedCode("not_applicable")), "a code that the scheme does not have"),
    (coded("rup_t_withdraw"), "is a code for the therapist, but the client is speaking"),
    (coded("rup_c_confront", unit=THERAPISTS), "is a code for the client, but the therapist is speaking"),
    (coded("rup_c_withdraw", "rup_c_confront"), "two codes for the client"),
    (coded("rup_c_withdraw", "rup_c_withdraw"), "one code twice"),
    (coded("rup_c_withdraw", value=2), "is coded, not rated"),
    (coded(AppliedCode("rup_c_withdraw", {"outcome": 1})), "attribute that it does not have"),
    (coded(AppliedCode("rup_c_withdraw", {"intensity": 4})), "'How strong' of 'Client withdrawal' at 0:04"),
    (coded(AppliedCode("rup_c_withdraw", {"intensity": "2"})), "not on its scale"),
    (coded(AppliedCode("rup_c_withdraw", {"intensity": True})), "not on its scale"),
    (coded(AppliedCode("rup_c_withdraw", {"facet": "fee"})), "not on its scale"),
    (coded(AppliedCode("rup_c_withdraw", {}, ("s-0001",))), "cannot be linked"),
    (
        coded(AppliedCode("rep_c_rejoin", {}, ("s-0077",)), criterion="repair"),
        "moment that this transcript lacks",
    ),
    (
        coded(AppliedCode("rep_c_rejoin", {}, ("s-0001",) * (MAX_LINKS + 1)), criterion="repair"),
        "more than 50 links",
    ),
    (rated("bond", 0), "choose one from 1 to 7"),
    (rated("bond", 8), "choose one from 1 to 7"),
    (rated("bond", True), "not on its scale"),
    (rated("bond", codes=NOT_APPLICABLE), "'Bond' always applies"),
    (rated("repair_success", 2, codes=NOT_APPLICABLE), "choose one of the two"),
    (rated("repair_success", codes=(AppliedCode("rup_c_withdraw"),)), "is rated, not coded"),
    (rated("repair_success", codes=NOT_APPLICABLE * 2), "is rated, not coded"),
    (
        rated("repair_success", codes=(AppliedCode("not_applicable", {"intensity": 1}),)),
        "is rated, not coded",
    ),
    (coded(note="x" * (MAX_NOTE + 1)), "has 2001 characters; shorten it to 2000"),
    (coded(note="a\0b"), "a character that cannot be stored"),
    (coded(note="\ud83d"), "a character that cannot be stored"),
    (coded(id=""), "1 to 64 characters"),
    (coded(id="x" * 65), "1 to 64 characters"),
    (coded(id="\0"), "a character that cannot be stored"),
]


@pytest.mark.parametrize(("event", "says"), BAD)
def test_what_the_scheme_does_not_allow_is_refused_with_a_sentence(event: CodingEvent, says: str) -> None:
    with pytest.raises(CodingError) as caught:
        check(event)
    assert says in str(caught.value)
    assert str(caught.value).endswith(".")


def test_two_codes_of_one_role_are_accepted_where_the_criterion_is_not_exclusive() -> None:
    criteria = tuple(replace(each, exclusive=False) for each in SCHEME.criteria)
    check(coded("rup_c_withdraw", "rup_c_confront"), replace(SCHEME, criteria=criteria))


def test_an_exclusive_criterion_takes_one_code_per_role_when_the_speaker_is_not_known() -> None:
    unknown = replace(TRANSCRIPT, speakers={"S1": "therapist", "S2": None})
    check(coded("rup_c_withdraw", "rup_t_withdraw"), transcript=unknown)
    with pytest.raises(CodingError, match="two codes for the client"):
        check(coded("rup_c_withdraw", "rup_t_withdraw", "rup_c_confront"), transcript=unknown)


@settings(deadline=None)
@given(
    st.text(max_size=70), st.text(max_size=70), st.integers(0, 20_000), st.one_of(st.none(), st.integers())
)
def test_whatever_an_event_says_it_is_accepted_or_refused_with_a_sentence(
    key: str, criterion: str, start_ms: int, value: int | None
) -> None:
    event = coded(unit=Unit(key, Span(start_ms, start_ms + 4_000)), criterion=criterion, value=value)
    with pytest.raises(CodingError):  # a random key and criterion are never both in the scheme
        check(event)


@settings(deadline=None)
@given(st.sampled_from(sorted(CODES)), st.integers(1, 4))
def test_a_code_is_accepted_exactly_where_it_fits_the_speaker(code: str, number: int) -> None:
    event = coded(code, unit=a_unit(number), criterion=CODES[code].criterion)
    if code_fits(CODES[code], TRANSCRIPT.role_of(a_segment(number))):
        check(event)
    else:
        with pytest.raises(CodingError, match="is speaking"):
            check(event)


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


def test_a_note_is_no_rating() -> None:
    events = [event for event in ALL_RATED if event.criterion != "bond"]
    assert missing(*events, rated("bond", note="Hard to say.")) == ["Bond is not rated; choose a value."]


def test_a_required_link_is_missing_until_it_is_made() -> None:
    scheme = replace(SCHEME, links=tuple(replace(link, required=True) for link in SCHEME.links))
    rejoined = complete("rep_c_rejoin")
    unlinked = missing(coded(rejoined, criterion="repair"), *ALL_RATED, scheme=scheme)
    assert unlinked == ["Client rejoins at 0:04: link it to the moment that it answers."]
    linked = coded(replace(rejoined, links=("s-0002",)), criterion="repair")
    assert missing(linked, *ALL_RATED, scheme=scheme) == []


def test_an_exhaustive_criterion_asks_for_a_code_on_every_segment() -> None:
    criteria = (replace(SCHEME.criteria[0], exhaustive=True), *SCHEME.criteria[1:])
    found = missing(*ALL_RATED, scheme=replace(SCHEME, criteria=criteria))
    assert found == [f"Empathy at 0:{at:02}: choose a code." for at in (0, 4, 8, 12)]


@settings(deadline=None)
@given(st.sets(st.tuples(st.sampled_from(sorted(CODES)), st.integers(1, 4)), max_size=8))
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
            codes = tuple(complete(each.code) for each in held[key].codes)
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
