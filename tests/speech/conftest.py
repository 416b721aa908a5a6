"""Real weights, loaded once for all tests."""

from pathlib import Path

import pytest

from coding_app.speech.models import find_model, load
from coding_app.speech.transcriber import Transcriber

ROOT = Path(__file__).parents[2]
RECORDINGS = ROOT.parent / "shared" / "data" / "speech"
DEMO = ROOT / "data" / "demo"


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for models that begins empty."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def faster(models_dir: Path) -> Transcriber:
    """The starter model in faster-whisper."""
    return load("faster-whisper", find_model("faster-whisper", "base", models_dir))


@pytest.fixture(scope="session")
def openai(models_dir: Path) -> Transcriber:
    """The same weights in openai-whisper."""
    return load("openai-whisper", find_model("openai-whisper", "base", models_dir))


@pytest.fixture(params=["faster", "openai"])
def transcriber(request: pytest.FixtureRequest) -> Transcriber:
    """Each engine in turn."""
    engine: Transcriber = request.getfixturevalue(request.param)
    return engine


def recording(name: str) -> Path:
    """A recording of the shared data; skips when it is not on this machine."""
    path = RECORDINGS / name
    if not path.exists():
        pytest.skip(f"needs the shared recording {name}")
    return path


def demo(name: str) -> Path:
    """A file of the demo session; skips when it has not been made."""
    path = DEMO / name
    if not path.exists():
        pytest.skip("needs the demo session (scripts/make_demo.py makes it)")
    return path
