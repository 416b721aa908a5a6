"""Every workflow asks who may do it: a table of all, tried by everybody; a workflow without a row fails."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import coding_app.workflows
from coding_app.domain.people import Action, Role
from coding_app.errors import AccessError, NotFoundError, SignedOutError
from coding_app.workflows.permission import KINDS, RULE, allowed, check
from coding_app.workflows.wiring import App
from tests.permissions.world import ADMINISTRATOR, EVERYBODY, OUTSIDER, SIGNED_OUT, World

# L lead, C coder, T trainer, V viewer of the study; O lead of another one; A administrator in no study.
LETTERS = {
    Role.LEAD: "L",
    Role.CODER: "C",
    Role.TRAINER: "T",
    Role.VIEWER: "V",
    OUTSIDER: "O",
    ADMINISTRATOR: "A",
    SIGNED_OUT: "-",
}
MACHINE = "machine"  # jobs, and what a server does when it starts: nobody who signs in
ROWS = {
    "accounts.account_named": "A",
    "accounts.add_account": "A",
    "accounts.list_accounts": "A",
    "accounts.reset_password": "LCTVOA",
    "accounts.set_disabled": "LCTVOA",
    "add_recording.add_file": "L",
    "add_recording.add_recording": "L",
    "agreement_details.compare_observers": "LCT",
    "agreement_details.drift_of_question": "LCT",
    "agreement_details.drift_of_study": "LCT",
    "agreement_details.tolerance_of_question": "LCT",
    "agreement_report.study_report": "LT",
    "assess_agreement.assess_study": "LCT",
    "assess_agreement.check_may_look": "LCT",
    "assess_agreement.chosen_data": "LCT",
    "audit.trail": "L",
    "audit.trail_csv": "L",
    "audit.verify_audit": "machine",
    "backup.make_backup": "machine",
    "bookmarks.bookmarks_of": "LCT",
    "bookmarks.bookmarks_of_pass": "LCT",
    "bookmarks.mark": "LCT",
    "bookmarks.mark_in_pass": "LCT",
    "change_master_key.change_master_key": "machine",
    "channel_offer.accept": "LT",
    "channel_offer.offers": "LCT",
    "code_session.bootstrap": "LCT",
    "code_session.ledger": "LCT",
    "code_session.open_pass": "LCT",
    "code_session.progress": "LCT",
    "code_session.record": "LCT",
    "code_session.submit": "LCT",
    "codebook.folders": "LCTVOA",
    "codebook.library": "LCTVOA",
    "codebook.scheme_of": "LCTV",
    "codebook.use_of": "LCTVOA",
    "confidence_groups.study_by_confidence": "LCT",
    "consensus_tables.consensus_csv": "LT",
    "consensus_tables.n_consensus": "LT",
    "correct_transcript.correct_segment": "LCT",
    "decision_rules.list_rules": "LCT",
    "decision_rules.record_rule": "L",
    "demo.add_demo": "machine",
    "edit_scheme.begin": "LTOA",
    "edit_scheme.copy_to_edit": "LTOA",
    "edit_scheme.keep": "LTOA",
    "edit_scheme.propose": "LTOA",
    "edit_scheme.save_version": "LTOA",
    "edit_transcript.apply_steps": "LCT",
    "edit_transcript.list_revisions": "LCT",
    "edit_transcript.open_editor": "LCT",
    "edit_transcript.read_revision": "LCT",
    "edit_transcript.restore": "LCT",
    "erase_recording.erase_recording": "L",
    "erase_recording.withdraw_consent": "L",
    "export_clip.check_may_show": "LT",
    "export_clip.export_clip": "LT",
    "export_clip.silences_in": "LT",
    "growing_transcript.growing_transcript": "LCT",
    "import_transcript.align_import": "LT",
    "import_transcript.import_timed": "LT",
    "judgement_tables.long_table_csv": "LT",
    "listen.check_may_hear": "LCT",
    "listen.moment": "LCT",
    "listen.open_to_listen": "LCT",
    "members.add_person": "L",
    "members.change_role": "L",
    "members.free_observers": "L",
    "members.list_members": "L",
    "members.remove_member": "L",
    "models.download": "LOA",
    "models.models_here": "LCTVOA",
    "my_work.has_work": "LCT",
    "my_work.my_work": "LCT",
    "other_passes.other_passes": "LCT",
    "overturned.overturned": "LCT",
    "overview.coders": "LCT",
    "overview.current_transcript": "LCT",
    "overview.own_pass": "LCT",
    "overview.studies": "LCTVOA",
    "overview.study_overview": "LCT",
    "overview.transcript_as": "LT",
    "plan_study.assign": "L",
    "plan_study.end_assignment": "L",
    "plan_study.hand_on_overdue": "L",
    "plan_study.preview_assignments": "L",
    "plan_study.put_plan": "L",
    "plan_study.reassign": "L",
    "plan_study.view_plan": "L",
    "preferences.read_preferences": "LCTVOA",
    "preferences.save_preferences": "LOA",
    "prepare_recording.adopt": "machine",
    "prepare_recording.again": "LT",
    "prepare_recording.enqueue": "L",
    "prepare_recording.prepare": "machine",
    "prepare_recording.run": "machine",
    "prepare_recording.sweep": "machine",
    "prepare_recording.to_play": "LCT",
    "progress.drift_warnings": "LCT",
    "progress.study_progress": "L",
    "pseudonymise.forget_known": "LCT",
    "pseudonymise.let_hear_again": "LT",
    "pseudonymise.look_for_names": "LCT",
    "pseudonymise.places_of_name": "LCT",
    "pseudonymise.remove_earlier_words": "L",
    "pseudonymise.replace_known": "LCT",
    "pseudonymise.replace_name": "LCT",
    "pseudonymise.silence_stretch": "LCT",
    "reach_consensus.finish": "L",
    "reach_consensus.rule": "L",
    "reach_consensus.start_or_update": "L",
    "reach_consensus.what_differs": "L",
    "recording_quality.notices": "LCT",
    "recording_quality.quality": "LCT",
    "recording_quality.sound_of": "LCT",
    "reference.list_references": "L",
    "reference.make_reference": "L",
    "reference.mix_in": "L",
    "reliability_data.read_study": "LCT",
    "reliability_data.scheme_lines": "LCT",
    "reopen_pass.reopen": "L",
    "reopen_pass.reopenings_of_pass": "LCT",
    "scheme_drafts.drop_draft": "LTOA",
    "scheme_drafts.list_drafts": "LTOA",
    "scheme_drafts.open_draft": "LTOA",
    "scheme_drafts.save_draft": "LTOA",
    "scheme_drafts.start_draft": "LTOA",
    "seal_recordings.adopt": "machine",
    "seal_recordings.run": "machine",
    "seal_recordings.seal": "machine",
    "seal_recordings.seal_rules": "machine",
    "seal_recordings.seal_texts": "machine",
    "speakers.assign": "LCT",
    "speakers.assign_all": "LCT",
    "study.add_coder": "L",
    "study.change_scheme": "L",
    "study.create_study": "LOA",
    "study.find_study": "LCTVOA",
    "study.may_change_scheme": "LCTV",
    "therapy_sessions.note_consent": "L",
    "therapy_sessions.set_own_sessions": "L",
    "therapy_sessions.set_session": "L",
    "to_settle.recordings_coded_twice": "L",
    "to_settle.recordings_to_settle": "L",
    "transcribe.cancel": "LT",
    "transcribe.open_transcription_jobs": "machine",
    "transcribe.pause": "LT",
    "transcribe.resume": "LT",
    "transcribe.retry": "LT",
    "transcribe.start": "LT",
    "transcription_job.run": "machine",
    "transcription_job.settle": "machine",
    "transcription_job.warm_child": "machine",
    "workbench_preferences.language_of": "LCT",
    "workbench_preferences.save_preferences_of": "LCT",
}
NOT_ASKED = {
    "accounts.create_first_account": "there is nobody yet who could be asked; refused once there is",
    "audit.note": "writes down what a workflow that was asked for does",
    "audit.note_alone": "writes down what a workflow that was asked for does",
    "audit.note_of_recording": "writes down what a workflow that was asked for does",
    "permission.check": "is the question itself",
    "signing_in.accounts_exist": "is asked before anybody is known",
    "signing_in.begin": "takes an account that has just proved who it is",
    "signing_in.change_password": "takes the cookie and the old password",
    "signing_in.sign_in": "takes the password",
    "signing_in.sign_in_from_elsewhere": "takes what the organisation has vouched for",
    "signing_in.sign_out": "takes the cookie",
    "signing_in.who": "says who is behind a cookie",
    "transcription_job.work_dir": "names a folder, reads nothing",
}


def _workflows() -> Iterator[tuple[str, Callable[..., Any]]]:
    for each in pkgutil.iter_modules(coding_app.workflows.__path__):
        module = importlib.import_module(f"coding_app.workflows.{each.name}")
        for name, work in inspect.getmembers(module, inspect.isfunction):
            ours = work.__module__ == module.__name__ and not name.startswith("_")
            if ours and any(
                p.annotation in (App, "App") for p in inspect.signature(work).parameters.values()
            ):
                yield f"{each.name}.{name}", work


WORKFLOWS = dict(_workflows())


def _given(world: World, who: str, work: Callable[..., Any]) -> dict[str, Any]:
    """Arguments that are the actor's own where they can be; whatever else is asked for is of no use."""
    values: dict[str, Any] = {
        "study_id": world.study_id,
        "recording_id": world.recording.id,
        "recording": world.recording,
        "pass_id": world.pass_of(who).id,
        "submitted_pass_id": world.submitted.id,
        "transcript_id": world.transcript_id,
        "transcription_id": world.transcription_id,
        "coder_id": world.coder_id(who),
        "viewer_id": world.coder_id(who),
    }
    found = {
        name: values.get(name, object())
        for name, each in inspect.signature(work).parameters.items()
        if name != "app" and (name in values or each.default is each.empty)
    }
    return {"app": world.acting(who), **found}


