"""Taking recordings in: names, sessions, what is refused, and that a refused one leaves nothing behind."""

import math
import struct
import wave
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.audit import Act
from coding_app.domain.recording import Study
from coding_app.domain.session_details import MAX_LABEL, SessionDetails
from coding_app.errors import InputError, MediaError, StoreError
from coding_app.media.limits import probe_limited
from coding_app.media.probe import Probe
from coding_app.media.source import read_all
from coding_app.settings import read_settings
from coding_app.store import Store, audit, recordings, studies
from coding_app.workflows import add_recording as module
from coding_app.workflows.add_recording import MAX_NAME, add_file, add_recording, harmless_name
from coding_app.workflows.wiring import App, open_vault

STUDY = "study-1"


def a_tone(path: Path, seconds: float = 0.5, hz: float = 220.0) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(
            b"".join(
                struct.pack("<h", int(9000 * math.sin(2 * math.pi * hz * i / 8000)))
                for i in range(int(seconds * 8000))
            )
        )
    return path


@pytest.fixture
def app(tmp_path: Path, sqlite_store: Store) -> Iterator[App]:
    settings = read_settings({}, tmp_path / "data")
    with sqlite_store.write() as tx:
        studies.add_study(tx, Study(STUDY, "A study", "alliance-core"))
        studies.add_study(tx, Study("study-2", "Another study", "alliance-core"))
    return App(settings, sqlite_store, open_vault(settings, sqlite_store))


def vault_files(app: App) -> list[Path]:
    return [path for path in app.vault.folder.rglob("*") if path.is_file()]


def kept(app: App) -> tuple[int, int]:
    """How many recordings and sessions the study has."""
    with app.store.read() as tx:
        return len(recordings.list_recordings(tx, STUDY)), len(studies.list_sessions(tx, STUDY))


def test_a_file_becomes_a_recording_of_a_new_session_named_after_it(app, tmp_path):
    path = a_tone(tmp_path / "Case 7.wav")
    recording = add_file(app, STUDY, path)
    assert (recording.name, recording.duration_ms, recording.n_channels) == ("Case 7.wav", 500, 1)
    assert (recording.sample_rate_hz, recording.has_video, recording.media_type) == (8000, False, "audio/wav")
    assert read_all(app.vault.source(recording.sha256)) == path.read_bytes()
    with app.store.read() as tx:
        assert recordings.get_recording(tx, recording.id) == recording
        assert studies.get_session(tx, recording.session_id).label == "Case 7"


def test_recordings_with_the_same_label_belong_to_one_session(app, tmp_path):
    first = add_file(app, STUDY, a_tone(tmp_path / "a.wav"), label="C-01")
    second = add_file(app, STUDY, a_tone(tmp_path / "b.wav", hz=330), label=" c-01 ")
    assert first.session_id == second.session_id
    assert kept(app) == (2, 1)


def test_two_different_files_of_one_name_and_no_label_get_a_session_each(app, tmp_path):
    for number in (1, 2, 3):
        add_file(app, STUDY, a_tone(tmp_path / "session.wav", hz=100.0 * number))
    with app.store.read() as tx:
        labels = [each.label for each in studies.list_sessions(tx, STUDY)]
    assert labels == ["session", "session (2)", "session (3)"]


def test_the_same_file_twice_is_refused_and_the_first_one_stays(app, tmp_path):
    path = a_tone(tmp_path / "a.wav")
    recording = add_file(app, STUDY, path)
    with pytest.raises(InputError, match="already in this study"):
        add_file(app, STUDY, path, label="another session")
    assert kept(app) == (1, 1)
    assert read_all(app.vault.source(recording.sha256))


def test_the_same_file_in_two_studies_is_kept_once_and_a_refusal_in_one_does_not_take_it_from_the_other(
    app, tmp_path
):
    path = a_tone(tmp_path / "a.wav")
    recording = add_file(app, STUDY, path)
    with pytest.raises(InputError):
        add_file(app, "study-2", path, label=" ")
    assert read_all(app.vault.source(recording.sha256))
    assert add_file(app, "study-2", path).sha256 == recording.sha256
    assert len(vault_files(app)) == 1


