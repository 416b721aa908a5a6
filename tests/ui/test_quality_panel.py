"""The Recordings page says what is wrong with a recording's sound; the media route plays what a browser can."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from coding_app.domain.recording import Recording
from coding_app.domain.transcription import Transcription
from coding_app.media.source import read_all
from coding_app.settings import read_settings
from coding_app.store import recording_checks, transcriptions, transcripts
from coding_app.ui import tokens
from coding_app.ui.requests import cookie_name
from coding_app.ui.routes import EXCEPTION_HANDLERS, routes
from coding_app.workflows import channel_offer, code_session, prepare_recording, study
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.transcribe import start
from coding_app.workflows.wiring import App, open_app
from tests.builders import NOON, a_transcript, a_transcription
from tests.media.recordings import a_recording
from tests.ui.pages import button, open_page, text_of
from tests.workflows.test_recording_quality import GOOD, a_check, a_sound


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with open_app(read_settings({}, tmp_path / "data")) as opened:
        study.create_study(opened, "A study", "alliance-core")
        yield opened


def study_of(app: App) -> str:
    with app.store.read() as tx:
        return study.studies.list_studies(tx)[0].id


def given(app: App, tmp_path: Path, check: dict[str, Any], suffix: str = "wav", **form: Any) -> Recording:
    recording = add_file(app, study_of(app), a_recording(tmp_path / f"C-07.{suffix}", **form))
    with app.store.write() as tx:
        recording_checks.put_check(tx, recording.id, check, NOON)
    return recording


def test_what_is_badly_wrong_is_told_above_the_recordings_until_it_is_hidden(
    app: App, tmp_path: Path
) -> None:
    given(app, tmp_path, a_check(a_sound(clipped=0.12)))
    at = open_page(app, "recordings")
    assert text_of(at).count("clipping, 12% of the samples") == 2  # as a notice and in the panel
    button(at, "Hide").click().run()
    assert text_of(at).count("clipping, 12% of the samples") == 1


def test_the_panel_shows_every_measure_and_what_to_do_better(app: App, tmp_path: Path) -> None:
    given(app, tmp_path, a_check(a_sound(snr_db=14.0)))
    at = open_page(app, "recordings")
    shown = text_of(at)
    for words in ("−22 dBFS", "−58 dBFS", "14 dB", "One channel · sound up to 12 kHz", "arm's length"):
        assert words in shown
    assert not at.exception


def test_a_good_recording_is_said_to_be_one(app: App, tmp_path: Path) -> None:
    given(app, tmp_path, a_check(a_sound()))
    assert "Nothing to record better next time" in text_of(open_page(app, "recordings"))


def test_separate_microphones_are_offered_where_the_transcription_is_chosen(app: App, tmp_path: Path) -> None:
    separate = a_sound(channel_kind="separate", channels=(GOOD, GOOD), dominance=(0.5, 0.4))
    given(app, tmp_path, a_check(separate), channels=2)
    assert "say under **Stereo**" in text_of(open_page(app, "recordings"))


def two_microphones(app: App, tmp_path: Path) -> Recording:
    separate = a_sound(channel_kind="separate", channels=(GOOD, GOOD), dominance=(0.5, 0.4))
    return given(app, tmp_path, a_check(separate), channels=2)


def runs(app: App, recording: Recording) -> list[Transcription]:
    with app.store.read() as tx:
        return list(transcriptions.list_transcriptions(tx, recording.id))


def test_by_one_click_a_recording_with_a_microphone_each_is_transcribed_by_microphone(
    app: App, tmp_path: Path
) -> None:
    recording = two_microphones(app, tmp_path)
    start(app, recording.id, engine="faster-whisper", model="base", language="de")
    at = open_page(app, "recordings")
    assert "one person's microphone" in text_of(at)
    button(at, "Left is the client").click().run()
    old, new = sorted(runs(app, recording), key=lambda each: each.created_at)
    assert (old.state, new.state) == ("cancelled", "queued")
    assert (new.channels, new.model, new.language) == (("client", "therapist"), "base", "de")
    assert not any(each.label.startswith("Left is") for each in at.button)


def test_the_offer_is_made_for_a_transcript_that_is_there_already_but_not_once_it_is_coded(
    app: App, tmp_path: Path
) -> None:
    recording = two_microphones(app, tmp_path)
    with app.store.write() as tx:
        transcriptions.add_transcription(
            tx, a_transcription(recording.id, state="done", engine="faster-whisper", model="base")
        )
        transcripts.add_transcript(tx, a_transcript(recording.id, 3, duration_ms=recording.duration_ms))
    assert len(channel_offer.offers(app, study_of(app))) == 1
    at = open_page(app, "recordings")
    button(at, "Not now").click().run()
    assert not any(each.label.startswith("Left is") for each in at.button)
    coder = study.add_coder(app, study_of(app), "Observer A")
    code_session.open_pass(app, recording.id, coder.id)
    assert channel_offer.offers(app, study_of(app)) == ()


def test_a_recording_that_could_not_be_measured_says_why_and_is_measured_again(
    app: App, tmp_path: Path
) -> None:
    recording = given(app, tmp_path, a_check(failed="The disk was full."))
    at = open_page(app, "recordings")
    assert "The disk was full" in text_of(at)
    button(at, "Measure again").click().run()
    assert "is being measured" in text_of(at)
    prepare_recording.prepare(app, recording.id)
    assert "dBFS" in text_of(at.run())


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=routes(app), exception_handlers=EXCEPTION_HANDLERS)) as opened:  # type: ignore[arg-type]
        yield opened


def media(app: App, client: TestClient, recording: Recording, span: str | None = None) -> Any:
    client.cookies.set(cookie_name(recording.id), tokens.issue_recording_cookie(app, recording.id))
    return client.get(f"/api/recordings/{recording.id}/media", headers={"Range": span} if span else {})


def test_the_copy_is_sent_by_byte_ranges_in_place_of_what_no_browser_plays(
    app: App, client: TestClient, tmp_path: Path
) -> None:
    recording = given(app, tmp_path, a_check(playable=False), suffix="avi")
    refused = media(app, client, recording)
    assert refused.status_code == 404
    assert "is being made" in refused.json()["error"]
    prepare_recording.prepare(app, recording.id)
    copy = read_all(app.vault.derived(recording.sha256, prepare_recording.COPY))
    whole, part = media(app, client, recording), media(app, client, recording, "bytes=100-199")
    assert (whole.headers["content-type"], whole.content) == ("audio/webm", copy)
    assert (part.status_code, part.content) == (206, copy[100:200])


def test_a_recording_that_browsers_play_is_sent_as_it_is(
    app: App, client: TestClient, tmp_path: Path
) -> None:
    recording = given(app, tmp_path, a_check(a_sound()))
    answer = media(app, client, recording)
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.content == read_all(app.vault.source(recording.sha256))
