"""Who is in a study, in which role: adding people, changing their role, taking them out."""

from datetime import UTC, datetime
from uuid import uuid4

from coding_app.domain.audit import Act
from coding_app.domain.people import Account, Action, Coder, Membership, Role
from coding_app.errors import InputError
from coding_app.store import Tx, accounts, studies
from coding_app.store.accounts import Member
from coding_app.workflows import audit
from coding_app.workflows.permission import allowed
from coding_app.workflows.wiring import App


@allowed(Action.MANAGE_PEOPLE, of="study_id")
def list_members(app: App, study_id: str) -> tuple[Member, ...]:
    """Everybody in the study, by name."""
    with app.store.read() as tx:
        return accounts.list_members(tx, study_id)


@allowed(Action.MANAGE_PEOPLE, of="study_id")
def free_observers(app: App, study_id: str) -> tuple[Coder, ...]:
    """Observers of the study who belong to no account yet: from the time before there were accounts."""
    with app.store.read() as tx:
        return _free(tx, study_id)


@allowed(Action.MANAGE_PEOPLE, of="study_id")
def add_person(
    app: App, study_id: str, name: str, role: Role, email: str = "", observer_id: str | None = None
) -> str | None:
    """Takes somebody into the study: the account of that name, or a new one, whose one-time password is returned.

    observer_id: the observer without an account who this person is; None: the observer of the same name where there is
    one, else a new one. Raises InputError for somebody who is in it already.
    """
    from coding_app.workflows.accounts import new_account
    from coding_app.workflows.passwords import hashed

    made, password = new_account(name, email)
    kept = hashed(password)
    with app.store.write() as tx:
        known = accounts.find_account(tx, made.name)
        if known is None:
            accounts.add_account(tx, made, kept, datetime.now(UTC))
        account = known or made
        if any(each.study_id == study_id for each in accounts.memberships_of(tx, account.id)):
            raise InputError(f"'{account.name}' is in this study already; change the role instead.")
        join(tx, account, study_id, role, observer_id)
        audit.note(
            app, tx, Act.CHANGED_PEOPLE, study_id=study_id, subject=account.id, what=f"added as {role}"
        )
    return None if known else password


@allowed(Action.MANAGE_PEOPLE, of="study_id")
def change_role(app: App, study_id: str, account_id: str, role: Role) -> None:
    """Another role from now on. Raises InputError when the study would have no lead any more, or for no member."""
    with app.store.write() as tx:
        member = _member(tx, study_id, account_id)
        if role is not Role.LEAD:
            _check_other_lead(tx, member)
        join(tx, member.account, study_id, role, member.membership.coder_id)
        audit.note(app, tx, Act.CHANGED_PEOPLE, study_id=study_id, subject=account_id, what=f"now {role}")


@allowed(Action.MANAGE_PEOPLE, of="study_id")
def remove_member(app: App, study_id: str, account_id: str) -> None:
    """Takes somebody out of the study; what they coded stays. Raises InputError as change_role does."""
    with app.store.write() as tx:
        member = _member(tx, study_id, account_id)
        _check_other_lead(tx, member)
        accounts.drop_membership(tx, account_id, study_id)
        audit.note(app, tx, Act.CHANGED_PEOPLE, study_id=study_id, subject=account_id, what="taken out")


def join(tx: Tx, account: Account, study_id: str, role: Role, observer_id: str | None) -> None:
    """The account's place in a study; who may code there gets an observer to code as."""
    coder_id = observer_id
    if coder_id is not None and studies.get_coder(tx, coder_id).study_id != study_id:
        raise InputError("This observer belongs to another study; choose one of this study.")
    if coder_id is None and role is not Role.VIEWER:
        coder_id = _observer_for(tx, account, study_id)
    accounts.put_membership(tx, Membership(account.id, study_id, role, coder_id))


def _observer_for(tx: Tx, account: Account, study_id: str) -> str:
    """The free observer of the account's name, or a new one with a name that is free."""
    free = {each.name.casefold(): each.id for each in _free(tx, study_id)}
    if account.name.casefold() in free:
        return free[account.name.casefold()]
    taken = {each.name.casefold() for each in studies.list_coders(tx, study_id)}
    name, number = account.name, 1
    while name.casefold() in taken:
        number += 1
        name = f"{account.name} ({number})"
    coder = Coder(uuid4().hex, study_id, name)
    studies.add_coder(tx, coder)
    return coder.id


def _free(tx: Tx, study_id: str) -> tuple[Coder, ...]:
    taken = {each.membership.coder_id for each in accounts.list_members(tx, study_id)}
    return tuple(each for each in studies.list_coders(tx, study_id) if each.id not in taken)


def _member(tx: Tx, study_id: str, account_id: str) -> Member:
    studies.lock_study(tx, study_id)
    for each in accounts.list_members(tx, study_id):
        if each.account.id == account_id:
            return each
    raise InputError("This person is not in the study any more; reload the page.")


def _check_other_lead(tx: Tx, member: Member) -> None:
    leads = [
        each.account.id
        for each in accounts.list_members(tx, member.membership.study_id)
        if each.membership.role is Role.LEAD and not each.account.disabled
    ]
    if leads == [member.account.id]:
        raise InputError("This is the study's only lead; make somebody else a lead first.")
