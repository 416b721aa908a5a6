"""Whisper models: which are on this computer, what they cost, and fetching one with the person's yes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coding_app.errors import SpeechError
from coding_app.speech.catalogue import catalogue, expected_ms, recommend
from coding_app.speech.models import download_model, is_on_disk
from coding_app.workflows.wiring import App

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class ModelHere:
    """A model for one engine on this computer.

    seconds_per_hour: computed time for an hour of talk, speakers included, right within a factor of two.
    recommended: the largest that keeps up with the recording's own length here.
    """

    name: str
    size_mb: float
    is_here: bool
    seconds_per_hour: float
    note: str
    recommended: bool


def models_here(app: App, engine: str) -> tuple[ModelHere, ...]:
    """Every model of the catalogue for this engine, smallest first."""
    best = recommend(HOUR_MS, engine)
    return tuple(
        ModelHere(
            entry.name,
            entry.size_mb,
            app.settings.models_dir is not None and is_on_disk(engine, entry.name, app.settings.models_dir),
            expected_ms(entry, HOUR_MS, engine) / 1000,
            entry.note,
            entry == best,
        )
        for entry in catalogue()
    )


def download(app: App, name: str, on_progress: Callable[[float], None]) -> None:
    """Fetches a model, which serves both engines; on_progress takes 0-1. Call only after the person's yes.

    Raises SpeechError when it fails or there is no folder for models.
    """
    download_model(name, _models_dir(app), on_progress)


def _models_dir(app: App) -> Path:
    if app.settings.models_dir is None:
        raise SpeechError("There is no folder for models; set CODING_APP_MODELS to one and start again.")
    return app.settings.models_dir
