"""Accounts and the people of a study: made, changed, shut; who may do it for whom."""

import pytest

from coding_app.domain.people import Account, Actor, Role, may_reset
from coding_app.errors import AccessError, InputError, NotFoundError
from coding_app.store import accounts as account_table
from coding_app.store import studies
from coding_app.workflows import accounts, members, overview, signing_in, study
from coding_app.workflows.wiring import App
from tests.builders import a_coder, a_study

PASSWORD = "correct horse battery"


def _as(app: App, account: Account) -> App:
    with app.store.read() as tx:
        places = account_table.memberships_of(tx, account.id)
    actor = Actor(account.id, account.name, administrator=account.administrator, memberships=places)
    return app.acting(actor)


@pytest.fixture
def ruth(app: App) -> Account:
    return accounts.create_first_account(app, "Ruth", "", PASSWORD)


def _a_lead(app: App, name: str, title: str) -> tuple[Account, str]:
    """Somebody who leads a study of their own."""
    made = accounts.add_account(app, name).account
    with app.store.write() as tx:
        new = a_study(title=title)
        studies.add_study(tx, new)
        members.join(tx, made, new.id, Role.LEAD, None)
    return made, new.id


def test_the_first_account_is_an_administrator_and_leads_every_study_there_is(app: App) -> None:
    made = [study.create_study(app, title) for title in ("One", "Two")]
    ruth = accounts.create_first_account(app, "Ruth", "", PASSWORD)
    assert ruth.administrator
    assert {each.id for each in overview.studies(_as(app, ruth))} == {each.id for each in made}
    with pytest.raises(AccessError, match="already"):
        accounts.create_first_account(app, "Mallory", "", PASSWORD)


def test_a_name_or_an_address_is_there_once_in_whatever_case(app: App, ruth: Account) -> None:
    accounts.add_account(app, "Ann", "ann@example.org")
    for name, email in (("ANN", ""), ("Other", "Ann@Example.org")):
        with pytest.raises(InputError, match="already"):
            accounts.add_account(app, name, email)
    accounts.add_account(app, "Bea", "")
    accounts.add_account(app, "Cleo", "")  # no address is not an address


def test_who_makes_a_study_leads_it_and_can_code_in_it(app: App, ruth: Account) -> None:
    made = study.create_study(_as(app, ruth), "New")
    (member,) = members.list_members(_as(app, ruth), made.id)
    assert (member.account.id, member.membership.role) == (ruth.id, Role.LEAD)
    assert [each.id for each in overview.coders(app, made.id)] == [member.membership.coder_id]


def test_somebody_new_gets_a_one_time_password_and_somebody_known_none(app: App, ruth: Account) -> None:
    lead = _as(app, ruth)
    one, two = (study.create_study(lead, title).id for title in ("One", "Two"))
    lead = _as(app, ruth)
    password = members.add_person(lead, one, "Ann", Role.CODER)
    assert password is not None
    assert signing_in.sign_in(app, "Ann", password)
    assert members.add_person(lead, two, "ann", Role.VIEWER) is None
    with pytest.raises(InputError, match="already"):
        members.add_person(lead, one, "Ann", Role.LEAD)


def test_somebody_can_be_an_observer_from_before_there_were_accounts(app: App) -> None:
    made = study.create_study(app, "One")
    with app.store.write() as tx:
        for name in ("Ann", "Observer B", "Observer C"):
            studies.add_coder(tx, a_coder(made.id, name=name))
    lead = _as(app, accounts.create_first_account(app, "Ruth", "", PASSWORD))
    free = {each.name: each.id for each in members.free_observers(lead, made.id)}
    assert set(free) == {"Ann", "Observer B", "Observer C"}
    members.add_person(lead, made.id, "Ann", Role.CODER)  # of the same name
    members.add_person(lead, made.id, "Bea", Role.CODER, observer_id=free["Observer B"])
    found = {each.account.name: each.membership.coder_id for each in members.list_members(lead, made.id)}
    assert (found["Ann"], found["Bea"]) == (free["Ann"], free["Observer B"])
    with pytest.raises(InputError, match="another account"):
        members.add_person(lead, made.id, "Cleo", Role.CODER, observer_id=free["Ann"])
    assert "Cleo" not in {account.name for account, _ in accounts.list_accounts(lead)}


