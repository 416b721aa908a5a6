"""A recording that was changed on the disk is refused with one sentence, whoever reads it, and nothing is played."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from coding_app.domain.recording import Recording
from coding_app.domain.times import Span
from coding_app.errors import StoreError
from coding_app.media.limits import probe_limited
from coding_app.media.sealed import SEGMENT_BYTES
from coding_app.settings import read_settings
from coding_app.store import recording_checks, tables
from coding_app.workflows import study
from coding_app.workflows.add_recording import add_file
from coding_app.workflows.change_master_key import change_master_key
from coding_app.workflows.listen import moment
from coding_app.workflows.prepare_recording import prepare
from coding_app.workflows.wiring import App, open_app
from tests.media.recordings import a_recording

SPAN = Span(6000, 11_000)


@dataclass
class Given:
    app: App
    one: Recording
    other: Recording

    def place(self, recording: Recording) -> Path:
        return self.app.vault.place(recording.sha256)


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    with open_app(read_settings({}, tmp_path / "data")) as app:
        made = study.create_study(app, "A study", "alliance-core")
        one = add_file(app, made.id, a_recording(tmp_path / "a.wav"))
        other = add_file(app, made.id, a_recording(tmp_path / "b.wav", channels=2))
        yield Given(app, one, other)


def flipped(given: Given) -> None:
    data = bytearray(given.place(given.one).read_bytes())
    data[len(data) * 3 // 4] ^= 1
    given.place(given.one).write_bytes(data)


def swapped(given: Given) -> None:
    data = given.place(given.one).read_bytes()
    parts = [data[at : at + SEGMENT_BYTES] for at in range(0, len(data), SEGMENT_BYTES)]
    assert len(parts) > 16
    parts[11], parts[12] = parts[12], parts[11]
    given.place(given.one).write_bytes(b"".join(parts))


def cut_at_a_border(given: Given) -> None:
    data = given.place(given.one).read_bytes()
    given.place(given.one).write_bytes(data[: 14 * SEGMENT_BYTES])


def cut_to_nothing(given: Given) -> None:
    given.place(given.one).write_bytes(b"")


def of_another(given: Given) -> None:
    given.place(given.one).write_bytes(given.place(given.other).read_bytes())


def key_of_another(given: Given) -> None:
    """The rows of the database exchanged: a wrapped key opens for its own recording only."""
    key = tables.recording_key
    with given.app.store.write() as tx:
        rows = {row.sha256: row.wrapped for row in tx.execute(key.select())}
        tx.execute(
            key.update().where(key.c.sha256 == given.one.sha256).values(wrapped=rows[given.other.sha256])
        )


def key_changed(given: Given) -> None:
    key = tables.recording_key
    with given.app.store.write() as tx:
        (row,) = tx.execute(key.select().where(key.c.sha256 == given.one.sha256)).all()
        changed = row.wrapped[:40] + ("A" if row.wrapped[40] != "A" else "B") + row.wrapped[41:]
        tx.execute(key.update().where(key.c.sha256 == given.one.sha256).values(wrapped=changed))


ON_THE_FILE = [flipped, swapped, cut_at_a_border, cut_to_nothing, of_another]


@pytest.mark.parametrize("tamper", [*ON_THE_FILE, key_of_another, key_changed])
def test_what_was_changed_is_refused_here_and_in_the_child_and_told_in_one_sentence(
    given: Given, tamper: Callable[[Given], None]
) -> None:
    assert moment(given.app, given.one.id, SPAN)
    tamper(given)
    said = r"changed" if tamper not in ON_THE_FILE else "does not open with its key"
    with pytest.raises(StoreError, match=said) as here:
        moment(given.app, given.one.id, SPAN)
    with pytest.raises(StoreError, match=said):
        probe_limited(given.app.vault.source(given.one.sha256))
    assert str(here.value).count(".") == 1
    prepare(given.app, given.one.id)
    with given.app.store.read() as tx:
        check = recording_checks.get_check(tx, given.one.id)
    assert check
    assert said in check["failed"]
    assert moment(given.app, given.other.id, SPAN)


@pytest.mark.parametrize("tamper", ON_THE_FILE)
def test_adding_the_same_recording_again_mends_it(
    given: Given, tmp_path: Path, tamper: Callable[[Given], None]
) -> None:
    before = moment(given.app, given.one.id, SPAN)
    tamper(given)
    other_study = study.create_study(given.app, "Another study", "alliance-core")
    add_file(given.app, other_study.id, tmp_path / "a.wav")
    assert moment(given.app, given.one.id, SPAN) == before


def test_all_recordings_open_after_the_master_key_was_changed_and_not_with_the_old_one(
    given: Given, tmp_path: Path
) -> None:
    before = moment(given.app, given.one.id, SPAN)
    new, n_locked = change_master_key(given.app, tmp_path / "new.key")
    assert n_locked == 2
    data = given.app.settings.data_dir
    with (
        pytest.raises(StoreError, match=f"locked with the master key {new.id}"),
        open_app(read_settings({}, data)),
    ):
        pass
    with open_app(read_settings({"CODING_APP_KEY_FILE": str(tmp_path / "new.key")}, data)) as app:
        assert moment(app, given.one.id, SPAN) == before
