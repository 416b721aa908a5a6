"""Making a recording ready after it was added: waveform, measures, a copy for playing, nothing left of what failed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coding_app.domain.recording import Recording
from coding_app.domain.sound import sound_from_json
from coding_app.errors import MediaError, NotFoundError
from coding_app.media.probe import probe
from coding_app.media.source import copied, read_all, written
from coding_app.media.vault import SEALED
from coding_app.settings import read_settings
from coding_app.store import recording_checks, recordings
from coding_app.workflows import add_recording, erase_recording, prepare_recording, study
from coding_app.workflows.prepare_recording import COPY, PEAKS, prepare, to_play
from coding_app.workflows.wiring import App, open_app, open_server_app
from tests.jobs.test_engine import wait_until
from tests.media.recordings import SECONDS, a_recording


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """Without a job engine, as a command has it."""
    with open_app(read_settings({}, tmp_path / "data")) as opened:
        yield opened


def added(app: App, path: Path, title: str = "A study") -> Recording:
    known = study.studies.list_studies
    with app.store.read() as tx:
        found = next((each for each in known(tx) if each.title == title), None)
    opened = found or study.create_study(app, title, "alliance-core")
    return add_recording.add_file(app, opened.id, path)


def check_of(app: App, recording: Recording) -> dict | None:
    with app.store.read() as tx:
        return recording_checks.get_check(tx, recording.id)


def derived(app: App, recording: Recording) -> list[str]:
    return sorted(each.name for each in app.vault.derived(recording.sha256, PEAKS).path.parent.iterdir())


def test_a_recording_that_browsers_play_gets_waveform_and_measures_and_is_played_itself(app, tmp_path):
    recording = added(app, a_recording(tmp_path / "a.wav"))
    prepare(app, recording.id)
    check = check_of(app, recording)
    assert (check["playable"], check["holds"], check["failed"]) == (True, None, None)
    assert sound_from_json(check["sound"]).channel_kind == "mono"
    assert derived(app, recording) == [PEAKS + SEALED]
    assert len(read_all(app.vault.derived(recording.sha256, PEAKS))) == SECONDS * 50
    assert to_play(app, recording).source == app.vault.source(recording.sha256)
    assert list(app.settings.work_dir.iterdir()) == []


@pytest.mark.parametrize(
    ("video", "holds", "media_type"), [(False, "sound", "audio/webm"), (True, "video", "video/webm")]
)
def test_one_that_browsers_do_not_play_is_played_from_a_copy_and_stays_as_it_was(
    app, tmp_path, video, holds, media_type
):
    path = a_recording(tmp_path / "a.avi", video=video)
    recording = added(app, path)
    prepare(app, recording.id)
    playing = to_play(app, recording)
    assert (check_of(app, recording)["holds"], playing.media_type) == (holds, media_type)
    assert probe(playing.source).playable
    assert derived(app, recording) == [PEAKS + SEALED, COPY + SEALED]
    assert read_all(app.vault.source(recording.sha256)) == path.read_bytes()


def test_until_the_copy_is_there_a_browser_gets_a_sentence_instead_of_what_it_cannot_play(app, tmp_path):
    recording = added(app, a_recording(tmp_path / "a.avi"))
    with app.store.write() as tx:
        prepare_recording.note_playable(tx, recording.id, False)
    with pytest.raises(NotFoundError, match="is being made"):
        to_play(app, recording)


def test_a_file_that_cannot_be_decoded_keeps_the_sentence_that_says_why_and_can_be_tried_again(app, tmp_path):
    path = a_recording(tmp_path / "a.avi")
    recording = added(app, path)
    with app.store.write() as tx:
        prepare_recording.note_playable(tx, recording.id, False)
    with written(app.vault.source(recording.sha256)) as out:
        out.write(b"text" * 999)
    prepare(app, recording.id)
    assert "is not a recording that can be read" in check_of(app, recording)["failed"]
    with pytest.raises(MediaError, match="is not a recording"):
        to_play(app, recording)
    copied(path, app.vault.source(recording.sha256))
    prepare_recording.again(app, recording.id)
    prepare(app, recording.id)
    assert check_of(app, recording)["failed"] is None
    assert check_of(app, recording)["sound"]


def test_a_file_that_is_missing_is_told_and_nothing_else_happens(app, tmp_path):
    recording = added(app, a_recording(tmp_path / "a.wav"))
    app.vault.place(recording.sha256).unlink()
    prepare(app, recording.id)
    assert "missing from the data folder" in check_of(app, recording)["failed"]


def test_the_copy_of_a_file_that_is_in_two_studies_is_made_once(app, tmp_path):
    path = a_recording(tmp_path / "a.avi", video=True)
    one, two = added(app, path), added(app, path, "Another study")
    prepare(app, one.id)
    made = app.vault.derived(one.sha256, COPY).path.stat().st_mtime_ns
    prepare(app, two.id)
    assert app.vault.derived(one.sha256, COPY).path.stat().st_mtime_ns == made
    assert check_of(app, one) == check_of(app, two)


def test_a_recording_erased_before_its_turn_is_passed_over(app, tmp_path):
    recording = added(app, a_recording(tmp_path / "a.wav"))
    erase_recording.erase_recording(app, recording.id)
    prepare(app, recording.id)
    assert [each for each in app.vault.folder.rglob("*") if each.is_file()] == []


def test_a_recording_erased_while_it_is_made_ready_leaves_nothing(app, tmp_path, monkeypatch):
    recording = added(app, a_recording(tmp_path / "a.wav"))
    measure = prepare_recording.measure_limited

    def erased_meanwhile(*given, **named):
        found = measure(*given, **named)
        erase_recording.erase_recording(app, recording.id)
        given[1].path.parent.mkdir(parents=True)
        with written(given[1]) as out:
            out.write(b"written a moment later")
        return found

    monkeypatch.setattr(prepare_recording, "measure_limited", erased_meanwhile)
    prepare(app, recording.id)
    assert [each for each in app.vault.folder.rglob("*") if each.is_file()] == []


def test_a_server_makes_ready_what_is_added_and_what_was_added_while_it_was_away(tmp_path):
    settings = read_settings({}, tmp_path / "data")
    with open_app(settings) as command:
        earlier = added(command, a_recording(tmp_path / "a.avi"))
        assert check_of(command, earlier) is None
    with open_server_app(settings) as server:
        now = added(server, a_recording(tmp_path / "b.m4a"))
        for each in (earlier, now):
            wait_until(lambda each=each: (check_of(server, each) or {}).get("sound"))
        assert to_play(server, earlier).media_type == "audio/webm"
        lost = added(server, a_recording(tmp_path / "c.mp3"))
        wait_until(lambda: (check_of(server, lost) or {}).get("sound"))
    with open_app(settings) as command, command.store.read() as tx:
        assert len(list(recording_checks.all_checks(tx))) == 3
        assert len({each.id for each in (earlier, now, lost)}) == 3
        assert recordings.get_recording(tx, earlier.id) == earlier
