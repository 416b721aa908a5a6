"""The master key: what locks the keys of the recordings. It is never in the data folder."""

import base64
import binascii
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from coding_app.errors import SettingsError, StoreError
from coding_app.media.sealed import KEY_BYTES
from coding_app.settings import Settings

NONCE_BYTES = 12
SERVICE, ENTRY = "coding-app", "master key"
WRONG_KEY = (
    "The key of the recording {sha256} was changed or belongs to another recording, so that the recording cannot be "
    "opened; put the database back from a backup."
)
LOST = (
    "The recordings in this data folder are locked with the master key {wanted}, which is not found ({looked}); put it "
    "into CODING_APP_MASTER_KEY or back to where it was. Nothing was changed."
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MasterKey:
    """32 bytes from which the lock and its name are made."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """A name for the key that tells nothing of it."""
        return self._made("id of the master key")[:8].hex()

    def wrap(self, key: bytes, sha256: str) -> str:
        """The recording's key, locked, as text; it unlocks for this recording only."""
        nonce = os.urandom(NONCE_BYTES)
        return base64.b64encode(nonce + self._lock().encrypt(nonce, key, _bound_to(sha256))).decode()

    def unwrap(self, wrapped: str, sha256: str) -> bytes:
        """What was wrapped. Raises StoreError when it was changed or is another recording's."""
        try:
            data = base64.b64decode(wrapped, validate=True)
            return self._lock().decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], _bound_to(sha256))
        except (InvalidTag, ValueError) as error:
            raise StoreError(WRONG_KEY.format(sha256=sha256[:12])) from error

    def as_text(self) -> str:
        """As CODING_APP_MASTER_KEY and the key file hold it."""
        return base64.b64encode(self.secret).decode()

    def _lock(self) -> AESGCM:
        return AESGCM(self._made("wrapping keys of recordings"))

    def _made(self, purpose: str) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, None, f"coding-app: {purpose}".encode()).derive(self.secret)


def _bound_to(sha256: str) -> bytes:
    return f"coding-app recording key 1: {sha256}".encode()


def new_master_key() -> MasterKey:
    """A random one."""
    return MasterKey(os.urandom(KEY_BYTES))


def master_key_of(text: str, where: str) -> MasterKey:
    """Raises SettingsError, without the text, when it is not 32 bytes in base64."""
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise SettingsError(
            f"{where} does not hold a master key: it must be 32 random bytes in base64 (44 characters); make one with "
            "`openssl rand -base64 32`, or put the right one back."
        )
    return MasterKey(secret)


def find_master_key(settings: Settings, wanted: str | None) -> MasterKey:
    """From CODING_APP_MASTER_KEY, the system's keyring, or the key file; made when nothing is locked yet.

    wanted: id of the key that the data folder is locked with; None = nothing is locked, and then a new key is kept
    where it is found again. Raises StoreError when that key is not found, SettingsError for one that cannot be used.
    """
    path = key_file(settings)
    found = None
    for found in _found(settings, path):
        if wanted in (None, found.id):
            return found
    if wanted is not None:
        other = f"only {found.id}" if found else "no key"
        raise StoreError(
            LOST.format(wanted=wanted, looked=f"{other} in the environment, the keyring or {path}")
        )
    made = new_master_key()
    if settings.key_file is None and _keyring_takes(made):
        return made
    return _kept_in_file(path, made)


def _found(settings: Settings, path: Path) -> Iterator[MasterKey]:
    """In the order in which they count; an explicit key or file is the only one."""
    if settings.master_key:
        yield master_key_of(settings.master_key, "CODING_APP_MASTER_KEY")
        return
    if settings.key_file is None and (kept := _from_keyring()) is not None:
        yield master_key_of(kept, "The entry 'coding-app' of the system's keyring")
    try:
        text = path.read_text("ascii", errors="replace")
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(
            f"The key file {path} cannot be read ({error.strerror}); check its permissions."
        ) from error
    yield master_key_of(text, f"The key file {path}")


def key_file(settings: Settings) -> Path:
    """CODING_APP_KEY_FILE, or master.key in the user's folder for settings. Raises SettingsError inside the data."""
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path("~/.config")).expanduser()
    return _outside(settings.key_file or config / "coding-app" / "master.key", settings)


def key_in_file(path: Path, settings: Settings) -> MasterKey:
    """The key in this file, which is made when it is not there. Raises as find_master_key."""
    path = _outside(path, settings)
    if not path.exists():
        return _kept_in_file(path, new_master_key())
    return master_key_of(path.read_text("ascii", errors="replace"), f"The key file {path}")


def _outside(path: Path, settings: Settings) -> Path:
    path = path.expanduser().resolve()
    if path.is_relative_to(settings.data_dir):
        raise SettingsError(
            f"The key file {path} lies in the data folder, and whoever copies the recordings would copy it with them; "
            "choose a place outside with CODING_APP_KEY_FILE."
        )
    return path


def _kept_in_file(path: Path, made: MasterKey) -> MasterKey:
    """Whole and readable by its owner only; when another program was first, that one's key."""
    partial = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(made.as_text() + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(partial, path)
        except FileExistsError:
            return master_key_of(path.read_text("ascii", errors="replace"), f"The key file {path}")
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"The key file {path} cannot be made ({error.strerror}); choose another place with CODING_APP_KEY_FILE."
        ) from error
    return made


def _from_keyring() -> str | None:
    """None when there is no keyring, or nothing of ours in it."""
    try:
        import keyring

        return keyring.get_password(SERVICE, ENTRY) if _is_usable(keyring.get_keyring()) else None
    except Exception as error:  # a keyring raises whatever its desktop raises
        _log.warning("The system's keyring could not be read (%s)", type(error).__name__)
        return None


def _keyring_takes(made: MasterKey) -> bool:
    """Whether the keyring keeps the key and gives it back."""
    try:
        import keyring

        if not _is_usable(keyring.get_keyring()):
            return False
        keyring.set_password(SERVICE, ENTRY, made.as_text())
        return keyring.get_password(SERVICE, ENTRY) == made.as_text()
    except Exception as error:
        _log.warning("The system's keyring could not be written (%s)", type(error).__name__)
        return False


def _is_usable(backend: object) -> bool:
    """Not the backends that stand for no keyring."""
    return type(backend).__module__ not in ("keyring.backends.fail", "keyring.backends.null")
