"""Editing a transcript: whose revision it becomes, what happens to judgements, and who may go on with what."""

import pytest

from coding_app.domain.transcript_edit import Edit
from coding_app.errors import ChangedSinceError
from coding_app.store import edits, events, passes, studies, transcripts
from coding_app.workflows import code_session, edit_transcript
from coding_app.workflows.edit_transcript import Edited, EditStep
from coding_app.workflows.wiring import App
from tests.builders import a_coder, an_id, given_a_recording


class Bench:
    """A recording with a transcript of ten segments that nobody codes yet, and two people."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.recording = given_a_recording(app.store, 10)
        with app.store.write() as tx:
            session = studies.get_session(tx, self.recording.session_id)
            self.ann, self.ben = a_coder(session.study_id, name="Ann"), a_coder(session.study_id, name="Ben")
            for each in (self.ann, self.ben):
                studies.add_coder(tx, each)
            found = transcripts.current_transcript(tx, self.recording.id)
        assert found is not None
        self.first = found

    def edit(self, op: str, *, seen: str | None = None, who: str | None = None, **given: object) -> Edited:
        step = EditStep(an_id(), "do", Edit(op, given))
        return self.steps(step, seen=seen, who=who)

    def steps(self, *steps: EditStep, seen: str | None = None, who: str | None = None) -> Edited:
        current = edit_transcript.open_editor(self.app, self.recording.id).transcript.id
        return edit_transcript.apply_steps(
            self.app, self.recording.id, who or self.ann.id, seen or current, steps
        )


@pytest.fixture
def bench(app: App) -> Bench:
    return Bench(app)


def test_the_first_edit_makes_a_revision_of_ones_own_and_further_ones_go_into_it(bench: Bench) -> None:
    first = bench.edit("set_text", key="s-0001", text="One.")
    second = bench.edit("split", key="s-0002", at=5)
    assert (first.transcript.revision, second.transcript.id) == (2, first.transcript.id)
    assert (first.transcript.source, first.transcript.made_by, first.transcript.parent_id) == (
        "edit", bench.ann.id, bench.first.id,
    )  # fmt: skip
    with bench.app.store.read() as tx:
        stored = transcripts.get_transcript(tx, second.transcript.id)
        assert stored.segments == second.transcript.segments
        assert transcripts.get_transcript(tx, bench.first.id).segments == bench.first.segments
        assert len(edits.list_edits(tx, stored.id)) == 2


def test_a_deleted_key_is_never_given_again(bench: Bench) -> None:
    bench.edit("split", key="s-0010", at=5)
    bench.edit("delete", keys=["s-0011"])
    added = bench.edit("add", start_ms=0, end_ms=500, speaker=None, text="Hm.")
    assert [each.key for each in added.changed] == ["s-0012"]


def test_every_edit_can_be_undone_in_turn_and_done_again(bench: Bench) -> None:
    steps = [
        EditStep("a", "do", Edit("set_text", {"key": "s-0001", "text": "One."})),
        EditStep("b", "do", Edit("split", {"key": "s-0002", "at": 5})),
        EditStep("c", "do", Edit("merge", {"keys": ["s-0003", "s-0004"]})),
        EditStep("d", "do", Edit("add_speaker", {})),
        EditStep("e", "do", Edit("set_speaker", {"keys": ["s-0001", "s-0003"], "speaker": "S3"})),
        EditStep("f", "do", Edit("delete", {"keys": ["s-0009"]})),
    ]
    done = bench.steps(*steps).transcript
    back = [EditStep(f"un{each.id}", "undo", None, each.id) for each in reversed(steps)]
    undone = bench.steps(*back).transcript
    assert (undone.segments, undone.speakers) == (bench.first.segments, bench.first.speakers)
    again = bench.steps(*(EditStep(f"re{each.id}", "redo", None, each.id) for each in steps)).transcript
    assert (again.segments, again.speakers) == (done.segments, done.speakers)
    with bench.app.store.read() as tx:
        assert transcripts.get_transcript(tx, again.id).segments == again.segments


def test_steps_that_are_sent_again_after_a_lost_answer_are_made_once(bench: Bench) -> None:
    step = EditStep("once", "do", Edit("split", {"key": "s-0002", "at": 5}))
    one = bench.steps(step, seen=bench.first.id)
    two = bench.steps(step, EditStep("next", "do", Edit("delete", {"keys": ["s-0005"]})), seen=bench.first.id)
    assert (two.transcript.id, len(two.transcript.segments)) == (one.transcript.id, 10)


def test_somebody_elses_newer_revision_is_not_written_over(bench: Bench) -> None:
    mine = bench.edit("set_text", key="s-0001", text="One.")
    theirs = bench.edit("set_text", key="s-0001", text="Uno.", who=bench.ben.id)
    assert (theirs.transcript.parent_id, theirs.transcript.revision) == (mine.transcript.id, 3)
    with pytest.raises(ChangedSinceError, match="reload it"):
        bench.edit("set_text", key="s-0001", text="Eins.", seen=mine.transcript.id)


def _open_pass(bench: Bench) -> str:
    with bench.app.store.write() as tx:
        newest = transcripts.current_transcript(tx, bench.recording.id)
        assert newest is not None
        for label in newest.speakers:
            transcripts.assign_role(tx, newest.id, label, "client")
    return code_session.open_pass(bench.app, bench.recording.id, bench.ben.id).id


def test_on_a_coded_cut_a_text_stays_comparable_and_a_new_cut_moves_no_judgement(bench: Bench) -> None:
    pass_id = _open_pass(bench)
    text = bench.edit("set_text", key="s-0001", text="One.").transcript
    assert text.segmentation == bench.first.segmentation
    cut = bench.edit("split", key="s-0002", at=5).transcript
    assert (cut.segmentation, cut.revision, cut.parent_id) == (cut.id, 3, text.id)
    with bench.app.store.read() as tx:
        assert passes.get_pass(tx, pass_id).transcript_id == bench.first.id
        assert events.judgements(tx, pass_id) == {}
        assert transcripts.get_transcript(tx, bench.first.id).segments == bench.first.segments
        assert transcripts.get_transcript(tx, text.id).segments[1] == bench.first.segments[1]
    assert edit_transcript.open_editor(bench.app, bench.recording.id).coded is False


def test_once_a_pass_opens_on_it_a_revision_is_frozen_and_the_next_edit_begins_another(bench: Bench) -> None:
    before = bench.edit("set_text", key="s-0001", text="One.").transcript
    _open_pass(bench)
    after = bench.edit("set_text", key="s-0001", text="Two.").transcript
    assert (after.id != before.id, after.segmentation) == (True, before.segmentation)
    with bench.app.store.read() as tx:
        assert transcripts.get_transcript(tx, before.id).segments[0].text == "One."
