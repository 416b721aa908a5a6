"""Seeing what others coded: after one's own submit, never before."""

from dataclasses import replace

import pytest

from coding_app.domain.coding import CodingPass, Purpose
from coding_app.errors import AccessError, NotFoundError
from coding_app.store import passes, schemes, transcripts
from coding_app.workflows import code_session
from coding_app.workflows.correct_transcript import correct_segment
from coding_app.workflows.other_passes import other_passes
from coding_app.workflows.wiring import App
from tests.builders import NOON, a_transcript, an_id
from tests.workflows.coding import (
    a_rating,
    all_ratings,
    an_event,
    given_a_pass,
    given_a_submitted_pass,
    given_another_pass,
)


def ids(app: App, coding_pass: CodingPass) -> set[str]:
    return {each.id for each in other_passes(app, coding_pass.id)}


def put(app: App, like: CodingPass, **change: object) -> CodingPass:
    """A pass like this one in everything else."""
    other = replace(like, id=an_id(), **change)  # type: ignore[arg-type]
    with app.store.write() as tx:
        schemes.keep_scheme(tx, other.scheme_id, other.scheme_version, other.scheme_sha256, "id: x\n")
        passes.add_pass(tx, replace(other, submitted_at=None))
        if other.submitted_at:
            passes.mark_submitted(tx, other.id, other.submitted_at)
    return other


def test_nothing_of_others_is_seen_before_the_own_submit(app: App) -> None:
    opened = given_a_pass(app)
    given_a_submitted_pass(app, opened)
    with pytest.raises(AccessError, match="once your own coding of this recording is submitted"):
        other_passes(app, opened.id)
    code_session.record(app, opened.id, all_ratings(opened))
    code_session.submit(app, opened.id)
    assert len(other_passes(app, opened.id)) == 1


def test_a_submitted_training_pass_opens_nothing_while_the_independent_one_is_open(app: App) -> None:
    opened = given_a_pass(app)
    given_a_submitted_pass(app, opened)
    training = put(app, opened, purpose=Purpose.TRAINING, submitted_at=NOON)
    with pytest.raises(AccessError):
        other_passes(app, training.id)


def test_others_come_by_name_with_what_holds_in_their_passes(app: App) -> None:
    mine = given_a_submitted_pass(app)
    zoe = given_a_submitted_pass(app, mine, "Zoe")
    ann = given_a_submitted_pass(app, mine, "ann")
    given_another_pass(app, mine, "Not yet submitted")
    found = other_passes(app, mine.id)
    assert [(each.id, each.name, each.submitted_at) for each in found] == [
        (ann.id, "ann", ann.submitted_at),
        (zoe.id, "Zoe", zoe.submitted_at),
    ]
    assert {held.criterion: held.value for held in found[0].judgements} == {
        "strain": 1, "bond": 1, "goal": 1, "task": 1,
    }  # fmt: skip


def test_notes_and_remarks_stay_with_who_wrote_them(app: App) -> None:
    mine = given_a_submitted_pass(app)
    theirs = given_another_pass(app, mine, "Zoe")
    flag = [{"code": "flag", "attributes": {}, "links": []}]
    code_session.record(
        app,
        theirs.id,
        [
            *all_ratings(theirs),
            *(a_rating(theirs, name, 1) for name in ("repair_success", "therapist_part")),
            an_event(theirs, criterion="remark", codes=flag, note="ask the supervisor"),
            an_event(theirs, note="not sure at all"),
        ],
    )
    code_session.submit(app, theirs.id)
    (other,) = other_passes(app, mine.id)
    assert "rupture" in {each.criterion for each in other.judgements}
    assert "remark" not in {each.criterion for each in other.judgements}
    assert {each.note for each in other.judgements} == {None}


def test_masked_names_say_nothing_of_who_it_is(app: App) -> None:
    mine = given_a_submitted_pass(app)
    others = [given_a_submitted_pass(app, mine, name) for name in ("Zoe", "Ann", "Kim")]
    found = other_passes(app, mine.id, masked=True)
    assert [each.name for each in found] == ["Observer A", "Observer B", "Observer C"]
    assert [each.id for each in found] == sorted(each.id for each in others)


def test_only_what_can_be_laid_beside_it_is_there(app: App) -> None:
    mine = given_a_submitted_pass(app)
    other = given_a_submitted_pass(app, mine)
    given_a_submitted_pass(app)
    put(app, other, purpose=Purpose.REFERENCE)
    put(app, other, scheme_version="9.0.0")
    put(app, other, scheme_id="another")
    with app.store.write() as tx:
        cut_anew = transcripts.add_transcript(tx, a_transcript(mine.recording_id, 2))
    put(app, other, transcript_id=cut_anew.id)
    assert ids(app, mine) == {other.id}
    last = put(app, other, submitted_at=other.submitted_at and other.submitted_at.replace(year=2100))
    assert ids(app, mine) == {last.id}


def test_passes_on_a_corrected_revision_are_laid_beside_those_on_the_first(app: App) -> None:
    opened = given_a_pass(app)
    correct_segment(app, opened.id, "s-0001", "One")
    later = given_a_submitted_pass(app, opened)
    code_session.record(app, opened.id, all_ratings(opened))
    code_session.submit(app, opened.id)
    assert (ids(app, opened), ids(app, later)) == ({later.id}, {opened.id})


def test_an_unknown_pass_is_told(app: App) -> None:
    with pytest.raises(NotFoundError):
        other_passes(app, an_id())
