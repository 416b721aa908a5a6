"""`coding-app models list | add | check` on real (very small) models, in processes of their own where it matters."""

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coding_app.errors import InputError, SpeechError, StoreError
from coding_app.settings import Settings, read_settings
from coding_app.speech.catalogue import CatalogueEntry, catalogue
from coding_app.speech.ct2_file import read_outline, read_weights
from coding_app.workflows.add_model import add_model
from coding_app.workflows.check_models import check_models
from coding_app.workflows.list_models import list_models, what_is_missing
from tests.speech.small_models import a_small_model, write_weights

REPO = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_small_model(tmp_path_factory.mktemp("whole") / "small-one")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return read_settings({"HOME": str(tmp_path / "home")}, tmp_path / "data")


def models_dir(settings: Settings) -> Path:
    assert settings.models_dir is not None
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    return settings.models_dir


def run(settings: Settings, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "coding_app", "models", *arguments, "--data", str(settings.data_dir)]
    home = str(settings.data_dir.parent / "home")
    environment = {**os.environ, "HOME": home, "PYTHONPATH": str(REPO), **environ}
    for name in ("CODING_APP_MODELS", "CODING_APP_MODEL", "CODING_APP_ENGINE"):
        environment.pop(name, None)
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL, timeout=300
    )


def never(entry: CatalogueEntry) -> bool:
    raise AssertionError(f"{entry.name} must not be downloaded")


def test_the_list_names_what_is_here_and_what_could_be_had(settings: Settings, whole: Path):
    shutil.copytree(whole, models_dir(settings) / "mine")
    shutil.copytree(whole, models_dir(settings) / "half")
    (models_dir(settings) / "half" / "tokenizer.json").unlink()
    (models_dir(settings) / ".adding-1").mkdir()
    listed = {each.name: each for each in list_models(settings)}
    assert set(listed) == {"mine", "half", *(each.name for each in catalogue())}
    mine = listed["mine"]
    assert (mine.place, mine.engines, mine.sha256, mine.real_time) == (
        "models folder", ("faster-whisper", "openai-whisper"), None, {},
    )  # fmt: skip
    assert listed["half"].engines == ()
    assert "tokenizer.json" in listed["half"].note
    assert (listed["large-v3"].place, listed["large-v3"].sha256) == ("download", None)
    assert listed["tiny.en"].sha256 is not None
    assert 0 < listed["tiny"].real_time["faster-whisper"] < listed["tiny"].real_time["openai-whisper"]
    assert [each.name for each in listed.values() if each.is_default] == ["base"]


def test_the_default_is_the_one_of_the_settings(settings: Settings, whole: Path):
    other = read_settings({"CODING_APP_MODEL": str(whole)}, settings.data_dir)
    (default,) = [each for each in list_models(other) if each.is_default]
    assert (default.name, default.place) == ("small-one", "path")
    gone = read_settings({"CODING_APP_MODEL": "medium"}, settings.data_dir)
    assert "default model 'medium' cannot be used" in (what_is_missing(gone, list_models(gone)) or "")


def test_a_pipe_gets_plain_lines_and_json_one_object(settings: Settings):
    lines = run(settings, "list").stdout.splitlines()
    assert {len(line.split("\t")) for line in lines} == {8}
    assert any(line.split("\t")[:2] == ["*", "base"] for line in lines)
    found = json.loads(run(settings, "list", "--json").stdout)
    assert found["default"] == {"engine": "faster-whisper", "model": "base", "device": "auto"}
    assert not settings.data_dir.exists()


def test_a_folder_is_checked_copied_and_found_by_its_new_name(settings: Settings, whole: Path):
    package = whole.parent / "package"
    (package / "data").mkdir(parents=True)
    shutil.copytree(whole, package / "data" / "deep")
    (package / "data" / "deep" / "notes.txt").write_text("not part of a model")
    added = add_model(settings, str(package), name="ours", may_download=never)
    assert added.path == models_dir(settings) / "ours"
    assert {each.name for each in added.path.iterdir()} == {each.name for each in whole.iterdir()}
    assert [each.name for each in models_dir(settings).iterdir()] == ["ours"]
    with pytest.raises(InputError, match="something called 'ours'"):
        add_model(settings, str(whole), name="ours", may_download=never)


