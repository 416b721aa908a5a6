"""What the network is computed on: the graphics card where there is one that can be used, else the processor."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeVar

from coding_app.errors import SpeechError

GPU, CPU = "cuda", "cpu"
GPU_TYPES = ("float16", "int8_float16", "float32")  # the best first
Made = TypeVar("Made")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Computing:
    """A device, "cuda" or "cpu", and the type of number it computes with, as the engines name them."""

    device: str
    compute_type: str


def choices(wanted: str, gpu_types: Collection[str], cpu_type: str) -> tuple[Computing, ...]:
    """What to try, in this order. wanted: "auto", "cpu" or "cuda"; gpu_types: what the card can do, empty without one.

    Raises SpeechError when a card is wanted and there is none.

    >>> choices("auto", ("float32", "float16"), "int8")[0]
    Computing(device='cuda', compute_type='float16')
    >>> choices("auto", (), "int8")
    (Computing(device='cpu', compute_type='int8'),)
    """
    on_card = tuple(Computing(GPU, each) for each in GPU_TYPES if each in gpu_types)[:1]
    if wanted == GPU:
        if not on_card:
            raise SpeechError(
                "CODING_APP_DEVICE is cuda, but there is no CUDA graphics card that can be used; set it to auto or cpu."
            )
        return on_card
    on_processor = Computing(CPU, cpu_type)
    return (on_processor,) if wanted == CPU else (*on_card, on_processor)


def first_that_works(
    options: tuple[Computing, ...], make: Callable[[Computing], Made]
) -> tuple[Made, Computing]:
    """What `make` gives for the first option with which it does not fail; each failure before it is logged."""
    for option in options[:-1]:
        try:
            return make(option), option
        except Exception as error:  # drivers and libraries fail in many ways; the processor is left
            _log.warning(
                "The model could not be used on %s with %s (%s); the processor does the work.",
                option.device, option.compute_type, type(error).__name__,
            )  # fmt: skip
    return make(options[-1]), options[-1]