def test_every_workflow_stands_in_the_table_or_says_why_not() -> None:
    assert len(WORKFLOWS) > 90
    assert set(ROWS) | set(NOT_ASKED) == set(WORKFLOWS)
    assert {name for name, work in WORKFLOWS.items() if hasattr(work, RULE)} == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_a_workflow_refuses_everybody_who_is_not_in_its_row_before_it_does_anything(
    world: World, name: str
) -> None:
    work = WORKFLOWS[name]
    for who in EVERYBODY:
        if ROWS[name] != MACHINE and LETTERS[who] in ROWS[name]:
            continue
        with pytest.raises((AccessError, NotFoundError)) as refused:
            work(**_given(world, who, work))
        if who == SIGNED_OUT and ROWS[name] != MACHINE:
            assert refused.type is SignedOutError


@pytest.mark.parametrize("name", [each for each, row in ROWS.items() if row != MACHINE])
def test_a_workflow_lets_in_everybody_who_is_in_its_row(world: World, name: str) -> None:
    rule = getattr(WORKFLOWS[name], RULE)

    def reached(**given: Any) -> bool:
        return True

    reached.__signature__ = inspect.signature(WORKFLOWS[name])  # type: ignore[attr-defined]
    asked = allowed(rule.action, rule.of)(reached)
    for who, letter in LETTERS.items():
        if letter in ROWS[name]:
            assert asked(**_given(world, who, WORKFLOWS[name]))
    assert asked(**{**_given(world, Role.LEAD, WORKFLOWS[name]), "app": world.app})  # the machine itself


