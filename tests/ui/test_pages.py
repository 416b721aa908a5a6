"""Every page, run by Streamlit's own test harness on the demo study and on an empty data folder."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coding_app.domain.name_hint import LABEL_HINT
from coding_app.schemes.library import BUILT_IN
from coding_app.settings import read_settings
from coding_app.store import passes, transcriptions, transcripts
from coding_app.ui import context
from coding_app.ui.parts.paging import AT_ONCE
from coding_app.ui.parts.words import plain
from coding_app.workflows import assess_agreement, overview, study
from coding_app.workflows.codebook import scheme_of
from coding_app.workflows.demo import add_demo
from coding_app.workflows.preferences import Preferences, read_preferences, save_preferences
from coding_app.workflows.transcribe import MAX_SPEAKERS
from coding_app.workflows.wiring import App, open_app
from tests.builders import NOON, a_transcript, a_transcription, given_a_recording
from tests.ui.pages import ENTRY, TIMEOUT_S, button, open_page, text_of

NO_CODER = "I do not code in this study; show all results"
PAGES = ("study", "recordings", "code", "agreement", "codebook", "scheme_editor", "settings")


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    with open_app(read_settings({}, folder)) as opened:
        add_demo(opened)
    return folder


@pytest.fixture
def demo(demo_folder: Path, tmp_path: Path) -> Iterator[App]:
    """The demo study in a data folder of this test's own."""
    shutil.copytree(demo_folder, tmp_path / "data")
    with open_app(read_settings({}, tmp_path / "data")) as opened:
        yield opened


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[App]:
    with open_app(read_settings({}, tmp_path / "data")) as opened:
        yield opened


def the_study(app: App):  # type: ignore[no-untyped-def]
    return overview.studies(app)[0]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_an_empty_data_folder_without_a_fault(empty: App, page: str) -> None:
    at = open_page(empty, page)
    assert not at.exception
    assert not at.error


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_the_demo_study_without_a_fault(demo: App, page: str) -> None:
    at = open_page(demo, page, "Observer A")
    assert not at.exception
    assert not at.error


def test_an_empty_data_folder_leads_to_a_first_study(empty: App) -> None:
    at = open_page(empty, "study")
    at.text_input[0].set_value("Alliance pilot")
    button(at, "Make the study").click()
    at.run()
    assert the_study(empty).title == "Alliance pilot"
    assert "Alliance pilot" in text_of(at)
    assert "Add the first recording" in text_of(at)


@pytest.mark.parametrize("page", ["recordings", "code", "agreement"])
def test_a_page_without_a_study_leads_to_the_one_that_makes_it(empty: App, page: str) -> None:
    at = open_page(empty, page)
    button(at, "Make a study").click()
    at.run()
    assert at.title[0].value == "Welcome"


def test_the_first_observer_who_is_added_is_the_one_who_codes(empty: App) -> None:
    study.create_study(empty, "Alliance pilot")
    at = open_page(empty, "study")
    next(each for each in at.text_input if each.label == "Name").set_value("Observer A")
    button(at, "Add").click()
    at.run()
    assert [each.name for each in overview.coders(empty, the_study(empty).id)] == ["Observer A"]
    assert at.session_state["who_coder"] == overview.coders(empty, the_study(empty).id)[0].id


def test_a_study_whose_title_is_taken_is_refused_in_one_sentence(demo: App) -> None:
    at = open_page(demo, "study", "Observer A")
    next(each for each in at.text_input if each.label == "Title of the study").set_value("Demo study")
    button(at, "Make the study").click()
    at.run()
    assert len(at.error) == 1
    assert "Traceback" not in at.error[0].value
    assert len(overview.studies(demo)) == 1


def test_an_observer_sees_that_others_submitted_but_no_count_of_theirs(demo: App) -> None:
    at = open_page(demo, "study", "Observer C")
    words = text_of(at)
    assert "Observer A · submitted" in words
    assert "judgement" not in words
    assert [each.label for each in at.button if each.key and each.key.startswith("next-")] == ["Code", "Code"]


def test_coding_goes_on_after_a_reload_by_the_pass_in_the_address(demo: App) -> None:
    first = open_page(demo, "code", "Observer C")
    button(first, "Begin coding").click()
    first.run()
    pass_id = str(first.query_params["pass"])
    reloaded = open_page(demo, "code", "Observer C", **{"pass": pass_id})
    assert button(reloaded, "All recordings")
    with demo.store.read() as tx:
        assert len(passes.list_passes(tx, coder_id=reloaded.session_state["who_coder"])) == 1


def test_the_pass_of_another_observer_is_not_opened(demo: App) -> None:
    with demo.store.read() as tx:
        foreign = passes.list_passes(tx)[0].id
    at = open_page(demo, "code", "Observer C", **{"pass": foreign})
    assert "another observer" in at.info[0].value
    assert not [each for each in at.button if each.label == "All recordings"]
    assert "pass" not in at.query_params


def test_code_without_an_observer_asks_who_is_coding(demo: App) -> None:
    at = open_page(demo, "code")
    assert "Choose your name" in at.info[0].value
    assert not at.button


