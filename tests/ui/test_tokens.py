"""The key that signs tokens: whole, private, the same after a restart."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from coding_app.errors import StoreError
from coding_app.ui import tokens


@pytest.fixture(autouse=True)
def fresh_key() -> None:
    tokens.signing_key.cache_clear()


def test_the_key_is_private_and_outlives_a_restart(tmp_path: Path) -> None:
    first = tokens.signing_key(tmp_path)
    assert len(first) == 2 * tokens.KEY_BYTES
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    tokens.signing_key.cache_clear()
    assert tokens.signing_key(tmp_path) == first
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("damaged", [b"", b"short", b"\xff" * 64])
def test_a_key_that_was_cut_short_signs_nothing(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / "secret.key").write_bytes(damaged)
    if damaged.startswith(b"\xff"):
        with pytest.raises(StoreError, match=r"secret\.key"):
            tokens.signing_key(tmp_path)
    else:
        assert len(tokens.signing_key(tmp_path)) == 2 * tokens.KEY_BYTES


def test_pages_that_ask_together_get_a_whole_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(tokens.signing_key.__wrapped__, [tmp_path] * 32))
    assert {len(key) for key in keys} == {2 * tokens.KEY_BYTES}


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="make room"):
        tokens.signing_key(tmp_path / "not there")
    assert list(tmp_path.iterdir()) == []
