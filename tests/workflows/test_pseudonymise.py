"""Replacing names: as a step of editing, remembered for the case, silent in clips, and gone when that is asked for."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from coding_app.domain.audit import Act
from coding_app.domain.consent import Use
from coding_app.domain.names import Place
from coding_app.domain.times import Span
from coding_app.domain.transcript_edit import Edit
from coding_app.errors import (
    AccessError,
    ChangedSinceError,
    CodingError,
    InputError,
    NotFoundError,
)
from coding_app.store import audit, corrections, edits, pseudonyms, silences, transcripts
from coding_app.workflows import code_session, plan_study, pseudonymise, study, therapy_sessions
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.change_master_key import change_master_key
from coding_app.workflows.correct_transcript import correct_segment
from coding_app.workflows.edit_transcript import EditStep, apply_steps, list_revisions
from coding_app.workflows.export_clip import export_clip, silences_in
from coding_app.workflows.pseudonymise import look_for_names, places_of_name, replace_known, replace_name
from coding_app.workflows.wiring import App
from tests.builders import a_transcript
from tests.domain.test_names import said
from tests.media.recordings import a_recording
from tests.media.test_peaks_and_clips import samples_of
from tests.workflows.test_withdraw_consent import everything

SAID = ("So I told Zebedee it", "Zebedee's brother and zebedee", "We met in Quito")


@dataclass(frozen=True, slots=True)
class Case:
    study_id: str
    coder_id: str
    first: str  # recordings of one case
    second: str


@pytest.fixture
def case(app: App, tmp_path: Path) -> Case:
    made = study.create_study(app, "Alliance study", "alliance-core")
    ids = []
    for number, suffix in enumerate(("wav", "ogg"), 1):
        source = a_recording(tmp_path / f"{number}.{suffix}")
        recording = add_file(app, made.id, source, label=f"C-1 {number}")
        therapy_sessions.set_session(
            app,
            made.id,
            recording.session_id,
            label=f"C-1 {number}",
            case_code="cC"[number - 1] + "-1",
            number=number,
        )
        with app.store.write() as tx:
            transcripts.add_transcript(tx, a_transcript(recording.id, segments=said(*SAID)))
        ids.append(recording.id)
    return Case(made.id, study.add_coder(app, made.id, "Ruth").id, *ids)


def replaced(
    app: App, case: Case, name: str = "Zebedee", replacement: str = "[Name 1]"
) -> pseudonymise.Replaced:
    """The name in all its places in the first recording."""
    view = look_for_names(app, case.first)
    places = places_of_name(app, case.first, name)
    return replace_name(app, case.first, case.coder_id, view.transcript.id, name, places, replacement)


def texts(app: App, recording_id: str) -> list[str]:
    return [each.text for each in look_for_names(app, recording_id).transcript.segments]


def test_a_name_is_replaced_everywhere_as_a_step_that_can_be_undone(app: App, case: Case) -> None:
    assert [each.text for each in look_for_names(app, case.first).found if each.likely] == [
        "Zebedee",
        "Quito",
    ]
    done = replaced(app, case)
    assert texts(app, case.first) == [
        "So I told [Name 1] it",
        "[Name 1]'s brother and [Name 1]",
        "We met in Quito",
    ]
    assert (done.n, done.n_silences) == (3, 3)
    assert [each.source for each in list_revisions(app, case.first)] == ["edit", "transcription"]
    view = look_for_names(app, case.first)
    undo = EditStep("back", "undo", of=done.edit_id)
    apply_steps(app, case.first, case.coder_id, view.transcript.id, [undo])
    assert texts(app, case.first) == list(SAID)


def test_the_same_stands_for_the_name_in_a_later_session_of_the_case_and_only_there(
    app: App, case: Case
) -> None:
    replaced(app, case)
    view = look_for_names(app, case.second)
    assert {one: [each.exact for each in places] for one, places in view.known.items()} == {
        "[Name 1]": [True, True, False]
    }
    assert "Zebedee" not in [each.text for each in view.found]
    assert view.suggested == "[Name 2]"
    replace_known(app, case.second, case.coder_id, view.transcript.id, view.known)
    assert texts(app, case.second) == texts(app, case.first)
    with app.store.read() as tx:
        assert not pseudonyms.replacements(tx, case.study_id, "c-2")


def test_a_word_that_was_no_name_after_all_is_forgotten_by_the_case_and_the_others_stay(
    app: App, case: Case
) -> None:
    replaced(app, case)
    replaced(app, case, "told", "[Name 2]")
    (told,) = look_for_names(app, case.second).known["[Name 2]"]
    with pytest.raises(ChangedSinceError):
        pseudonymise.forget_known(app, case.second, "[Name 1]", [told])
    pseudonymise.forget_known(app, case.second, "[Name 2]", [told])
    assert list(look_for_names(app, case.second).known) == ["[Name 1]"]
    assert "[Name 2]" in texts(app, case.first)[0]


def test_a_place_that_was_changed_meanwhile_is_not_written_over(app: App, case: Case) -> None:
    view = look_for_names(app, case.first)
    places = places_of_name(app, case.first, "Zebedee")
    replaced(app, case, "told", "said")  # the same revision now, with other texts
    own = look_for_names(app, case.first).transcript.id
    for transcript_id in (view.transcript.id, own):
        with pytest.raises(ChangedSinceError, match="changed since"):
            replace_name(app, case.first, case.coder_id, transcript_id, "Quito", places, "[Name 1]")
    assert texts(app, case.first)[1:] == list(SAID[1:])


@pytest.mark.parametrize(
    ("name", "replacement", "message"),
    [
        ("Zebedee", " ", "empty"),
        ("Zebedee", "x" * 81, "at most 80"),
        ("Zebedee", "young Zebedee", "must not hold it"),
        ("...", "[Name 1]", "Write the name"),
        ("Zebedee", "a\0b", "cannot be stored"),
        ("Zebedee", "quito", "two would become one"),
    ],
)
def test_what_cannot_stand_for_a_name_is_refused_and_nothing_is_kept(
    app: App, case: Case, name: str, replacement: str, message: str
) -> None:
    shown, places = look_for_names(app, case.first).transcript.id, places_of_name(app, case.first, "Zebedee")
    with pytest.raises(InputError, match=message):
        replace_name(app, case.first, case.coder_id, shown, name, places, replacement)
    assert_nothing_kept(app, case)


def assert_nothing_kept(app: App, case: Case) -> None:
    assert texts(app, case.first) == list(SAID)
    with app.store.read() as tx:
        assert pseudonyms.replacements(tx, case.study_id, "c-1") == ()
        assert silences.list_silences(tx, case.first) == ()


def test_no_place_a_place_that_is_not_there_and_an_observer_of_another_study_are_refused(
    app: App, case: Case
) -> None:
    other = study.create_study(app, "Other study", "alliance-core")
    stranger = study.add_coder(app, other.id, "Eve").id
    shown = look_for_names(app, case.first).transcript.id
    places = places_of_name(app, case.first, "Zebedee")
    give = (shown, "Zebedee")
    with pytest.raises(InputError, match="No place is chosen"):
        replace_name(app, case.first, case.coder_id, *give, [], "[Name 1]")
    for place in (Place("s-0404", 0, 3), Place("s-0001", 400, 410), Place("s-0001", 0, 2)):
        with pytest.raises(ChangedSinceError):
            replace_name(app, case.first, case.coder_id, *give, [place], "[Name 1]")
    with pytest.raises(CodingError, match="another study"):
        replace_name(app, case.first, stranger, *give, places, "[Name 1]")
    with pytest.raises(InputError, match="stands for no name"):
        replace_known(app, case.first, case.coder_id, shown, {"Clara": places})
    with pytest.raises(InputError, match="Write the name"):
        places_of_name(app, case.first, " ?! ")
    assert_nothing_kept(app, case)


def test_where_somebody_codes_their_revision_keeps_its_words_and_its_cut(app: App, case: Case) -> None:
    code_session.open_pass(app, case.first, case.coder_id)
    before = look_for_names(app, case.first)
    assert before.coded
    replaced(app, case)
    after = look_for_names(app, case.first)
    assert after.transcript.segmentation == before.transcript.segmentation
    assert after.earlier.kept == (1,)
    with app.store.read() as tx:
        assert transcripts.get_transcript(tx, before.transcript.id).segments[0].text == SAID[0]


def test_after_removing_earlier_words_the_name_is_nowhere_in_the_database(app: App, case: Case) -> None:
    done = replaced(app, case)
    replaced(app, case, "Quito", "[Place]")
    assert "Zebedee" in words_anywhere(app, case)
    assert pseudonymise.remove_earlier_words(app, case.first) == 1
    assert "zebedee" not in words_anywhere(app, case).casefold()
    assert "Quito" not in words_anywhere(app, case)
    shown = look_for_names(app, case.first).transcript.id
    with pytest.raises(InputError, match="earlier revision"):
        apply_steps(app, case.first, case.coder_id, shown, [EditStep("back", "undo", of=done.edit_id)])


def test_words_of_a_correction_made_while_coding_go_too_and_who_codes_sees_the_newest_text_still(
    app: App, case: Case
) -> None:
    coding_pass = code_session.open_pass(app, case.first, case.coder_id)
    correct_segment(app, coding_pass.id, "s-0001", "So I told Barnabas it")
    replaced(app, case, "Zebedee")
    correct_segment(app, coding_pass.id, "s-0003", "We met Barnabas in Quito")
    replaced(app, case, "Barnabas", "[Name 2]")
    assert look_for_names(app, case.first).earlier.n_corrections == 2
    pseudonymise.remove_earlier_words(app, case.first)
    earlier = look_for_names(app, case.first).earlier
    assert (earlier.removable, earlier.kept, earlier.n_corrections) == ((), (1,), 0)
    assert "Barnabas" not in words_anywhere(app, case)
    shown = code_session.bootstrap(app, coding_pass.id)["transcript"]["segments"]
    assert [each["text"] for each in shown] == ["So I told [Name 2] it", SAID[1], "We met [Name 2] in Quito"]
    assert pseudonymise.remove_earlier_words(app, case.first) == 0


def words_anywhere(app: App, case: Case) -> str:
    """Everything stored, and of the first recording all that can be opened."""
    with app.store.read() as tx:
        revisions = transcripts.list_transcripts(tx, case.first)
        opened = [str(transcripts.get_transcript(tx, each.id)) for each in revisions]
        opened += [str(edits.list_edits(tx, each.id)) for each in revisions]
        opened += [
            str(corrections.list_corrections(tx, cut)) for cut in {each.segmentation for each in revisions}
        ]
    return "\n".join([everything(app), *opened])


def test_who_still_sees_a_revision_that_was_removed_is_told_to_reload(app: App, case: Case) -> None:
    shown = look_for_names(app, case.first).transcript.id
    replaced(app, case)
    pseudonymise.remove_earlier_words(app, case.first)
    step = EditStep("late", "do", Edit("set_text", {"key": "s-0003", "text": "We met there"}))
    with pytest.raises(ChangedSinceError, match="reload it"):
        apply_steps(app, case.first, case.coder_id, shown, [step])


def test_a_clip_is_saved_with_consent_only_and_holds_nothing_of_where_a_name_is_said(
    app: App, case: Case
) -> None:
    span = Span(0, 8_000)
    for given, until, message in (
        (None, None, "no consent"),
        (False, None, "refused"),
        (True, date(2020, 1, 1), "ended"),
    ):
        if given is not None:
            note(app, case, given=given, until=until)
        with pytest.raises(AccessError, match=message):
            export_clip(app, case.first, span)
    note(app, case, given=True)
    whole, rate_hz = samples_of(export_clip(app, case.first, span))
    replaced(app, case)
    clip, _ = samples_of(export_clip(app, case.first, span))
    with app.store.read() as tx:
        spans = silences.list_silences(tx, case.first)
    assert len(spans) == 3
    for each in spans:
        within = slice(each.start_ms * rate_hz // 1000, each.end_ms * rate_hz // 1000)
        assert not clip[within].any()
    assert np.count_nonzero(whole) > np.count_nonzero(clip) > 0
    assert len(whole) == len(clip)


def note(app: App, case: Case, *, given: bool, until: date | None = None) -> None:
    view = plan_study.view_plan(app, case.study_id)
    session_id = next(each.session.id for each in view.sessions if each.session.number == 1)
    therapy_sessions.note_consent(app, case.study_id, session_id, Use.CLIPS, given=given, until=until)


def test_a_clip_that_is_none_is_refused(app: App, case: Case) -> None:
    note(app, case, given=True)
    for read in (export_clip, silences_in):
        with pytest.raises(InputError, match="end after the recording, which is 0:12 long"):
            read(app, case.first, Span(0, 12_001))
        with pytest.raises(InputError, match="choose another"):
            read(app, case.first, Span(5, 5))
    with pytest.raises(NotFoundError):
        export_clip(app, "nowhere", Span(0, 5))


def test_a_stretch_is_silenced_by_hand_and_let_be_heard_again(app: App, case: Case) -> None:
    for span in (Span(5, 5), Span(0, 3_600_000)):
        with pytest.raises(InputError, match="end by"):
            pseudonymise.silence_stretch(app, case.first, span)
    pseudonymise.silence_stretch(app, case.first, Span(100, 400))
    assert look_for_names(app, case.first).silences == (Span(100, 400),)
    pseudonymise.let_hear_again(app, case.first, Span(100, 400))
    with pytest.raises(InputError, match="not silent any more"):
        pseudonymise.let_hear_again(app, case.first, Span(100, 400))
    assert look_for_names(app, case.first).silences == ()


def test_the_audit_says_what_was_done_and_neither_the_name_nor_what_stands_for_it(
    app: App, case: Case
) -> None:
    note(app, case, given=True)
    replaced(app, case, replacement="Clarabel")
    export_clip(app, case.first, Span(0, 3_000))
    pseudonymise.remove_earlier_words(app, case.first)
    with app.store.read() as tx:
        entries = audit.newest(tx, frozenset({case.study_id}), before=None, n=100)
    acts = [each.act for each in reversed(entries)]
    assert acts[-3:] == [Act.REPLACED_NAMES, Act.EXPORTED, Act.REMOVED_WORDS]
    assert dict(entries[1].details) == {"what": "clip", "start_ms": 0, "end_ms": 3_000, "silenced": 1}
    assert "zebedee" not in str(entries).casefold()
    assert "Clarabel" not in str(entries)


def test_what_stands_for_a_name_is_found_also_after_the_master_key_was_changed(
    app: App, case: Case, tmp_path: Path
) -> None:
    replaced(app, case)
    new, _ = change_master_key(app, tmp_path / "new.key")
    app.store.unlock(new)
    assert list(look_for_names(app, case.second).known) == ["[Name 1]"]


def test_a_case_that_is_called_otherwise_on_the_plan_keeps_what_stands_for_its_names(
    app: App, case: Case
) -> None:
    replaced(app, case)
    view = plan_study.view_plan(app, case.study_id)
    for each in view.sessions:
        therapy_sessions.set_session(
            app, case.study_id, each.session.id, label=each.session.label, case_code="C-9"
        )
    assert list(look_for_names(app, case.second).known) == ["[Name 1]"]


def test_what_is_suggested_can_be_taken_whatever_the_name_and_whatever_stands_there(
    app: App, case: Case
) -> None:
    with app.store.write() as tx:
        texts_there = said("So Nam told [Name 1] it", "O'Brien and O’Brien went")
        transcripts.add_transcript(tx, a_transcript(case.first, segments=texts_there))
    assert [each.text for each in look_for_names(app, case.first).found] == ["O'Brien", "Nam"]
    for name in ("Nam", "O'Brien"):
        replaced(app, case, name, look_for_names(app, case.first).suggested)
    assert texts(app, case.first) == ["So [Name 2] told [Name 1] it", "[Name 3] and [Name 3] went"]
