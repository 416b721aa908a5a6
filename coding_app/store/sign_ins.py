"""Who is signed in, by the hash of a cookie, and how often a sign-in has failed, by the hash of a name."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from coding_app.store import tables
from coding_app.store.engine import Tx
from coding_app.store.statements import insert_new


@dataclass(frozen=True, slots=True)
class SignIn:
    """One browser that somebody signed in with."""

    token_sha256: str
    account_id: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed sign-ins in a row under one name."""

    n: int
    last_at: datetime


def add_sign_in(tx: Tx, sign_in: SignIn) -> None:
    """Notes it."""
    tx.execute(
        tables.sign_in.insert().values(
            token_sha256=sign_in.token_sha256,
            account_id=sign_in.account_id,
            created_at=sign_in.created_at,
            seen_at=sign_in.seen_at,
        )
    )


def find_sign_in(tx: Tx, token_sha256: str) -> SignIn | None:
    """None for one that was ended or never was."""
    table = tables.sign_in
    row = tx.execute(select(table).where(table.c.token_sha256 == token_sha256)).first()
    return SignIn(row.token_sha256, row.account_id, row.created_at, row.seen_at) if row else None


def touch(tx: Tx, token_sha256: str, at: datetime) -> None:
    """Notes that it was used."""
    table = tables.sign_in
    tx.execute(update(table).where(table.c.token_sha256 == token_sha256).values(seen_at=at))


def end(tx: Tx, token_sha256: str) -> None:
    """Ends one; no harm when it has ended."""
    tx.execute(delete(tables.sign_in).where(tables.sign_in.c.token_sha256 == token_sha256))


def end_all_of(tx: Tx, account_id: str) -> None:
    """Signs somebody out everywhere."""
    tx.execute(delete(tables.sign_in).where(tables.sign_in.c.account_id == account_id))


def forget(tx: Tx, created_before: datetime, seen_before: datetime, failed_before: datetime) -> None:
    """Deletes sign-ins that are over, and failures that no longer count."""
    table, failures = tables.sign_in, tables.sign_in_failure
    over = (table.c.created_at <= created_before) | (table.c.seen_at <= seen_before)
    tx.execute(delete(table).where(over))
    tx.execute(delete(failures).where(failures.c.last_at <= failed_before))


def failures(tx: Tx, name_sha256: str) -> Failures | None:
    """None while none has failed; another transaction that wants to know waits for this one."""
    table = tables.sign_in_failure
    row = tx.execute(select(table).where(table.c.name_sha256 == name_sha256).with_for_update()).first()
    return Failures(row.n_failures, row.last_at) if row else None


def first_failure(tx: Tx, name_sha256: str, at: datetime) -> bool:
    """Notes the first one; False when there are some already. Waits for whoever notes one at the same moment."""
    row = {"name_sha256": name_sha256, "n_failures": 1, "last_at": at}
    return insert_new(tx, tables.sign_in_failure, row)


def note_failure(tx: Tx, name_sha256: str, n: int, at: datetime) -> None:
    """n: how many there are now."""
    table = tables.sign_in_failure
    tx.execute(update(table).where(table.c.name_sha256 == name_sha256).values(n_failures=n, last_at=at))


def forget_failures(tx: Tx, name_sha256: str) -> None:
    """After a sign-in that worked."""
    table = tables.sign_in_failure
    tx.execute(delete(table).where(table.c.name_sha256 == name_sha256))
