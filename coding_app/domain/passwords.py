"""What a password must be: long. And how long a name waits after failed sign-ins."""

from datetime import timedelta

from coding_app.errors import InputError

SHORTEST, LONGEST = 12, 256
FREE_FAILURES = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)


def check_password(password: str, name: str) -> None:
    """Raises InputError for one that is too short, too long, or the name; repeats nothing of it."""
    if len(password) < SHORTEST:
        raise InputError(
            f"This password has fewer than {SHORTEST} characters; a few words in a row make a good one."
        )
    if len(password) > LONGEST:
        raise InputError(f"This password has more than {LONGEST} characters; choose a shorter one.")
    if password.strip().casefold() == name.strip().casefold():
        raise InputError("This password is the name itself; choose another one.")


def wait_after(n_failures: int) -> timedelta:
    """How long nobody can sign in with a name after so many failures in a row: nothing, then twice as long each time.

    >>> [wait_after(n).seconds for n in (4, 5, 6, 7, 50)]
    [0, 30, 60, 120, 900]
    """
    if n_failures < FREE_FAILURES:
        return timedelta(0)
    return min(LONGEST_WAIT, FIRST_WAIT * int(2 ** min(n_failures - FREE_FAILURES, 16)))
