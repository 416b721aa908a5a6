"""`coding-app models add`: a model from a folder, a file or, after a yes, the network, into the models folder."""

import errno
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from coding_app.errors import InputError, SpeechError, StoreError
from coding_app.settings import ENGINES, Settings
from coding_app.speech.catalogue import CatalogueEntry, entry_of, known_sha256
from coding_app.speech.inventory import as_here, on_this_machine
from coding_app.speech.model_files import FILES, inspect_model, is_meant, is_model, weights_of
from coding_app.speech.models import NAME, Model, download_model, find_model
from coding_app.workflows.check_models import check_model

DEPTH = 3  # how far down a package's folder a model may lie
OnProgress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Added:
    """A model that can be used by its name now. was_here: it could before, and nothing was done."""

    name: str
    path: Path
    was_here: bool = False


def add_model(
    settings: Settings,
    name_or_path: str,
    *,
    name: str | None = None,
    may_download: Callable[[CatalogueEntry], bool],
    on_progress: OnProgress = lambda _: None,
) -> Added:
    """Takes a model into the models folder: checked, whole or not at all, never over another one.

    name_or_path: a folder that is or holds one model, a .pt file, or a name of the catalogue, which is downloaded
    only when may_download says yes. name: what to call it, default: as its folder or file.
    Raises InputError for what cannot be added, SpeechError for a damaged model or one that cannot be fetched,
    StoreError when it cannot be kept.
    """
    models_dir = settings.models_dir or settings.data_dir / "models"
    path = Path(name_or_path).expanduser()
    entry = entry_of(name_or_path)
    if path.exists() and not (entry and not is_meant(path)):
        return _take(_the_model_in(path), models_dir, name)
    if entry is None:
        raise InputError(
            f"There is no folder or file '{path.name}' and no model of that name to download; "
            "'coding-app models list' shows the names."
        )
    if name is not None:
        raise InputError(f"--name is for a model of your own; '{entry.name}' keeps its name.")
    return _fetch(entry, models_dir, may_download, on_progress)


def _fetch(
    entry: CatalogueEntry,
    models_dir: Path,
    may_download: Callable[[CatalogueEntry], bool],
    on_progress: OnProgress,
) -> Added:
    for each in on_this_machine(models_dir):
        if each.name == entry.name and each.fault is None and set(each.engines) == set(ENGINES):
            made = find_model(ENGINES[0], entry.name, models_dir)  # puts the installed one together
            return Added(entry.name, made.path, was_here=each.path is not None)
    if (models_dir / entry.name).exists():
        raise InputError(_taken(entry.name))
    if not may_download(entry):
        raise InputError(f"The model '{entry.name}' was not downloaded, because nobody said yes to it.")
    return Added(entry.name, download_model(entry.name, models_dir, on_progress).path)


def _the_model_in(path: Path) -> Path:
    """The path itself, or the one model in a package's folder. Raises InputError when there is none or several."""
    if path.is_file() or is_meant(path):
        return path
    found = [
        each
        for depth in range(1, DEPTH + 1)
        for each in sorted(path.glob("/".join("*" * depth)))
        if is_model(each)
    ]
    if not found:
        raise InputError(
            f"The folder '{path.name}' holds no model; give a folder with model.bin, config.json and tokenizer.json, "
            "or a .pt file."
        )
    if len(found) > 1:
        raise InputError(
            f"The folder '{path.name}' holds {len(found)} models ({', '.join(each.name for each in found)}); "
            "give the folder of one."
        )
    return found[0]


def _take(source: Path, models_dir: Path, name: str | None) -> Added:
    name = name or (source.stem if source.is_file() else source.name)
    if not NAME.fullmatch(name) or name.endswith(".pt"):
        raise InputError(
            f"'{name}' cannot be the name of a model; choose one of letters, digits, '-', '_' and '.' with --name."
        )
    final = models_dir / (f"{name}.pt" if source.is_file() else name)
    if any((models_dir / each).exists() for each in (name, f"{name}.pt")):
        raise InputError(_taken(name))
    files = inspect_model(source)
    partial = models_dir / f".adding-{uuid4().hex}"
    try:
        partial.mkdir(parents=True)
        if (free := shutil.disk_usage(partial).free) < files.n_bytes:
            raise OSError(errno.ENOSPC, f"only {free / 1e6:,.0f} MB are free")
        copied = partial / final.name
        _copy(source, copied)
        known = known_sha256(name) if source.is_dir() else None
        verdict = check_model(replace(as_here(Model(name, copied), models_dir), sha256=known))
        if verdict.fault is not None:
            raise SpeechError(f"The model '{name}' was not added. {verdict.fault}")
        copied.rename(final)
    except OSError as error:
        raise StoreError(
            f"The model '{name}' could not be kept ({error.strerror}); free {files.n_bytes / 1e6:,.0f} MB on the disk "
            "of the models folder, or choose another with CODING_APP_MODELS."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Added(name, final)


def _copy(source: Path, target: Path) -> None:
    """The files of a model only, as they are behind links."""
    if source.is_file():
        shutil.copyfile(source, target)
    else:
        target.mkdir()
        for each in FILES:
            if (source / each).is_file():
                shutil.copyfile(source / each, target / each)
    with weights_of(target).open("rb") as written:
        os.fsync(written.fileno())


def _taken(name: str) -> str:
    return (
        f"There is something called '{name}' in the models folder already; give this model another name with --name, "
        "or delete that one first."
    )
