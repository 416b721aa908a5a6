"""`coding-app models list`: every model on this machine and every other that could be had, with what each costs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coding_app.errors import SpeechError
from coding_app.settings import ENGINES, Settings
from coding_app.speech.catalogue import catalogue, entry_of, expected_ms, known_sha256
from coding_app.speech.inventory import Here, as_here, on_this_machine
from coding_app.speech.models import STARTER, find_model

COLUMNS = ("default", "name", "place", "engines", "MB", "checksum", "time", "note")
DOWNLOAD = "download"


@dataclass(frozen=True, slots=True)
class Listed:
    """A model for the list. place: where it is, or "download"; size_mb: on disk.

    real_time: engine -> seconds of computing per second of sound, expected on this machine, speakers included;
    empty for one's own model. sha256: of the published weights, None when it is not known.
    """

    name: str
    place: str
    path: Path | None
    form: str | None
    engines: tuple[str, ...]
    size_mb: float
    sha256: str | None
    real_time: dict[str, float]
    is_default: bool
    note: str

    def as_json(self) -> dict[str, Any]:
        """For --json."""
        return {
            "name": self.name,
            "is_here": self.place != DOWNLOAD,
            "place": self.place,
            "path": str(self.path) if self.path else None,
            "form": self.form,
            "engines": list(self.engines),
            "size_mb": round(self.size_mb, 1),
            "sha256": self.sha256,
            "real_time_factor": self.real_time or None,
            "is_default": self.is_default,
            "note": self.note,
        }

    def cells(self, engine: str) -> tuple[str, ...]:
        """For a table, in the order of COLUMNS; time: of the engine given, or of the one that can read it."""
        factor = self.real_time.get(engine) or next(iter(self.real_time.values()), None)
        return (
            "*" if self.is_default else "",
            self.name,
            self.place,
            ", ".join(self.engines) or "none",
            f"{self.size_mb:,.0f}",
            "known" if self.sha256 else "unknown",
            f"{factor:.2f}" if factor else "",
            self.note,
        )


def list_models(settings: Settings) -> tuple[Listed, ...]:
    """What is here first, by name, then what could be downloaded, smallest first."""
    models_dir = settings.models_dir or settings.data_dir / "models"
    here = list(on_this_machine(models_dir))
    default = _default(settings, here, models_dir)
    if default is not None and default not in here:
        here.append(default)
    listed = [_here(each, is_default=each == default) for each in here]
    names = {each.name for each in here}
    return (
        *listed,
        *(
            Listed(
                each.name, DOWNLOAD, None, None, ENGINES, each.size_mb, known_sha256(each.name),
                _real_time(each.name, ENGINES), is_default=each.name == settings.model, note=each.note,
            )
            for each in catalogue()
            if each.name not in names
        ),
    )  # fmt: skip


def what_is_missing(settings: Settings, listed: tuple[Listed, ...]) -> str | None:
    """A sentence when nothing can be transcribed as things are, else None."""
    if all(each.place == DOWNLOAD for each in listed):
        return "There is no speech model on this machine; 'coding-app models add base' fetches one."
    usable = [each for each in listed if each.is_default and each.place != DOWNLOAD and each.engines]
    if not any(settings.engine in each.engines for each in usable):
        return (
            f"The default model '{settings.model}' cannot be used with {settings.engine} here; add it with "
            "'coding-app models add', or set CODING_APP_MODEL to one that is here."
        )
    return None


def _default(settings: Settings, here: list[Here], models_dir: Path) -> Here | None:
    """The model that is taken when none is named."""
    named = [each for each in here if each.name == settings.model]
    if settings.model == STARTER and any(each.path is None for each in named):
        return named[0]
    try:
        found = as_here(find_model(settings.engine, settings.model, models_dir), models_dir)
    except SpeechError:
        return named[0] if named else None
    return next((each for each in here if each.path == found.path), found)


def _here(each: Here, *, is_default: bool) -> Listed:
    entry = entry_of(each.name)
    return Listed(
        each.name, each.place, each.path, each.files.form if each.files else None, each.engines,
        each.files.n_bytes / 1e6 if each.files else 0.0, each.sha256, _real_time(each.name, each.engines),
        is_default, each.fault or (entry.note if entry else "your own model"),
    )  # fmt: skip


def _real_time(name: str, engines: tuple[str, ...]) -> dict[str, float]:
    entry = entry_of(name)
    return {each: expected_ms(entry, 100_000, each) / 100_000 for each in engines} if entry else {}
