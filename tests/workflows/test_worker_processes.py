"""How many processes a server keeps busy, which of them holds a model, and what its own process never loads."""

import sys
from pathlib import Path

import pytest

from coding_app.domain.recording import Study
from coding_app.domain.transcription import Transcription
from coding_app.store import studies
from coding_app.workflows import transcribe
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.transcription_job import CHILD
from coding_app.workflows.wiring import App, open_app
from tests.e2e.server import a_server
from tests.workflows.test_transcribe import (
    STUDY,
    WISHES,
    a_speech_file,
    models_dir,  # noqa: F401
    the_settings,
    wait_for,
)

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from measure.processes import Watch, speech_libraries  # noqa: E402

pytestmark = [pytest.mark.weights, pytest.mark.slow]


def _queued(app: App, folder: Path, number: int, study_id: str) -> Transcription:
    """A recording of its own to the vault, the same sound to a decoder, put in the queue."""
    sound = folder / f"{number}.flac"
    sound.write_bytes(a_speech_file("jfk.flac").read_bytes() + bytes([number]))
    return transcribe.start(app, add_file(app, study_id, sound).id, **WISHES, n_speakers=2)  # type: ignore[arg-type]


def test_three_recordings_in_the_queue_keep_one_worker_busy_whose_model_stays_and_the_server_loads_none(
    tmp_path: Path,
    models_dir: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CODING_APP_MODELS", str(models_dir))
    settings = the_settings(tmp_path / "data", models_dir)
    with a_server(settings.data_dir) as server, open_app(settings) as app:
        assert server.process is not None
        with app.store.write() as tx:
            for study_id in (STUDY, "study-2"):
                studies.add_study(tx, Study(study_id, study_id, "alliance-core"))
        with (
            Watch(server.process.pid, CHILD) as workers,
            Watch(server.process.pid, "coding_app") as all_of_them,
        ):
            asked = [_queued(app, tmp_path, n, (STUDY, STUDY, "study-2")[n]) for n in range(3)]
            assert {wait_for(app, each, "done", "failed").state for each in asked} == {"done"}
        assert (workers.n_at_most, len(workers.pids)) == (
            1,
            1,
        )  # the same process for all, so the model stayed
        assert all_of_them.n_at_most <= 2  # the worker, and what decodes for it while it waits
        if sys.platform == "linux":
            assert speech_libraries(server.process.pid) == set()
            (worker,) = workers.pids
            assert {"libtorch", "ctranslate2"} <= speech_libraries(worker)
