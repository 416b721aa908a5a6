"""Whisper models: which are on this computer, what they cost, and fetching one with the person's yes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coding_app.domain.people import Action
from coding_app.errors import SpeechError
from coding_app.speech.catalogue import catalogue, expected_ms, recommend
from coding_app.speech.models import STARTER, download_model, find_model, is_on_disk
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App

__all__ = ["STARTER", "ModelHere", "download", "models_here"]

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class ModelHere:
    """A model for one engine on this computer.

    name: of the catalogue, or the name or path of one's own model. seconds_per_hour: computed time for an hour
    of talk, speakers included, right within a factor of two; None for one's own model.
    recommended: the largest that keeps up with the recording's own length here.
    """

    name: str
    size_mb: float
    is_here: bool
    seconds_per_hour: float | None
    note: str
    recommended: bool


@allowed(Action.USE)
def models_here(app: App, engine: str, own: Sequence[str] = ()) -> tuple[ModelHere, ...]:
    """Every model of the catalogue for this engine, smallest first, then those of `own` that are on the disk.

    own: names in the models folder, or paths, of models that are not in the catalogue.
    """
    best = recommend(HOUR_MS, engine)
    listed = tuple(
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
    known = {each.name for each in listed}
    return listed + tuple(
        each for name in dict.fromkeys(own) if name not in known and (each := _own(app, engine, name))
    )


def _own(app: App, engine: str, name: str) -> ModelHere | None:
    """A model outside the catalogue, None when there is none for this engine."""
    try:
        model = find_model(engine, name, _models_dir(app))
        files = (
            [model.path]
            if model.path.is_file()
            else [each for each in model.path.iterdir() if each.is_file()]
        )
        n_bytes = sum(each.stat().st_size for each in files)
    except (SpeechError, OSError):
        return None
    return ModelHere(name, n_bytes / 1e6, True, None, "your own model", False)


@allowed(Action.SET_UP)
def download(app: App, name: str, on_progress: Callable[[float], None]) -> None:
    """Fetches a model, which serves both engines; on_progress takes 0-1. Call only after the person's yes.

    Raises SpeechError when it fails or there is no folder for models.
    """
    download_model(name, _models_dir(app), on_progress)


def _models_dir(app: App) -> Path:
    if app.settings.models_dir is None:
        raise SpeechError("There is no folder for models; set CODING_APP_MODELS to one and start again.")
    return app.settings.models_dir