def test_a_refused_upload_of_a_file_does_not_leave_another_upload_of_it_without_sound(
    app, tmp_path, monkeypatch
):
    stored = app.vault.add_file(a_tone(tmp_path / "a.wav"), 10**6)

    def probe_while_another_is_refused(path: Path) -> Probe:
        found = probe_limited(path)
        monkeypatch.setattr(module, "probe_limited", probe_limited)
        with pytest.raises(InputError):
            add_recording(app, "study-2", stored, "a.wav", label=" ")
        return found

    monkeypatch.setattr(module, "probe_limited", probe_while_another_is_refused)
    with pytest.raises(StoreError, match="add it again"):
        add_recording(app, STUDY, stored, "a.wav")
    assert (kept(app), vault_files(app)) == ((0, 0), [])
    again = add_file(app, STUDY, tmp_path / "a.wav")
    assert read_all(app.vault.source(again.sha256))


@pytest.mark.parametrize(
    "content", [b"", b"not audio at all", b"RIFF\x24\x00\x00\x00WAVEfmt ", b"\x00" * 5000, b"%PDF-1.7\n" * 99]
)
def test_what_is_not_a_recording_is_refused_and_leaves_nothing_behind(app, tmp_path, content):
    path = tmp_path / "bad.mp3"
    path.write_bytes(content)
    with pytest.raises(MediaError):
        add_file(app, STUDY, path)
    assert kept(app) == (0, 0)
    assert vault_files(app) == []


def test_a_recording_that_is_cut_short_is_refused_and_leaves_nothing_behind(app, tmp_path):
    path = a_tone(tmp_path / "a.wav", seconds=10)
    path.write_bytes(path.read_bytes()[:40_000])
    with pytest.raises(MediaError, match="cut short"):
        add_file(app, STUDY, path)
    assert (kept(app), vault_files(app)) == ((0, 0), [])


def test_a_recording_that_is_too_long_is_refused_in_a_sentence_and_leaves_nothing_behind(tmp_path, app):
    settings = read_settings({"CODING_APP_MAX_HOURS": "0.001"}, app.settings.data_dir)
    path = a_tone(tmp_path / "a.wav", seconds=5)
    with pytest.raises(MediaError, match=r"is 0:05 long, more than the 0\.001 hours allowed; cut it"):
        add_file(App(settings, app.store, app.vault), STUDY, path)
    assert (kept(app), vault_files(app)) == ((0, 0), [])


@pytest.mark.parametrize(("label", "told"), [("", "empty"), (" \t\n", "empty"), ("x" * 81, "81 characters")])
def test_a_label_that_cannot_be_shown_is_refused_and_leaves_nothing_behind(app, tmp_path, label, told):
    with pytest.raises(InputError, match=told):
        add_file(app, STUDY, a_tone(tmp_path / "a.wav"), label=label)
    assert (kept(app), vault_files(app)) == ((0, 0), [])


def the_sessions(app: App) -> list[tuple[str, SessionDetails]]:
    with app.store.read() as tx:
        return [
            (each.label, SessionDetails(each.case_code, each.number, each.held_on))
            for each in studies.list_sessions(tx, STUDY)
        ]


THIRD = SessionDetails("C-12", 3, date(2026, 2, 14))


def test_a_new_session_gets_the_case_the_number_and_the_day_that_are_given(app, tmp_path):
    add_file(app, STUDY, a_tone(tmp_path / "a.wav"), label="C-12-03", details=THIRD)
    add_file(app, STUDY, a_tone(tmp_path / "b.wav", hz=330), details=SessionDetails("C-13"))
    assert the_sessions(app) == [("b", SessionDetails("C-13")), ("C-12-03", THIRD)]


def test_the_audit_notes_that_a_session_was_described_without_repeating_it(app, tmp_path):
    details = SessionDetails("Uhuhu", 3, date(2026, 2, 14))
    recording = add_file(app, STUDY, a_tone(tmp_path / "a.wav"), label="Marderlabel", details=details)
    add_file(app, STUDY, a_tone(tmp_path / "b.wav", hz=330), label="Marderlabel", details=details)
    with app.store.read() as tx:
        entries = audit.newest(tx, frozenset({STUDY}))
    described = [each for each in entries if each.act is Act.PLANNED]
    assert [(each.subject, dict(each.details)) for each in described] == [
        (recording.session_id, {"what": "session"})
    ]
    assert not [word for word in ("Uhuhu", "Marderlabel", "2026-02-14") if word in repr(entries)]


