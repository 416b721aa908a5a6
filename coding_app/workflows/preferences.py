"""What a new transcription starts with: kept in one small file in the data folder."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from coding_app.domain.people import Action
from coding_app.errors import InputError, StoreError
from coding_app.settings import ENGINES
from coding_app.workflows.permission import allowed
from coding_app.workflows.transcribe import MAX_SPEAKERS
from coding_app.workflows.wiring import App

FILE_NAME = "preferences.json"


@dataclass(frozen=True, slots=True)
class Preferences:
    """Defaults of a new transcription. language: a two-letter code, None = recognise it.

    Raises InputError for an unknown engine, no model, fewer than one or more than MAX_SPEAKERS speakers.
    """

    engine: str
    model: str
    language: str | None = None
    n_speakers: int = 2

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise InputError(f"The engine '{self.engine}' does not exist; choose {' or '.join(ENGINES)}.")
        if not self.model or not isinstance(self.model, str):
            raise InputError("The model has no name; choose one.")
        if not isinstance(self.n_speakers, int) or not 1 <= self.n_speakers <= MAX_SPEAKERS:
            raise InputError(f"The number of speakers must be from 1 to {MAX_SPEAKERS}.")


@allowed(Action.USE)
def read_preferences(app: App) -> Preferences:
    """The kept defaults; those of the settings when none are kept.

    Raises StoreError when the file cannot be read or makes no sense.
    """
    path = _path(app)
    try:
        return Preferences(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return Preferences(app.settings.engine, app.settings.model)
    except (OSError, ValueError, TypeError, InputError) as error:
        raise StoreError(f"{path} cannot be used; delete it to go back to the app's own defaults.") from error


@allowed(Action.SET_UP)
def save_preferences(app: App, preferences: Preferences) -> None:
    """Keeps the defaults, all or nothing; raises StoreError when they cannot be written."""
    path = _path(app)
    draft = path.with_name(f".{FILE_NAME}-{uuid4().hex}")
    try:
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(preferences), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StoreError(f"{path} cannot be written ({error.strerror}); make room and save again.") from error


def _path(app: App) -> Path:
    return app.settings.data_dir / FILE_NAME