def test_what_cannot_be_added_is_told_and_nothing_is_left(settings: Settings, whole: Path, tmp_path: Path):
    cut = tmp_path / "cut"
    shutil.copytree(whole, cut)
    os.truncate(cut / "model.bin", 1000)
    empty = tmp_path / "nothing in it"
    empty.mkdir()
    for path, name, kind, told in (
        (cut, None, SpeechError, "damaged"),
        (whole, "base", SpeechError, "not those that are published as 'base'"),
        (whole, "../up", InputError, "cannot be the name"),
        (whole, "x.pt", InputError, "cannot be the name"),
        (empty, None, InputError, "holds no model"),
        (whole.parent / "gone", None, InputError, "no folder or file 'gone'"),
    ):
        with pytest.raises(kind, match=told):
            add_model(settings, str(path), name=name, may_download=never)
        assert list(models_dir(settings).iterdir()) == []


def test_a_disk_that_takes_no_more_is_told_and_nothing_is_left(settings: Settings, whole: Path):
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limit[1]))
    try:
        with pytest.raises(StoreError, match=r"could not be kept .*free \d+ MB"):
            add_model(settings, str(whole), may_download=never)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert list(models_dir(settings).iterdir()) == []


def test_nothing_is_downloaded_without_a_yes(settings: Settings):
    refused = run(settings, "add", "small", HF_HUB_OFFLINE="0")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "say yes to that with --yes" in refused.stderr
    offline = run(settings, "add", "small", "--yes", HF_HUB_OFFLINE="1")
    assert offline.returncode == 1
    assert offline.stderr.count("\n") == 1
    assert "switched off on this machine (HF_HUB_OFFLINE)" in offline.stderr
    with pytest.raises(InputError, match="nobody said yes"):
        add_model(settings, "small", may_download=lambda entry: False)
    assert list(models_dir(settings).iterdir()) == []


def test_a_check_says_of_each_model_whether_it_is_whole(settings: Settings, whole: Path):
    shutil.copytree(whole, models_dir(settings) / "fine")
    cut = models_dir(settings) / "cut"
    shutil.copytree(whole, cut)
    os.truncate(cut / "model.bin", 5000)
    wrong = models_dir(settings) / "tiny.en"
    shutil.copytree(whole, wrong)
    no_numbers = models_dir(settings) / "none"
    shutil.copytree(whole, no_numbers)
    weights = read_weights(whole / "model.bin")
    stored = {name: weights[name].copy() for name in read_outline(whole / "model.bin").variables}
    stored["encoder/conv1/bias"] = np.full(64, np.nan, np.float16)
    write_weights(no_numbers / "model.bin", stored)
    checked = run(settings, "check", "fine", "cut", "tiny.en", "none")
    assert (checked.returncode, checked.stderr) == (1, "")
    fine, damaged, other, nan = checked.stdout.splitlines()
    assert fine == "fine: ok (faster-whisper, openai-whisper; published checksum not known)"
    assert damaged.startswith("cut: fault: The model file 'cut/model.bin' is damaged")
    assert other.startswith("tiny.en: fault: Its weights are not those that are published as 'tiny.en'")
    assert nan.startswith("none: fault: Its weights hold what is no number (in encoder/conv1/bias)")


def test_a_check_of_an_unknown_name_does_nothing_and_is_wrong_input(settings: Settings):
    checked = run(settings, "check", "base", "no-such-model")
    assert (checked.returncode, checked.stdout) == (2, "")
    assert "There is no model 'no-such-model' on this machine" in checked.stderr


@pytest.mark.weights
@pytest.mark.slow
def test_the_model_that_came_with_the_app_is_the_published_one(settings: Settings):
    (verdict,) = check_models(settings, ["base"])
    assert verdict.line == "base: ok (faster-whisper, openai-whisper; the published weights)"
