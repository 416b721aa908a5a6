"""Settling differences: what merges, what a ruling needs, when it is finished, and who must not see it."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from coding_app.domain.audit import Act
from coding_app.domain.coding import AppliedCode, CodingPass, Purpose
from coding_app.domain.decision_rule import RuleKind
from coding_app.domain.gaps import GapsError
from coding_app.domain.people import Action, Role
from coding_app.domain.plan import AssignmentKind
from coding_app.domain.times import Span
from coding_app.errors import AccessError, CodingError, InputError, NotFoundError, SubmittedError
from coding_app.store import audit, consensus, events, plans, recordings, studies, work_tables
from coding_app.workflows import code_session, reach_consensus
from coding_app.workflows.consensus_ground import Settling
from coding_app.workflows.consensus_tables import consensus_csv
from coding_app.workflows.decision_rules import list_rules, record_rule
from coding_app.workflows.erase_recording import withdraw_consent
from coding_app.workflows.overturned import overturned
from coding_app.workflows.permission import check
from coding_app.workflows.reach_consensus import Ruling
from coding_app.workflows.reliability_data import read_study
from coding_app.workflows.to_settle import Standing, recordings_to_settle
from coding_app.workflows.wiring import App
from tests.builders import NOON, a_coder, an_id
from tests.permissions.world import World, given_a_world
from tests.workflows.coding import (
    WITHDRAWAL,
    a_rating,
    all_ratings,
    an_event,
    given_a_pass,
    given_another_pass,
)

CONFRONTATION = WITHDRAWAL | {"code": "rup_c_confront"}
RUPTURE = ("s-0002", "rupture")
REASON = "The client attacks the task openly."


def submitted(app: App, opened: CodingPass, *batch: dict[str, Any]) -> CodingPass:
    asked = ("repair_success", "therapist_part") if any(each["codes"] for each in batch) else ()
    ratings = [*all_ratings(opened), *(a_rating(opened, name, 1) for name in asked)]
    code_session.record(app, opened.id, [*ratings, *batch])
    return code_session.submit(app, opened.id)


def given_two_passes(app: App, first: Any = WITHDRAWAL, second: Any = CONFRONTATION) -> CodingPass:
    """Ruth's pass, submitted, and one of Anna's beside it; they differ on the second segment."""
    one = given_a_pass(app)
    submitted(app, one, *([an_event(one, codes=[first])] if first else []))
    two = given_another_pass(app, one, "Anna")
    submitted(app, two, *([an_event(two, codes=[second])] if second else []))
    return one


def a_lead(app: App, recording_id: str, name: str = "Lea") -> str:
    """An observer of the recording's study who codes nothing."""
    with app.store.write() as tx:
        coder = a_coder(recordings.study_of(tx, recording_id), name=name)
        studies.add_coder(tx, coder)
    return coder.id


def applied(code: Mapping[str, Any]) -> AppliedCode:
    return AppliedCode(code["code"], code["attributes"], tuple(code["links"]))


def a_ruling(*codes: Mapping[str, Any], reason: str = REASON, **given: Any) -> Ruling:
    return Ruling(*RUPTURE, tuple(map(applied, codes)), reason, **given)


def begun(app: App, one: CodingPass) -> tuple[str, Settling]:
    lead = a_lead(app, one.recording_id)
    return lead, reach_consensus.start_or_update(app, one.recording_id, lead)


def reopen(app: App, coding_pass: CodingPass) -> None:
    """As a lead opens a pass again; here only what the database then holds."""
    with app.store.write() as tx:
        consensus.open_again(tx, coding_pass.id)


def test_what_all_say_is_merged_and_the_rest_is_listed(app: App) -> None:
    _, on = begun(app, given_two_passes(app))
    assert [each.key for each in on.left] == [RUPTURE]
    assert on.n_agreed == 6  # the ratings
    assert on.coding_pass is not None
    assert on.coding_pass.purpose is Purpose.CONSENSUS
    with app.store.read() as tx:
        held = events.judgements(tx, on.coding_pass.id)
    ratings = ("strain", "bond", "goal", "task", "repair_success", "therapist_part")
    assert {each.criterion: each.value for each in held.values()} == dict.fromkeys(ratings, 1)
    assert all(each.note is None for each in held.values())


