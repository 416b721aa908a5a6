"""The transcription job with real weights on real speech: done, cancelled, failed, crashed, resumed."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coding_app.domain.recording import Study
from coding_app.domain.transcription import Transcription
from coding_app.errors import InputError
from coding_app.media.decode import decode_to_pcm, is_full_disk
from coding_app.media.peaks import read_peaks
from coding_app.settings import Settings, read_settings
from coding_app.store import studies, transcriptions, transcripts
from coding_app.workflows import transcribe
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.growing_transcript import growing_transcript
from coding_app.workflows.transcription_job import CHILD, transcript_id, work_dir
from coding_app.workflows.wiring import App, open_app, open_server_app
from tests.builders import a_transcript
from tests.disk import a_disk
from tests.jobs.test_child import is_alive
from tests.jobs.test_engine import wait_until
from tests.speech.small_models import a_small_model

REPO = Path(__file__).parents[2]
SPEECH = REPO.parent / "shared" / "data" / "speech"
DEMO = REPO / "data" / "demo"
STUDY = "study-1"
WISHES = {"engine": "faster-whisper", "model": "base", "language": "en"}

pytestmark = pytest.mark.weights


def a_speech_file(name: str) -> Path:
    """A real recording of speech, or the demo session where there is none."""
    path = SPEECH / name
    return path if path.exists() else next(iter(sorted(DEMO.glob("session.*"))))


@pytest.fixture(scope="module")
def two_chunks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real speech, said again until it fills two chunks of 30 s."""
    folder = tmp_path_factory.mktemp("speech")
    decode_to_pcm(a_speech_file("jfk.flac"), folder / "once.pcm")
    once = (folder / "once.pcm").read_bytes()
    with wave.open(str(folder / "long.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes((once * 30)[: 45 * 32_000])
    return folder / "long.wav"


@pytest.fixture(scope="module")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder of models for all tests, so that the starter model is put together once."""
    return tmp_path_factory.mktemp("models")


def the_settings(folder: Path, models_dir: Path) -> Settings:
    return read_settings({"CODING_APP_MODELS": str(models_dir)}, folder)


@pytest.fixture
def app(tmp_path: Path, models_dir: Path) -> Iterator[App]:
    with open_server_app(the_settings(tmp_path / "data", models_dir)) as app:
        with app.store.write() as tx:
            studies.add_study(tx, Study(STUDY, "A study", "alliance-core"))
        yield app


def now(app: App, transcription: Transcription) -> Transcription:
    with app.store.read() as tx:
        return transcriptions.get_transcription(tx, transcription.id)


def wait_for(app: App, transcription: Transcription, *states: str, seconds: float = 240) -> Transcription:
    wait_until(lambda: now(app, transcription).state in states, seconds)
    return now(app, transcription)


def child_pids(parent_pid: int) -> list[int]:
    """Process ids of the transcription children of a process."""
    listed = subprocess.run(
        ["ps", "-axww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = (line.split(None, 2) for line in listed.splitlines())
    return [int(pid) for pid, ppid, args in rows if int(ppid) == parent_pid and CHILD in args]


def wait_for_child(parent_pid: int) -> int:
    wait_until(lambda: child_pids(parent_pid), 60)
    return child_pids(parent_pid)[0]


def leftovers(app: App, transcription: Transcription) -> tuple[list[Path], dict[int, str], int]:
    """Work folders, chunks and transcripts that there are."""
    with app.store.read() as tx:
        chunks = transcriptions.chunks(tx, transcription.id)
        n_transcripts = len(transcripts.list_transcripts(tx, transcription.recording_id))
    return list(app.settings.work_dir.glob("*")), chunks, n_transcripts


def test_a_recording_becomes_one_transcript_with_words_speakers_and_peaks(app):
    recording = add_file(app, STUDY, a_speech_file("jfk.flac"))
    started = transcribe.start(app, recording.id, **WISHES, n_speakers=1)
    assert started.state == "queued"
    again = transcribe.start(app, recording.id, **WISHES, n_speakers=1)
    assert again.id == started.id
    done = wait_for(app, started, "done", "failed")
    assert (done.state, done.progress, done.seconds_left, done.message) == ("done", 1.0, 0.0, None)
    with app.store.read() as tx:
        transcript = transcripts.current_transcript(tx, recording.id)
    assert transcript is not None
    assert transcript.id == transcript_id(started.id)
    assert (transcript.revision, transcript.engine, transcript.model) == (1, "faster-whisper", "base")
    assert (transcript.language, transcript.duration_ms) == ("en", recording.duration_ms)
    text = " ".join(segment.text for segment in transcript.segments).lower()
    assert all(segment.words for segment in transcript.segments)
    assert set(transcript.speakers) == {segment.speaker for segment in transcript.segments if segment.speaker}
    if recording.name == "jfk.flac":
        assert "ask what you can do for your country" in text
    peaks = read_peaks(app.vault.derived(recording.sha256, "peaks.i8"))
    assert abs(len(peaks) - recording.duration_ms / 20) <= 2
    wait_until(lambda: leftovers(app, started) == ([], {}, 1))
    log = (app.settings.data_dir / "logs" / "transcription.log").read_text()
    assert "country" not in log.lower()


def test_a_running_transcription_is_cancelled_within_seconds_and_leaves_nothing(app, two_chunks):
    recording = add_file(app, STUDY, two_chunks)
    started = transcribe.start(app, recording.id, **WISHES)
    wait_for(app, started, "running")
    pid = wait_for_child(os.getpid())
    began = time.monotonic()
    assert transcribe.cancel(app, started.id).state == "cancelled"
    wait_until(lambda: not is_alive(pid) and leftovers(app, started) == ([], {}, 0), 10)
    assert time.monotonic() - began < 5
    assert transcribe.cancel(app, started.id).state == "cancelled"
    assert now(app, started).state == "cancelled"


def test_a_child_that_dies_is_told_as_failed_and_the_next_transcription_starts(app, two_chunks):
    first = add_file(app, STUDY, two_chunks)
    second = add_file(app, STUDY, a_speech_file("jfk.flac"), label="other")
    doomed = transcribe.start(app, first.id, **WISHES)
    wait_for(app, doomed, "running")
    os.kill(wait_for_child(os.getpid()), signal.SIGSEGV)
    failed = wait_for(app, doomed, "failed")
    assert failed.message is not None
    assert "SIGSEGV" in failed.message
    wait_until(lambda: leftovers(app, doomed) == ([], {}, 0))
    following = transcribe.start(app, second.id, **WISHES, n_speakers=1)
    assert wait_for(app, following, "done", "failed").state == "done"


def test_a_model_that_is_not_there_fails_with_a_sentence_and_can_be_tried_again(app):
    recording = add_file(app, STUDY, a_speech_file("jfk.flac"))
    started = transcribe.start(app, recording.id, engine="faster-whisper", model="large-v3")
    failed = wait_for(app, started, "done", "failed")
    assert failed.state == "failed"
    assert "large-v3" in (failed.message or "")
    wait_until(lambda: leftovers(app, started) == ([], {}, 0))
    again = transcribe.retry(app, started.id)
    assert (again.id != started.id, again.model, again.recording_id) == (True, "large-v3", recording.id)
    assert wait_for(app, again, "failed").message == failed.message
    assert now(app, started).state == "failed"


def test_a_damaged_model_fails_with_a_sentence_and_the_queue_goes_on(app, tmp_path):
    broken = a_small_model(tmp_path / "broken")
    os.truncate(broken / "model.bin", 70_000)
    no_pt = tmp_path / "odd.pt"
    no_pt.write_bytes(b"GGUF" + bytes(1000))
    asked = []
    for number, (engine, model) in enumerate(
        (
            ("faster-whisper", broken),
            ("openai-whisper", no_pt),
            ("faster-whisper", a_small_model(tmp_path / "fine")),
        )
    ):
        copy = tmp_path / f"{number}.flac"
        copy.write_bytes(a_speech_file("jfk.flac").read_bytes() + bytes([number]))
        recording = add_file(app, STUDY, copy)
        asked.append(transcribe.start(app, recording.id, engine=engine, model=str(model), n_speakers=1))
    told = [wait_for(app, each, "done", "failed") for each in asked]
    assert [each.state for each in told] == ["failed", "failed", "done"]
    assert "'broken/model.bin' is damaged" in (told[0].message or "")
    assert "of the format GGUF" in (told[1].message or "")
    wait_until(lambda: leftovers(app, asked[0]) == ([], {}, 0))


def test_wishes_that_cannot_be_met_are_refused(app):
    recording = add_file(app, STUDY, a_speech_file("jfk.flac"))
    for wrong, told in (
        ({"engine": "abacus"}, "no engine 'abacus'"),
        ({"model": " "}, "No model"),
        ({"n_speakers": 0}, "0 speakers"),
        ({"language": "xx"}, "language 'xx' is not known"),
        ({"channels": ("therapist", "client", "other")}, "3 were named"),
        ({"channels": ("judge",) * recording.n_channels}, "'judge'"),
    ):
        with pytest.raises(InputError, match=told):
            transcribe.start(app, recording.id, **{**WISHES, **wrong})
    with app.store.read() as tx:
        assert transcriptions.list_transcriptions(tx) == ()


def test_a_recording_that_somebody_codes_is_not_transcribed_anew(app):
    recording = add_file(app, STUDY, a_speech_file("jfk.flac"))
    with app.store.write() as tx:
        transcript = transcripts.add_transcript(tx, a_transcript(recording.id))
        transcripts.freeze(tx, transcript.id)
    with pytest.raises(InputError, match="begun to code"):
        transcribe.start(app, recording.id, **WISHES)


def test_what_a_command_queues_beside_a_running_server_is_taken_up_by_it(app):
    recording = add_file(app, STUDY, a_speech_file("jfk.flac"))
    with open_app(app.settings) as beside:
        asked = transcribe.start(beside, recording.id, engine="faster-whisper", model="no such model")
    assert "no such model" in (wait_for(app, asked, "failed").message or "")


def test_a_start_takes_up_what_never_came_into_the_queue_and_removes_what_a_crash_left(tmp_path, models_dir):
    settings = the_settings(tmp_path / "data", models_dir)
    with open_app(settings) as app:
        with app.store.write() as tx:
            studies.add_study(tx, Study(STUDY, "A study", "alliance-core"))
        recording = add_file(app, STUDY, a_speech_file("jfk.flac"))
        asked = Transcription(
            "a" * 32, recording.id, "faster-whisper", "no such model", None, 2, (),
            "queued", 0.0, None, None, recording.added_at, recording.added_at,
        )  # fmt: skip
        with app.store.write() as tx:
            transcriptions.add_transcription(tx, asked)
    orphan = settings.work_dir / f"transcription-{'b' * 32}"
    orphan.mkdir(parents=True)
    (orphan / "mix.pcm").write_bytes(b"left over")
    with open_server_app(settings) as app:
        assert not orphan.exists()
        assert "no such model" in (wait_for(app, asked, "failed").message or "")


class _FaultyQueue:
    """A job list that cannot be reached the first time it is asked, by an error that is none of ours."""

    def __init__(self) -> None:
        self.n_asked = 0
        self.taken_up = threading.Event()

    def status(self, _: str) -> None:
        self.n_asked += 1
        if self.n_asked == 1:
            raise RuntimeError("a client's words")

    def enqueue(self, *_: object, **__: object) -> None:
        self.taken_up.set()


def test_the_queue_is_looked_after_also_after_an_error_nobody_foresaw(
    tmp_path, models_dir, monkeypatch, caplog
):
    monkeypatch.setattr(transcribe, "ADOPT_SECONDS", 0.01)
    queue, stopping = _FaultyQueue(), threading.Event()
    with open_app(the_settings(tmp_path / "data", models_dir)) as app:
        with app.store.write() as tx:
            studies.add_study(tx, Study(STUDY, "A study", "alliance-core"))
        transcribe.start(app, add_file(app, STUDY, a_speech_file("jfk.flac")).id, **WISHES)
        watcher = threading.Thread(target=transcribe._watch_queue, args=(app, queue, stopping), daemon=True)
        watcher.start()
        assert queue.taken_up.wait(20)
        stopping.set()
        watcher.join()
    assert "RuntimeError" in caplog.text
    assert "client's words" not in caplog.text


def test_a_disk_that_fills_up_is_told_as_such_wherever_it_happens(app):
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full (Linux)")
    recording = add_file(app, STUDY, a_speech_file("jfk.flac"))
    with open_app(app.settings) as beside:
        asked = transcribe.start(beside, recording.id, **WISHES, n_speakers=1)
        work = work_dir(beside, asked.id)
        work.mkdir(parents=True)
        (work / "mix.pcm").symlink_to("/dev/full")
    failed = wait_for(app, asked, "done", "failed")
    assert (failed.state, "disk is full" in (failed.message or "")) == ("failed", True)
    again = transcribe.retry(app, asked.id)
    assert wait_for(app, again, "done", "failed").state == "done"


SERVER = """
import sys, time
from pathlib import Path
from coding_app.domain.recording import Study
from coding_app.settings import read_settings
from coding_app.store import studies
from coding_app.workflows import transcribe
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.wiring import open_server_app

folder = Path(sys.argv[1])
with open_server_app(read_settings(None, folder)) as app:
    if len(sys.argv) > 2:
        with app.store.write() as tx:
            studies.add_study(tx, Study("study-1", "A study", "alliance-core"))
        recording = add_file(app, "study-1", Path(sys.argv[2]))
        wishes = dict(engine="faster-whisper", model="base", language="en", n_speakers=1)
        print(transcribe.start(app, recording.id, **wishes).id, flush=True)
    time.sleep(600)
"""


def a_server(folder: Path, models_dir: Path, *recording: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SERVER, str(folder), *map(str, recording)]
    environ = {**os.environ, "CODING_APP_MODELS": str(models_dir)}
    return subprocess.Popen(command, cwd=REPO, env=environ, stdout=subprocess.PIPE, text=True)


def chunk_rows(app: App, transcription_id: str) -> dict[int, str]:
    with app.store.read() as tx:
        return transcriptions.chunks(tx, transcription_id)


def until_dead(server: subprocess.Popen[str], how: Callable[[], None]) -> None:
    pid = wait_for_child(server.pid)
    how()
    server.wait()
    wait_until(lambda: not is_alive(pid), 5)
    if server.stdout is not None:
        server.stdout.close()


@pytest.mark.slow
def test_after_kill_9_it_goes_on_repeats_no_finished_chunk_and_publishes_once(
    tmp_path, models_dir, two_chunks
):
    folder = tmp_path / "data"
    first = a_server(folder, models_dir, two_chunks)
    assert first.stdout is not None
    transcription_id = first.stdout.readline().strip()
    with open_app(the_settings(folder, models_dir)) as app:
        wait_until(lambda: chunk_rows(app, transcription_id), 240)
        until_dead(first, first.kill)
        finished = chunk_rows(app, transcription_id)
        with app.store.read() as tx:
            left = transcriptions.get_transcription(tx, transcription_id)
        assert (left.state, leftovers(app, left)[2]) == ("running", 0)
        # a mark in the finished chunk: it must be in the transcript, so it was not recognised again
        number, payload = next(iter(finished.items()))
        with app.store.write() as tx:
            transcriptions.save_chunk(tx, transcription_id, number, marked(payload))

        second = a_server(folder, models_dir)
        try:
            done = wait_for(app, left, "done", "failed")
            assert done.state == "done", done.message
            wait_until(lambda: leftovers(app, left) == ([], {}, 1), 10)
        finally:
            second.kill()
            second.wait()
            assert second.stdout is not None
            second.stdout.close()
        with app.store.read() as tx:
            (listed,) = transcripts.list_transcripts(tx, left.recording_id)
            transcript = transcripts.get_transcript(tx, listed.id)
        assert MARK in transcript.segments[0].text + transcript.segments[0].words[0].text
        assert transcript.segments[-1].span.end_ms > 35_000


MARK = "Zebra"


def marked(payload: str) -> str:
    """The chunk with another first word."""
    kept = json.loads(payload)
    chunk = json.loads(kept["words"])
    chunk["words"][0]["text"] = MARK
    return json.dumps(kept | {"words": json.dumps(chunk)})


def test_a_paused_transcription_keeps_what_is_done_and_goes_on_without_repeating_it(app, two_chunks):
    recording = add_file(app, STUDY, two_chunks)
    started = transcribe.start(app, recording.id, **WISHES, n_speakers=1)
    wait_until(lambda: 0 in leftovers(app, started)[1], 120)
    assert transcribe.pause(app, started.id).state == "paused"
    assert transcribe.pause(app, started.id).state == "paused"
    wait_until(lambda: not child_pids(os.getpid()), 10)
    _, chunks, n_transcripts = leftovers(app, started)
    assert (set(chunks), n_transcripts) == ({0}, 0)
    assert now(app, started).n_chunks == 2
    so_far = growing_transcript(app, started.id)
    assert so_far is not None
    assert (so_far.n_done, so_far.n_chunks) == (1, 2)
    assert "country" in " ".join(segment.text for segment in so_far.segments).lower()
    first = chunks[0]
    with pytest.raises(InputError, match="being transcribed already"):
        transcribe.start(app, recording.id, engine="openai-whisper", model="base")
    assert transcribe.resume(app, started.id).state == "queued"
    assert transcribe.resume(app, started.id).state in ("queued", "running")
    wait_until(lambda: leftovers(app, started)[1].get(0) == first and 1 in leftovers(app, started)[1], 120)
    done = wait_for(app, started, "done", "failed")
    assert (done.state, leftovers(app, started)[2]) == ("done", 1)
    with pytest.raises(InputError, match="is done already"):
        transcribe.resume(app, started.id)


def test_a_paused_transcription_can_be_cancelled(app, two_chunks):
    recording = add_file(app, STUDY, two_chunks)
    started = transcribe.start(app, recording.id, **WISHES)
    transcribe.pause(app, started.id)
    assert transcribe.cancel(app, started.id).state == "cancelled"
    wait_until(lambda: leftovers(app, started) == ([], {}, 0), 10)


def test_a_transcript_says_how_it_came_about(app):
    recording = add_file(app, STUDY, a_speech_file("jfk.flac"))
    started = transcribe.start(app, recording.id, **WISHES, n_speakers=1)
    assert wait_for(app, started, "done", "failed").state == "done"
    with app.store.read() as tx:
        transcript = transcripts.current_transcript(tx, recording.id)
    assert transcript is not None
    made = transcript.provenance
    assert made is not None
    assert (transcript.source, made["engine"], made["model"]) == ("transcription", "faster-whisper", "base")
    assert len(made["model_sha256"]) == 64
    assert (made["device"], made["compute_type"]) == ("cpu", "int8")
    assert made["parameters"] == {"language": "en", "speakers": 1, "channels": []}
    assert set(made["versions"]) == {"coding-app", "faster-whisper", "ctranslate2"}
    assert made["asked_at"] < made["finished_at"]


def test_a_second_study_does_not_wait_for_all_recordings_of_the_first(app, two_chunks, tmp_path):
    with app.store.write() as tx:
        studies.add_study(tx, Study("study-2", "Another study", "alliance-core"))
    first = add_file(app, STUDY, two_chunks)
    busy = transcribe.start(app, first.id, **WISHES, n_speakers=1)
    speech = a_speech_file("jfk.flac")
    waiting = []
    for number, study in enumerate((STUDY, STUDY, "study-2")):
        copy = tmp_path / f"{number}.flac"
        copy.write_bytes(
            speech.read_bytes() + bytes([number])
        )  # another file to the vault, the same to a decoder
        waiting.append(transcribe.start(app, add_file(app, study, copy).id, **WISHES, n_speakers=1))
    for each in (busy, *waiting):
        assert wait_for(app, each, "done", "failed").state == "done"
    ended = {each.id: now(app, each).updated_at for each in waiting}
    assert sorted(ended, key=ended.__getitem__) == [waiting[2].id, waiting[0].id, waiting[1].id] or sorted(
        ended, key=ended.__getitem__
    ) == [waiting[0].id, waiting[2].id, waiting[1].id]


def test_one_that_is_paused_and_goes_on_at_once_is_not_lost(app, two_chunks):
    recording = add_file(app, STUDY, two_chunks)
    started = transcribe.start(app, recording.id, **WISHES, n_speakers=1)
    wait_for(app, started, "running")
    wait_for_child(os.getpid())
    for _ in range(3):  # faster than the run that stops can notice
        transcribe.pause(app, started.id)
        transcribe.resume(app, started.id)
    done = wait_for(app, started, "done", "failed", seconds=90)
    assert done.state == "done"
    wait_until(lambda: leftovers(app, started) == ([], {}, 1), 10)


def test_a_recording_transcribed_again_with_another_model_keeps_the_old_transcript_as_a_revision(
    app, models_dir, tmp_path
):
    recording = add_file(app, STUDY, a_speech_file("jfk.flac"))
    first = transcribe.start(app, recording.id, **WISHES, n_speakers=1)
    assert wait_for(app, first, "done", "failed").state == "done"
    with app.store.read() as tx:
        old = transcripts.current_transcript(tx, recording.id)
    assert old is not None
    doomed = transcribe.start(app, recording.id, engine="faster-whisper", model="large-v3", n_speakers=1)
    assert wait_for(app, doomed, "failed").state == "failed"
    other = tmp_path / "another-model"
    other.symlink_to(models_dir / "base")
    second = transcribe.retry(app, doomed.id, model=str(other))
    assert wait_for(app, second, "done", "failed").state == "done"
    with app.store.read() as tx:
        listed = transcripts.list_transcripts(tx, recording.id)
        assert [(each.revision, each.model) for each in listed] == [(1, "base"), (2, str(other))]
        assert transcripts.get_transcript(tx, listed[0].id) == old
        current = transcripts.current_transcript(tx, recording.id)
    assert current is not None
    assert current.id == transcript_id(second.id)


def fill(ballast: Path) -> None:
    """Leaves no room on the disk."""
    with pytest.raises(OSError, match="space") as full:
        write_on(ballast)
    assert is_full_disk(full.value)


def write_on(file: Path) -> None:
    with file.open("wb", buffering=0) as out:
        while out.write(bytes(4096)):
            pass


@pytest.mark.slow
def test_on_a_disk_that_fills_up_while_it_runs_it_fails_as_soon_as_there_is_room_to_say_so(
    tmp_path, models_dir, two_chunks
):
    with (
        a_disk(tmp_path / "disk", "24m") as disk,
        open_server_app(the_settings(disk / "data", models_dir)) as app,
    ):
        with app.store.write() as tx:
            studies.add_study(tx, Study(STUDY, "A study", "alliance-core"))
        recording = add_file(app, STUDY, two_chunks)
        started = transcribe.start(app, recording.id, **WISHES, n_speakers=1)
        wait_until(lambda: 0 in leftovers(app, started)[1], 120)
        fill(disk / "ballast")
        wait_until(lambda: not child_pids(os.getpid()), 120)
        assert now(app, started).state == "running"
        (disk / "ballast").unlink()
        failed = wait_for(app, started, "done", "failed", seconds=60)
        assert failed.state == "failed"
        assert failed.message
        again = transcribe.retry(app, started.id)
        assert wait_for(app, again, "done", "failed").state == "done"
        assert leftovers(app, again)[2] == 1
