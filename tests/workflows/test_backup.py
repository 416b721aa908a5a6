"""Backups: consistent while in use, checked to the last byte, restored whole or not at all, on both engines."""

import json
import resource
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from coding_app.cli import app as command_line
from coding_app.domain.coding import CodingPass
from coding_app.errors import CodingAppError, InputError, NotFoundError, ReadBackupError, StoreError
from coding_app.media.source import read_all
from coding_app.settings import Settings, read_settings
from coding_app.store import Store, dump, events, open_store, passes, recordings
from coding_app.workflows.backup import make_backup, restore_backup, verify_backup
from coding_app.workflows.wiring import App, open_vault
from tests.builders import a_unit, an_event, given_a_pass, given_a_recording

SOUND = b"RIFF" + bytes(range(256)) * 300


@pytest.fixture
def app(store: Store, database_url: str, tmp_path: Path) -> App:
    """An app on each engine with a coded recording whose file is in the vault."""
    data = tmp_path / "data"
    settings = replace(read_settings({}, data), database_url=database_url)
    (tmp_path / "sound.wav").write_bytes(SOUND)
    vault = open_vault(settings, store)
    stored = vault.add_file(tmp_path / "sound.wav", 10**9)
    settings.own_schemes_dir.mkdir()
    (settings.own_schemes_dir / "our own.yaml").write_text("id: ours\n", "utf-8")
    recording = given_a_recording(store, sha256=stored.sha256)
    given_a_pass(
        store, recording, [an_event("x"), an_event("x", code=None), an_event("x", note="Ä \u2028 😀")]
    )
    return App(settings, store, vault)


@pytest.fixture
def backup(app: App, tmp_path: Path) -> Path:
    make_backup(app, tmp_path / "all.backup")
    return tmp_path / "all.backup"