def test_beginning_twice_makes_one_consensus_and_no_second_events(app: App) -> None:
    one = given_two_passes(app)
    lead, on = begun(app, one)
    again = reach_consensus.start_or_update(app, one.recording_id, lead)
    assert on.coding_pass == again.coding_pass
    with app.store.read() as tx:
        assert on.coding_pass is not None
        assert events.count_events(tx, on.coding_pass.id) == 6
        assert consensus.sources_of(tx, on.coding_pass.id) == {each.id for each in on.sources}


def test_one_pass_alone_has_nothing_to_settle(app: App) -> None:
    one = given_a_pass(app)
    submitted(app, one)
    lead = a_lead(app, one.recording_id)
    with pytest.raises(NotFoundError, match="Fewer than two observers"):
        reach_consensus.start_or_update(app, one.recording_id, lead)
    assert recordings_to_settle(app, study_of(app, one), lead) == ()


def study_of(app: App, one: CodingPass) -> str:
    with app.store.read() as tx:
        return recordings.study_of(tx, one.recording_id)


def test_a_ruling_settles_a_difference_and_no_pass_changes(app: App) -> None:
    one = given_two_passes(app)
    lead, before = begun(app, one)
    with app.store.read() as tx:
        ledgers = [events.list_events(tx, each.id) for each in before.sources]
    on = reach_consensus.rule(app, one.recording_id, lead, a_ruling(CONFRONTATION))
    assert on.left == ()
    (place,) = on.differences
    ruling = on.ruling(place)
    assert ruling is not None
    assert (ruling.codes[0].code, ruling.note) == ("rup_c_confront", REASON)
    with app.store.read() as tx:
        assert [events.list_events(tx, each.id) for each in before.sources] == ledgers


@pytest.mark.parametrize(
    ("ruling", "says"),
    [
        (a_ruling(CONFRONTATION, reason="  "), "needs a reason"),
        (a_ruling(CONFRONTATION | {"attributes": {}}), "Choose for"),
        (a_ruling({"code": "emp_t_convey", "attributes": {}, "links": []}), "the scheme does not have"),
        (Ruling("s-0099", "rupture", (), REASON), "nothing of this key"),
        (Ruling("session", "bond", (), REASON, value=99), "not on its scale"),
        (a_ruling(CONFRONTATION, reason="x" * 2_001), "shorten it"),
    ],
)
def test_a_ruling_that_is_not_whole_is_refused(app: App, ruling: Ruling, says: str) -> None:
    one = given_two_passes(app)
    lead, on = begun(app, one)
    with pytest.raises(CodingError, match=says):
        reach_consensus.rule(app, one.recording_id, lead, ruling)
    assert len(reach_consensus.what_differs(app, one.recording_id, lead).left) == len(on.left) == 1


def test_nothing_can_be_ruled_before_the_consensus_was_begun(app: App) -> None:
    one = given_two_passes(app)
    lead = a_lead(app, one.recording_id)
    for work in (reach_consensus.what_differs, reach_consensus.finish):
        with pytest.raises(NotFoundError, match="not been begun"):
            work(app, one.recording_id, lead)


def test_a_consensus_is_finished_when_all_is_ruled_and_takes_no_more_rulings(app: App) -> None:
    one = given_two_passes(app)
    lead, _ = begun(app, one)
    with pytest.raises(CodingError, match="1 difference is not ruled on"):
        reach_consensus.finish(app, one.recording_id, lead)
    reach_consensus.rule(app, one.recording_id, lead, a_ruling())
    assert reach_consensus.finish(app, one.recording_id, lead).submitted_at is not None
    with pytest.raises(SubmittedError):
        reach_consensus.rule(app, one.recording_id, lead, a_ruling(CONFRONTATION))
    with pytest.raises(SubmittedError):
        reach_consensus.finish(app, one.recording_id, lead)


def test_a_consensus_that_lacks_what_the_scheme_asks_for_is_not_finished(app: App) -> None:
    one = given_a_pass(app)
    submitted(app, one, a_rating(one, "bond", 2))
    two = given_another_pass(app, one)
    submitted(app, two)
    lead, on = begun(app, one)
    (place,) = on.left
    reach_consensus.rule(app, one.recording_id, lead, Ruling(*place.key, (), REASON))
    with pytest.raises(GapsError, match="is not rated"):
        reach_consensus.finish(app, one.recording_id, lead)
    reach_consensus.rule(app, one.recording_id, lead, Ruling(*place.key, (), REASON, value=2))
    assert reach_consensus.finish(app, one.recording_id, lead).submitted_at


