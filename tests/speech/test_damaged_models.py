"""Models that are damaged, of another format, or made to do harm are refused with one sentence, by both engines."""

import io
import json
import logging
import os
import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from coding_app.errors import SpeechError
from coding_app.settings import ENGINES
from coding_app.speech import faster_whisper
from coding_app.speech.device import Computing, choices
from coding_app.speech.inventory import on_this_machine
from coding_app.speech.languages import LANGUAGES
from coding_app.speech.model_files import inspect_model
from coding_app.speech.models import Model, find_model, load
from tests.speech.small_models import a_small_model, write_weights


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_small_model(tmp_path_factory.mktemp("whole") / "small-one")


def cut_off(folder: Path) -> None:
    os.truncate(folder / "model.bin", (folder / "model.bin").stat().st_size - 1000)


def with_more(folder: Path) -> None:
    with (folder / "model.bin").open("ab") as file:
        file.write(b"more")


def random_bytes(folder: Path) -> None:
    (folder / "model.bin").write_bytes(np.random.default_rng(1).bytes(100_000))


def empty(folder: Path) -> None:
    (folder / "model.bin").write_bytes(b"")


def beginning_with(magic: bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / "model.bin").write_bytes(magic + bytes(100_000))

    return change


def saying(name: str, key: str, value: object) -> Callable[[Path], None]:
    """A JSON file that lies about one thing."""

    def change(folder: Path) -> None:
        path = folder / name
        read = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps({**read, key: value}))

    return change


def holding(name: str, text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(text) and None


def without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def another_network(folder: Path) -> None:
    """Sizes agree with each other in every array, but the arrays do not with the network."""
    sizes = {"encoder/conv1/weight": (64, 80, 3), "decoder/embeddings/weight": (51_865, 32)}
    write_weights(folder / "model.bin", {name: np.zeros(size, np.float16) for name, size in sizes.items()})


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "cut off": (cut_off, "damaged"),
    "with more at the end": (with_more, "damaged"),
    "random bytes": (random_bytes, "damaged"),
    "empty": (empty, "damaged"),
    "another network": (another_network, "model.bin does not fit"),
    "GGML": (beginning_with(b"lmgg"), "of the format GGML"),
    "GGUF": (beginning_with(b"GGUF"), "of the format GGUF"),
    "safetensors": (
        beginning_with((60).to_bytes(8, "little") + b'{"a":{"dtype":"F16"}}'),
        "of the format safetensors",
    ),
    "ONNX": (beginning_with(b"\x08\x08\x12\x07pytorch"), "of the format ONNX"),
    "a .pt file": (beginning_with(b"PK\x03\x04"), "of the format PyTorch"),
    "a pickle": (beginning_with(b"\x80\x02"), "of the format pickled PyTorch"),
    "a web page": (beginning_with(b"<!DOCTYPE html>"), "of the format HTML"),
    "heads that are not there": (saying("config.json", "alignment_heads", [[7, 99]]), "config.json"),
    "heads before the first": (saying("config.json", "alignment_heads", [[-1, 0]]), "config.json"),
    "no heads": (saying("config.json", "alignment_heads", []), "config.json"),
    "words that are not there": (saying("config.json", "suppress_ids", [10**9]), "config.json"),
    "a list for an object": (holding("config.json", "[1]"), "config.json"),
    "no JSON": (holding("config.json", "{"), "config.json"),
    "nested too deeply": (holding("config.json", "[" * 100_000), "config.json"),
    "another sound": (saying("preprocessor_config.json", "feature_size", 128), "preprocessor_config.json"),
    "no tokenizer": (without("tokenizer.json"), "lacks its file tokenizer.json"),
    "an empty tokenizer": (holding("tokenizer.json", "{}"), "tokenizer.json"),
    "no vocabulary": (without("vocabulary.txt"), "lacks its file vocabulary.txt"),
    "a short vocabulary": (holding("vocabulary.txt", "a\nb\n"), "vocabulary.txt"),
}


def broken(whole: Path, folder: Path, damage: str) -> Path:
    shutil.copytree(whole, folder / "broken")
    DAMAGES[damage][0](folder / "broken")
    return folder / "broken"


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_or_other_model_is_refused_before_native_code_sees_it(
    whole: Path, tmp_path: Path, damage: str
):
    path = broken(whole, tmp_path, damage)
    with pytest.raises(SpeechError, match=DAMAGES[damage][1]) as told:
        inspect_model(path)
    assert str(tmp_path) not in str(told.value)
    for engine in ENGINES:
        with pytest.raises(SpeechError):
            load(engine, Model("broken", path))


def test_a_whole_model_is_what_it_says(whole: Path):
    files = inspect_model(whole)
    assert (files.form, files.engines) == ("CTranslate2", ENGINES)
    assert files.n_bytes == sum(each.stat().st_size for each in whole.iterdir())


