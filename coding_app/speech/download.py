"""Fetching speech models from where faster-whisper's makers publish them; the only code that goes online."""

from collections.abc import Callable
from pathlib import Path

from coding_app.errors import SpeechError

FILES = (
    "config.json",
    "preprocessor_config.json",
    "tokenizer.json",
    "vocabulary.json",
    "vocabulary.txt",
    "model.bin",
)

SWITCHED_OFF = "Downloads are switched off on this machine (HF_HUB_OFFLINE); unset it to download a model."
OTHER_MAKERS = {"turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo"}


def _repository(name: str) -> str:
    """Where faster-whisper itself gets this model from."""
    return OTHER_MAKERS.get(name) or f"Systran/faster-whisper-{name}"


def source_of(name: str) -> str:
    """Where a model of the catalogue is fetched from, for the person who is asked."""
    return f"huggingface.co/{_repository(name)}"


def check_allowed() -> None:
    """Raises SpeechError when downloads are switched off on this machine."""
    from huggingface_hub.constants import is_offline_mode

    if is_offline_mode():
        raise SpeechError(SWITCHED_OFF)


def fetch(name: str, folder: Path, on_progress: Callable[[float], None]) -> None:
    """Writes a catalogue model's files into the folder. Raises SpeechError when it cannot be reached.

    on_progress gets the share of files that are there, before each next one; never 1, which is the caller's to say.
    """
    from huggingface_hub import HfApi, hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled

    repository = _repository(name)
    try:
        there = set(HfApi().list_repo_files(repository))
        wanted = [each for each in FILES if each in there]
        for number, each in enumerate(wanted):
            on_progress(number / len(wanted))
            hf_hub_download(repository, each, local_dir=folder)
    except OfflineModeIsEnabled as error:
        raise SpeechError(SWITCHED_OFF) from error
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise SpeechError(
            f"The model '{name}' could not be downloaded; check the connection and the space on the disk, "
            "and try again."
        ) from error


def cached(name: str) -> Path | None:
    """The folder where an earlier download of faster-whisper left this model on this machine, if it did."""
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(_repository(name), "model.bin")
    return Path(found).parent if isinstance(found, str) else None