def test_a_third_pass_is_merged_into_a_finished_consensus_and_its_rulings_stay(app: App) -> None:
    one = given_two_passes(app)
    lead, _ = begun(app, one)
    reach_consensus.rule(app, one.recording_id, lead, a_ruling(CONFRONTATION))
    finished = reach_consensus.finish(app, one.recording_id, lead)
    three = given_another_pass(app, one, "Ben")
    submitted(app, three, an_event(three, unit={"key": "s-0004", "start_ms": 12_000, "end_ms": 16_000}))
    (standing,) = recordings_to_settle(app, study_of(app, one), lead)
    assert standing.standing is Standing.BEHIND
    on = reach_consensus.start_or_update(app, one.recording_id, lead)
    assert on.coding_pass is not None
    assert (on.coding_pass.id, on.coding_pass.submitted_at) == (finished.id, None)
    assert [each.key for each in on.left] == [("s-0004", "rupture")]
    assert on.present[RUPTURE].note == REASON
    assert len(on.made_from) == 3


def test_a_pass_that_is_opened_again_and_resubmitted_is_merged_anew(app: App) -> None:
    one = given_two_passes(app)
    lead, _ = begun(app, one)
    reach_consensus.rule(app, one.recording_id, lead, a_ruling(CONFRONTATION))
    reopen(app, one)
    with pytest.raises(NotFoundError, match="Fewer than two"):
        reach_consensus.what_differs(app, one.recording_id, lead)
    code_session.record(app, one.id, [a_rating(one, "bond", 3)])
    code_session.submit(app, one.id)
    with pytest.raises(CodingError, match="update first"):
        reach_consensus.finish(app, one.recording_id, lead)
    on = reach_consensus.start_or_update(app, one.recording_id, lead)
    assert [each.criterion for each in on.left] == ["bond"]
    assert ("session", "bond") not in on.present
    assert on.present[RUPTURE].note == REASON


def test_who_has_the_recording_to_code_sees_no_difference_and_rules_on_none(app: App) -> None:
    one = given_two_passes(app)
    begun(app, one)
    mine = given_another_pass(app, one, "Lead who codes")
    for work in (reach_consensus.start_or_update, reach_consensus.what_differs, reach_consensus.finish):
        with pytest.raises(AccessError, match="to code yourself"):
            work(app, one.recording_id, mine.coder_id)
    with pytest.raises(AccessError, match="to code yourself"):
        reach_consensus.rule(app, one.recording_id, mine.coder_id, a_ruling(CONFRONTATION))
    (standing,) = recordings_to_settle(app, study_of(app, one), mine.coder_id)
    assert (standing.standing, standing.n_left, standing.n_differences) == (Standing.WITHHELD, None, None)
    submitted(app, mine)
    assert reach_consensus.start_or_update(app, one.recording_id, mine.coder_id).left


def test_who_is_assigned_the_recording_and_has_not_begun_sees_nothing_either(app: App) -> None:
    one = given_two_passes(app)
    lead, _ = begun(app, one)
    with app.store.write() as tx:
        session_id = recordings.get_recording(tx, one.recording_id).session_id
        tx.execute(
            work_tables.assignment.insert().values(
                id=an_id(), session_id=session_id, coder_id=lead, kind=AssignmentKind.CODING, position=1,
                made_at=NOON,
            )
        )  # fmt: skip
    with pytest.raises(AccessError, match="to code yourself"):
        reach_consensus.what_differs(app, one.recording_id, lead)


def test_who_settled_a_recording_cannot_code_it_as_if_blind(app: App) -> None:
    one = given_two_passes(app)
    lead, _ = begun(app, one)
    with pytest.raises(CodingError, match="know what they coded"):
        code_session.open_pass(app, one.recording_id, lead)


@pytest.mark.parametrize(
    "work",
    [
        reach_consensus.start_or_update,
        reach_consensus.what_differs,
        lambda app, recording_id, who: reach_consensus.rule(app, recording_id, who, a_ruling(CONFRONTATION)),
    ],
    ids=["updates", "looks", "rules"],
)
def test_whoever_looked_at_a_consensus_that_another_began_cannot_code_there_either(
    app: App, work: Callable[[App, str, str], object]
) -> None:
    one = given_two_passes(app)
    begun(app, one)
    other = a_lead(app, one.recording_id, "Second lead")
    work(app, one.recording_id, other)
    with pytest.raises(CodingError, match="know what they coded"):
        code_session.open_pass(app, one.recording_id, other)


