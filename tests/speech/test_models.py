"""Where a model is looked for, and what is said when there is none."""

import shutil
import subprocess
import sys
from pathlib import Path

import huggingface_hub
import pytest

from coding_app.errors import InputError, SpeechError
from coding_app.speech.catalogue import catalogue, expected_ms, recommend
from coding_app.speech.models import STARTER_SHA256, download_model, find_model, is_on_disk, load
from tests.speech.small_models import a_small_model

ENGINES = ("faster-whisper", "openai-whisper")


@pytest.fixture
def empty_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No model from earlier in this person's caches, and no network."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return tmp_path


def a_model(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (folder / name).write_bytes(b"{}")
    return folder


@pytest.mark.weights
@pytest.mark.parametrize("engine", ENGINES)
def test_the_starter_model_is_there_at_once_and_checked(models_dir: Path, engine: str):
    model = find_model(engine, "base", models_dir)
    assert (model.path, model.sha256) == (models_dir / "base", STARTER_SHA256)
    assert [each.name for each in models_dir.iterdir()] == ["base"]
    assert is_on_disk(engine, "base", models_dir)


def test_a_model_in_the_models_folder_comes_before_the_installed_one(tmp_path: Path):
    folder = a_model(tmp_path / "base")
    assert find_model("faster-whisper", "base", tmp_path).path == folder


def test_a_path_comes_first(tmp_path: Path):
    folder = a_model(tmp_path / "mine" / "base")
    a_model(tmp_path / "base")
    assert find_model("faster-whisper", str(folder), tmp_path).path == folder


def test_an_openai_file_serves_only_openai_whisper(tmp_path: Path):
    path = tmp_path / "small.pt"
    path.write_bytes(b"x")
    assert find_model("openai-whisper", "small", tmp_path).path == path
    with pytest.raises(SpeechError, match=r"holds no model for faster-whisper"):
        find_model("faster-whisper", str(path), tmp_path)


@pytest.mark.parametrize("engine", ENGINES)
def test_without_a_model_the_sentence_says_what_to_do(empty_home: Path, engine: str):
    with pytest.raises(SpeechError, match=r"no speech model 'medium'.*choose 'base'.*download"):
        find_model(engine, "medium", empty_home)
    assert not is_on_disk(engine, "medium", empty_home)


@pytest.mark.parametrize("wrong", ["../../etc", "no/such/folder", "/", "x.pt"])
def test_a_path_without_a_model_is_said(tmp_path: Path, wrong: str):
    with pytest.raises(SpeechError, match="holds no model"):
        find_model("openai-whisper", wrong, tmp_path)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_damaged_model_is_said_and_no_library_error_comes_through(tmp_path: Path, engine: str):
    a_model(tmp_path / "broken")
    with pytest.raises(SpeechError, match="damaged"):
        load(engine, find_model(engine, "broken", tmp_path))


@pytest.mark.weights
def test_a_cut_off_model_file_is_said(tmp_path: Path, models_dir: Path):
    find_model("openai-whisper", "base", models_dir)
    shutil.copytree(models_dir / "base", tmp_path / "cut")
    with (tmp_path / "cut" / "model.bin").open("r+b") as file:
        file.truncate(10_000_000)
    with pytest.raises(SpeechError, match="damaged"):
        load("openai-whisper", find_model("openai-whisper", "cut", tmp_path))


def test_an_unknown_engine_is_said(tmp_path: Path):
    a_model(tmp_path / "base")
    with pytest.raises(InputError, match="no engine 'parrot'"):
        load("parrot", find_model("faster-whisper", "base", tmp_path))


def test_a_download_without_a_connection_is_said_and_leaves_nothing(tmp_path: Path):
    """In a process of its own: the library reads HF_HUB_OFFLINE once, when it is loaded."""
    code = f"""
from pathlib import Path
from coding_app.errors import SpeechError
from coding_app.speech.models import download_model
try:
    download_model("tiny", Path({str(tmp_path)!r}))
except SpeechError as error:
    print(error)
"""
    environment = {"HF_HUB_OFFLINE": "1", "HOME": str(tmp_path / "home"), "PATH": ""}
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=root
    )
    assert "switched off" in run.stdout, run.stderr
    assert not list(tmp_path.glob("*tiny*")) + list(tmp_path.glob(".tiny*"))


def test_a_finished_download_is_kept_although_the_one_who_watches_it_breaks_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    whole = a_small_model(tmp_path / "published")
    files = [each.name for each in whole.iterdir()]

    def put(repository: str, name: str, local_dir: Path) -> None:
        shutil.copyfile(whole / name, local_dir / name)

    def watch(done: float) -> None:
        if done == 1.0:
            raise KeyboardInterrupt

    monkeypatch.setattr(huggingface_hub.HfApi, "list_repo_files", lambda self, repository: files)
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", put)
    with pytest.raises(KeyboardInterrupt):
        download_model("tiny", tmp_path / "models", watch)
    assert [each.name for each in (tmp_path / "models").iterdir()] == ["tiny"]
    assert is_on_disk("faster-whisper", "tiny", tmp_path / "models")
    with pytest.raises(SpeechError, match=r"'tiny\.en' is not the model that is known"):
        download_model("tiny.en", tmp_path / "models")
    (whole / "model.bin").write_bytes(b"<!DOCTYPE html>")
    with pytest.raises(SpeechError, match="no whole model"):
        download_model("small", tmp_path / "models")
    assert [each.name for each in (tmp_path / "models").iterdir()] == ["tiny"]


def test_only_models_of_the_list_can_be_downloaded(tmp_path: Path):
    with pytest.raises(InputError, match="no model 'someone/else' to download"):
        download_model("someone/else", tmp_path)


def test_a_faster_machine_is_recommended_a_larger_model():
    hour = 3_600_000
    one, four = recommend(hour, "faster-whisper", n_cores=1), recommend(hour, "faster-whisper", n_cores=4)
    assert one.size_mb < four.size_mb
    assert expected_ms(four, hour, "faster-whisper", 4) <= hour


def test_without_patience_the_smallest_is_recommended():
    assert recommend(3_600_000, "openai-whisper", patience_ms=1) == catalogue()[0]


def test_looking_for_models_is_light_for_the_web_process():
    code = (
        "import sys; from pathlib import Path; from coding_app.speech.models import is_on_disk;"
        "is_on_disk('faster-whisper', 'small', Path('none'));"
        "print([m for m in ('torch', 'whisper', 'ctranslate2', 'av', 'onnxruntime') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
