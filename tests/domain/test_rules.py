"""What an observer may say about a unit."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding_app.domain.coding import AppliedCode, CodingEvent
from coding_app.domain.rules import MAX_LINKS, MAX_NOTE, check_event, code_fits, units_of
from coding_app.domain.scheme import Scheme
from coding_app.domain.times import Span
from coding_app.domain.transcript import SPEAKER_ROLES, Transcript
from coding_app.domain.units import Unit
from coding_app.errors import CodingError
from tests.builders import a_segment, a_unit
from tests.domain.codings import (
    BLOCK,
    CLIENTS,
    CODES,
    FLOW,
    NOT_APPLICABLE,
    SCHEME,
    SESSION,
    THERAPISTS,
    TRANSCRIPT,
    coded,
    complete,
    drawn,
    evidence,
    flow,
    rated,
    remark,
)


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


A_SPAN = drawn(1, 4_500, 9_000)

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
    coded(replace(complete("rep_c_rejoin"), links=("earlier_session",)), criterion="repair"),
    coded(replace(complete("rep_c_rejoin"), links=(A_SPAN.key, "s-0002")), criterion="repair"),
    evidence("bond", "s-0001", A_SPAN.key),
    evidence("bond", "s-0001", value=5),
    evidence("bond"),
    evidence("strain", "s-0001", value=0, unit=BLOCK),
    remark("flag"),
    remark("flag", "uncertain", note="Listen again."),
    remark(note="Only a note."),
    remark(),
    remark("uncertain", unit=SESSION),
    remark("flag", unit=BLOCK),
    remark("flag", unit=A_SPAN),
    remark("flag", unit=drawn(1, 16_000)),
]


@pytest.mark.parametrize("event", GOOD)
def test_what_the_scheme_allows_is_accepted(event: CodingEvent) -> None:
    check(event)


GOOD_FLOW = [
    flow("act_tell", drawn(1, 0)),
    flow("act_close", drawn(1, 16_000)),
    flow("voi_laugh", drawn(1, 6_000)),
    flow("epi_strain", A_SPAN),
    flow("epi_strain", drawn(1, 4_500)),  # its end may follow
    flow("epi_repair", A_SPAN),  # and so may its link
    flow("epi_repair", A_SPAN, drawn(2, 0).key, "earlier_session"),
    flow("epi_repair", A_SPAN, "s-0001"),
    coded(unit=A_SPAN, criterion="episode"),
    coded("epi_strain", "epi_emotion", "epi_silence", unit=A_SPAN, criterion="episode"),
    remark("flag", unit=A_SPAN),
    remark("flag", unit=CLIENTS),
    evidence("flow", A_SPAN.key, "s-0002", value=6),
]


@pytest.mark.parametrize("event", GOOD_FLOW)
def test_drawn_units_are_accepted_where_the_scheme_asks_for_spans(event: CodingEvent) -> None:
    check(event, FLOW)


BAD_FLOW = [
    (flow("epi_strain", CLIENTS), "no episode of this key"),
    (flow("epi_strain", SESSION), "no episode of this key"),
    (flow("epi_strain", Unit("x-1", A_SPAN.span)), "no episode of this key"),
    (flow("epi_strain", Unit("x-" + "A" * 32, A_SPAN.span)), "no episode of this key"),
    (flow("epi_strain", Unit(A_SPAN.key + "\n", A_SPAN.span)), "no episode of this key"),
    (flow("epi_strain", drawn(1, 15_000, 16_001)), "episode at 0:15 goes beyond the end of the recording"),
    (flow("act_tell", drawn(1, 16_001)), "activity at 0:16 goes beyond the end of the recording"),
    (flow("act_tell", A_SPAN), "activity at 0:04 is one moment and cannot have an end"),
    (flow("voi_laugh", A_SPAN), "moment at 0:04 is one moment and cannot have an end"),
    (coded("act_tell", "act_plan", unit=drawn(1, 0), criterion="activity"), "two codes for the dyad"),
    (flow("epi_strain", A_SPAN, "s-0001"), "cannot be linked"),
    (flow("epi_repair", A_SPAN, "x-2"), "moment that this transcript lacks"),
    (flow("epi_repair", A_SPAN, "session"), "moment that this transcript lacks"),
    (coded("epi_strain", unit=drawn(1, 0), criterion="activity"), "a code that the scheme does not have"),
]


@pytest.mark.parametrize(("event", "says"), BAD_FLOW)
def test_a_drawn_unit_that_cannot_be_is_refused_with_a_sentence(event: CodingEvent, says: str) -> None:
    with pytest.raises(CodingError) as caught:
        check(event, FLOW)
    assert says in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_link_to_an_earlier_session_is_refused_where_the_scheme_does_not_allow_it() -> None:
    scheme = replace(FLOW, links=tuple(replace(link, external=()) for link in FLOW.links))
    with pytest.raises(CodingError, match="cannot answer an earlier session"):
        check(flow("epi_repair", A_SPAN, "earlier_session"), scheme)


def test_a_codes_role_does_not_matter_on_a_drawn_unit() -> None:
    check(flow("epi_emotion", drawn(1, 0, 3_000)), FLOW)  # the client's, while the therapist speaks


def test_the_transcript_has_no_units_of_a_kind_that_is_drawn() -> None:
    assert [units_of(kind, TRANSCRIPT) for kind in FLOW.units if kind.kind == "span"] == [(), (), ()]


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
    (coded("rup_c_withdraw", unit=A_SPAN), "no segment of this key"),
    (rated("bond", 4, unit=A_SPAN), "no session of this key"),
    (evidence("bond", "s-0099"), "evidence for 'Bond' is linked to a moment that this transcript lacks"),
    (evidence("bond", "session"), "a moment that this transcript lacks"),
    (evidence("bond", "earlier_session"), "a moment that this transcript lacks"),
    (evidence("bond", *["s-0001"] * (MAX_LINKS + 1)), "has more than 50 links"),
    (evidence("bond", "s-0001", value=9), "choose one from 1 to 7"),
    (rated("bond", codes=(AppliedCode("evidence", {"intensity": 1}),)), "is rated, not coded"),
    (rated("repair_success", codes=(AppliedCode("evidence"), *NOT_APPLICABLE)), "is rated, not coded"),
    (
        rated("repair_success", codes=(AppliedCode("not_applicable", {}, ("s-0001",)),)),
        "is rated, not coded",
    ),
    (coded(AppliedCode("evidence")), "a code that the scheme does not have"),
    (remark("rup_c_withdraw"), "remark at 0:04 can only be flag or uncertain"),
    (remark("flag", "flag"), "says one thing twice"),
    (remark("flag", value=1), "has a value"),
    (remark("flag", unit=Unit("s-0099", Span(0, 4_000))), "no moment of this key"),
    (remark("flag", unit=Unit("b-0002", Span(0, 4_000))), "no moment of this key"),
    (remark("flag", unit=Unit("s-0002", Span(4_000, 8_001))), "has other times"),
    (remark("flag", unit=drawn(1, 15_000, 16_001)), "remark at 0:15 goes beyond the end"),
    (remark(note="x" * (MAX_NOTE + 1)), "shorten it to 2000"),
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
@given(st.sampled_from(sorted(code.id for code in SCHEME.codes)), st.integers(1, 4))
def test_a_code_is_accepted_exactly_where_it_fits_the_speaker(code: str, number: int) -> None:
    event = coded(code, unit=a_unit(number), criterion=CODES[code].criterion)
    if code_fits(CODES[code], TRANSCRIPT.role_of(a_segment(number))):
        check(event)
    else:
        with pytest.raises(CodingError, match="is speaking"):
            check(event)


@pytest.mark.parametrize(
    ("code_role", "speaker", "fitting"),
    [
        ("client", "client", True),
        ("client", "client_3", True),
        ("client_2", "client_2", True),
        ("client_2", "client", False),
        ("client_2", "client_3", False),
        ("client", "therapist", False),
        ("therapist", "therapist_2", True),
        ("therapist", "client_2", False),
        ("dyad", "client_4", True),
        ("client_2", "other", True),
        ("client_2", None, True),
    ],
)
def test_a_clients_code_fits_every_client_and_a_members_code_this_member_alone(
    code_role: str, speaker: str | None, fitting: bool
) -> None:
    code = replace(SCHEME.codes[0], role=code_role)
    assert code_fits(code, speaker) is fitting


def test_ratings_that_need_a_speaker_are_asked_only_where_this_one_speaks() -> None:
    rating = replace(SCHEME.ratings[-1], needs_speakers=("client", "client_2"))
    scheme = replace(SCHEME, ratings=(*SCHEME.ratings[:-1], rating))
    couple, alone = ("therapist", "client", "client_2"), ("therapist", "client")
    assert rating in scheme.asked_of(couple).ratings
    assert rating not in scheme.asked_of(alone).ratings
    assert all(rating.id not in step.ratings for step in scheme.asked_of(alone).steps)
    assert scheme.asked_of((None, None)) == scheme