def test_a_viewer_becomes_nobody_who_codes_until_the_role_changes(app: App, ruth: Account) -> None:
    lead = _as(app, ruth)
    made = study.create_study(lead, "One").id
    lead = _as(app, ruth)
    members.add_person(lead, made, "Vera", Role.VIEWER)
    vera = next(each for each in members.list_members(lead, made) if each.account.name == "Vera")
    assert vera.membership.coder_id is None
    members.change_role(lead, made, vera.account.id, Role.CODER)
    vera = next(each for each in members.list_members(lead, made) if each.account.name == "Vera")
    assert vera.membership.coder_id is not None


def test_a_study_keeps_a_lead(app: App, ruth: Account) -> None:
    made = study.create_study(_as(app, ruth), "One").id
    lead = _as(app, ruth)
    for refused in (
        lambda: members.change_role(lead, made, ruth.id, Role.CODER),
        lambda: members.remove_member(lead, made, ruth.id),
    ):
        with pytest.raises(InputError, match="only lead"):
            refused()
    members.add_person(lead, made, "Ann", Role.LEAD)
    members.remove_member(lead, made, ruth.id)
    assert overview.studies(_as(app, ruth)) == ()


def test_who_was_taken_out_sees_nothing_any_more_and_what_they_coded_stays(app: App, ruth: Account) -> None:
    made = study.create_study(_as(app, ruth), "One").id
    lead = _as(app, ruth)
    members.add_person(lead, made, "Ann", Role.CODER)
    ann = next(each.account for each in members.list_members(lead, made) if each.account.name == "Ann")
    before = _as(app, ann)
    assert overview.study_overview(before, made, None) == ()
    members.remove_member(lead, made, ann.id)
    with pytest.raises(NotFoundError):
        overview.study_overview(_as(app, ann), made, None)
    assert "Ann" in {each.name for each in overview.coders(app, made)}


def test_a_lead_gives_new_passwords_to_people_of_their_own_studies_only(app: App, ruth: Account) -> None:
    lena, one = _a_lead(app, "Lena", "One")
    otto, two = _a_lead(app, "Otto", "Two")
    lead = _as(app, lena)
    first = members.add_person(lead, one, "Ann", Role.CODER)
    ann = next(each.account for each in members.list_members(lead, one) if each.account.name == "Ann")
    assert accounts.reset_password(lead, ann.id).password != first
    members.add_person(_as(app, otto), two, "Ann", Role.CODER)
    for other in (ann, otto, ruth):  # in another study too; of another study; an administrator
        with pytest.raises(AccessError, match="administrator"):
            accounts.reset_password(lead, other.id)
        with pytest.raises(AccessError, match="administrator"):
            accounts.set_disabled(lead, other.id, True)
    assert accounts.reset_password(_as(app, ruth), ann.id).account.must_change


def test_a_coder_resets_nobody_not_even_themselves() -> None:
    account = Account("a", "Ann")
    assert not may_reset(Actor("a", "Ann"), account, frozenset())
    assert not may_reset(Actor("a", "Ann"), account, frozenset({"one"}))


def test_a_new_password_signs_its_owner_out_and_ends_the_waiting(app: App, ruth: Account) -> None:
    ann = accounts.add_account(app, "Ann", password=PASSWORD).account
    token = signing_in.sign_in(app, "Ann", PASSWORD)
    for _ in range(5):
        with pytest.raises(AccessError):
            signing_in.sign_in(app, "Ann", "wrong password")
    made = accounts.reset_password(_as(app, ruth), ann.id)
    assert signing_in.who(app, token) is None
    assert signing_in.sign_in(app, "Ann", made.password)


def test_a_shut_account_is_signed_out_at_once_and_told_nothing_new(app: App, ruth: Account) -> None:
    ann = accounts.add_account(app, "Ann", "ann@example.org", password=PASSWORD).account
    token = signing_in.sign_in(app, "Ann", PASSWORD)
    accounts.set_disabled(_as(app, ruth), ann.id, True)
    assert signing_in.who(app, token) is None
    with pytest.raises(AccessError, match="Name or password"):
        signing_in.sign_in(app, "Ann", PASSWORD)
    with pytest.raises(AccessError):
        signing_in.sign_in_from_elsewhere(app, "ann@example.org")
    accounts.set_disabled(_as(app, ruth), ann.id, False)
    with pytest.raises(InputError, match="only administrator"):
        accounts.set_disabled(_as(app, ruth), ruth.id, True)


@pytest.mark.parametrize("email", ["no address", "a@", "@b", "a b@c"])
def test_what_is_no_address_is_refused(app: App, ruth: Account, email: str) -> None:
    with pytest.raises(InputError, match="no e-mail address"):
        accounts.add_account(app, "Ann", email)
