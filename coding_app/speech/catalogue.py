"""Which speech models there are, how large they are, and how long they take on this machine."""

import os
from dataclasses import dataclass

SECONDS_PER_SECOND_ON_ONE_CORE = {"faster-whisper": 0.13, "openai-whisper": 0.32}
SPEAKERS_PER_SECOND = 0.12
USEFUL_CORES = 4


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A model by name. size_mb: on disk and to download; relative_cost: computing per second, base = 1.

    sha256: of the published model.bin, None where no value is known that could be trusted.
    """

    name: str
    size_mb: int
    relative_cost: float
    note: str
    sha256: str | None = None


# Checksums: of Systran's files, as ten independent projects that pin them state each of the two.
# Sizes: the CTranslate2 files (16-bit floats). Cost: parameters relative to base (openai-whisper's model card);
# turbo has large-v3's encoder and a small decoder, and the encoder is what takes the time on a CPU.
CATALOGUE = (
    CatalogueEntry("tiny", 78, 0.5, "fast, many mistakes"),
    CatalogueEntry(
        "tiny.en",
        80,
        0.5,
        "as tiny, for English only",
        "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    ),
    CatalogueEntry(
        "base",
        148,
        1.0,
        "comes with the app; clear speech",
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    ),
    CatalogueEntry("small", 486, 3.3, "clearly better, also for other languages than English"),
    CatalogueEntry("medium", 1530, 10.4, "good; slow without a graphics card"),
    CatalogueEntry("turbo", 1620, 9.0, "nearly as good as large-v3 at half its time"),
    CatalogueEntry("large-v3", 3090, 21.0, "best; very slow without a graphics card"),
)


def catalogue() -> tuple[CatalogueEntry, ...]:
    """All models that can be named, smallest first."""
    return CATALOGUE


def entry_of(name: str) -> CatalogueEntry | None:
    """The model of this name, None when it is not in the catalogue."""
    return next((each for each in CATALOGUE if each.name == name), None)


def known_sha256(name: str) -> str | None:
    """Of the weights (model.bin) that are published under this name, None when it is not known."""
    entry = entry_of(name)
    return entry.sha256 if entry else None


def expected_ms(entry: CatalogueEntry, duration_ms: int, engine: str, n_cores: int | None = None) -> int:
    """How long a recording takes, telling speakers apart included: a calculation, not a measurement here.

    From what the base model was measured to need on one core, times the model's size, divided by the cores
    (no more than 4 help). Right within a factor of two or so. Raises KeyError for an unknown engine.
    """
    cores = min(n_cores or len_cores(), USEFUL_CORES)
    recognising = SECONDS_PER_SECOND_ON_ONE_CORE[engine] * entry.relative_cost
    return round(duration_ms * (recognising + SPEAKERS_PER_SECOND) / cores)


def recommend(
    duration_ms: int, engine: str, patience_ms: int | None = None, n_cores: int | None = None
) -> CatalogueEntry:
    """The largest model that is done within patience_ms (default: the recording's own length), else the smallest."""
    patience_ms = duration_ms if patience_ms is None else patience_ms
    fitting = [each for each in CATALOGUE if expected_ms(each, duration_ms, engine, n_cores) <= patience_ms]
    return max(fitting, key=lambda each: each.size_mb, default=CATALOGUE[0])


def len_cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
