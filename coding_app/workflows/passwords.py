"""Hashing and checking passwords: argon2id, at a price that a person does not notice and a guesser does."""

import secrets
import threading
import unicodedata
from functools import lru_cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

# About 0.1 s of one core's time and 32 MiB each; more would let a crowd of sign-ins exhaust a small server.
_hasher = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=32 * 1024, parallelism=1),))
_at_once = threading.BoundedSemaphore(2)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _at_once:
        return _hasher.hash(_plain(password))


def fits(password: str, kept: str | None) -> bool:
    """Whether this is the password; kept None (no such account, or none with a password) costs the same time."""
    with _at_once:
        right = _hasher.verify(_plain(password), kept or _nobodys())
    return right and kept is not None


def one_time_password() -> str:
    """One to be told to somebody, who has to change it: 99 bits in five groups of four."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(5))


def _plain(password: str) -> str:
    """The same characters typed on another keyboard are the same password."""
    return unicodedata.normalize("NFC", password[:1024])


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))