def test_the_agreement_page_shows_the_alpha_that_the_workflow_computes(demo: App) -> None:
    at = open_page(demo, "agreement", "Observer A")
    coder_id = at.session_state["who_coder"]
    report = assess_agreement.assess_study(demo, the_study(demo).id, coder_id)
    assessment = report.assessment("empathy")
    assert assessment is not None
    empathy = assessment.estimate("krippendorff_alpha")
    assert empathy is not None
    assert empathy.value is not None
    assert f'<th scope="row">Empathy</th><td class="">{empathy.value:.2f}' in text_of(at)


def test_results_bear_the_names_of_the_scheme_they_were_coded_with(demo: App, tmp_path: Path) -> None:
    schemes = tmp_path / "schemes"
    schemes.mkdir()
    built_in = (BUILT_IN / "alliance-core.yaml").read_text("utf-8")
    (schemes / "alliance-core.yaml").write_text(built_in.replace("label: Empathy", "label: Warmth"), "utf-8")
    demo.store.close()
    with open_app(read_settings({"CODING_APP_SCHEMES": str(schemes)}, tmp_path / "data")) as app:
        assert "Warmth" in [each.label for each in scheme_of(app, the_study(app).id).criteria]
        words = text_of(open_page(app, "agreement", "Observer A"))
        assert '<th scope="row">Empathy</th>' in words
        assert "Warmth" not in words


def test_an_observer_who_has_submitted_nothing_sees_no_agreement(demo: App) -> None:
    at = open_page(demo, "agreement", "Observer C")
    assert any("once you have submitted your own" in each.value for each in at.info)
    assert "<table" not in text_of(at)


def test_agreement_without_an_observer_is_shown_only_to_one_who_says_not_to_code(demo: App) -> None:
    at = open_page(demo, "agreement")
    assert "<table" not in text_of(at)
    button(at, NO_CODER).click()
    at.run()
    assert "<table" in text_of(at)


def test_one_who_said_not_to_code_is_asked_again_after_an_observer_was_chosen(demo: App) -> None:
    at = open_page(demo, "agreement")
    assert "ends blind coding" in text_of(at)
    button(at, NO_CODER).click()
    at.run()
    assert "<table" in text_of(at)
    observer = next(each for each in at.selectbox if each.label == "Observer")
    observer.set_value(overview.coders(demo, the_study(demo).id)[2].id).run()
    assert "<table" not in text_of(at)
    next(each for each in at.selectbox if each.label == "Observer").set_value(None).run()
    assert "<table" not in text_of(at)
    assert button(at, NO_CODER)


def test_one_observer_alone_is_no_choice_for_agreement(demo: App) -> None:
    at = open_page(demo, "agreement", "Observer A")
    next(each for each in at.multiselect if each.label == "Observers").set_value(["Observer A"]).run()
    assert [each.value for each in at.info] == ["Choose at least two observers, or none to compare all."]


def test_a_statistic_without_a_value_is_a_dash_with_its_reason(demo: App) -> None:
    at = open_page(demo, "agreement", "Observer A")
    assert '<td class="">–<sup>' in text_of(at)
    assert "without variation" in text_of(at)


def test_the_codebook_finds_a_code_by_a_word_of_its_definition(demo: App) -> None:
    at = open_page(demo, "codebook", "Observer A")
    at.text_input[0].set_value("confrontation dismissively")
    at.run()
    words = text_of(at)
    assert "Client confrontation" in words
    assert "Conveys understanding" not in words


def test_the_codebook_says_when_nothing_is_found(demo: App) -> None:
    at = open_page(demo, "codebook", "Observer A")
    at.text_input[0].set_value("hypnosis")
    at.run()
    assert "hypnosis" in at.info[0].value


def test_a_role_given_by_a_click_is_kept(demo: App) -> None:
    first = overview.study_overview(demo, the_study(demo).id, None)[0].recording
    with demo.store.write() as tx:
        made = transcripts.add_transcript(tx, a_transcript(first.id, speakers={"S1": None, "S2": None}))
    at = open_page(demo, "recordings", "Observer C", recording=first.id)
    role = next(each for each in at.get("button_group") if each.key and "S1" in each.key)
    role.select("therapist")
    at.run()
    current = overview.current_transcript(demo, first.id)
    assert current is not None
    assert (current.id, current.speakers["S1"]) == (made.id, "therapist")


def _done(app: App, recording_id: str, **given: Any) -> None:
    with app.store.write() as tx:
        transcriptions.add_transcription(tx, a_transcription(recording_id, **{"state": "done"} | given))


def test_what_a_finished_transcription_has_to_tell_stands_above_its_transcript(empty: App) -> None:
    recording = given_a_recording(empty.store)
    _done(empty, recording.id, message="No speech was found.")
    later = NOON + timedelta(minutes=5)
    _done(empty, recording.id, state="failed", message="It broke.", created_at=later)
    words = text_of(open_page(empty, "recordings"))
    assert plain("No speech was found.") in words
    assert plain("It broke.") in words