@pytest.mark.parametrize("again", [THIRD, SessionDetails(), SessionDetails("c-12"), SessionDetails(number=3)])
def test_a_second_recording_of_a_session_may_say_the_same_again_or_nothing(app, tmp_path, again):
    add_file(app, STUDY, a_tone(tmp_path / "a.wav"), label="C-12-03", details=THIRD)
    add_file(app, STUDY, a_tone(tmp_path / "b.wav", hz=330), label="c-12-03", details=again)
    assert (kept(app), the_sessions(app)) == ((2, 1), [("C-12-03", THIRD)])


@pytest.mark.parametrize(
    ("known", "said", "told"),
    [
        (THIRD, SessionDetails("C-13", 3), "another case code, or with none"),
        (THIRD, SessionDetails(number=4), "another number"),
        (THIRD, SessionDetails(held_on=date(2026, 2, 15)), "another day"),
        (SessionDetails(), SessionDetails("C-12"), "or with none"),
    ],
)
def test_a_second_recording_that_says_something_else_is_refused_and_leaves_nothing_behind(
    app, tmp_path, known, said, told
):
    add_file(app, STUDY, a_tone(tmp_path / "a.wav"), label="C-12-03", details=known)
    before = (kept(app), vault_files(app), the_sessions(app))
    with pytest.raises(InputError, match=told):
        add_file(app, STUDY, a_tone(tmp_path / "b.wav", hz=330), label="C-12-03", details=said)
    assert (kept(app), vault_files(app), the_sessions(app)) == before


def test_a_number_that_the_case_has_already_is_refused_and_leaves_nothing_behind(app, tmp_path):
    add_file(app, STUDY, a_tone(tmp_path / "a.wav"), details=THIRD)
    before = (kept(app), vault_files(app))
    with pytest.raises(InputError, match="has the number 3; give another number"):
        add_file(app, STUDY, a_tone(tmp_path / "b.wav", hz=330), details=SessionDetails("C-12", 3))
    assert (kept(app), vault_files(app)) == before


def test_a_label_made_of_a_long_name_that_is_taken_is_no_longer_than_a_label_may_be(app, tmp_path):
    for hz in (220.0, 330.0):
        add_file(app, STUDY, a_tone(tmp_path / f"{'x' * 100}.wav", hz=hz))
    labels = [label for label, _ in the_sessions(app)]
    assert sorted(map(len, labels)) == [MAX_LABEL, MAX_LABEL]
    assert "x (2)" in labels[0] + labels[1]


def test_a_study_that_does_not_exist_is_refused_and_leaves_nothing_behind(app, tmp_path):
    with pytest.raises(InputError, match="study"):
        add_file(app, "nowhere", a_tone(tmp_path / "a.wav"))
    assert vault_files(app) == []


@pytest.mark.parametrize("name", ["", "..", "/", "a\x00b/", "\u202e"])
def test_a_file_without_a_usable_name_is_called_recording(app, tmp_path, name):
    stored = app.vault.add_file(a_tone(tmp_path / "a.wav"), 10**6)
    assert add_recording(app, STUDY, stored, name).name == "recording"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\Session 1.mp3", "Session 1.mp3"),
        ("\"quoted\" and 'quoted'.m4a", "\"quoted\" and 'quoted'.m4a"),
        ("Sitzung für Übung.wav", "Sitzung für Übung.wav"),
        ("治療セッション.webm", "治療セッション.webm"),
        ("جلسة ١.ogg", "جلسة ١.ogg"),
        ("invoice\u202e3pm.exe", "invoice3pm.exe"),
        ("line\nbreak\tand  spaces.wav", "linebreakand spaces.wav"),
        ("<script>alert(1)</script>.wav", "script>.wav"),
        (".hidden.wav", "hidden.wav"),
        ("con", "_con"),
        ("LPT1.wav", "_LPT1.wav"),
        ("concert.wav", "concert.wav"),
    ],
)
def test_a_name_is_made_harmless_and_stays_readable(name, shown):
    assert harmless_name(name) == shown


@given(st.text(max_size=400))
def test_a_harmless_name_has_no_folder_or_control_character_and_does_not_change_again(name):
    shown = harmless_name(name)
    assert 0 < len(shown) <= MAX_NAME
    assert shown.isprintable() or all(not c.isspace() or c == " " for c in shown)
    assert "/" not in shown
    assert "\\" not in shown
    assert "\x00" not in shown
    assert harmless_name(shown) == shown


def test_a_long_name_keeps_its_end():
    assert harmless_name("x" * 500 + ".m4a").endswith("x.m4a")
