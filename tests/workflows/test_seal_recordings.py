"""Recordings that an earlier version kept plain: readable as they are, sealed by the server, safe at every moment."""

import hashlib
from pathlib import Path

import pytest

from coding_app.domain.recording import Recording
from coding_app.errors import StoreError
from coding_app.media.source import read_all
from coding_app.settings import Settings, read_settings
from coding_app.store import recording_keys, recordings
from coding_app.workflows import study
from coding_app.workflows.erase_recording import erase_recording
from coding_app.workflows.listen import Span, moment
from coding_app.workflows.prepare_recording import PEAKS
from coding_app.workflows.seal_recordings import seal
from coding_app.workflows.wiring import App, open_app, open_server_app
from tests.builders import a_recording as a_recording_row
from tests.builders import a_session
from tests.jobs.test_engine import wait_until
from tests.media.recordings import a_recording

PEAK_BYTES = bytes(range(100)) * 6


def an_old_folder(app: App, tmp_path: Path) -> tuple[Recording, bytes]:
    """What version 0.1 left: the file under its checksum, its peaks beside it, no key."""
    content = a_recording(tmp_path / "a.wav").read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    place = app.vault.plain_place(sha256)
    place.parent.mkdir(parents=True)
    place.write_bytes(content)
    peaks = app.vault.folder / "derived" / sha256[:2] / sha256 / PEAKS
    peaks.parent.mkdir(parents=True)
    peaks.write_bytes(PEAK_BYTES)
    made = study.create_study(app, "Old study", "alliance-core")
    with app.store.write() as tx:
        session = a_session(made.id)
        recordings.studies.add_session(tx, session)
        recording = a_recording_row(session.id, sha256=sha256, duration_ms=12_000)
        recordings.add_recording(tx, recording)
    return recording, content


def plain_files(app: App) -> list[Path]:
    return [path for path in app.vault.folder.rglob("*") if path.is_file() and path.suffix != ".sealed"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({}, tmp_path / "data")


def test_a_plain_recording_is_heard_before_and_after_it_is_sealed(settings: Settings, tmp_path: Path) -> None:
    with open_app(settings) as app:
        recording, content = an_old_folder(app, tmp_path)
        heard = moment(app, recording.id, Span(1000, 2000))
        assert app.vault.plain_recordings() == [recording.sha256]
        seal(app, recording.sha256)
        assert (app.vault.plain_recordings(), plain_files(app)) == ([], [])
        assert read_all(app.vault.source(recording.sha256)) == content
        found = app.vault.find_derived(recording.sha256, PEAKS)
        assert found
        assert read_all(found) == PEAK_BYTES
        assert moment(app, recording.id, Span(1000, 2000)) == heard
        seal(app, recording.sha256)  # again is no harm


def test_a_server_seals_what_it_finds(settings: Settings, tmp_path: Path) -> None:
    with open_app(settings) as app:
        recording, content = an_old_folder(app, tmp_path)
    with open_server_app(settings) as server:
        wait_until(lambda: plain_files(server) == [], 60)
        assert read_all(server.vault.source(recording.sha256)) == content


@pytest.mark.parametrize("n_done", [0, 1])
def test_sealing_that_was_broken_off_goes_on_and_nothing_is_lost(
    settings: Settings, tmp_path: Path, n_done: int
) -> None:
    with open_app(settings) as app:
        recording, content = an_old_folder(app, tmp_path)
        going = app.vault.seal(recording.sha256)
        for _ in range(n_done):
            app.vault.settle(*next(going))
        next(going)
        going.close()  # type: ignore[attr-defined]
    with open_app(settings) as app:
        assert read_all(app.vault.source(recording.sha256)) == content
        seal(app, recording.sha256)
        assert plain_files(app) == []
        assert read_all(app.vault.source(recording.sha256)) == content


def test_one_that_is_erased_while_it_is_sealed_stays_erased(settings: Settings, tmp_path: Path) -> None:
    with open_app(settings) as app:
        recording, _ = an_old_folder(app, tmp_path)
        settle = app.vault.seal

        def erased_meanwhile(sha256: str):  # type: ignore[no-untyped-def]
            for each in settle(sha256):
                erase_recording(app, recording.id)
                yield each
                return

        object.__setattr__(app.vault, "seal", erased_meanwhile)
        seal(app, recording.sha256)
        assert [path for path in app.vault.folder.rglob("*") if path.is_file()] == []
        with app.store.read() as tx:
            assert recording_keys.all_wrapped(tx) == {}


def test_a_disk_that_gives_back_other_bytes_keeps_the_plain_file(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from coding_app.media import vault

    with open_app(settings) as app:
        recording, content = an_old_folder(app, tmp_path)
        monkeypatch.setattr(
            vault, "copied", lambda _source, target: target.path.write_bytes(b"something else")
        )
        with pytest.raises(StoreError):
            seal(app, recording.sha256)
        assert app.vault.plain_place(recording.sha256).read_bytes() == content
