"""Importing a transcript: at once where its times are good, else as a job that finds its words in the recording."""

import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coding_app.cli import app as command
from coding_app.domain.recording import Recording
from coding_app.domain.script import ScriptLine
from coding_app.errors import InputError, NotFoundError, TranscriptFileError
from coding_app.settings import read_settings
from coding_app.store import recordings, studies, transcriptions, transcripts
from coding_app.workflows import code_session, overview, transcribe
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.import_transcript import Found, align_import, import_timed, read_file, read_path
from coding_app.workflows.wanted_script import WantedScript
from coding_app.workflows.wiring import App, open_server_app
from tests.builders import a_recording, a_session, a_study, a_transcript
from tests.speech.conftest import recording as shared
from tests.workflows.coding import given_a_recording

VTT = (
    "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<v Therapist>How are you?\n\n"
    "00:00:03.000 --> 00:00:04.250\n<v Anna Meier>Tired.\n\n00:00:59.000 --> 00:01:01.000\n<v Therapist>Bye.\n"
)
PLAIN = "Therapist: How are you?\nAnna Meier: Tired.\nTherapist: Bye.\nAnna Meier: Bye.\n"


def read(text: str, name: str = "A07 session.vtt") -> Found:
    return read_file(text.encode(), name)


@pytest.fixture
def recording(app: App) -> Recording:
    """One of 60 s without a transcript."""
    study = a_study()
    session = a_session(study.id)
    made = a_recording(session.id)
    with app.store.write() as tx:
        studies.add_study(tx, study)
        studies.add_session(tx, session)
        recordings.add_recording(tx, made)
    return made


def test_a_file_with_exact_times_is_the_transcript_at_once(app: App, recording: Recording) -> None:
    found = read(VTT)
    made = import_timed(app, recording.id, found)
    stored = overview.current_transcript(app, recording.id)
    assert stored == made
    assert [(each.key, each.span.start_ms, each.span.end_ms, each.text) for each in made.segments] == [
        ("s-0001", 1000, 2500, "How are you?"), ("s-0002", 3000, 4250, "Tired."), ("s-0003", 59_000, 60_000, "Bye."),
    ]  # fmt: skip
    assert (made.revision, made.source, made.engine, made.model) == (1, "import", "import", "WebVTT")
    assert made.provenance is not None
    assert made.provenance["format"] == "WebVTT"
    assert made.provenance["file"] == "A07 session.vtt"
    assert made.provenance["sha256"] == found.sha256
    assert len(found.sha256) == 64


def test_names_of_people_are_not_stored_unless_they_are_said_to_be_pseudonyms(
    app: App, recording: Recording
) -> None:
    found = read(VTT)
    assert found.names == ("Anna Meier",)
    made = import_timed(app, recording.id, found, roles={"Anna Meier": "client"})
    assert made.speakers == {"Therapist": "therapist", "S1": "client"}
    assert [each.speaker for each in made.segments] == ["Therapist", "S1", "Therapist"]
    kept = import_timed(app, recording.id, found, keep_names=True)
    assert kept.speakers == {"Therapist": "therapist", "Anna Meier": None}
    assert kept.revision == 2


def test_a_second_speaker_of_the_same_role_is_left_to_the_person(app: App, recording: Recording) -> None:
    found = read("WEBVTT\n\n00:01.000 --> 00:02.000\n<v T>Hi\n\n00:02.000 --> 00:03.000\n<v Therapeutin>Hm\n")
    assert import_timed(app, recording.id, found).speakers == {"T": "therapist", "Therapeutin": None}


def test_times_can_be_shifted_and_must_lie_in_the_recording(app: App, recording: Recording) -> None:
    made = import_timed(app, recording.id, read(VTT), shift_ms=-1000)
    assert [each.span.start_ms for each in made.segments] == [0, 2000, 58_000]
    with pytest.raises(InputError, match="only 1:00 long"):
        import_timed(app, recording.id, read(VTT), shift_ms=5000)
    with pytest.raises(InputError, match="before the recording"):
        import_timed(app, recording.id, read(VTT), shift_ms=-5000)


def test_rough_times_may_be_taken_as_they_are_each_line_up_to_the_next(
    app: App, recording: Recording
) -> None:
    made = import_timed(app, recording.id, read("[0:05] T: Hi\n[0:09] C: Hm\n[0:20] T: So\n", "a.txt"))
    assert [(each.span.start_ms, each.span.end_ms) for each in made.segments] == [
        (5000, 9000), (9000, 20_000), (20_000, 60_000),
    ]  # fmt: skip


def test_without_times_it_cannot_be_taken_at_once(app: App, recording: Recording) -> None:
    with pytest.raises(InputError, match="found in the recording"):
        import_timed(app, recording.id, read(PLAIN, "a.txt"))


def test_a_recording_that_somebody_codes_takes_no_import(app: App) -> None:
    coded, coder_id = given_a_recording(app)
    code_session.open_pass(app, coded.id, coder_id)
    for attempt in (import_timed, lambda *args: align_import(*args, engine="faster-whisper", model="base")):
        with pytest.raises(InputError, match="begun to code"):
            attempt(app, coded.id, read("WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n"))