@pytest.mark.parametrize("who", [Role.LEAD, Role.CODER, Role.TRAINER])
def test_nobody_touches_another_observers_pass_the_lead_neither(world: World, who: str) -> None:
    names = [name for name, work in WORKFLOWS.items() if "pass_id" in inspect.signature(work).parameters]
    assert len(names) > 8
    for name in names:
        given = _given(world, who, WORKFLOWS[name]) | {"pass_id": world.submitted.id}
        with pytest.raises(AccessError, match="another observer"):
            WORKFLOWS[name](**given)


@pytest.mark.parametrize("who", [Role.LEAD, Role.CODER, Role.TRAINER])
@pytest.mark.parametrize("argument", ["coder_id", "viewer_id"])
def test_nobody_acts_or_looks_under_another_observers_name(world: World, who: str, argument: str) -> None:
    names = [name for name, work in WORKFLOWS.items() if argument in inspect.signature(work).parameters]
    assert len(names) > 4
    for name in names:
        given = _given(world, who, WORKFLOWS[name]) | {argument: world.observer_id}
        with pytest.raises(AccessError):
            WORKFLOWS[name](**given)


@pytest.mark.parametrize("who", [Role.LEAD, Role.CODER, Role.TRAINER])
def test_nobody_who_codes_sees_all_codings(world: World, who: str) -> None:
    for work in WORKFLOWS.values():
        rule = getattr(work, RULE, None)
        asks = rule is not None and rule.action in (Action.SEE_AGREEMENT, Action.EXPORT)
        if asks and "viewer_id" in inspect.signature(work).parameters:
            with pytest.raises(AccessError):
                work(**_given(world, who, work) | {"viewer_id": None})


def test_what_belongs_to_another_study_looks_as_if_it_did_not_exist(world: World) -> None:
    nowhere = "0" * 32
    for name, (called, _) in KINDS.items():
        value: Any = {
            "study_id": world.study_id,
            "pass_id": world.pass_of(Role.CODER).id,
            "submitted_pass_id": world.submitted.id,
            "coder_id": world.observer_id,
            "transcript_id": world.transcript_id,
            "transcription_id": world.transcription_id,
        }.get(name, world.recording.id)
        told = []
        for each in (value, nowhere):
            with pytest.raises(NotFoundError) as refused:
                check(world.acting(OUTSIDER), Action.SEE_RECORDINGS, name, {name: each})
            told.append(str(refused.value).replace(each, "ID"))
        assert told[0] == told[1]
        assert called in told[0]


def test_lists_hold_only_what_the_actor_is_in(world: World) -> None:
    from coding_app.workflows import codebook, overview, study

    titles = {
        who: [each.id for each in overview.studies(world.acting(who))] for who in LETTERS if who != SIGNED_OUT
    }
    assert all(titles[role] == [world.study_id] for role in Role)
    assert world.study_id not in titles[OUTSIDER]
    assert titles[ADMINISTRATOR] == []
    title = overview.studies(world.acting(Role.LEAD))[0].title
    with pytest.raises(NotFoundError) as refused:
        study.find_study(world.acting(ADMINISTRATOR), title + "x")
    assert title not in str(refused.value).replace(title + "x", "")
    scheme = codebook.scheme_of(world.app, world.study_id)
    used = codebook.use_of(world.acting(OUTSIDER), scheme)
    assert title not in used.studies
    assert used.n_passes == 0
