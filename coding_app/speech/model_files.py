"""What a model on disk is: its form, which engines can read it, and whether its files agree with each other.

Done without native code and without reading the weights, so that it is quick and safe for any file.
"""

import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coding_app.errors import SpeechError
from coding_app.settings import ENGINES
from coding_app.speech.ct2_file import Outline, other_format, read_outline

FASTER, OPENAI = ENGINES
CTRANSLATE2, OPENAI_PT = "CTranslate2", "openai-whisper .pt"
NEEDED = ("model.bin", "config.json", "tokenizer.json")
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
FILES = (*NEEDED, "preprocessor_config.json", *VOCABULARIES)
MOST_JSON_BYTES = 50_000_000
USUAL_MELS = 80
SOUND = {"sampling_rate": 16_000, "hop_length": 160, "n_fft": 400, "chunk_length": 30}
FLOAT_TYPES = (0, 4)
HEAD_SIZE = 64  # of every Whisper model


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model that its files describe without contradiction. n_bytes: of all its files."""

    form: str
    weights: Path
    engines: tuple[str, ...]
    n_bytes: int


def is_model(path: Path) -> bool:
    """Whether it looks like a model: a folder with the files of one, or a .pt file. Nothing is read."""
    if path.is_file():
        return path.suffix == ".pt"
    return all((path / name).is_file() for name in NEEDED)


def is_meant(path: Path) -> bool:
    """Whether it is a model, or a folder that was meant to be one: some of the files are there."""
    return is_model(path) or any((path / name).is_file() for name in NEEDED)


def weights_of(path: Path) -> Path:
    """The file with the weights of a model."""
    return path / "model.bin" if path.is_dir() else path


def inspect_model(path: Path) -> ModelFiles:
    """The model in a folder or .pt file. Raises SpeechError, one sentence, when it is damaged or no model."""
    try:
        return _folder(path) if path.is_dir() else _pt(path)
    except OSError as error:
        raise SpeechError(
            f"The model '{path.name}' cannot be read ({error.strerror}); check the disk and the rights."
        ) from error


def _folder(path: Path) -> ModelFiles:
    for name in NEEDED:
        if not (path / name).is_file():
            raise SpeechError(f"The model '{path.name}' lacks its file {name}; fetch it again, whole.")
    weights = path / "model.bin"
    outline = read_outline(weights)
    try:
        n_mels, n_vocab = _check_shapes(outline)
        n_layers, n_heads = _n_layers(outline, "decoder"), _n_state(outline) // HEAD_SIZE
    except (KeyError, ValueError, IndexError) as error:
        raise _fault(path, "model.bin") from error
    for name, check in (
        ("config.json", lambda read: _check_config(read, n_layers, n_heads, n_vocab)),
        ("tokenizer.json", lambda read: _check_tokenizer(read, n_vocab)),
        ("preprocessor_config.json", lambda read: _check_sound(read, n_mels)),
    ):
        _check_json(path, name, check)
    if n_mels != USUAL_MELS and not (path / "preprocessor_config.json").is_file():
        raise SpeechError(
            f"The model '{path.name}' lacks its file preprocessor_config.json; fetch it again, whole."
        )
    _check_vocabulary(path, n_vocab)
    is_float = all(each.dtype in FLOAT_TYPES for name, each in outline.variables.items() if _is_weight(name))
    n_bytes = sum((path / name).stat().st_size for name in FILES if (path / name).is_file())
    return ModelFiles(CTRANSLATE2, weights, ENGINES if is_float else (FASTER,), n_bytes)


def _is_weight(name: str) -> bool:
    return name.endswith(("/weight", "/weight_scale", "/bias", "/gamma", "/beta", "/encodings"))


def _pt(path: Path) -> ModelFiles:
    """A .pt file is a zip whose entries are not compressed; what is pickled in it is read by torch's safe reader."""
    with path.open("rb") as file:
        head = file.read(32)
    size = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
        names = [each.filename for each in entries]
        if sum(each.file_size for each in entries) > size or not any(
            each.endswith("/data.pkl") for each in names
        ):
            raise ValueError("no checkpoint, or one that grows when it is read")
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        other = other_format(head)
        is_other = other is not None and "PyTorch" not in other
        raise SpeechError(
            f"The file '{path.name}' is not an openai-whisper model"
            + (f" but one of the format {other}" if is_other else " or is damaged")
            + "; choose another model."
        ) from error
    return ModelFiles(OPENAI_PT, path, (OPENAI,), size)


def _fault(path: Path, name: str) -> SpeechError:
    return SpeechError(
        f"The model '{path.name}' is damaged: its {name} does not fit the rest of it; fetch it again, whole."
    )