def test_an_import_waits_for_a_transcription_under_way(app: App, recording: Recording) -> None:
    transcribe.start(app, recording.id, engine="faster-whisper", model="base")
    with pytest.raises(InputError, match="being transcribed"):
        import_timed(app, recording.id, read(VTT))


def test_an_unknown_recording_or_role_is_refused(app: App, recording: Recording) -> None:
    with pytest.raises(NotFoundError):
        import_timed(app, "nowhere", read(VTT))
    with pytest.raises(InputError, match="cannot be 'king'"):
        import_timed(app, recording.id, read(VTT), roles={"Therapist": "king"})


def test_an_import_takes_the_place_of_a_transcript_nobody_codes(app: App, recording: Recording) -> None:
    with app.store.write() as tx:
        transcripts.add_transcript(tx, a_transcript(recording.id))
    import_timed(app, recording.id, read(VTT))
    current = overview.current_transcript(app, recording.id)
    assert current is not None
    assert (current.revision, len(current.segments)) == (2, 3)


def test_a_file_without_times_becomes_a_job_with_its_script(app: App, recording: Recording) -> None:
    job = align_import(app, recording.id, read(PLAIN, "a.txt"), engine="faster-whisper", model="base")
    with app.store.read() as tx:
        kept = transcriptions.get_transcription(tx, job.id)
    script = WantedScript.from_json(kept.script or "")
    assert script.lines[1] == ScriptLine("S1", "Tired.")
    assert (script.roles, script.format) == ({"Therapist": "therapist", "S1": None}, "plain text")
    again = align_import(app, recording.id, read(PLAIN, "a.txt"), engine="faster-whisper", model="base")
    assert again.id == job.id
    with pytest.raises(InputError, match="being transcribed already"):
        transcribe.start(app, recording.id, engine="faster-whisper", model="base", n_speakers=1)


def test_a_retry_looks_for_the_same_script(app: App, recording: Recording) -> None:
    job = align_import(app, recording.id, read(PLAIN, "a.txt"), engine="faster-whisper", model="base")
    transcribe.cancel(app, job.id)
    assert transcribe.retry(app, job.id).script == job.script


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TranscriptFileError, match=r"gone\.vtt could not be read"):
        read_path(tmp_path / "gone.vtt")


@pytest.fixture(scope="module")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder of models for all tests, so that the starter model is put together once."""
    return tmp_path_factory.mktemp("models")


@pytest.mark.weights
def test_the_words_of_a_file_without_times_are_found_by_the_job(tmp_path: Path, models_dir: Path) -> None:
    text = "Kennedy: And so, my fellow Americans:\nKennedy: Ask not what your country can do for you\n"
    text += "Kennedy: Ask what you can do for your country.\n"
    with open_server_app(read_settings({"CODING_APP_MODELS": str(models_dir)}, tmp_path / "data")) as app:
        study = a_study()
        with app.store.write() as tx:
            studies.add_study(tx, study)
        added = add_file(app, study.id, shared("jfk.flac"))
        job = align_import(
            app, added.id, read(text, "a.txt"), engine="faster-whisper", model="base", language="en"
        )
        deadline = time.monotonic() + 120
        while (state := state_of(app, job.id)) in ("queued", "running") and time.monotonic() < deadline:
            time.sleep(0.1)  # asks again until it is done or the deadline passes
        assert state == "done"
        made = overview.current_transcript(app, added.id)
    assert made is not None
    assert [each.text for each in made.segments] == [line.partition(": ")[2] for line in text.splitlines()]
    assert (made.source, made.speakers) == ("import", {"S1": None})
    assert made.provenance is not None
    assert {"format", "file", "sha256", "engine", "model_sha256"} <= set(made.provenance)
    starts = [each.span.start_ms for each in made.segments]
    assert abs(starts[1] - 3300) < 700
    assert abs(starts[2] - 8100) < 700
    assert all(not each.flags for each in made.segments)


def state_of(app: App, transcription_id: str) -> str:
    with app.store.read() as tx:
        return transcriptions.get_transcription(tx, transcription_id).state


@pytest.mark.weights
def test_the_command_aligns_a_script_and_writes_it(
    tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODING_APP_MODELS", str(models_dir))
    script = tmp_path / "script.txt"
    script.write_text(
        "T: And so, my fellow Americans:\nC: [softly] Ask not what your country can do for you\n"
    )
    out = tmp_path / "out.srt"
    done = CliRunner().invoke(
        command, ["transcribe", str(shared("jfk.flac")), "--align", str(script), "--out", str(out)]
    )
    assert done.exit_code == 0, done.output
    cues = read_path(out).script.lines
    assert [(each.speaker, each.text) for each in cues] == [
        ("Therapist", "And so, my fellow Americans:"), ("Client", "[softly] Ask not what your country can do for you"),
    ]  # fmt: skip


def test_the_command_refuses_a_bad_script_before_any_work(tmp_path: Path) -> None:
    script = tmp_path / "script.srt"
    script.write_text("no times at all")
    with pytest.raises(TranscriptFileError, match=r"script\.srt, line 1"):
        CliRunner().invoke(
            command,
            ["transcribe", "gone.wav", "--align", str(script), "--out", str(tmp_path / "o.vtt")],
            catch_exceptions=False,
        )