def test_a_transcript_that_nobody_codes_can_be_made_again_with_other_choices(empty: App) -> None:
    recording = given_a_recording(empty.store, n_channels=2)
    _done(empty, recording.id)
    at = open_page(empty, "recordings")
    assert "Transcribe again" in [each.label for each in at.expander]
    assert "the roles must be given again" in text_of(at)
    stereo = next(each for each in at.selectbox if each.label == "Stereo")
    stereo.set_value("Left Therapist, right Client").run()
    button(at, "Transcribe").click().run()
    run = overview.study_overview(empty, the_study(empty).id, None)[0].transcription
    assert run is not None
    assert (run.state, run.channels) == ("queued", ("therapist", "client"))
    assert "Transcribe again" not in [each.label for each in at.expander]
    assert button(at, "Cancel")


def test_a_transcript_that_is_coded_cannot_be_made_again_and_the_page_says_why(demo: App) -> None:
    at = open_page(demo, "recordings", "Observer A")
    assert "Transcribe again" not in [each.label for each in at.expander]
    assert "cannot be transcribed again" in text_of(at)


def test_coding_does_not_begin_while_a_recording_is_transcribed_again(empty: App) -> None:
    recording = given_a_recording(empty.store)
    study.add_coder(empty, the_study(empty).id, "Observer A")
    _done(empty, recording.id, state="running")
    at = open_page(empty, "code", "Observer A")
    button(at, "Begin coding").click().run()
    assert "transcribed again" in at.error[0].value


def test_a_model_given_as_a_folder_is_offered_and_chosen(tmp_path: Path) -> None:
    folder = tmp_path / "my-model"
    folder.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (folder / name).write_bytes(b"{}")
    with open_app(read_settings({"CODING_APP_MODEL": str(folder)}, tmp_path / "data")) as app:
        chosen = {each.label: each for each in open_page(app, "settings").selectbox}["Model"]
        assert chosen.value == str(folder)
        assert any(each.startswith("my-model · on this computer") for each in chosen.options)


def test_a_kept_model_that_is_gone_falls_back_to_the_one_that_came_with_the_app(empty: App) -> None:
    save_preferences(empty, Preferences("faster-whisper", "/gone/model", None, MAX_SPEAKERS))
    chosen = {each.label: each.value for each in open_page(empty, "settings").selectbox}
    assert (chosen["Model"], chosen["Speakers"]) == ("base", MAX_SPEAKERS)


def test_a_title_and_a_name_are_shown_as_they_were_written(empty: App) -> None:
    made = study.create_study(empty, "Pilot *one* [2]")
    study.add_coder(empty, made.id, "Observer_A_")
    given_a_recording(empty.store, study=made)
    at = open_page(empty, "study", "Observer_A_")
    assert at.title[0].value == plain("Pilot *one* [2]")
    assert plain("Observer_A_") + " has submitted" in text_of(at)
    assert plain("Observer_A_") + ", choose a recording" in text_of(open_page(empty, "code", "Observer_A_"))


@pytest.mark.parametrize("field", ["Session label (optional)", "Case code (optional)"])
def test_a_name_typed_beside_an_upload_is_hinted_at_and_a_code_is_not(empty: App, field: str) -> None:
    study.create_study(empty, "A study")
    at = open_page(empty, "recordings")
    for typed, hinted in (("Anna Müller", True), ("A07-S01", False)):
        next(each for each in at.text_input if each.label == field).set_value(typed)
        at.run()
        assert not at.exception
        assert (LABEL_HINT in text_of(at)) == hinted


def test_saved_defaults_are_what_the_upload_starts_with(demo: App) -> None:
    save_preferences(demo, Preferences("openai-whisper", "base", "de", 3))
    assert read_preferences(demo) == Preferences("openai-whisper", "base", "de", 3)
    at = open_page(demo, "settings", "Observer A")
    chosen = {each.label: each.value for each in at.selectbox}
    assert (chosen["Engine"], chosen["Language"], chosen["Speakers"]) == ("openai-whisper", "de", 3)


def test_a_damaged_preferences_file_is_one_sentence_that_says_what_to_do(demo: App) -> None:
    (demo.settings.data_dir / "preferences.json").write_text("{")
    at = open_page(demo, "settings", "Observer A")
    assert "delete it" in at.error[0].value


def test_a_fault_of_the_program_is_shown_as_one_without_a_traceback(
    demo: App, caplog: pytest.LogCaptureFixture
) -> None:
    demo.store.close()
    context.set_app(App(demo.settings, None, demo.vault))  # type: ignore[arg-type]
    at = AppTest.from_file(str(ENTRY), default_timeout=TIMEOUT_S).run()
    assert not at.exception
    assert "mistake in the program" in at.error[0].value
    assert "A page failed" in caplog.text


def test_a_long_study_is_shown_a_page_at_a_time(empty: App) -> None:
    made = study.create_study(empty, "Long study")
    for _ in range(AT_ONCE + 3):
        given_a_recording(empty.store, study=made)
    at = open_page(empty, "study")
    assert text_of(at).count("first meeting") == AT_ONCE
