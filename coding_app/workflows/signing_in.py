"""Signing in and out, and who is behind a browser's cookie."""

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from coding_app.domain.audit import Act
from coding_app.domain.passwords import FORGOTTEN_AFTER, check_password, wait_after
from coding_app.domain.people import NOBODY, THIS_MACHINE, Account, Actor
from coding_app.errors import AccessError, InputError, SignedOutError, StoreError
from coding_app.store import Tx, accounts, audit, sign_ins
from coding_app.store.sign_ins import SignIn
from coding_app.workflows import passwords
from coding_app.workflows.wiring import App

SEEN_EVERY = timedelta(minutes=1)
WRONG = "Name or password is wrong; try again, or ask your lead for a new password."
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is behind a browser. account: None while there are no accounts and everybody may do everything.

    actor: NOBODY while the account has a password that somebody else made: it must be changed first.
    """

    actor: Actor
    account: Account | None = None

    @property
    def must_change(self) -> bool:
        """Whether nothing opens but the page that changes the password."""
        return self.account is not None and self.account.must_change


def accounts_exist(app: App) -> bool:
    """Whether everybody must sign in: from the first account on, for good."""
    with app.store.read() as tx:
        return accounts.any_account(tx)


def who(app: App, token: str, now: datetime | None = None) -> Visitor | None:
    """The visitor with this cookie; None when they must sign in: no such sign-in, it is over, or disabled since."""
    now = now or datetime.now(UTC)
    with app.store.read() as tx:
        found = sign_ins.find_sign_in(tx, _sha256(token)) if token else None
        if found is None and not accounts.any_account(tx):
            return Visitor(THIS_MACHINE)
        if found is None or _is_over(app, found, now):
            return None
        account = accounts.get_account(tx, found.account_id)
        if account.disabled:
            return None
        actor = NOBODY if account.must_change else _actor(tx, account)
    if now - found.seen_at >= SEEN_EVERY:
        _note_seen(app, found, now)
    return Visitor(actor, account)


def sign_in(app: App, name: str, password: str, now: datetime | None = None) -> str:
    """Signs somebody in and returns the cookie's value, of which only the hash is kept.

    Whether there is an account of that name shows in nothing: the same sentence, the same work, the same waiting.
    Raises AccessError.
    """
    now = now or datetime.now(UTC)
    key = _sha256(accounts.name_key(name))
    with app.store.write() as tx:
        _count(tx, key, now)  # before the password is looked at: many at once cannot have more tries
        account = accounts.find_account(tx, name)
        kept = accounts.password_of(tx, account.id) if account and not account.disabled else None
    if not passwords.fits(password, kept) or account is None:
        _log.warning("A sign-in failed")
        with app.store.write() as tx:  # whose it was, never what was typed: that may be a password
            audit.append(tx, Act.SIGN_IN_FAILED, NOBODY, now, subject=account.id if account else None)
        raise AccessError(WRONG)
    with app.store.write() as tx:
        sign_ins.forget_failures(tx, key)
    return begin(app, account, now)


def begin(app: App, account: Account, now: datetime | None = None) -> str:
    """A new sign-in of somebody who has proved who they are; returns the cookie's value.

    Raises AccessError for a disabled account.
    """
    now = now or datetime.now(UTC)
    token = secrets.token_urlsafe(32)
    settings = app.settings
    with app.store.write() as tx:
        if accounts.get_account(tx, account.id).disabled:
            raise AccessError(WRONG)
        over = now - timedelta(hours=settings.sign_in_hours)
        idle = now - timedelta(minutes=settings.idle_minutes)
        sign_ins.forget(tx, created_before=over, seen_before=idle, failed_before=now - FORGOTTEN_AFTER)
        sign_ins.add_sign_in(tx, SignIn(_sha256(token), account.id, now, now))
        audit.append(tx, Act.SIGNED_IN, _actor(tx, account), now)
    return token


def sign_in_from_elsewhere(app: App, email: str, now: datetime | None = None) -> str:
    """Signs in the account with an address that the person's organisation has vouched for; returns the cookie's value.

    A one-time password that was made for it is gone with that. Raises AccessError when no account has it.
    """
    with app.store.write() as tx:
        account = accounts.find_by_email(tx, email)
        if account is None or account.disabled:
            raise AccessError("No account here has this e-mail address; ask your lead to add it.")
        if account.must_change:
            accounts.set_password(tx, account.id, None, must_change=False)
    return begin(app, account, now)


def sign_out(app: App, token: str) -> None:
    """Ends this sign-in; no harm when it has ended."""
    with app.store.write() as tx:
        found = sign_ins.find_sign_in(tx, _sha256(token))
        if found is None:
            return
        sign_ins.end(tx, found.token_sha256)
        account = accounts.get_account(tx, found.account_id)
        audit.append(tx, Act.SIGNED_OUT, _actor(tx, account), datetime.now(UTC))


def change_password(app: App, token: str, old: str, new: str, now: datetime | None = None) -> str:
    """Gives the person with this cookie another password, ends all their sign-ins, and begins a new one.

    Returns its cookie's value. Raises AccessError when the old password is wrong, with the same waiting as for signing
    in; InputError for a new one that cannot be taken.
    """
    now = now or datetime.now(UTC)
    visitor = who(app, token, now)
    if visitor is None or visitor.account is None:
        raise SignedOutError("You are not signed in; sign in and try again.")
    account = visitor.account
    key = _sha256(accounts.name_key(account.name))
    with app.store.write() as tx:
        _count(tx, key, now)
        kept = accounts.password_of(tx, account.id)
    if not passwords.fits(old, kept):
        raise AccessError("The password that you have now is another one; type it again.")
    with app.store.write() as tx:
        sign_ins.forget_failures(tx, key)
    check_password(new, account.name)
    if new == old:
        raise InputError("This is the password that you have now; choose another one.")
    made = passwords.hashed(new)
    with app.store.write() as tx:
        accounts.set_password(tx, account.id, made, must_change=False)
        sign_ins.end_all_of(tx, account.id)
    return begin(app, account, now)


def forget_waiting(tx: Tx, name: str) -> None:
    """Lets a name try again at once."""
    sign_ins.forget_failures(tx, _sha256(accounts.name_key(name)))


def _actor(tx: Tx, account: Account) -> Actor:
    places = accounts.memberships_of(tx, account.id)
    return Actor(account.id, account.name, administrator=account.administrator, memberships=places)


def _is_over(app: App, found: SignIn, now: datetime) -> bool:
    idle = now - found.seen_at >= timedelta(minutes=app.settings.idle_minutes)
    return idle or now - found.created_at >= timedelta(hours=app.settings.sign_in_hours)


def _note_seen(app: App, found: SignIn, now: datetime) -> None:
    try:
        with app.store.write() as tx:
            sign_ins.touch(tx, found.token_sha256, now)
    except StoreError:  # a full disk must not keep people from reading
        _log.warning("The time of a sign-in could not be noted")


def _count(tx: Tx, key: str, now: datetime) -> None:
    """Counts a try as failed until it has worked. Raises AccessError while the name has to wait."""
    if sign_ins.first_failure(tx, key, now):
        return
    known = sign_ins.failures(tx, key)
    n = 0 if known is None or now - known.last_at >= FORGOTTEN_AFTER else known.n
    if known is not None and n:
        left = known.last_at + wait_after(n) - now
        if left > timedelta(0):
            minutes = ceil(left.total_seconds() / 60)
            unit = "minute" if minutes == 1 else "minutes"
            raise AccessError(f"Too many failed attempts under this name; try again in {minutes} {unit}.")
    sign_ins.note_failure(tx, key, n + 1, now)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