def test_to_be_refused_a_look_or_to_see_the_list_alone_keeps_one_blind(app: App) -> None:
    one = given_two_passes(app)
    other = a_lead(app, one.recording_id, "Second lead")
    with pytest.raises(NotFoundError, match="not been begun"):
        reach_consensus.what_differs(app, one.recording_id, other)
    recordings_to_settle(app, study_of(app, one), other)
    assert code_session.open_pass(app, one.recording_id, other).submitted_at is None


def test_a_consensus_takes_no_codes_from_the_workbench(app: App) -> None:
    _, on = begun(app, given_two_passes(app))
    assert on.coding_pass is not None
    with pytest.raises(CodingError, match="A consensus is not coded"):
        code_session.record(app, on.coding_pass.id, [an_event(on.coding_pass)])
    with pytest.raises(CodingError, match="A consensus is not coded"):
        code_session.submit(app, on.coding_pass.id)


def test_agreement_goes_on_using_the_independent_passes_alone(app: App) -> None:
    one = given_two_passes(app)
    before = read_study(app, study_of(app, one), None)
    lead, _ = begun(app, one)
    reach_consensus.rule(app, one.recording_id, lead, a_ruling(CONFRONTATION))
    reach_consensus.finish(app, one.recording_id, lead)
    after = read_study(app, study_of(app, one), None)
    assert [each.passes for each in after.recordings] == [each.passes for each in before.recordings]
    assert after.coders == before.coders == ("Anna", "Observer A")


def test_names_are_letters_until_the_consensus_is_finished_where_the_plan_says_so(app: App) -> None:
    one = given_two_passes(app)
    lead, on = begun(app, one)
    assert set(on.names.values()) == {"Observer A", "Anna"}
    with app.store.write() as tx:
        assert plans.get_plan(tx, on.study_id) is None
        tx.execute(
            work_tables.study_plan.insert().values(
                study_id=on.study_id, seed=1, n_coders=1, double_share=0.2, double_at_least=10,
                masks_names=True, keeps_judgements=True, made_at=NOON,
            )
        )  # fmt: skip
        plan = plans.get_plan(tx, on.study_id)
    assert plan is not None
    assert plan.masks_names
    masked = reach_consensus.rule(app, one.recording_id, lead, a_ruling(CONFRONTATION))
    assert set(masked.names.values()) == {"Observer A", "Observer B"}
    reach_consensus.finish(app, one.recording_id, lead)
    assert "Anna" in reach_consensus.what_differs(app, one.recording_id, lead).names.values()


def test_an_observer_learns_what_was_overturned_and_why_once_it_is_finished(app: App) -> None:
    one = given_two_passes(app)
    lead, on = begun(app, one)
    reach_consensus.rule(app, one.recording_id, lead, a_ruling(CONFRONTATION))
    assert overturned(app, on.study_id, one.coder_id) == ()
    reach_consensus.finish(app, one.recording_id, lead)
    (mine,) = overturned(app, on.study_id, one.coder_id)
    (lost,) = mine.overturned
    assert lost.said is not None
    assert [each.code for each in lost.said.codes] == ["rup_c_withdraw"]
    assert lost.ruling.note == REASON
    other = next(each for each in on.sources if each.coder_id != one.coder_id)
    (theirs,) = overturned(app, on.study_id, other.coder_id)
    assert (theirs.n_rulings, theirs.overturned) == (1, ())
    assert overturned(app, on.study_id, lead) == ()


def test_nothing_of_a_consensus_is_told_while_ones_own_pass_is_open_again(app: App) -> None:
    one = given_two_passes(app)
    lead, on = begun(app, one)
    reach_consensus.rule(app, one.recording_id, lead, a_ruling(CONFRONTATION))
    reach_consensus.finish(app, one.recording_id, lead)
    reopen(app, one)
    assert overturned(app, on.study_id, one.coder_id) == ()


