"""Every page, run by Streamlit's own test harness on the demo study and on an empty data folder."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coding_app.settings import read_settings
from coding_app.store import passes, transcripts
from coding_app.ui import context
from coding_app.ui.parts.paging import AT_ONCE
from coding_app.workflows import assess_agreement, overview, study
from coding_app.workflows.demo import add_demo
from coding_app.workflows.preferences import Preferences, read_preferences, save_preferences
from coding_app.workflows.wiring import App, open_app
from tests.builders import a_transcript, given_a_recording
from tests.ui.pages import ENTRY, TIMEOUT_S, button, open_page, text_of

PAGES = ("study", "recordings", "code", "agreement", "codebook", "settings")


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


@pytest.mark.parametrize("page", ["recordings", "code", "agreement", "codebook"])
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
    empathy = next(each for each in report.criteria if each.criterion == "empathy").estimate(
        "krippendorff_alpha"
    )
    assert empathy is not None
    assert empathy.value is not None
    assert f'<th scope="row">Empathy</th><td class="">{empathy.value:.2f}' in text_of(at)


def test_an_observer_who_has_submitted_nothing_sees_no_agreement(demo: App) -> None:
    at = open_page(demo, "agreement", "Observer C")
    assert any("Not shown yet" in each.value for each in at.info)
    assert "<table" not in text_of(at)


def test_agreement_without_an_observer_is_shown_only_to_one_who_says_not_to_code(demo: App) -> None:
    at = open_page(demo, "agreement")
    assert "<table" not in text_of(at)
    button(at, "I do not code in this study").click()
    at.run()
    assert "<table" in text_of(at)


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
