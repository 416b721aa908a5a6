"""Voice prints: numbers that are close together for one voice and far apart for two (CAM++)."""

from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coding_app.errors import SpeechError
from coding_app.speech.transcriber import SAMPLE_RATE_HZ, Audio
from coding_app.speech.voice_networks import MISSING, checked, file_of_package

Prints = NDArray[np.float32]

NETWORK = "camplusplus.py"
WEIGHTS = "models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
WEIGHTS_SHA256 = "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199"
N_MELS, EMBEDDING_SIZE = 80, 192
WINDOW_FRAMES = 150  # 1.5 s
MIN_SAMPLES = SAMPLE_RATE_HZ // 4
BATCH = 32


def available() -> bool:
    """Whether the weights are installed (Linux on x86-64 and macOS on Apple silicon have them)."""
    return file_of_package(WEIGHTS) is not None and file_of_package(NETWORK) is not None


@cache
def _network() -> Any:
    """CAM++ ready to use. Raises SpeechError when the weights are missing or are not the ones known."""
    import torch

    weights, definition = checked(WEIGHTS, WEIGHTS_SHA256), file_of_package(NETWORK)
    if definition is None:
        raise SpeechError(MISSING)
    spec = spec_from_file_location("campplus_network", definition)
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
