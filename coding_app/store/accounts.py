"""Accounts and their places in studies."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, text, update

from coding_app.domain.people import Account, Membership, Role
from coding_app.errors import InputError
from coding_app.store import tables
from coding_app.store.engine import Tx
from coding_app.store.statements import insert_new, the_row


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a study."""

    account: Account
    membership: Membership


def name_key(name: str) -> str:
    """How names and addresses are compared: without upper and lower case."""
    return name.strip().casefold()[:254]


def any_account(tx: Tx) -> bool:
    """Whether there is an account at all: from then on everybody must sign in."""
    return tx.execute(select(tables.account.c.id).limit(1)).first() is not None


def lock_accounts(tx: Tx) -> None:
    """Two who change accounts at the same moment wait for each other; SQLite has one writer anyway."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE"))


def add_account(tx: Tx, account: Account, password: str | None, at: datetime) -> None:
    """password: its hash. Raises InputError when the name or the address is taken."""
    row = {
        "id": account.id,
        "name": account.name,
        "name_key": name_key(account.name),
        "email": account.email,
        "email_key": name_key(account.email) or None,
        "password": password,
        "must_change": account.must_change,
        "administrator": account.administrator,
        "disabled": account.disabled,
        "created_at": at,
    }
    if not insert_new(tx, tables.account, row):
        raise InputError("There is an account with this name or e-mail address already; choose another one.")


def get_account(tx: Tx, account_id: str) -> Account:
    """Raises NotFoundError."""
    return _account(the_row(tx, tables.account, account_id, called="account"))


def find_account(tx: Tx, name: str) -> Account | None:
    """The account that signs in with this name."""
    found = tx.execute(select(tables.account).where(tables.account.c.name_key == name_key(name))).first()
    return _account(found) if found else None


def find_by_email(tx: Tx, email: str) -> Account | None:
    """The account with this address."""
    found = tx.execute(select(tables.account).where(tables.account.c.email_key == name_key(email))).first()
    return _account(found) if found and name_key(email) else None


def password_of(tx: Tx, account_id: str) -> str | None:
    """The hash of the password; None for who signs in elsewhere only."""
    table = tables.account
    return tx.execute(select(table.c.password).where(table.c.id == account_id)).scalar()


def set_password(tx: Tx, account_id: str, password: str | None, *, must_change: bool) -> None:
    """password: its hash; None: none at all. Raises NotFoundError."""
    the_row(tx, tables.account, account_id, called="account", lock=True)
    _change(tx, account_id, password=password, must_change=must_change)


def set_disabled(tx: Tx, account_id: str, disabled: bool) -> None:
    """Raises NotFoundError."""
    the_row(tx, tables.account, account_id, called="account", lock=True)
    _change(tx, account_id, disabled=disabled)


def _change(tx: Tx, account_id: str, **values: Any) -> None:
    tx.execute(update(tables.account).where(tables.account.c.id == account_id).values(**values))


def list_accounts(tx: Tx) -> tuple[Account, ...]:
    """By name."""
    ordered = select(tables.account).order_by(tables.account.c.name_key)
    return tuple(_account(row) for row in tx.execute(ordered))


def put_membership(tx: Tx, membership: Membership) -> None:
    """Gives somebody a place in a study, or another role there."""
    table = tables.membership
    row = {
        "account_id": membership.account_id,
        "study_id": membership.study_id,
        "role": membership.role,
        "coder_id": membership.coder_id,
    }
    if not insert_new(tx, table, row):
        here = (table.c.account_id == membership.account_id) & (table.c.study_id == membership.study_id)
        changed = update(table).where(here).values(role=membership.role, coder_id=membership.coder_id)
        if not tx.execute(changed).rowcount:
            raise InputError("This observer belongs to another account already; choose another one.")


def drop_membership(tx: Tx, account_id: str, study_id: str) -> None:
    """Takes somebody out of a study; what they coded stays."""
    table = tables.membership
    tx.execute(
        table.delete().where((table.c.account_id == account_id) & (table.c.study_id == study_id)),
    )


def memberships_of(tx: Tx, account_id: str) -> tuple[Membership, ...]:
    """All places of one account."""
    table = tables.membership
    rows = tx.execute(select(table).where(table.c.account_id == account_id).order_by(table.c.study_id))
    return tuple(_membership(row) for row in rows)


def list_members(tx: Tx, study_id: str) -> tuple[Member, ...]:
    """Everybody in a study, by name."""
    account, place = tables.account, tables.membership
    rows = tx.execute(
        select(account, place)
        .join(place, place.c.account_id == account.c.id)
        .where(place.c.study_id == study_id)
        .order_by(account.c.name_key)
    )
    return tuple(Member(_account(row), _membership(row)) for row in rows)


def _account(row: Row[Any]) -> Account:
    return Account(row.id, row.name, row.email, row.administrator, row.disabled, row.must_change)


def _membership(row: Row[Any]) -> Membership:
    return Membership(row.account_id, row.study_id, Role(row.role), row.coder_id)
