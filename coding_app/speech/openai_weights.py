"""openai-whisper's network filled with the weights of a CTranslate2 model: the same numbers in another order."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coding_app.errors import SpeechError
from coding_app.speech.ct2_file import read_weights

Weights = dict[str, NDArray[Any]]

NORMS = {"weight": "gamma", "bias": "beta"}
HEAD_SIZE = 64  # of every Whisper model


def load_from_ct2(folder: Path) -> Any:
    """An openai-whisper model, float32, on the CPU, with its alignment heads (needed for the times of words).

    Lossless: both formats hold 16-bit floats. Raises SpeechError when the folder's model is damaged, or was
    rounded to integers, which openai-whisper cannot use.
    """
    import torch
    from whisper.model import Whisper

    weights = read_weights(folder / "model.bin")
    if any(name.endswith("weight_scale") for name in weights):
        raise SpeechError(
            f"The model '{folder.name}' is stored as 8-bit integers, which openai-whisper cannot use; "
            "choose faster-whisper, or another model."
        )
    try:
        model = Whisper(_dimensions(weights))
        model.load_state_dict(
            {name: torch.from_numpy(each.copy()) for name, each in _renamed(weights).items()}
        )
        heads = json.loads((folder / "config.json").read_text("utf-8"))["alignment_heads"]
        mask = torch.zeros(model.dims.n_text_layer, model.dims.n_text_head, dtype=torch.bool)
        mask[tuple(zip(*heads, strict=True))] = True
    except (KeyError, ValueError, RuntimeError, OSError, IndexError) as error:
        raise SpeechError(
            f"The model '{folder.name}' is damaged; delete its folder and start again."
        ) from error
    model.register_buffer("alignment_heads", mask.to_sparse(), persistent=False)
    return model.eval()


def _dimensions(weights: Weights) -> Any:
    from whisper.model import ModelDimensions

    n_state, n_mels = weights["encoder/conv1/weight"].shape[:2]
    n_vocab = weights["decoder/embeddings/weight"].shape[0]
    n_audio_ctx = weights["encoder/position_encodings/encodings"].shape[0]
    n_text_ctx = weights["decoder/position_encodings/encodings"].shape[0]
    n_heads = n_state // HEAD_SIZE
    return ModelDimensions(
        n_mels, n_audio_ctx, n_state, n_heads, _n_layers(weights, "encoder"),
        n_vocab, n_text_ctx, n_state, n_heads, _n_layers(weights, "decoder"),
    )  # fmt: skip


def _n_layers(weights: Weights, side: str) -> int:
    return len(
        {name.split("/")[1] for name in weights if name.startswith(f"{side}/layer_") and name.count("/") > 2}
    )


def _renamed(weights: Weights) -> Weights:
    """Under openai-whisper's names; the fused query-key-value matrices are cut apart again."""
    named = {
        "encoder.positional_embedding": weights["encoder/position_encodings/encodings"],
        "decoder.positional_embedding": weights["decoder/position_encodings/encodings"],
        "decoder.token_embedding.weight": weights["decoder/embeddings/weight"],
    }
    for conv in ("conv1", "conv2"):
        named |= _linear(weights, f"encoder/{conv}", f"encoder.{conv}")
    named |= _norm(weights, "encoder/layer_norm", "encoder.ln_post")
    named |= _norm(weights, "decoder/layer_norm", "decoder.ln")
    for side in ("encoder", "decoder"):
        for layer in range(_n_layers(weights, side)):
            named |= _layer(weights, f"{side}/layer_{layer}", f"{side}.blocks.{layer}")
    return named


def _layer(weights: Weights, ct2: str, openai: str) -> Weights:
    named = _self_attention(weights, f"{ct2}/self_attention", f"{openai}.attn")
    if f"{ct2}/attention/linear_0/weight" in weights:
        named |= _cross_attention(weights, f"{ct2}/attention", f"{openai}.cross_attn")
    named |= _linear(weights, f"{ct2}/ffn/linear_0", f"{openai}.mlp.0")
    named |= _linear(weights, f"{ct2}/ffn/linear_1", f"{openai}.mlp.2")
    return named | _norm(weights, f"{ct2}/ffn/layer_norm", f"{openai}.mlp_ln")


def _self_attention(weights: Weights, ct2: str, openai: str) -> Weights:
    parts = _cut(weights, f"{ct2}/linear_0", openai, ("query", "key", "value"))
    parts |= _linear(weights, f"{ct2}/linear_1", f"{openai}.out")
    return parts | _norm(weights, f"{ct2}/layer_norm", f"{openai}_ln")


def _cross_attention(weights: Weights, ct2: str, openai: str) -> Weights:
    parts = _linear(weights, f"{ct2}/linear_0", f"{openai}.query")
    parts |= _cut(weights, f"{ct2}/linear_1", openai, ("key", "value"))
    parts |= _linear(weights, f"{ct2}/linear_2", f"{openai}.out")
    return parts | _norm(weights, f"{ct2}/layer_norm", f"{openai}_ln")


def _cut(weights: Weights, ct2: str, openai: str, names: tuple[str, ...]) -> Weights:
    """One fused matrix as several; Whisper's key has no bias (stored as zeros)."""
    parts = {}
    for kind in ("weight", "bias"):
        for name, part in zip(names, np.split(weights[f"{ct2}/{kind}"], len(names)), strict=True):
            if (name, kind) != ("key", "bias"):
                parts[f"{openai}.{name}.{kind}"] = part
    return parts


def _linear(weights: Weights, ct2: str, openai: str) -> Weights:
    return {f"{openai}.{kind}": weights[f"{ct2}/{kind}"] for kind in ("weight", "bias")}


def _norm(weights: Weights, ct2: str, openai: str) -> Weights:
    return {f"{openai}.{kind}": weights[f"{ct2}/{name}"] for kind, name in NORMS.items()}
