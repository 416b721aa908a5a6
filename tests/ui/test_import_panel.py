"""The import of a transcript on the Recordings page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coding_app.settings import read_settings
from coding_app.store import recordings, studies, transcriptions
from coding_app.workflows import overview
from coding_app.workflows.wiring import App, open_app
from tests.builders import a_recording, a_session, a_study
from tests.ui.pages import button, open_page, text_of

VTT = b"WEBVTT\n\n00:01.000 --> 00:02.500\n<v T>How <b>are</b> you?\n\n00:03.000 --> 00:04.250\n<v Anna>Tired.\n"
PLAIN = b"T: How are you?\nC: Tired.\n"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A study with one recording of 60 s."""
    with open_app(read_settings({}, tmp_path / "data")) as opened:
        study = a_study()
        session = a_session(study.id)
        with opened.store.write() as tx:
            studies.add_study(tx, study)
            studies.add_session(tx, session)
            recordings.add_recording(tx, a_recording(session.id))
        yield opened


def the_recording_id(app: App) -> str:
    with app.store.read() as tx:
        return recordings.list_recordings(tx, overview.studies(app)[0].id)[0].id


def with_file(app: App, name: str, data: bytes) -> AppTest:
    at = open_page(app, "recordings")
    uploader = next(each for each in at.file_uploader if each.label == "Transcript file")
    uploader.upload(name, data)
    return at.run()


def test_what_was_understood_is_shown_before_anything_is_stored(app: App) -> None:
    at = with_file(app, "a.vtt", VTT)
    assert not at.exception
    written = text_of(at)
    assert "**WebVTT** · 2 lines · 4 words · 2 speakers · exact times" in written
    assert "How are you?" in written
    assert [each.value for each in at.selectbox if each.label.startswith("“")] == ["therapist", None]
    assert "stored as S1" in at.warning[0].value
    assert overview.current_transcript(app, the_recording_id(app)) is None


def test_confirming_makes_the_transcript_and_empties_the_form(app: App) -> None:
    at = with_file(app, "a.vtt", VTT)
    next(each for each in at.selectbox if each.label == "“Anna” is").select("client").run()
    at = button(at, "Import").click().run()
    assert not at.exception
    made = overview.current_transcript(app, the_recording_id(app))
    assert made is not None
    assert made.speakers == {"T": "therapist", "S1": "client"}
    assert "imported from WebVTT" in text_of(at)
    assert [each.label for each in at.button if each.label == "Import"] == []


def test_a_file_without_times_is_offered_to_be_found_in_the_recording(app: App) -> None:
    at = with_file(app, "a.txt", PLAIN)
    assert "no times" in text_of(at)
    at = button(at, "Import and find the words").click().run()
    assert not at.exception
    with app.store.read() as tx:
        assert transcriptions.list_transcriptions(tx, the_recording_id(app))[0].script is not None


def test_a_bad_file_is_refused_on_the_page(app: App) -> None:
    at = with_file(app, "a.vtt", b"nothing of the kind")
    assert "line 1" in at.error[0].value
    assert [each.label for each in at.button if each.label.startswith("Import")] == []


def test_times_beyond_the_recording_are_refused_on_the_page(app: App) -> None:
    at = with_file(app, "a.vtt", VTT.replace(b"00:0", b"10:0"))
    at = button(at, "Import").click().run()
    assert "only 1:00 long" in at.error[0].value
    assert overview.current_transcript(app, the_recording_id(app)) is None