@pytest.fixture
def elsewhere(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """An empty data folder with its own database."""
    return read_settings({}, tmp_path / "else where")


def every_row(store: Store) -> dict[str, list[dict[str, object]]]:
    """But for the audit, which goes on: that a backup was made stands in it afterwards."""
    with store.read() as tx:
        return {table: list(dump.rows(tx, table)) for table in dump.TABLES if table != "audit_entry"}


def test_everything_comes_back_as_it_was(app: App, backup: Path, elsewhere: Settings):
    found = restore_backup(backup, elsewhere)
    restored = open_store(elsewhere.database_url)
    assert every_row(restored) == every_row(app.store)
    with restored.read() as tx:
        (recording,) = recordings.list_recordings(tx, every_row(restored)["study"][0]["id"])  # type: ignore[arg-type]
    assert read_all(open_vault(elsewhere, restored).source(recording.sha256)) == SOUND
    restored.close()
    assert (elsewhere.own_schemes_dir / "our own.yaml").read_text("utf-8") == "id: ours\n"
    assert (found.n_recordings, found.missing, found.rows["coding_event"]) == (1, (), 3)


def test_coding_goes_on_after_restoring(app: App, backup: Path, elsewhere: Settings):
    restore_backup(backup, elsewhere)
    store = open_store(elsewhere.database_url)
    open_vault(elsewhere, store)
    with store.write() as tx:
        (coding_pass,) = passes.list_passes(tx)
        events.append_events(tx, [an_event(coding_pass.id, unit=a_unit(2))])
        assert len(events.list_events(tx, coding_pass.id)) == 4
    store.close()


@pytest.mark.postgresql
def test_a_backup_moves_between_the_engines(
    app: App, backup: Path, empty_postgresql_url: str, tmp_path: Path
):
    settings = replace(read_settings({}, tmp_path / "moved"), database_url=empty_postgresql_url)
    restore_backup(backup, settings)
    store = open_store(empty_postgresql_url)
    open_vault(settings, store)
    assert every_row(store) == every_row(app.store)
    with store.write() as tx:  # the server's numbers go on behind those that came with the backup
        (coding_pass,) = passes.list_passes(tx)
        events.append_events(tx, [an_event(coding_pass.id, unit=a_unit(2))])
        assert [each.unit.key for each in events.list_events(tx, coding_pass.id)][-1] == a_unit(2).key
    store.close()
    with pytest.raises(StoreError, match="is not empty"):
        restore_backup(backup, replace(settings, data_dir=tmp_path / "moved again"))
    assert not (tmp_path / "moved again").exists()


def test_a_backup_is_of_one_moment_while_others_code(app: App, tmp_path: Path):
    with app.store.read() as tx:
        (coding_pass,) = passes.list_passes(tx)
    stop = threading.Event()
    writer = threading.Thread(target=_code_until, args=(app, coding_pass, stop))
    writer.start()
    try:
        found = [make_backup(app, tmp_path / f"{n}.backup") for n in range(3)]
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        verify_backup(
            tmp_path / f"{number}.backup"
        )  # every judgement has its event: the rehearsal would fail
    counts = [each.rows["coding_event"] for each in found]
    assert counts == sorted(counts)


def _code_until(app: App, coding_pass: CodingPass, stop: threading.Event) -> None:
    while not stop.is_set():
        with app.store.write() as tx:
            events.append_events(tx, [an_event(coding_pass.id)])


@settings(max_examples=60)
@given(st.data())
def test_any_changed_byte_is_found_or_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    whole, kept = _a_small_backup(tmp_path_factory)
    place = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytearray(whole)
    flipped[place] ^= data.draw(st.integers(1, 255))
    kept.write_bytes(bytes(flipped))
    folder = kept.with_name("restored")
    try:
        restore_backup(kept, read_settings({}, folder))
    except CodingAppError:
        assert not folder.exists()
        return
    store = open_store(read_settings({}, folder).database_url)
    assert [row["title"] for row in every_row(store)["study"]] == [
        "Alliance study"
    ]  # zip's own unused fields
    store.close()
    _remove(folder)


_small: list[bytes] = []


def _a_small_backup(factory: pytest.TempPathFactory) -> tuple[bytes, Path]:
    folder = factory.mktemp("small")
    if not _small:
        settings_ = read_settings({}, folder / "data")
        store = open_store(settings_.database_url)
        app = App(settings_, store, open_vault(settings_, store))
        given_a_recording(store, n_segments=1)
        make_backup(app, folder / "small.backup")
        store.close()
        _small.append((folder / "small.backup").read_bytes())
    return _small[0], folder / "changed.backup"


def _remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


@pytest.mark.parametrize("kept", [0, 10, 1_000, -1, -100])
def test_a_backup_that_was_cut_short_is_refused(backup: Path, elsewhere: Settings, kept: int):
    backup.write_bytes(backup.read_bytes()[:kept])
    with pytest.raises(ReadBackupError, match="incomplete or is no backup"):
        restore_backup(backup, elsewhere)
    assert not elsewhere.data_dir.exists()


def test_a_recording_exchanged_inside_the_archive_is_found(backup: Path, tmp_path: Path):
    changed = tmp_path / "changed.backup"
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(changed, "w") as out:
        for name in source.namelist():
            out.writestr(name, b"other sound" if name.startswith("vault/") else source.read(name))
    with pytest.raises(ReadBackupError, match="is damaged at 'vault/"):
        verify_backup(changed)


@pytest.mark.parametrize("name", ["../outside", "/etc/x", "vault/../../x", "vault\\x", "vault//x", "c:x"])
def test_an_entry_that_would_leave_the_folder_is_refused(
    backup: Path, elsewhere: Settings, tmp_path: Path, name: str
):
    changed = tmp_path / "changed.backup"
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(changed, "w") as out:
        about = json.loads(source.read("manifest.json"))
        about["entries"].append({"name": name, "size_bytes": 0, "sha256": "0" * 64})
        for each in source.namelist():
            out.writestr(each, json.dumps(about) if each == "manifest.json" else source.read(each))
        out.writestr(name, b"")
    with pytest.raises(ReadBackupError, match="is damaged at"):
        restore_backup(changed, elsewhere)


def test_rows_that_break_the_tables_rules_are_refused_and_leave_nothing(
    backup: Path, elsewhere: Settings, tmp_path: Path
):
    changed = tmp_path / "changed.backup"
    _rewrite_rows(backup, changed, "tables/coding_pass.jsonl", lambda row: row | {"recording_id": "nobody"})
    with pytest.raises(CodingAppError):
        restore_backup(changed, elsewhere)
    assert list(elsewhere.data_dir.parent.glob("*else where*")) == []


def _rewrite_rows(source_path: Path, out_path: Path, name: str, change) -> None:  # type: ignore[no-untyped-def]
    import hashlib

    with zipfile.ZipFile(source_path) as source, zipfile.ZipFile(out_path, "w") as out:
        rows = [change(json.loads(line)) for line in source.read(name).decode().splitlines()]
        body = "".join(json.dumps(row) + "\n" for row in rows).encode()
        about = json.loads(source.read("manifest.json"))
        for entry in about["entries"]:
            if entry["name"] == name:
                entry |= {"size_bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        for each in source.namelist():
            whole = {name: body, "manifest.json": json.dumps(about).encode()}.get(each) or source.read(each)
            out.writestr(each, whole)


def test_nothing_is_written_over(app: App, backup: Path):
    before = backup.read_bytes()
    with pytest.raises(StoreError, match="already"):
        make_backup(app, backup)
    assert backup.read_bytes() == before


def test_a_disk_that_fills_leaves_no_half_backup(app: App, tmp_path: Path):
    folder = tmp_path / "out"
    folder.mkdir(mode=0o700)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))  # the recording alone is larger
    try:
        with pytest.raises(StoreError, match="could not be written"):
            make_backup(app, folder / "all.backup")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(folder.iterdir()) == []


def test_a_data_folder_that_is_in_use_is_left_alone(backup: Path, elsewhere: Settings):
    elsewhere.data_dir.mkdir()
    (elsewhere.data_dir / "mine.txt").write_text("kept", "utf-8")
    with pytest.raises(InputError, match="is not empty"):
        restore_backup(backup, elsewhere)
    assert [each.name for each in elsewhere.data_dir.iterdir()] == ["mine.txt"]


def test_a_recording_that_was_missing_is_said_to_be(app: App, tmp_path: Path):
    with app.store.read() as tx:
        (row,) = dump.rows(tx, "recording")
    app.vault.place(row["sha256"]).unlink()
    assert len(make_backup(app, tmp_path / "b").missing) == 1
    assert "1 recordings were missing" in verify_backup(tmp_path / "b").sentence


def test_there_is_no_backup_of_that_name(tmp_path: Path):
    with pytest.raises(NotFoundError, match=r"no backup none\.backup"):
        verify_backup(tmp_path / "none.backup")


@pytest.fixture
def commands() -> CliRunner:
    return CliRunner()


def test_the_commands_back_up_verify_and_restore(commands: CliRunner, tmp_path: Path):
    file, data, to = str(tmp_path / "b.backup"), str(tmp_path / "data"), str(tmp_path / "new")
    assert commands.invoke(command_line, ["backup", file, "--data", data]).exit_code == 0
    assert "is whole: made on" in commands.invoke(command_line, ["verify", file]).output
    assert "Restored into" in commands.invoke(command_line, ["restore", file, "--data", to]).output