def test_a_ruling_becomes_a_dated_rule_and_an_example_is_proposed(app: App) -> None:
    one = given_two_passes(app)
    lead, on = begun(app, one)
    with pytest.raises(CodingError, match="Nothing was ruled"):
        record_rule(app, one.recording_id, lead, *RUPTURE, RuleKind.RULE, "Open attacks are confrontation.")
    reach_consensus.rule(app, one.recording_id, lead, a_ruling(CONFRONTATION))
    with pytest.raises(InputError, match="nothing to keep"):
        record_rule(app, one.recording_id, lead, *RUPTURE, RuleKind.RULE, "  ")
    with pytest.raises(InputError, match="shorten it"):
        record_rule(app, one.recording_id, lead, *RUPTURE, RuleKind.RULE, "x" * 1_001)
    kept = record_rule(
        app, one.recording_id, lead, *RUPTURE, RuleKind.RULE, "Open attacks are confrontation."
    )
    example = record_rule(app, one.recording_id, lead, *RUPTURE, RuleKind.EXAMPLE, "“What is this good for?”")
    assert list_rules(app, on.study_id, lead) == (example, kept)
    assert kept.unit is not None
    assert kept.unit.span == Span(4_000, 8_000)
    assert (kept.scheme_version, kept.decided_by) == (on.scheme.version, "Lea")


def test_rules_from_a_recording_that_one_has_to_code_are_not_shown_and_from_others_not_where(
    app: App,
) -> None:
    one = given_two_passes(app)
    lead, on = begun(app, one)
    reach_consensus.rule(app, one.recording_id, lead, a_ruling(CONFRONTATION))
    kept = record_rule(app, one.recording_id, lead, *RUPTURE, RuleKind.RULE, "Open attacks.")
    assert list_rules(app, on.study_id, one.coder_id) == (kept,)
    bystander = given_another_pass(app, one)
    assert list_rules(app, on.study_id, bystander.coder_id) == ()
    with app.store.write() as tx:
        stranger = a_coder(on.study_id, name="Codes other sessions")
        studies.add_coder(tx, stranger)
    (seen,) = list_rules(app, on.study_id, stranger.id)
    assert (seen.text, seen.pass_id, seen.unit) == ("Open attacks.", None, None)


def test_rulings_and_finishing_are_in_the_audit_without_what_was_coded_or_where(app: App) -> None:
    one = given_two_passes(app)
    lead, on = begun(app, one)
    reach_consensus.rule(app, one.recording_id, lead, a_ruling(CONFRONTATION))
    reach_consensus.finish(app, one.recording_id, lead)
    with app.store.read() as tx:
        entries = audit.newest(tx, frozenset({on.study_id}), before=None, n=3)
    assert [each.act for each in entries] == [Act.SUBMITTED, Act.RULED, Act.BEGAN_CODING]
    assert on.coding_pass is not None
    assert {each.subject for each in entries} == {on.coding_pass.id}
    told = str([dict(each.details) for each in entries])
    assert not [word for word in (REASON, "rup_c", "s-0002", "4000", "Words of") if word in told]


def test_a_lead_with_an_open_consensus_still_sees_all_submitted_codings(app: App) -> None:
    """Only coding is blind; an own pass that is open would hide the others' from the lead."""
    world = given_a_world(app)
    lead = world.coder_id(Role.LEAD)
    for each in (Role.LEAD, Role.CODER, Role.TRAINER):
        submitted(app, world.passes[each])
    reach_consensus.start_or_update(app, world.recording.id, lead)
    # raises AccessError where it is refused, as for a lead whose own independent pass is open
    check(world.acting(Role.LEAD), Action.EXPORT, "study_id", {"study_id": world.study_id, "viewer_id": None})


def test_of_the_roles_only_the_lead_rules(app: App) -> None:
    world: World = given_a_world(app)
    for who in (Role.CODER, Role.TRAINER, Role.VIEWER):
        with pytest.raises(AccessError, match="does not allow you to rule"):
            reach_consensus.what_differs(world.acting(who), world.recording.id, world.coder_id(who))


def test_a_consensus_outlives_the_withdrawal_of_consent_without_its_reasons_and_is_not_merged_again(
    app: App,
) -> None:
    one = given_two_passes(app)
    lead, on = begun(app, one)
    reach_consensus.rule(app, one.recording_id, lead, a_ruling(CONFRONTATION))
    reach_consensus.finish(app, one.recording_id, lead)
    withdraw_consent(app, one.recording_id, keep_judgements=True)
    for work in (reach_consensus.start_or_update, reach_consensus.what_differs, reach_consensus.finish):
        with pytest.raises(NotFoundError, match="erased"):
            work(app, one.recording_id, lead)
    assert recordings_to_settle(app, on.study_id, lead) == ()
    assert overturned(app, on.study_id, one.coder_id) == ()
    assert "rup_c_confront" in consensus_csv(app, on.study_id, None, "criteria")
    assert on.coding_pass is not None
    with app.store.read() as tx:
        assert all(each.note is None for each in events.judgements(tx, on.coding_pass.id).values())
