"""Settings: environment over default, read once at the start and passed on."""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from coding_app.errors import SettingsError

SHORTEST_KEY = 32
ENGINES = ("faster-whisper", "openai-whisper")
DEVICES = ("auto", "cpu", "cuda")
SECRETS = ("CODING_APP_MASTER_KEY", "CODING_APP_SECRET_KEY", "CODING_APP_DATABASE_URL")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and what is allowed on this machine."""

    data_dir: Path
    database_url: str
    max_upload_mb: int = 2048
    max_duration_hours: float = 5.0
    engine: str = "faster-whisper"
    model: str = "base"
    models_dir: Path | None = None
    schemes_dir: Path | None = None
    device: str = "auto"
    master_key: str | None = field(default=None, repr=False)
    key_file: Path | None = None
    secret_key: str | None = field(default=None, repr=False)
    idle_minutes: float = 60
    sign_in_hours: float = 12
    host_names: tuple[str, ...] = ()

    @property
    def vault_dir(self) -> Path:
        """Recordings by sha256."""
        return self.data_dir / "vault"

    @property
    def own_schemes_dir(self) -> Path:
        """The team's own coding schemes; the app writes new ones here."""
        return self.schemes_dir or self.data_dir / "schemes"

    @property
    def work_dir(self) -> Path:
        """Scratch space of running jobs; may be emptied when none runs."""
        return self.data_dir / "work"

    @property
    def jobs_path(self) -> Path:
        """The job engine's own SQLite file."""
        return self.data_dir / "jobs.sqlite"


def without_secrets() -> dict[str, str]:
    """The environment for child processes: they read what strangers made, and need no key and no password."""
    return {name: value for name, value in os.environ.items() if name not in SECRETS}


def sqlite_url(file: Path) -> str:
    """The database URL of a SQLite file."""
    return f"sqlite:///{quote(str(file))}"


def _default_data_dir(environ: Mapping[str, str]) -> Path:
    home = Path(environ.get("HOME", "~")).expanduser()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "coding-app"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "coding-app"


def _number(environ: Mapping[str, str], name: str, default: float) -> float:
    try:
        number = float(environ.get(name) or default)
    except ValueError:
        raise SettingsError(f"{name} is '{environ[name]}'; it must be a number.") from None
    if number <= 0:
        raise SettingsError(f"{name} is '{environ[name]}'; it must be above zero.")
    return number


def _secret_key(environ: Mapping[str, str]) -> str | None:
    key = environ.get("CODING_APP_SECRET_KEY") or None
    if key is not None and len(key) < SHORTEST_KEY:
        raise SettingsError(
            f"CODING_APP_SECRET_KEY has fewer than {SHORTEST_KEY} characters; make one with "
            '`python3 -c "import secrets; print(secrets.token_hex(32))"`.'
        )
    return key


def read_settings(environ: Mapping[str, str] | None = None, data_dir: Path | None = None) -> Settings:
    """Settings from environment variables CODING_APP_*; data_dir (from the command line) goes before them.

    Raises SettingsError naming the variable and what it must be.
    """
    environ = os.environ if environ is None else environ
    folder = data_dir or Path(environ.get("CODING_APP_DATA") or _default_data_dir(environ))
    folder = folder.expanduser().resolve()
    engine = environ.get("CODING_APP_ENGINE") or ENGINES[0]
    if engine not in ENGINES:
        raise SettingsError(f"CODING_APP_ENGINE is '{engine}'; it must be one of {', '.join(ENGINES)}.")
    device = environ.get("CODING_APP_DEVICE") or DEVICES[0]
    if device not in DEVICES:
        raise SettingsError(f"CODING_APP_DEVICE is '{device}'; it must be one of {', '.join(DEVICES)}.")
    schemes, models = environ.get("CODING_APP_SCHEMES"), environ.get("CODING_APP_MODELS")
    key_file = environ.get("CODING_APP_KEY_FILE")
    return Settings(
        data_dir=folder,
        database_url=environ.get("CODING_APP_DATABASE_URL") or sqlite_url(folder / "coding-app.sqlite"),
        max_upload_mb=int(_number(environ, "CODING_APP_MAX_UPLOAD_MB", 2048)),
        max_duration_hours=_number(environ, "CODING_APP_MAX_HOURS", 5.0),
        engine=engine,
        model=environ.get("CODING_APP_MODEL") or "base",
        models_dir=Path(models).expanduser() if models else folder / "models",
        schemes_dir=Path(schemes).expanduser() if schemes else None,
        device=device,
        master_key=environ.get("CODING_APP_MASTER_KEY") or None,
        key_file=Path(key_file).expanduser() if key_file else None,
        secret_key=_secret_key(environ),
        idle_minutes=_number(environ, "CODING_APP_IDLE_MINUTES", 60),
        sign_in_hours=_number(environ, "CODING_APP_SIGN_IN_HOURS", 12),
        host_names=tuple(filter(None, re.split(r"[,\s]+", environ.get("CODING_APP_HOST_NAMES", "")))),
    )
