"""The master key: where it is looked for, that it is never made anew when it is lost, that it is told apart."""

import base64
import os
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from coding_app.errors import SettingsError, StoreError
from coding_app.media.master_key import MasterKey, find_master_key, key_file, key_in_file, new_master_key
from coding_app.settings import Settings, read_settings

SHA256 = "ab" * 32


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return replace(read_settings({}, tmp_path / "data"), key_file=tmp_path / "config" / "master.key")


class KeptPasswords(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def a_keyring():
    before, mine = keyring.get_keyring(), KeptPasswords()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


def test_the_first_start_makes_a_key_file_that_only_its_owner_reads_and_the_next_one_finds_it(here: Settings):
    made = find_master_key(here, None)
    assert here.key_file
    assert here.key_file.stat().st_mode & 0o777 == 0o600
    assert here.key_file.parent.stat().st_mode & 0o077 == 0
    assert find_master_key(here, made.id) == made
    assert len(made.secret) == 32


def test_the_key_of_the_environment_goes_before_all(here: Settings):
    find_master_key(here, None)
    given = new_master_key()
    found = find_master_key(replace(here, master_key=given.as_text() + "\n"), None)
    assert found == given


@pytest.mark.parametrize("wrong", ["", "x", "AAAA", base64.b64encode(bytes(31)).decode()])
def test_what_is_no_key_is_told_and_not_repeated(here: Settings, wrong: str):
    key = replace(here, master_key=wrong or " ")
    with pytest.raises(SettingsError, match="32 random bytes in base64") as told:
        find_master_key(key, None)
    assert not wrong or f"'{wrong}'" not in str(told.value)


def test_a_keyring_keeps_the_key_when_there_is_one_and_no_file_is_made(
    tmp_path: Path, a_keyring, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings = read_settings({}, tmp_path / "data")
    made = find_master_key(settings, None)
    assert list(a_keyring.kept.values()) == [made.as_text()]
    assert find_master_key(settings, made.id) == made
    assert not (tmp_path / "config").exists()


def test_an_explicit_key_file_is_taken_instead_of_the_keyring(here: Settings, a_keyring):
    find_master_key(here, None)
    assert a_keyring.kept == {}


def test_a_lost_key_is_told_and_none_is_made(here: Settings):
    lost = new_master_key()
    with pytest.raises(StoreError, match=f"locked with the master key {lost.id}, which is not found .no key"):
        find_master_key(here, lost.id)
    assert here.key_file
    assert not here.key_file.exists()


def test_a_wrong_key_is_told_and_stays_as_it_is(here: Settings):
    other = find_master_key(here, None)
    assert here.key_file
    before = here.key_file.read_bytes()
    with pytest.raises(StoreError, match=f"only {other.id}"):
        find_master_key(here, new_master_key().id)
    assert here.key_file.read_bytes() == before


def test_a_key_file_in_the_data_folder_is_refused(here: Settings):
    with pytest.raises(SettingsError, match="lies in the data folder"):
        key_file(replace(here, key_file=here.data_dir / "x" / "master.key"))


def test_two_programs_that_start_at_once_get_the_same_key(here: Settings):
    assert here.key_file
    one = key_in_file(here.key_file, here)
    assert key_in_file(here.key_file, here) == one
    os.link(here.key_file, here.key_file.with_name("again"))
    assert [each.name for each in here.key_file.parent.glob(".*")] == []


def test_a_wrapped_key_opens_for_its_own_recording_under_its_own_master_only():
    master, key = new_master_key(), bytes(range(32))
    wrapped = master.wrap(key, SHA256)
    assert master.unwrap(wrapped, SHA256) == key
    assert wrapped != master.wrap(key, SHA256)
    assert len(wrapped) <= 128
    flipped = ("A" if wrapped[30] != "A" else "B").join((wrapped[:30], wrapped[31:]))
    for wrong in (flipped, wrapped[:-8], "", "not base64!", wrapped[::-1]):
        with pytest.raises(StoreError, match="key of the recording abababababab was changed"):
            master.unwrap(wrong, SHA256)
    with pytest.raises(StoreError):
        master.unwrap(wrapped, "cd" * 32)
    with pytest.raises(StoreError):
        new_master_key().unwrap(wrapped, SHA256)


def test_a_key_is_not_in_what_is_printed_of_it(here: Settings):
    master = MasterKey(b"0123456789abcdef0123456789abcdef")
    assert "0123" not in repr(master)
    assert "0123" not in master.id
    assert "S3cret" not in repr(replace(here, master_key="S3cret"))
