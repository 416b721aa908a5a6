"""`coding-app models check`: whether the models on this machine are whole and work, found out in child processes."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from coding_app.errors import InputError, SpeechError
from coding_app.jobs.child import Child, ChildCrashedError
from coding_app.settings import ENGINES, Settings
from coding_app.speech.inventory import Here, as_here, on_this_machine
from coding_app.speech.models import Model, find_model

CHILD = "coding_app.workflows.model_check_child"
NO_MODEL = (
    "There is no speech model on this machine; 'coding-app models add base' fetches one, and 'coding-app models list' "
    "shows which there are."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found out about a model. fault: the sentence that says what is wrong, None when it is whole.

    sha256: of its weights, None when they could not be read. is_published: whether that is the published model's;
    None when it is not known what that should be.
    """

    name: str
    engines: tuple[str, ...]
    fault: str | None
    sha256: str | None = None
    is_published: bool | None = None

    @property
    def line(self) -> str:
        """One line for a person."""
        if self.fault is not None:
            return f"{self.name}: fault: {self.fault}"
        checksum = "the published weights" if self.is_published else "published checksum not known"
        return f"{self.name}: ok ({', '.join(self.engines)}; {checksum})"


def check_models(settings: Settings, wanted: Sequence[str] = ()) -> Iterator[Verdict]:
    """A verdict for each of the names or paths, or for everything on this machine, as soon as it is there.

    Raises InputError for a name or path that is no model, before any work; SpeechError when there is none at all.
    """
    models_dir = settings.models_dir or settings.data_dir / "models"
    here = on_this_machine(models_dir)
    chosen = [_chosen(each, here, models_dir) for each in wanted] if wanted else list(here)
    if not chosen:
        raise SpeechError(NO_MODEL)
    return (check_model(_whole(each, models_dir)) for each in chosen)


def check_model(here: Here) -> Verdict:
    """Reads all of it, compares it with the published checksum, and tries it with each engine that can read it."""
    if here.files is None or here.path is None:
        return Verdict(here.name, (), here.fault)
    try:
        read = _ask(here, "read")
        is_published = _is_published(here, read)
        for engine in here.engines:
            _ask(here, "try", engine)
    except SpeechError as error:
        return Verdict(here.name, here.engines, str(error))
    return Verdict(here.name, here.engines, None, read["sha256"], is_published)


def _is_published(here: Here, read: dict[str, Any]) -> bool | None:
    if here.sha256 is None:
        return True if read["published"] else None
    if read["sha256"] != here.sha256:
        raise SpeechError(
            f"Its weights are not those that are published as '{here.name}' (their checksum is wrong): they are "
            "damaged, or another model; delete it and fetch it again, or give it another name."
        )
    return True


def _chosen(name_or_path: str, here: Sequence[Here], models_dir: Path) -> Here:
    named = [each for each in here if each.name == name_or_path]
    if named:
        return named[0]
    path = Path(name_or_path).expanduser()
    if path.exists():
        return as_here(Model(path.stem if path.is_file() else path.name, path), models_dir)
    raise InputError(
        f"There is no model '{name_or_path}' on this machine, and no folder or file of that name; "
        "'coding-app models list' shows what there is."
    )


def _whole(here: Here, models_dir: Path) -> Here:
    """The one that is installed in parts is put together first."""
    if here.path is not None:
        return here
    try:
        return as_here(find_model(ENGINES[0], here.name, models_dir), models_dir)
    except SpeechError as error:
        return Here(here.name, here.place, None, None, here.sha256, str(error))


def _ask(here: Here, task: str, engine: str = "") -> dict[str, Any]:
    """What the child says. Raises SpeechError with its sentence, or when it crashes or takes too long."""
    assert here.files is not None
    limits = _limits(here.files.n_bytes)
    request = {"task": task, "path": str(here.path), "engine": engine, "limits": limits}
    doing = f"{engine} crashes on it" if engine else "reading it crashes"
    with tempfile.TemporaryDirectory(prefix="coding-app-") as folder:
        try:
            with Child(CHILD, request, Path(folder) / "child.log") as child:
                for message in child.messages(_clock(limits["wall_seconds"])):
                    if message["event"] == "fault":
                        raise SpeechError(message["sentence"])
                    return message
        except ChildCrashedError as error:
            raise SpeechError(
                f"{doing[0].upper()}{doing[1:]}: it is damaged, made to do harm, or too large for this machine; "
                "delete it or choose a smaller one."
            ) from error
    raise SpeechError(f"{doing[0].upper()}{doing[1:]}; check it again.")


def _limits(n_bytes: int) -> dict[str, Any]:
    """Plenty for an honest model of this size: what torch and the largest copies of the weights need."""
    size_mib = n_bytes // 2**20
    return {
        "memory_mib": 8192 + 10 * size_mib,
        "cpu_seconds": 600 + size_mib,
        "wall_seconds": 1800.0 + 4 * size_mib,
        "written_mib": 64,
    }


def _clock(seconds: float) -> Callable[[], None]:
    ends_at = monotonic() + seconds

    def tick() -> None:
        if monotonic() > ends_at:
            raise SpeechError("Trying it took far too long; try again when the machine has less to do.")

    return tick
