"""After upload, transcription and play, no piece of a recording lies plain in the data folder."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from coding_app.domain.recording import Recording, Study
from coding_app.domain.times import Span
from coding_app.media.decode import decode_to_pcm
from coding_app.media.source import read_all
from coding_app.settings import read_settings
from coding_app.store import recording_checks, recordings, studies, transcriptions
from coding_app.ui import tokens
from coding_app.ui.requests import cookie_name
from coding_app.ui.routes import EXCEPTION_HANDLERS, routes
from coding_app.workflows import transcribe
from coding_app.workflows.listen import moment
from coding_app.workflows.prepare_recording import COPY, PEAKS, prepare
from coding_app.workflows.wiring import App, open_app, open_server_app
from tests.jobs.test_engine import wait_until
from tests.media.recordings import a_recording
from tests.workflows.test_transcribe import STUDY, WISHES, a_speech_file

N_MARKERS, MARKER_BYTES = 400, 16


def markers(data: bytes) -> set[bytes]:
    """Pieces from all over; those that any file could hold (silence) are left out."""
    rng = random.Random(7)
    places = (rng.randrange(len(data) - MARKER_BYTES) for _ in range(N_MARKERS))
    found = {data[at : at + MARKER_BYTES] for at in places}
    return {each for each in found if len(set(each)) > 6}


def found_on_disk(app: App, pieces: set[bytes]) -> list[str]:
    """Names of the files of the data folder that hold one of the pieces."""
    found = []
    for path in app.settings.data_dir.rglob("*"):
        if path.is_file() and "models" not in path.parts:
            held = path.read_bytes()
            if any(piece in held for piece in pieces):
                found.append(path.name)
    return found


def uploaded(app: App, path: Path, client: TestClient) -> Recording:
    """As a browser does it."""
    headers = {"Authorization": f"Bearer {tokens.issue_upload_token(app, STUDY)}"}
    answer = client.post(
        f"/api/studies/{STUDY}/recordings",
        params={"name": path.name},
        headers=headers,
        content=path.read_bytes(),
    )
    assert answer.status_code == 201, answer.text
    with app.store.read() as tx:
        return recordings.get_recording(tx, answer.json()["recording_id"])


def played(app: App, client: TestClient, recording: Recording) -> bytes:
    client.cookies.set(cookie_name(recording.id), tokens.issue_recording_cookie(app, recording.id))
    part = client.get(f"/api/recordings/{recording.id}/media", headers={"Range": "bytes=0-99"})
    assert part.status_code == 206
    assert client.get(f"/api/recordings/{recording.id}/peaks").status_code == 200
    assert moment(app, recording.id, Span(6000, 7000))
    return client.get(f"/api/recordings/{recording.id}/media").content


@pytest.fixture
def client_of() -> Iterator:
    opened: list[TestClient] = []

    def make(app: App) -> TestClient:
        opened.append(TestClient(Starlette(routes=routes(app), exception_handlers=EXCEPTION_HANDLERS)))  # type: ignore[arg-type]
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def with_a_study(app: App) -> None:
    with app.store.write() as tx:
        studies.add_study(tx, Study(STUDY, "A study", "alliance-core"))


@pytest.mark.parametrize(("suffix", "video"), [("wav", False), ("avi", True)])
def test_an_upload_that_is_made_ready_and_played(tmp_path: Path, client_of, suffix: str, video: bool) -> None:
    source = a_recording(tmp_path / f"a.{suffix}", video=video)
    with open_app(read_settings({}, tmp_path / "data")) as app:
        with_a_study(app)
        client = client_of(app)
        recording = uploaded(app, source, client)
        prepare(app, recording.id)
        sent = played(app, client, recording)
        derived = [app.vault.find_derived(recording.sha256, name) for name in (PEAKS, COPY)]
        pieces = markers(source.read_bytes()) | markers(sent)
        pieces |= {piece for each in derived if each for piece in markers(read_all(each))}
        assert len(pieces) > 100
        assert found_on_disk(app, pieces) == []
        shutil.copyfile(source, app.settings.data_dir / "left-by-mistake")
        assert found_on_disk(app, pieces) == ["left-by-mistake"]


@pytest.mark.weights
def test_a_transcription_leaves_neither_the_recording_nor_its_decoded_sound(
    tmp_path: Path, client_of
) -> None:
    source = a_speech_file("jfk.flac")
    decode_to_pcm(source, tmp_path / "once.pcm")
    with open_server_app(read_settings({}, tmp_path / "data")) as app:
        with_a_study(app)
        recording = uploaded(app, source, client_of(app))
        run = transcribe.start(app, recording.id, **WISHES, n_speakers=1)

        def is_done() -> bool:
            with app.store.read() as tx:
                check = recording_checks.get_check(tx, recording.id) or {}
                return (
                    bool(check.get("sound")) and transcriptions.get_transcription(tx, run.id).state == "done"
                )

        wait_until(is_done, 240)
        played(app, client_of(app), recording)
        wait_until(lambda: list(app.settings.work_dir.iterdir()) == [], 20)
        pieces = markers(source.read_bytes()) | markers((tmp_path / "once.pcm").read_bytes())
        assert len(pieces) > 300
        assert found_on_disk(app, pieces) == []
