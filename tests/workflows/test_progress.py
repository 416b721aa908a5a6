"""What a lead sees of where a study is, and what stays hidden from a lead who codes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from coding_app.domain.coding import CodingPass, Purpose
from coding_app.domain.people import Actor, Membership, Role
from coding_app.domain.plan import Assignment, AssignmentKind, StudyPlan
from coding_app.domain.progress import Concern, Counts, Stage
from coding_app.store import Tx, events, passes, plans, recordings, studies
from coding_app.workflows import code_session
from coding_app.workflows.agreement_details import drift_of_question
from coding_app.workflows.assess_agreement import EVERYTHING
from coding_app.workflows.progress import drift_warnings, study_progress
from coding_app.workflows.reference import make_reference
from coding_app.workflows.reopen_pass import reopen
from coding_app.workflows.wiring import App
from tests.builders import NOON, an_id
from tests.workflows.coding import (
    all_ratings,
    an_event,
    given_a_pass,
    given_a_submitted_pass,
    given_another_pass,
)
from tests.workflows.double_coded import given_a_study

TODAY = date(2026, 11, 28)


def study_of(app: App, coding_pass: CodingPass) -> str:
    with app.store.read() as tx:
        return recordings.study_of(tx, coding_pass.recording_id)


def assign(tx: Tx, like: CodingPass, due_on: date | None) -> None:
    session_id = recordings.get_recording(tx, like.recording_id).session_id
    plans.add_assignment(
        tx, Assignment(an_id(), session_id, like.coder_id, AssignmentKind.CODING, 0, NOON, due_on)
    )


def test_every_observer_is_counted_and_what_is_overdue_stands_first(app: App) -> None:
    submitted = given_a_submitted_pass(app)
    begun = given_another_pass(app, submitted, "Ben")
    code_session.record(app, begun.id, [an_event(begun)])
    with app.store.write() as tx:
        assign(tx, submitted, TODAY - timedelta(1))
        assign(tx, begun, TODAY - timedelta(1))
    found = study_progress(app, study_of(app, begun), None, TODAY)
    told = {who.name: n for who, n in found.observers}
    assert told == {"Observer A": Counts(1, 0, 1, 0), "Ben": Counts(1, 1, 0, 1)}
    (line,) = found.lines
    assert (line.coder.name, line.session_label, line.overdue) == ("Ben", "Case 7", True)
    assert line.task.stage is Stage.BEGUN
    assert line.task.last_active is not None
    assert [each.coder.name for each in found.submitted] == ["Observer A"]


def test_a_study_without_a_plan_shows_what_was_begun_and_nothing_due(app: App) -> None:
    opened = given_a_pass(app)
    found = study_progress(app, study_of(app, opened), None, TODAY)
    assert (found.planned, found.double.wanted, found.lacking) == (False, None, {})
    assert [(each.task.stage, each.task.assigned, each.overdue) for each in found.lines] == [
        (Stage.BEGUN, False, False)
    ]


def test_double_coding_is_held_against_the_plan(app: App) -> None:
    opened = given_a_pass(app)
    other = given_a_submitted_pass(app, opened)
    study_id = study_of(app, opened)
    with app.store.write() as tx:
        plans.put_plan(tx, StudyPlan(study_id, seed=1, n_coders=3), NOON)
    assert study_progress(app, study_id, None, TODAY).lacking == {"Case 7": 1}
    with app.store.write() as tx:
        plans.put_plan(tx, StudyPlan(study_id, seed=1, n_coders=2), NOON)
    found = study_progress(app, study_id, None, TODAY)
    assert (found.double.wanted, found.double.assigned, found.double.submitted) == (1, 1, 0)
    assert found.lacking == {}
    code_session.record(app, opened.id, all_ratings(opened))
    code_session.submit(app, opened.id)
    assert study_progress(app, study_id, other.coder_id, TODAY).double.submitted == 1


@pytest.mark.parametrize("told_by_the_page", [True, False])
def test_a_lead_who_codes_a_recording_sees_of_others_only_whether_they_submitted(
    app: App, told_by_the_page: bool
) -> None:
    mine = given_a_pass(app)
    theirs = given_another_pass(app, mine, "Ben")
    code_session.record(app, theirs.id, [an_event(theirs)])
    study_id = study_of(app, mine)
    lead = Actor("l", "Ruth", memberships=(Membership("l", study_id, Role.LEAD, mine.coder_id),))
    viewer = mine.coder_id if told_by_the_page else None
    found = study_progress(app.acting(lead), study_id, viewer, TODAY)
    (line,) = [each for each in found.lines if each.coder.name == "Ben"]
    assert (line.task.stage, line.task.last_active, found.hides) == (Stage.NOT_SUBMITTED, None, True)
    assert {who.name: n.begun for who, n in found.observers} == {"Observer A": 1, "Ben": 0}
    code_session.record(app, mine.id, all_ratings(mine))
    code_session.submit(app, mine.id)
    assert not study_progress(app.acting(lead), study_id, viewer, TODAY).hides
    reopen(app, mine.id, "Once more")
    assert study_progress(app.acting(lead), study_id, viewer, TODAY).hides


def test_a_lead_who_codes_a_recording_is_told_neither_when_others_submitted_nor_of_a_consensus(
    app: App,
) -> None:
    mine = given_a_pass(app)
    theirs = given_a_submitted_pass(app, mine, "Ben")
    settled = replace(theirs, id=an_id(), purpose=Purpose.CONSENSUS, submitted_at=None)
    with app.store.write() as tx:
        passes.add_pass(tx, settled)
        passes.mark_submitted(tx, settled.id, NOON)
    study_id = study_of(app, mine)
    shown = study_progress(app, study_id, mine.coder_id, TODAY).submitted
    assert [(each.coding_pass.id, each.on) for each in shown] == [(theirs.id, None)]
    assert theirs.submitted_at is not None
    everything = study_progress(app, study_id, None, TODAY).submitted
    assert {each.coding_pass.id: each.on for each in everything} == {
        theirs.id: theirs.submitted_at.date(),
        settled.id: NOON.date(),
    }


def clear_all(app: App, coder: str, study_id: str) -> None:
    """The observer, who had submitted everything, took all codes of the last two sessions back."""
    with app.store.write() as tx:
        (who,) = [each for each in studies.list_coders(tx, study_id) if each.name == coder]
        mine = passes.list_passes(tx, study_id=study_id, coder_id=who.id)
        for each in sorted(mine, key=lambda each: each.submitted_at or NOON)[-2:]:
            passes.mark_open(tx, each.id)
            assert each.submitted_at is not None
            for event in events.list_events(tx, each.id):
                events.append_events(tx, [replace(event, id=an_id(), codes=(), value=None)])
            passes.mark_submitted(tx, each.id, each.submitted_at)


def test_an_observer_who_stops_coding_is_warned_about_and_one_who_agrees_is_not(app: App) -> None:
    study_id = given_a_study(app, n_sessions=6)
    before = {(each.coder, each.question) for each in drift_warnings(app, study_id, None, EVERYTHING, 2)}
    clear_all(app, "Ben", study_id)
    after = drift_warnings(app, study_id, None, EVERYTHING, 2)
    found = {each.question: each for each in after if each.coder == "Ben" and each.point.against == "others"}
    new = [each for each in found.values() if Concern.FALLING in each.why]
    assert new
    assert all(each.point.alpha is not None for each in new)
    assert len({(each.coder, each.question) for each in after} - before) >= 1


def test_an_observer_is_compared_with_a_reference_unless_it_was_made_from_their_own_coding(app: App) -> None:
    study_id = given_a_study(app, n_sessions=3)
    with app.store.read() as tx:
        (anna,) = [each for each in studies.list_coders(tx, study_id) if each.name == "Anna"]
        hers = passes.list_passes(tx, study_id=study_id, coder_id=anna.id)
    assert not {each.against for each in drift_of_question(app, study_id, None, EVERYTHING, "rupture", 2)} - {
        "others"
    }
    for each in hers:
        made = make_reference(app, each.id)
        assert made.purpose is Purpose.REFERENCE
    points = drift_of_question(app, study_id, None, EVERYTHING, "rupture", 2)
    assert {each.coder for each in points if each.against == "reference"} == {"Ben", "Ruth"}
    assert {each.coder for each in points if each.against == "others"} == {"Anna", "Ben", "Ruth"}
