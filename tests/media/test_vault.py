"""The vault keeps a file whole or not at all."""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from coding_app.errors import MediaError, StoreError
from coding_app.media.probe import probe
from coding_app.media.source import read_all, written
from coding_app.media.vault import Vault
from tests.media.key_book import KeyBook


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault", KeyBook())


def files(vault: Vault) -> list[Path]:
    return [each for each in vault.folder.rglob("*") if each.is_file()]


def test_what_is_received_is_found_by_its_checksum(vault: Vault):
    with vault.receive(100) as incoming:
        incoming.write(b"abc")
        incoming.write(b"def")
        stored = incoming.finish()
    assert stored.sha256 == hashlib.sha256(b"abcdef").hexdigest()
    assert (stored.size_bytes, read_all(vault.source(stored.sha256))) == (6, b"abcdef")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (os.mkfifo, "is a pipe or a device"),
        (Path.mkdir, "is a folder"),
        (lambda path: path.symlink_to("/dev/zero"), "is a pipe or a device"),
        (lambda path: path.symlink_to(path), "cannot be opened|no such file"),
        (lambda path: None, "There is no such file"),
    ],
    ids=["pipe", "folder", "device", "link to itself", "nothing"],
)
def test_what_is_no_ordinary_file_is_refused_at_once(vault: Vault, tmp_path: Path, make, says: str):
    make(tmp_path / "a.wav")
    for read in (lambda path: vault.add_file(path, 10_000), probe):
        with pytest.raises(MediaError, match=says):
            read(tmp_path / "a.wav")
    assert files(vault) == []


def test_the_same_content_is_kept_once(vault: Vault, tmp_path: Path):
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"same")
        vault.add_file(tmp_path / name, 100)
    assert len(files(vault)) == 1


def test_a_broken_off_upload_leaves_nothing(vault: Vault):
    def broken_off() -> None:
        with vault.receive(100) as incoming:
            incoming.write(b"abc")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        broken_off()
    assert files(vault) == []


def test_an_upload_that_never_finishes_leaves_nothing(vault: Vault):
    with vault.receive(100) as incoming:
        incoming.write(b"abc")
    assert files(vault) == []


def test_a_file_that_is_too_large_is_refused_while_it_comes_in(vault: Vault):
    with vault.receive(5) as incoming:
        incoming.write(b"abc")
        with pytest.raises(MediaError, match="larger than the 0 MB"):
            incoming.write(b"def")
    assert files(vault) == []


def test_an_empty_file_is_refused(vault: Vault, tmp_path: Path):
    (tmp_path / "empty").touch()
    with pytest.raises(MediaError, match="0 bytes"):
        vault.add_file(tmp_path / "empty", 100)
    assert files(vault) == []


def test_a_file_that_is_not_there_is_said(vault: Vault, tmp_path: Path):
    with pytest.raises(MediaError, match="no such file"):
        vault.add_file(tmp_path / "none", 100)


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path):
    """A limit on the size of files stands for a full disk: both make write() fail in the middle."""
    code = f"""
import resource, signal
from pathlib import Path
from coding_app.media.probe import probe
from coding_app.media.vault import Vault
from coding_app.errors import StoreError
from tests.media.key_book import KeyBook
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
vault = Vault(Path({str(tmp_path / "vault")!r}), KeyBook())
try:
    with vault.receive(10**9) as incoming:
        for _ in range(10):
            incoming.write(bytes(50_000))
        incoming.finish()
except StoreError as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "could not be written" in said
    assert files(Vault(tmp_path / "vault", KeyBook())) == []


def test_no_space_left_has_its_own_sentence(vault: Vault):
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full (Linux)")
    with vault.receive(10**9) as incoming:
        with Path("/dev/full").open("wb") as full:
            os.dup2(full.fileno(), incoming._file.fileno())
        with pytest.raises(StoreError, match="disk is full"):
            incoming.write(bytes(1_000_000))
    assert files(vault) == []


def test_a_missing_recording_is_said_with_what_to_do(vault: Vault):
    with pytest.raises(StoreError, match="missing from the data folder"):
        vault.source("0" * 64)


@pytest.mark.parametrize("wrong", ["../../etc/passwd", "", "ABC", "0" * 63, "0" * 64 + "\n"])
def test_nothing_but_a_checksum_leads_into_the_vault(vault: Vault, wrong: str):
    with pytest.raises(StoreError, match="not a sha256"):
        vault.source(wrong)


@pytest.mark.parametrize("wrong", ["../x", "a/b", "", ".hidden"])
def test_a_derived_file_stays_in_its_folder(vault: Vault, wrong: str):
    with pytest.raises(ValueError):
        vault.derived("0" * 64, wrong)


def test_derived_files_have_a_folder_of_their_own(vault: Vault):
    vault.keys.keep("0" * 64)
    with written(vault.derived("0" * 64, "peaks.i8")) as out:
        out.write(b"1")
    found = vault.find_derived("0" * 64, "peaks.i8")
    assert found
    assert read_all(found) == b"1"
    with pytest.raises(StoreError):
        vault.source("0" * 64)


def test_what_a_power_cut_left_half_received_is_removed_after_a_day(vault: Vault):
    old, young = vault.folder / "incoming" / "old.part", vault.folder / "incoming" / "young.part"
    for each in (old, young):
        each.write_bytes(b"half")
    os.utime(old, (time.time() - 90_000,) * 2)
    Vault(vault.folder, vault.keys)
    assert (old.exists(), young.exists()) == (False, True)


def test_only_the_owner_can_look_in(vault: Vault, tmp_path: Path):
    (tmp_path / "a").write_bytes(b"private")
    path = vault.place(vault.add_file(tmp_path / "a", 100).sha256)
    assert vault.folder.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_the_vault_is_light_for_the_web_process():
    code = (
        "import sys, coding_app.media.vault; print([m for m in ('av', 'numpy', 'torch') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
