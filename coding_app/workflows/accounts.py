"""Making accounts, giving new passwords, shutting accounts: what leads and administrators do for others."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import uuid4

from coding_app.domain.audit import Act
from coding_app.domain.passwords import check_password
from coding_app.domain.people import Account, Action, Membership, Role, may_reset
from coding_app.errors import AccessError, InputError
from coding_app.store import accounts, sign_ins, studies
from coding_app.workflows import audit, passwords
from coding_app.workflows.members import join
from coding_app.workflows.permission import allowed
from coding_app.workflows.signing_in import forget_waiting
from coding_app.workflows.study import checked_name
from coding_app.workflows.wiring import App

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}")


@dataclass(frozen=True, slots=True)
class NewPassword:
    """An account with the one-time password that is to be told to its owner, once."""

    account: Account
    password: str


def create_first_account(app: App, name: str, email: str, password: str) -> Account:
    """The account of the person who sets the app up: administrator, and lead of every study there is.

    From then on everybody must sign in. Raises AccessError once there is an account, InputError for a name, address or
    password that cannot be taken.
    """
    account = Account(uuid4().hex, checked_name(name, "name"), _checked_email(email), administrator=True)
    check_password(password, account.name)
    made = passwords.hashed(password)
    with app.store.write() as tx:
        accounts.lock_accounts(tx)
        if accounts.any_account(tx):
            raise AccessError("There is an account already; sign in with it, or ask its owner for yours.")
        accounts.add_account(tx, account, made, datetime.now(UTC))
        for study in studies.list_studies(tx):
            join(tx, account, study.id, Role.LEAD, None)
        audit.note(app, tx, Act.CHANGED_PEOPLE, subject=account.id, what="made the first account")
    return account


@allowed(Action.MANAGE_ACCOUNTS)
def add_account(
    app: App, name: str, email: str = "", *, administrator: bool = False, password: str | None = None
) -> NewPassword:
    """An account without a study. password None: a one-time password, which must be changed at the first sign-in.

    Raises InputError for a name, address or password that cannot be taken.
    """
    with app.store.read() as tx:
        if not accounts.any_account(tx):
            raise InputError("There is no account yet; make the first one, which is an administrator's.")
    account, given = new_account(name, email, password, administrator=administrator)
    with app.store.write() as tx:
        accounts.add_account(tx, account, passwords.hashed(given), datetime.now(UTC))
        audit.note(app, tx, Act.CHANGED_PEOPLE, subject=account.id, what="made an account")
    return NewPassword(account, given)


def new_account(
    name: str, email: str, password: str | None = None, *, administrator: bool = False
) -> tuple[Account, str]:
    """An account that is not kept yet, with its password; one that nobody chose must be changed."""
    account = Account(
        uuid4().hex,
        checked_name(name, "name"),
        _checked_email(email),
        administrator=administrator,
        must_change=password is None,
    )
    if password is not None:
        check_password(password, account.name)
    return account, password or passwords.one_time_password()


@allowed(Action.USE)
def reset_password(app: App, account_id: str, password: str | None = None) -> NewPassword:
    """Another password, by default a one-time one; ends all sign-ins of the account, and its waiting.

    Raises AccessError for an account that the actor does not look after, NotFoundError.
    """
    account = _looked_after(app, account_id)
    if password is not None:
        check_password(password, account.name)
    given = password or passwords.one_time_password()
    made = passwords.hashed(given)
    with app.store.write() as tx:
        accounts.set_password(tx, account.id, made, must_change=password is None)
        sign_ins.end_all_of(tx, account.id)
        forget_waiting(tx, account.name)
        audit.note(app, tx, Act.CHANGED_PEOPLE, subject=account.id, what="made another password")
    return NewPassword(replace(account, must_change=password is None), given)


@allowed(Action.USE)
def set_disabled(app: App, account_id: str, disabled: bool) -> None:
    """Shuts an account, which signs its owner out everywhere at once, or opens it again; what they did stays.

    Raises AccessError for an account that the actor does not look after, InputError for the last administrator who
    can sign in, NotFoundError.
    """
    account = _looked_after(app, account_id)
    with app.store.write() as tx:
        accounts.lock_accounts(tx)
        others = [
            each
            for each in accounts.list_accounts(tx)
            if each.administrator and not each.disabled and each.id != account.id
        ]
        if disabled and account.administrator and not others:
            raise InputError("This is the only administrator who can sign in; make another one first.")
        accounts.set_disabled(tx, account.id, disabled)
        what = "shut an account" if disabled else "opened an account again"
        audit.note(app, tx, Act.CHANGED_PEOPLE, subject=account.id, what=what)
        sign_ins.end_all_of(tx, account.id)


@allowed(Action.MANAGE_ACCOUNTS)
def list_accounts(app: App) -> tuple[tuple[Account, tuple[Membership, ...]], ...]:
    """All accounts by name, with their places in studies."""
    with app.store.read() as tx:
        return tuple((each, accounts.memberships_of(tx, each.id)) for each in accounts.list_accounts(tx))


@allowed(Action.MANAGE_ACCOUNTS)
def account_named(app: App, name: str) -> Account:
    """Raises InputError when there is none of that name."""
    with app.store.read() as tx:
        found = accounts.find_account(tx, name)
    if found is None:
        raise InputError("There is no account with this name; `coding-app users list` shows all.")
    return found


def _looked_after(app: App, account_id: str) -> Account:
    with app.store.read() as tx:
        account = accounts.get_account(tx, account_id)
        places = frozenset(each.study_id for each in accounts.memberships_of(tx, account_id))
    if not may_reset(app.actor, account, places):
        raise AccessError("This account is not only in your studies; ask an administrator.")
    return account


def _checked_email(email: str) -> str:
    clean = email.strip()
    if clean and not _EMAIL.fullmatch(clean):
        raise InputError("This is no e-mail address; leave it empty, or write it as name@place.")
    return clean
