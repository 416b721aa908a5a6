"""`coding-app add`: several files of which one is no recording, what is said of the session, and hints at names."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from coding_app import cli
from coding_app.domain.name_hint import FILE_HINT, LABEL_HINT
from coding_app.domain.session_details import SessionDetails
from coding_app.settings import read_settings
from coding_app.store import recordings, studies
from coding_app.workflows.wiring import open_app
from tests.builders import a_study
from tests.media import hostile

Run = Callable[..., tuple[int, str, list[str]]]
OTHERS = "coding-app: 1 of 3 files were not added, or not queued; the others were."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with the study Alliance."""
    folder = tmp_path / "data"
    with open_app(read_settings({}, folder)) as opened, opened.store.write() as tx:
        studies.add_study(tx, a_study(title="Alliance"))
    return folder


@pytest.fixture
def add(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command as it is typed; its exit status, output, and lines on standard error."""

    def run(*typed: str | Path) -> tuple[int, str, list[str]]:
        arguments = ["coding-app", "add", *map(str, typed), "--study", "Alliance", "--data", str(data)]
        monkeypatch.setattr(sys, "argv", arguments)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err.splitlines()

    return run


def sounds(folder: Path, *names: str) -> list[Path]:
    """Recordings of 1, 2, 3 ... seconds."""
    return [hostile.wav(folder / name, hostile.pcm(n)) for n, name in enumerate(names, start=1)]


def kept(data: Path) -> dict[str, tuple[SessionDetails, list[int]]]:
    """Label -> what is known of the session, and how long its recordings are, in ms."""
    with open_app(read_settings({}, data)) as opened, opened.store.read() as tx:
        (study,) = studies.list_studies(tx)
        held = recordings.list_recordings(tx, study.id)
        return {
            each.label: (
                SessionDetails(each.case_code, each.number, each.held_on),
                sorted(one.duration_ms for one in held if one.session_id == each.id),
            )
            for each in studies.list_sessions(tx, study.id)
        }


def test_a_file_that_cannot_be_added_is_told_by_its_place_and_the_others_are_added(
    tmp_path: Path, data: Path, add: Run
) -> None:
    files = sounds(tmp_path, "Koch 1.wav", "Koch 2.mp4", "Koch 3.wav")
    hostile.silent_video(files[1])
    status, out, told = add(*files)
    assert status == 2
    assert told == [
        "coding-app: File 2 of 3: This file has no sound track; add the recording that holds the sound.",
        OTHERS,
    ]
    assert len(out.splitlines()) == 2
    assert sorted(ms for _, held in kept(data).values() for ms in held) == [1000, 3000]


def test_case_number_and_day_are_kept_with_the_session_of_all_the_files(
    tmp_path: Path, data: Path, add: Run
) -> None:
    files = sounds(tmp_path, "a.wav", "b.wav")
    said = ("--case", "C-12", "--number", "3", "--date", "2026-02-14")
    assert add(*files, "--label", "C-12-03", *said)[::2] == (0, [])
    assert kept(data) == {"C-12-03": (SessionDetails("C-12", 3, date(2026, 2, 14)), [1000, 2000])}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("--number", "0"), "number is below 1"),
        (("--number", "three"), "must be a whole number"),
        (("--date", "14.02.2026"), "as year-month-day"),
        (("--date", "2026-02-30"), "a day of the calendar"),
        (("--case", "x" * 100_000), "case code has 100000 characters"),
    ],
)
def test_what_cannot_be_said_of_a_session_is_one_sentence_and_nothing_is_added(
    tmp_path: Path, data: Path, add: Run, said: tuple[str, str], told: str
) -> None:
    status, out, lines = add(*sounds(tmp_path, "a.wav", "b.wav"), *said)
    assert (status, out, len(lines)) == (2, "", 1)
    assert told in lines[0]
    assert len(lines[0]) < 200
    assert kept(data) == {}


def test_files_that_become_sessions_of_their_own_cannot_share_a_number_of_the_case(
    tmp_path: Path, data: Path, add: Run
) -> None:
    status, _, told = add(*sounds(tmp_path, "a.wav", "b.wav"), "--case", "C-12", "--number", "3")
    assert status == 2
    assert "File 2 of 2: Another session of this case has the number 3" in told[0]
    assert kept(data) == {"a": (SessionDetails("C-12", 3), [1000])}


def test_another_case_for_a_session_that_is_there_is_refused_and_changes_nothing(
    tmp_path: Path, data: Path, add: Run
) -> None:
    first, second = sounds(tmp_path, "a.wav", "b.wav")
    assert add(first, "--label", "S3", "--case", "C-12")[0] == 0
    before = kept(data)
    status, _, told = add(second, "--label", "S3", "--case", "C-13")
    assert (status, len(told)) == (2, 1)
    assert "with another case code" in told[0]
    assert kept(data) == before


def test_what_looks_like_a_name_is_added_and_told_without_being_repeated(
    tmp_path: Path, data: Path, add: Run
) -> None:
    files = sounds(tmp_path, "Anna Koch.wav", "session_2.wav", "koch_anna.wav")
    status, _, told = add(*files, "--label", "Anna Koch", "--case", "C-12")
    assert status == 0
    assert told == [
        f"coding-app: {LABEL_HINT}",
        f"coding-app: File 1 of 3: {FILE_HINT}",
        f"coding-app: File 3 of 3: {FILE_HINT}",
    ]
    assert kept(data)["Anna Koch"][1] == [1000, 2000, 3000]
