"""`coding-app add` with several files, of which one is no recording."""

import sys
from pathlib import Path

import pytest

from coding_app import cli
from coding_app.settings import read_settings
from coding_app.store import recordings, studies
from coding_app.workflows.wiring import open_app
from tests.builders import a_study
from tests.media import hostile


def test_a_file_that_cannot_be_added_is_told_by_its_place_and_the_others_are_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / name for name in ("Anna Koch 1.wav", "Anna Koch 2.mp4", "Anna Koch 3.wav")]
    hostile.wav(files[0], hostile.pcm(1))
    hostile.silent_video(files[1])
    hostile.wav(files[2], hostile.pcm(2))
    data = tmp_path / "data"
    with open_app(read_settings({}, data)) as opened, opened.store.write() as tx:
        study = a_study(title="Alliance")
        studies.add_study(tx, study)
    arguments = ["coding-app", "add", *map(str, files), "--study", "Alliance", "--data", str(data)]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capsys.readouterr()
    assert ended.value.code == 2
    assert err.splitlines() == [
        "coding-app: File 2 of 3: This file has no sound track; add the recording that holds the sound.",
        "coding-app: 1 of 3 files were not added, or not queued; the others were.",
    ]
    assert len(out.splitlines()) == 2
    with open_app(read_settings({}, data)) as opened, opened.store.read() as tx:
        durations = sorted(each.duration_ms for each in recordings.list_recordings(tx, study.id))
    assert durations == [1000, 2000]
