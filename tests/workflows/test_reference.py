"""Reference codings: copies of a coding that is done, hidden in observers' queues, and never an observer themselves."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from coding_app.domain.coding import CodingPass, Purpose
from coding_app.domain.consent import Consent, Use
from coding_app.domain.plan import Assignment, AssignmentKind
from coding_app.errors import CodingError, InputError
from coding_app.store import (
    Tx,
    consensus,
    consents,
    events,
    passes,
    plans,
    recordings,
    references,
    studies,
    transcripts,
)
from coding_app.workflows import code_session, overview
from coding_app.workflows.assess_agreement import assess_study
from coding_app.workflows.erase_recording import withdraw_consent
from coding_app.workflows.judgement_tables import long_table_csv
from coding_app.workflows.other_passes import other_passes
from coding_app.workflows.reference import list_references, make_reference, mix_in
from coding_app.workflows.reopen_pass import reopen
from coding_app.workflows.wiring import App
from tests.builders import NOON, a_coder, a_recording, a_session, a_transcript, an_id
from tests.workflows.coding import (
    a_rating,
    all_ratings,
    an_event,
    given_a_pass,
    given_a_submitted_pass,
    given_another_pass,
)

DUE = date(2026, 12, 24)


def study_of(app: App, coding_pass: CodingPass) -> str:
    with app.store.read() as tx:
        return recordings.study_of(tx, coding_pass.recording_id)


def a_queue(app: App, study_id: str, n: int = 4) -> str:
    """A new observer with n sessions to code, who has begun the first."""
    with app.store.write() as tx:
        coder = a_coder(study_id)
        studies.add_coder(tx, coder)
        added = [_to_code(tx, study_id, coder.id, number) for number in range(n)]
    if added:
        code_session.open_pass(app, added[0], coder.id)
    return coder.id


def _to_code(tx: Tx, study_id: str, coder_id: str, number: int) -> str:
    session = a_session(study_id)
    studies.add_session(tx, session)
    recording = a_recording(session.id, duration_ms=16_000)
    recordings.add_recording(tx, recording)
    transcripts.add_transcript(tx, a_transcript(recording.id))
    given = Assignment(
        an_id(), session.id, coder_id, AssignmentKind.CODING, number, NOON, DUE + timedelta(number)
    )
    plans.add_assignment(tx, given)
    return recording.id


def queue_of(app: App, study_id: str, coder_id: str) -> tuple[Assignment, ...]:
    with app.store.read() as tx:
        return plans.list_assignments(tx, study_id, coder_id=coder_id)


def test_a_reference_says_what_the_coding_says_without_notes_and_remarks(app: App) -> None:
    opened = given_a_pass(app)
    flag = [{"code": "flag", "attributes": {}, "links": []}]
    ratings = [a_rating(opened, name, 1) for name in ("repair_success", "therapist_part")]
    code_session.record(app, opened.id, [*all_ratings(opened), *ratings, an_event(opened, note="not sure")])
    code_session.record(app, opened.id, [an_event(opened, criterion="remark", codes=flag, note="ask Ruth")])
    code_session.submit(app, opened.id)
    made = make_reference(app, opened.id)
    with app.store.read() as tx:
        said, copied = events.judgements(tx, opened.id), events.judgements(tx, made.id)
        assert references.source_of(tx, made.id) == opened.id
    wanted = {key: replace(each, note=None) for key, each in said.items() if key[1] != "remark"}
    assert copied == wanted
    assert len(wanted) == len(said) - 1
    assert (made.purpose, made.submitted_at is not None) == (Purpose.REFERENCE, True)


def test_a_reference_stays_when_its_source_is_reopened_and_a_newer_one_takes_its_place(app: App) -> None:
    source = given_a_submitted_pass(app)
    first = make_reference(app, source.id)
    with pytest.raises(CodingError, match="is a reference already"):
        make_reference(app, source.id)
    reopen(app, source.id, "Once more")
    with pytest.raises(CodingError, match="Only a submitted coding"):
        make_reference(app, source.id)
    code_session.record(app, source.id, [a_rating(source, "bond", 5)])
    code_session.submit(app, source.id)
    with app.store.read() as tx:
        assert events.judgements(tx, first.id)["session", "bond"].value == 1
    second = make_reference(app, source.id)
    (shown,) = list_references(app, study_of(app, source), None)
    assert shown.coding_pass.id == second.id


def test_a_finished_consensus_becomes_a_reference_of_all_who_coded_for_it(app: App) -> None:
    one = given_a_submitted_pass(app)
    two = given_a_submitted_pass(app, one)
    settled = replace(one, id=an_id(), purpose=Purpose.CONSENSUS, submitted_at=None)
    with app.store.write() as tx:
        passes.add_pass(tx, settled)
        passes.mark_submitted(tx, settled.id, NOON)
        references.keep_source(tx, settled.id, one.id)
        references.keep_source(tx, settled.id, two.id)
    made = make_reference(app, settled.id)
    with app.store.read() as tx:
        assert references.makers(tx, made) == {one.coder_id, two.coder_id}


def test_a_reference_is_no_observer_anywhere(app: App) -> None:
    one = given_a_submitted_pass(app)
    two = given_a_submitted_pass(app, one)
    study_id = study_of(app, one)
    before = assess_study(app, study_id, None)
    table = long_table_csv(app, study_id, None, "all")
    others = other_passes(app, two.id)
    states = overview.study_overview(app, study_id, two.coder_id)[0].states
    make_reference(app, one.id)
    after = assess_study(app, study_id, None)
    assert (after.coders, after.n_passes) == (before.coders, before.n_passes)
    assert after.results == before.results
    assert long_table_csv(app, study_id, None, "all") == table
    assert other_passes(app, two.id) == others
    assert overview.study_overview(app, study_id, two.coder_id)[0].states == states


@pytest.mark.parametrize("seed", range(6))
def test_a_reference_session_lies_somewhere_behind_what_is_begun_and_is_due_like_its_neighbour(
    app: App, seed: int
) -> None:
    source = given_a_submitted_pass(app)
    study_id = study_of(app, source)
    coder_id = a_queue(app, study_id)
    before = queue_of(app, study_id, coder_id)
    reference = make_reference(app, source.id)
    (given,) = mix_in(app, reference.id, [coder_id], Random(seed))
    queue = queue_of(app, study_id, coder_id)
    place = queue.index(given)
    assert place >= 1
    assert [each.id for each in queue if each != given] == [each.id for each in before]
    assert [each.position for each in queue] == list(range(5))
    assert given.kind is AssignmentKind.REFERENCE
    assert given.due_on == before[min(place, len(before) - 1)].due_on
    (shown,) = list_references(app, study_id, None)
    assert [each.id for each in shown.given] == [coder_id]
    assert shown.free == ()


def test_the_place_is_drawn_at_random(app: App) -> None:
    source = given_a_submitted_pass(app)
    study_id = study_of(app, source)
    coder_ids = [a_queue(app, study_id) for _ in range(8)]
    given = mix_in(app, make_reference(app, source.id).id, coder_ids, Random(1))
    assert len({each.position for each in given}) >= 3


def test_nobody_gets_a_session_that_they_have_took_part_in_or_saw_coded(app: App) -> None:
    source = given_a_submitted_pass(app)
    study_id = study_of(app, source)
    reference = make_reference(app, source.id)
    therapist, new, looked = (a_queue(app, study_id, 0) for _ in range(3))
    with app.store.write() as tx:
        session_id = recordings.get_recording(tx, source.recording_id).session_id
        plans.put_own_sessions(tx, session_id, [therapist])
        consensus.note_view(tx, source.recording_id, looked, NOON)
    for wrong in ([], [therapist], [looked], [source.coder_id], [new, therapist], [an_id()]):
        with pytest.raises(InputError, match="Choose observers who have not coded"):
            mix_in(app, reference.id, wrong)
    assert queue_of(app, study_id, new) == ()
    assert [each.id for each in list_references(app, study_id, None)[0].free] == [new]
    mix_in(app, reference.id, [new])
    with pytest.raises(InputError, match="Choose observers"):
        mix_in(app, reference.id, [new])
    with pytest.raises(InputError, match="no reference coding"):
        mix_in(app, source.id, [new])


def test_a_session_that_may_not_be_coded_is_not_mixed_in(app: App) -> None:
    source = given_a_submitted_pass(app)
    reference = make_reference(app, source.id)
    coder_id = a_queue(app, study_of(app, source), 0)
    with app.store.write() as tx:
        session_id = recordings.get_recording(tx, source.recording_id).session_id
        consents.put_consent(tx, Consent(session_id, Use.CODING, given=False), NOON, "Ruth")
    with pytest.raises(InputError, match="does not allow"):
        mix_in(app, reference.id, [coder_id])


def test_a_lead_who_has_still_to_code_the_session_is_told_of_no_reference(app: App) -> None:
    source = given_a_submitted_pass(app)
    make_reference(app, source.id)
    mine = given_another_pass(app, source)
    assert list_references(app, study_of(app, source), mine.coder_id) == ()
    code_session.record(app, mine.id, all_ratings(mine))
    code_session.submit(app, mine.id)
    assert len(list_references(app, study_of(app, source), mine.coder_id)) == 1


def test_a_reference_goes_when_its_recording_is_erased(app: App) -> None:
    source = given_a_submitted_pass(app)
    make_reference(app, source.id)
    study_id = study_of(app, source)
    withdraw_consent(app, source.recording_id, keep_judgements=False)
    assert list_references(app, study_id, None) == ()
