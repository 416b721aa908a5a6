"""Signing in: what counts as proof, how long it lasts, and what an attacker learns."""

import logging
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from coding_app.domain.audit import Act
from coding_app.domain.passwords import FREE_FAILURES, LONGEST, SHORTEST
from coding_app.domain.people import NOBODY, THIS_MACHINE
from coding_app.errors import AccessError, InputError
from coding_app.store import accounts as account_table
from coding_app.store import audit
from coding_app.workflows import accounts, passwords, signing_in
from coding_app.workflows.signing_in import WRONG
from coding_app.workflows.wiring import App
from tests.builders import NOON

PASSWORD = "correct horse battery"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def account(app: App):  # type: ignore[no-untyped-def]
    return accounts.create_first_account(app, "Ruth", "ruth@example.org", PASSWORD)


def test_while_there_is_no_account_everybody_is_this_machine(app: App) -> None:
    found = signing_in.who(app, "")
    assert found is not None
    assert (found.actor, found.account) == (THIS_MACHINE, None)


def test_from_the_first_account_on_nobody_is_anybody_without_a_sign_in(app: App, account) -> None:  # type: ignore[no-untyped-def]
    assert signing_in.who(app, "") is None
    assert signing_in.who(app, "made up") is None
    token = signing_in.sign_in(app, " ruth ", PASSWORD, NOON)
    found = signing_in.who(app, token, NOON)
    assert found is not None
    assert found.actor.account_id == account.id
    assert not found.actor.everything


def test_a_sign_in_ends_after_an_hour_without_use_and_after_twelve_hours_in_any_case(
    app: App, account
) -> None:  # type: ignore[no-untyped-def]
    token = signing_in.sign_in(app, "Ruth", PASSWORD, NOON)
    assert signing_in.who(app, token, NOON + 59 * MINUTE)  # used: the hour begins anew
    assert signing_in.who(app, token, NOON + 118 * MINUTE)
    assert signing_in.who(app, token, NOON + 178 * MINUTE) is None
    token = signing_in.sign_in(app, "Ruth", PASSWORD, NOON)
    for minutes in range(0, 12 * 60, 45):
        assert signing_in.who(app, token, NOON + minutes * MINUTE)
    assert signing_in.who(app, token, NOON + 12 * HOUR) is None


def test_the_limits_are_settings(app: App, account) -> None:  # type: ignore[no-untyped-def]
    shorter = replace(app, settings=replace(app.settings, idle_minutes=5, sign_in_hours=1))
    token = signing_in.sign_in(shorter, "Ruth", PASSWORD, NOON)
    assert signing_in.who(shorter, token, NOON + 4 * MINUTE)
    assert signing_in.who(shorter, token, NOON + 9 * MINUTE) is None


def test_after_five_failures_a_name_waits_twice_as_long_each_time(app: App, account) -> None:  # type: ignore[no-untyped-def]
    for _ in range(FREE_FAILURES):
        with pytest.raises(AccessError, match="wrong"):
            signing_in.sign_in(app, "Ruth", "wrong password", NOON)
    with pytest.raises(AccessError, match="try again in 1 minute"):
        signing_in.sign_in(app, "Ruth", PASSWORD, NOON)  # even the right one
    with pytest.raises(AccessError, match="wrong"):
        signing_in.sign_in(app, "Ruth", "wrong password", NOON + 31 * MINUTE / 60)
    with pytest.raises(AccessError, match="Too many"):
        signing_in.sign_in(app, "Ruth", PASSWORD, NOON + 60 * MINUTE / 60)
    assert signing_in.sign_in(app, "Ruth", PASSWORD, NOON + 2 * MINUTE)
    with pytest.raises(AccessError, match="wrong"):  # a sign-in that worked begins anew
        signing_in.sign_in(app, "Ruth", "wrong password", NOON + 2 * MINUTE)


def test_a_name_without_an_account_is_told_and_waits_as_one_with_an_account(app: App, account) -> None:  # type: ignore[no-untyped-def]
    told = {}
    for name in ("Ruth", "Nobody"):
        told[name] = []
        for _ in range(FREE_FAILURES + 1):
            with pytest.raises(AccessError) as refused:
                signing_in.sign_in(app, name, "wrong password", NOON)
            told[name].append(str(refused.value))
    assert told["Ruth"] == told["Nobody"]
    assert told["Ruth"][0] == WRONG


def _cpu(kept: str | None) -> float:
    begin = time.process_time()
    passwords.fits("wrong password", kept)
    return time.process_time() - begin


def test_a_password_costs_up_to_300_ms_and_as_much_without_an_account() -> None:
    kept = passwords.hashed(PASSWORD)
    passwords.fits("x", None)  # makes nobody's password, once
    known, unknown = (min(_cpu(each) for _ in range(4)) for each in (kept, None))
    assert 0.01 < known <= 0.3
    assert 0.5 < known / unknown < 2


