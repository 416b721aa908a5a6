"""Erasing a recording: nothing of it is left, what is at work on it stops, and the queue goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coding_app.domain.recording import Study
from coding_app.errors import InputError, NotFoundError
from coding_app.media.source import read_all, written
from coding_app.settings import read_settings
from coding_app.store import passes, recordings, schemes, studies, transcriptions, transcripts
from coding_app.workflows import transcribe
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.erase_recording import erase_recording
from coding_app.workflows.wiring import App, open_app, open_server_app
from tests.builders import a_coder, a_pass, a_transcript, a_transcription
from tests.jobs.test_engine import wait_until
from tests.workflows.test_transcribe import STUDY, WISHES, a_speech_file, child_pids, two_chunks  # noqa: F401

OTHER = "study-2"


def _with_studies(app: App) -> App:
    with app.store.write() as tx:
        for study_id in (STUDY, OTHER):
            studies.add_study(tx, Study(study_id, study_id, "alliance-core"))
    return app


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with open_app(read_settings({}, tmp_path / "data")) as opened:
        yield _with_studies(opened)


def _files(app: App) -> list[Path]:
    return [path for path in app.settings.vault_dir.rglob("*") if path.is_file()]


def test_nothing_of_an_erased_recording_is_left(app: App) -> None:
    recording = add_file(app, STUDY, a_speech_file("jfk.flac"))
    with written(app.vault.derived(recording.sha256, "peaks.i8")) as out:
        out.write(b"1")
    with app.store.write() as tx:
        transcripts.add_transcript(tx, a_transcript(recording.id, 3))
        run = a_transcription(recording.id)
        transcriptions.add_transcription(tx, run)
        transcriptions.save_chunk(tx, run.id, 0, "{}")
    erase_recording(app, recording.id)
    assert _files(app) == []
    with app.store.read() as tx:
        assert recordings.list_recordings(tx, STUDY) == ()
        assert studies.list_sessions(tx, STUDY) == ()
        assert transcripts.list_transcripts(tx, recording.id) == ()
        assert transcriptions.find_transcription(tx, run.id) is None
        assert transcriptions.chunks(tx, run.id) == {}
    with pytest.raises(NotFoundError):
        erase_recording(app, recording.id)
    assert add_file(app, STUDY, a_speech_file("jfk.flac")).sha256 == recording.sha256


def test_what_another_study_holds_of_the_same_file_stays(app: App) -> None:
    mine = add_file(app, STUDY, a_speech_file("jfk.flac"))
    theirs = add_file(app, OTHER, a_speech_file("jfk.flac"))
    erase_recording(app, mine.id)
    assert read_all(app.vault.source(theirs.sha256))
    erase_recording(app, theirs.id)
    assert _files(app) == []


def test_a_recording_that_somebody_codes_is_kept(app: App) -> None:
    recording = add_file(app, STUDY, a_speech_file("jfk.flac"))
    with app.store.write() as tx:
        coder = a_coder(STUDY)
        studies.add_coder(tx, coder)
        transcript = transcripts.add_transcript(tx, a_transcript(recording.id, 3))
        made = a_pass(recording.id, transcript.id, coder.id)
        schemes.keep_scheme(tx, made.scheme_id, made.scheme_version, made.scheme_sha256, "x")
        passes.add_pass(tx, made)
    with pytest.raises(InputError, match="has begun to code this recording"):
        erase_recording(app, recording.id)
    assert read_all(app.vault.source(recording.sha256))


@pytest.mark.weights
def test_a_recording_erased_while_it_is_transcribed_stops_the_work_and_the_queue_goes_on(
    tmp_path: Path,
    two_chunks: Path,  # noqa: F811
) -> None:
    with open_server_app(read_settings({}, tmp_path / "data")) as opened:
        app = _with_studies(opened)
        doomed, next_one = add_file(app, STUDY, two_chunks), add_file(app, STUDY, a_speech_file("jfk.flac"))
        run = transcribe.start(app, doomed.id, **WISHES, n_speakers=1)
        following = transcribe.start(app, next_one.id, **WISHES, n_speakers=1)
        wait_until(lambda: (app.settings.work_dir / f"transcription-{run.id}").exists(), 60)
        erase_recording(app, doomed.id)
        wait_until(lambda: _state(app, following.id) == "done", 120)
        assert _state(app, run.id) is None
        wait_until(lambda: not list(app.settings.work_dir.glob("transcription-*")), 10)
        assert not app.vault.place(doomed.sha256).exists()
        assert not (app.settings.vault_dir / "derived" / doomed.sha256[:2] / doomed.sha256).exists()


def _state(app: App, transcription_id: str) -> str | None:
    with app.store.read() as tx:
        found = transcriptions.find_transcription(tx, transcription_id)
    return found.state if found else None