def test_a_folder_that_lacks_a_file_is_told_by_its_name_and_not_as_missing(whole: Path, tmp_path: Path):
    broken(whole, tmp_path, "no tokenizer")
    with pytest.raises(SpeechError, match=r"'broken' lacks its file tokenizer\.json"):
        find_model("faster-whisper", "broken", tmp_path)
    (here,) = [each for each in on_this_machine(tmp_path) if each.name == "broken"]
    assert "tokenizer.json" in (here.fault or "")


class Bomb:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return os.mkdir, (str(self.mark),)


def a_pt(path: Path, pickled: bytes, compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("archive/data.pkl", pickled)
        archive.writestr("archive/version", "3\n")
        archive.writestr("archive/byteorder", "little")
    return path


def test_a_pickle_bomb_in_a_pt_file_is_refused_and_does_not_go_off(tmp_path: Path):
    mark = tmp_path / "it went off"
    path = a_pt(tmp_path / "bomb.pt", pickle.dumps({"dims": Bomb(mark)}, protocol=2))
    with pytest.raises(SpeechError, match=r"'bomb\.pt' is not an openai-whisper model or is damaged"):
        load("openai-whisper", Model("bomb", path))
    assert not mark.exists()
    pickle.loads(zipfile.ZipFile(path).read("archive/data.pkl"))  # the bomb is a real one
    assert mark.exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is damaged"),
        (b"lmgg" + bytes(1000), "of the format GGML"),
        (pickle.dumps({"dims": {}}, protocol=2), "of the format pickled|is damaged"),
        (np.random.default_rng(1).bytes(50_000), "is damaged"),
    ],
)
def test_a_pt_file_that_is_none_is_refused(tmp_path: Path, content: bytes, told: str):
    (tmp_path / "odd.pt").write_bytes(content)
    with pytest.raises(SpeechError, match=told):
        load("openai-whisper", Model("odd", tmp_path / "odd.pt"))


def test_a_pt_file_that_grows_when_it_is_read_is_refused(tmp_path: Path):
    path = a_pt(tmp_path / "grows.pt", bytes(5_000_000), zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 50_000
    with pytest.raises(SpeechError, match="is damaged"):
        inspect_model(path)


def test_a_true_pt_file_is_loaded_whatever_it_is_called(tmp_path: Path):
    import torch
    from whisper.model import ModelDimensions, Whisper

    sizes = {"n_mels": 80, "n_audio_ctx": 1500, "n_audio_state": 64, "n_audio_head": 1, "n_audio_layer": 1,
             "n_vocab": 51865, "n_text_ctx": 448, "n_text_state": 64, "n_text_head": 1, "n_text_layer": 1}  # fmt: skip
    network = Whisper(ModelDimensions(**sizes))
    out = io.BytesIO()
    torch.save({"dims": sizes, "model_state_dict": network.state_dict()}, out)
    (tmp_path / "own.pt").write_bytes(out.getvalue())
    assert inspect_model(tmp_path / "own.pt").engines == ("openai-whisper",)
    loaded = load("openai-whisper", Model("own", tmp_path / "own.pt"), device="cpu")
    assert loaded.computing == Computing("cpu", "float32")


def test_a_card_is_taken_when_there_is_one_and_the_processor_otherwise():
    card, processor = Computing("cuda", "float16"), Computing("cpu", "int8")
    every = ("float32", "int8_float16", "float16")
    assert choices("auto", every, "int8") == (card, processor)
    assert choices("auto", ("float32", "int8_float16"), "int8")[0] == Computing("cuda", "int8_float16")
    assert choices("auto", (), "int8") == (processor,)
    assert choices("cpu", every, "int8") == (processor,)
    assert choices("cuda", every, "int8") == (card,)
    with pytest.raises(SpeechError, match="CODING_APP_DEVICE is cuda"):
        choices("cuda", (), "int8")


def test_when_the_card_fails_the_processor_does_the_work_and_the_log_says_so(
    whole: Path, caplog: pytest.LogCaptureFixture
):
    import ctranslate2

    if ctranslate2.get_cuda_device_count():
        pytest.skip("needs a machine without a graphics card")
    tried = (Computing("cuda", "float16"), Computing("cpu", "int8"))
    with caplog.at_level(logging.WARNING):
        model = faster_whisper.FasterWhisper(whole, 1, tried)
    assert model.computing == Computing("cpu", "int8")
    assert "cuda with float16" in caplog.text
    with pytest.raises(SpeechError):
        faster_whisper.FasterWhisper(whole, 1, tried[:1])


def test_the_languages_are_those_of_both_engines():
    from faster_whisper.tokenizer import _LANGUAGE_CODES
    from whisper.tokenizer import LANGUAGES as OPENAIS

    assert set(_LANGUAGE_CODES) == LANGUAGES == set(OPENAIS)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_unknown_language_is_told_by_each_engine(whole: Path, engine: str):
    model = load(engine, Model("m", whole), n_threads=1, device="cpu")
    with pytest.raises(SpeechError, match="language 'xx' is not known"):
        model.transcribe_chunk(np.zeros(16_000, np.float32), "xx", None)