def _check_json(path: Path, name: str, check: Any) -> None:
    file = path / name
    if not file.is_file():
        return
    try:
        if file.stat().st_size > MOST_JSON_BYTES:
            raise ValueError("too large")
        check(json.loads(file.read_text("utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _fault(path, name) from error


def _n_layers(outline: Outline, side: str) -> int:
    return len(
        {
            name.split("/")[1]
            for name in outline.variables
            if name.startswith(f"{side}/layer_") and name.count("/") > 2
        }
    )


def _n_state(outline: Outline) -> int:
    return outline.shape("encoder/conv1/weight")[0]


def _check_shapes(outline: Outline) -> tuple[int, int]:
    """Mel bands and size of the vocabulary. Raises KeyError or ValueError when the arrays make no Whisper network."""
    n_state, n_mels, _ = outline.shape("encoder/conv1/weight")
    n_vocab = outline.shape("decoder/embeddings/weight")[0]
    expected = {
        "encoder/conv1/weight": (n_state, n_mels, 3),
        "encoder/conv2/weight": (n_state, n_state, 3),
        "encoder/position_encodings/encodings": (1500, n_state),
        "decoder/position_encodings/encodings": (448, n_state),
        "decoder/embeddings/weight": (n_vocab, n_state),
        "encoder/layer_norm/gamma": (n_state,),
        "decoder/layer_norm/gamma": (n_state,),
        "decoder/projection/weight": (n_vocab, n_state),
    }
    for side in ("encoder", "decoder"):
        n_layers = _n_layers(outline, side)
        for layer in range(n_layers):
            expected |= _layer_shapes(f"{side}/layer_{layer}", n_state, crosses=side == "decoder")
        if n_layers == 0:
            raise ValueError("no layers")
    if n_state % HEAD_SIZE or n_mels not in (USUAL_MELS, 128) or n_vocab < 50_000:
        raise ValueError("no network of Whisper's")
    for name, shape in expected.items():
        if outline.shape(name) != shape:
            raise ValueError(name)
    return n_mels, n_vocab


def _layer_shapes(layer: str, n: int, *, crosses: bool) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        f"{layer}/self_attention/linear_0/weight": (3 * n, n),
        f"{layer}/self_attention/linear_0/bias": (3 * n,),
        f"{layer}/self_attention/linear_1/weight": (n, n),
        f"{layer}/ffn/linear_0/weight": (4 * n, n),
        f"{layer}/ffn/linear_0/bias": (4 * n,),
        f"{layer}/ffn/linear_1/weight": (n, 4 * n),
        f"{layer}/ffn/linear_1/bias": (n,),
    }
    if crosses:
        shapes[f"{layer}/attention/linear_0/weight"] = (n, n)
        shapes[f"{layer}/attention/linear_1/weight"] = (2 * n, n)
        shapes[f"{layer}/attention/linear_2/weight"] = (n, n)
    return shapes


def _check_config(read: dict[str, Any], n_layers: int, n_heads: int, n_vocab: int) -> None:
    """The engines' native code looks these numbers up without asking whether they are there."""
    heads = read["alignment_heads"]
    pairs_fit = all(_within(layer, n_layers) and _within(head, n_heads) for layer, head in heads)
    tokens = [*read.get("suppress_ids", ()), *read.get("suppress_ids_begin", ()), *read.get("lang_ids", ())]
    if not heads or not pairs_fit or not all(each == -1 or _within(each, n_vocab) for each in tokens):
        raise ValueError("numbers of what is not there")


def _within(value: object, end: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < end


def _check_tokenizer(read: dict[str, Any], n_vocab: int) -> None:
    added = {each["content"]: each["id"] for each in read["added_tokens"]}
    ids: Iterable[object] = (*read["model"]["vocab"].values(), *added.values())
    if not {"<|startoftranscript|>", "<|transcribe|>", "<|notimestamps|>"} <= set(added) or not all(
        _within(each, n_vocab) for each in ids
    ):
        raise ValueError("no tokenizer of Whisper's")


def _check_sound(read: dict[str, Any], n_mels: int) -> None:
    expected = {**SOUND, "feature_size": n_mels}
    if any(read.get(name, value) != value for name, value in expected.items()):
        raise ValueError("not the sound that Whisper hears")


def _check_vocabulary(path: Path, n_vocab: int) -> None:
    """The engine takes vocabulary.json before vocabulary.txt; its lines are the words of the network's answers."""
    name = next((each for each in VOCABULARIES if (path / each).is_file()), None)
    if name is None:
        raise SpeechError(f"The model '{path.name}' lacks its file vocabulary.txt; fetch it again, whole.")
    try:
        text = (path / name).read_text("utf-8") if (path / name).stat().st_size <= MOST_JSON_BYTES else ""
        n_words = len(json.loads(text)) if name.endswith(".json") else text.count("\n")
    except (ValueError, RecursionError, TypeError) as error:
        raise _fault(path, name) from error
    if n_words not in (n_vocab, n_vocab - 1):  # the last line may have no end
        raise _fault(path, name)