def test_a_password_is_kept_as_argon2id_and_a_cookie_as_its_hash_only(app: App, account) -> None:  # type: ignore[no-untyped-def]
    token = signing_in.sign_in(app, "Ruth", PASSWORD)
    with app.store.read() as tx:
        kept = account_table.password_of(tx, account.id)
        rows = [
            str(row) for name in ("sign_in", "account") for row in tx.exec_driver_sql(f"SELECT * FROM {name}")
        ]
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert not [row for row in rows if PASSWORD in row or token in row]


def test_nothing_of_a_sign_in_stands_in_the_log(app: App, account, caplog: pytest.LogCaptureFixture) -> None:  # type: ignore[no-untyped-def]
    caplog.set_level(logging.DEBUG)
    with pytest.raises(AccessError):
        signing_in.sign_in(app, "Ruth", "wrong password")
    token = signing_in.sign_in(app, "Ruth", PASSWORD)
    assert "A sign-in failed" in caplog.text
    assert not [each for each in ("Ruth", "wrong password", PASSWORD, token) if each in caplog.text]


def test_signing_out_ends_this_sign_in_only(app: App, account) -> None:  # type: ignore[no-untyped-def]
    one, two = (signing_in.sign_in(app, "Ruth", PASSWORD) for _ in range(2))
    signing_in.sign_out(app, one)
    signing_in.sign_out(app, one)
    assert signing_in.who(app, one) is None
    assert signing_in.who(app, two)


def test_another_password_ends_every_sign_in_and_begins_one(app: App, account) -> None:  # type: ignore[no-untyped-def]
    here, elsewhere = (signing_in.sign_in(app, "Ruth", PASSWORD) for _ in range(2))
    with pytest.raises(AccessError, match="another one"):
        signing_in.change_password(app, here, "wrong password", "a new long password")
    with pytest.raises(InputError, match=f"fewer than {SHORTEST}"):
        signing_in.change_password(app, here, PASSWORD, "short")
    with pytest.raises(InputError, match="have now"):
        signing_in.change_password(app, here, PASSWORD, PASSWORD)
    begun = signing_in.change_password(app, here, PASSWORD, "a new long password")
    assert signing_in.who(app, here) is None
    assert signing_in.who(app, elsewhere) is None
    assert signing_in.who(app, begun)
    with pytest.raises(AccessError):
        signing_in.sign_in(app, "Ruth", PASSWORD)


def test_a_one_time_password_opens_nothing_but_the_way_to_another_one(app: App, account) -> None:  # type: ignore[no-untyped-def]
    made = accounts.add_account(app, "Ann")
    token = signing_in.sign_in(app, "Ann", made.password)
    found = signing_in.who(app, token)
    assert found is not None
    assert found.must_change
    assert found.actor == NOBODY
    found = signing_in.who(app, signing_in.change_password(app, token, made.password, "one of my own"))
    assert found is not None
    assert found.actor.account_id == made.account.id


@pytest.mark.parametrize(
    ("password", "why"),
    [("a" * (SHORTEST - 1), "fewer"), ("a" * (LONGEST + 1), "more than"), ("A Long Name Here", "name")],
)
def test_a_password_is_refused_for_its_length_or_for_being_the_name(
    app: App, password: str, why: str
) -> None:
    with pytest.raises(InputError, match=why) as refused:
        accounts.create_first_account(app, "a long name here", "", password)
    assert password not in str(refused.value)
    assert signing_in.accounts_exist(app) is False


def test_a_password_typed_with_combined_or_single_characters_is_the_same(app: App) -> None:
    accounts.create_first_account(app, "Ruth", "", "müde und übermütig")
    assert signing_in.sign_in(app, "Ruth", "mu\u0308de und u\u0308bermu\u0308tig")


def test_the_organisation_signs_in_only_who_has_an_account_with_the_address(app: App, account) -> None:  # type: ignore[no-untyped-def]
    made = accounts.add_account(app, "Ann", "ann@example.org")
    token = signing_in.sign_in_from_elsewhere(app, "Ann@Example.org")
    found = signing_in.who(app, token)
    assert found is not None
    assert found.actor.account_id == made.account.id
    with pytest.raises(AccessError):  # the one-time password is gone
        signing_in.sign_in(app, "Ann", made.password)
    for email in ("somebody@example.org", ""):
        with pytest.raises(AccessError, match="No account here"):
            signing_in.sign_in_from_elsewhere(app, email)


def test_signing_in_failing_and_signing_out_stand_in_the_audit_without_what_was_typed(app: App) -> None:
    ruth = accounts.create_first_account(app, "Ruth", "", PASSWORD)
    token = signing_in.sign_in(app, "Ruth", PASSWORD)
    for name in ("Ruth", "typed by mistake"):
        with pytest.raises(AccessError):
            signing_in.sign_in(app, name, "a wrong password")
    signing_in.sign_out(app, token)
    with app.store.read() as tx:
        kept = [entry for entry, _ in audit.all_entries(tx)]
    assert [(each.act, each.account_id, each.subject) for each in kept[1:]] == [
        (Act.SIGNED_IN, ruth.id, None),
        (Act.SIGN_IN_FAILED, None, ruth.id),
        (Act.SIGN_IN_FAILED, None, None),
        (Act.SIGNED_OUT, ruth.id, None),
    ]
    assert "typed" not in str(kept)
    assert "wrong" not in str(kept)
