"""Which speech models are on this machine, where they lie, and which engines can read them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from coding_app.errors import SpeechError
from coding_app.settings import ENGINES
from coding_app.speech.catalogue import catalogue, known_sha256
from coding_app.speech.model_files import CTRANSLATE2, ModelFiles, inspect_model, is_meant
from coding_app.speech.models import STARTER, Model, found_without_making, starter_bytes

Place = Literal["models folder", "cache", "installed package", "path"]


@dataclass(frozen=True, slots=True)
class Here:
    """A model that would be found under its name.

    path: None for the one that is installed in parts and not put together yet. files: None with a fault, which
    is the sentence that says what is wrong. sha256: of the published weights, None where it is not known.
    """

    name: str
    place: Place
    path: Path | None
    files: ModelFiles | None
    sha256: str | None
    fault: str | None = None

    @property
    def engines(self) -> tuple[str, ...]:
        """Those that can read it."""
        return self.files.engines if self.files else ()


def on_this_machine(models_dir: Path) -> tuple[Here, ...]:
    """Everything that would be found by a name, in the order of names; little is read, nothing is made."""
    names = {each.stem if each.suffix == ".pt" else each.name for each in _entries(models_dir)}
    names |= {each.stem for each in _entries(Path.home() / ".cache" / "whisper")}
    names |= {each.name for each in catalogue()}
    found: dict[Path, Here] = {}
    for name in sorted(names):
        for engine in ENGINES:
            model = found_without_making(engine, name, models_dir)
            if model is not None and model.path not in found:
                found[model.path] = as_here(model, models_dir)
        half = models_dir / name
        if half not in found and half.is_dir() and is_meant(half):
            found[half] = as_here(Model(name, half), models_dir)
    here = list(found.values())
    if (n_bytes := starter_bytes()) and STARTER not in {each.name for each in here}:
        files = ModelFiles(CTRANSLATE2, Path(), ENGINES, n_bytes)
        here.append(Here(STARTER, "installed package", None, files, known_sha256(STARTER)))
    return tuple(sorted(here, key=lambda each: each.name))


def as_here(model: Model, models_dir: Path) -> Here:
    """A model that was found, with what its files say."""
    place: Place = "cache" if ".cache" in model.path.parts else "path"
    if model.path.parent == models_dir:
        place = "models folder"
    try:
        files, fault = inspect_model(model.path), None
    except SpeechError as error:
        files, fault = None, str(error)
    return Here(model.name, place, model.path, files, model.sha256, fault)


def _entries(folder: Path) -> list[Path]:
    """What may be a model in a folder; what begins with a dot is still being written."""
    if not folder.is_dir():
        return []
    return [each for each in folder.iterdir() if not each.name.startswith(".") and is_meant(each)]
