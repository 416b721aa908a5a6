"""Nothing that was said lies readable in the database file, its log or a backup; who may read it finds all of it."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from coding_app.errors import StoreError
from coding_app.settings import Settings, read_settings
from coding_app.store import decision_rules, plain_texts, tables, transcripts
from coding_app.workflows.backup import make_backup, restore_backup
from coding_app.workflows.change_master_key import change_master_key
from coding_app.workflows.erase_recording import withdraw_consent
from coding_app.workflows.seal_recordings import seal_rules, seal_texts
from coding_app.workflows.wiring import App, open_app, open_server_app
from tests.jobs.test_engine import wait_until
from tests.store.test_sealing import N_READ, SAID, Given, everything_read, given_words, make_plain


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({}, tmp_path / "data")


@pytest.fixture
def app(settings: Settings) -> Iterator[App]:
    with open_app(settings) as opened:
        yield opened


@pytest.fixture
def given(app: App) -> Given:
    return given_words(app.store)


def on_disk(folder: Path) -> bytes:
    """All bytes of all files of the folder, the write-ahead logs too."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def reopened(given: Given, app: App) -> Given:
    return Given(app.store, *list(vars(given).values())[1:])


def test_nothing_that_was_said_or_noted_is_in_the_files_of_the_data_folder(app: App, given: Given) -> None:
    folder = app.settings.data_dir
    assert everything_read(given).count(SAID) == N_READ
    assert given.transcript_id.encode() in on_disk(folder)
    assert SAID.encode() not in on_disk(folder)
    app.store.overwrite_deleted()
    assert given.transcript_id.encode() in (folder / "coding-app.sqlite").read_bytes()
    assert SAID.encode() not in on_disk(folder)


def test_what_was_plain_is_in_no_file_any_more_once_it_is_sealed(app: App, given: Given) -> None:
    make_plain(app.store, given.recording_id)
    app.store.overwrite_deleted()
    assert SAID.encode() in on_disk(app.settings.data_dir)
    for _ in range(2):  # again is no harm
        seal_texts(app, given.recording_id)
        seal_rules(app, given.study_id)
        assert SAID.encode() not in on_disk(app.settings.data_dir)
    assert everything_read(given).count(SAID) == N_READ


def test_a_server_seals_the_texts_of_an_earlier_version(settings: Settings) -> None:
    with open_app(settings) as app:
        given = given_words(app.store)
        before = everything_read(given)
        make_plain(app.store, given.recording_id)

    def is_sealed() -> bool:
        with server.store.read() as tx:
            found = plain_texts.recordings_with_plain_texts(tx) + decision_rules.studies_with_plain_rules(tx)
            return found == []

    with open_server_app(settings) as server:
        wait_until(is_sealed, 60)
        assert everything_read(reopened(given, server)) == before


def test_a_backup_holds_the_words_sealed_and_restores_them(app: App, given: Given, tmp_path: Path) -> None:
    before = everything_read(given)
    make_backup(app, tmp_path / "a.backup")
    with zipfile.ZipFile(tmp_path / "a.backup") as archive:
        held = b"".join(archive.read(name) for name in archive.namelist())
    assert given.transcript_id.encode() in held
    assert SAID.encode() not in held
    elsewhere = read_settings({}, tmp_path / "elsewhere")
    restore_backup(tmp_path / "a.backup", elsewhere)
    with open_app(elsewhere) as restored:
        assert everything_read(reopened(given, restored)) == before


def test_a_backup_from_before_an_erasure_gives_no_words_to_who_has_no_key_of_it(
    app: App, given: Given
) -> None:
    """An old copy of the rows, read where the key is gone."""
    segment = tables.segment
    with given.store.read() as tx:
        kept = segment.select().where(segment.c.transcript_id == given.transcript_id)
        old = [dict(row._mapping) for row in tx.execute(kept)]
    withdraw_consent(app, given.recording_id, keep_judgements=True)
    with given.store.write() as tx:
        for row in old:
            this = (segment.c.transcript_id == row["transcript_id"]) & (segment.c.key == row["key"])
            tx.execute(segment.update().where(this).values(text=row["text"], words=row["words"]))
    with pytest.raises(StoreError, match="key is gone"), given.store.read() as tx:
        transcripts.get_transcript(tx, given.transcript_id)


def test_changing_the_master_key_changes_no_sealed_value_and_all_is_read_with_the_new_one(
    app: App, given: Given, tmp_path: Path
) -> None:
    segment, before = tables.segment, everything_read(given)
    with given.store.read() as tx:
        sealed = tx.execute(segment.select()).all()
    change_master_key(app, tmp_path / "new.key")
    other = read_settings({"CODING_APP_KEY_FILE": str(tmp_path / "new.key")}, app.settings.data_dir)
    with open_app(other) as opened:
        again = reopened(given, opened)
        assert everything_read(again) == before
        with again.store.read() as tx:
            assert tx.execute(segment.select()).all() == sealed
    with pytest.raises(StoreError, match="key of the recording"):
        everything_read(given)
