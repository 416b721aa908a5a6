"""Recordings that arrive in the same moment: one session per label, one session per number of a case."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from coding_app.domain.session_details import SessionDetails
from coding_app.errors import InputError
from coding_app.store import recordings, studies
from coding_app.workflows.add_recording import add_recording
from coding_app.workflows.wiring import App
from tests.builders import a_study
from tests.media.hostile import pcm, wav

N = 4
THIRD = SessionDetails("C-12", 3)


def at_once(app: App, folder: Path, study_id: str, label_of: Callable[[int], str]) -> list[str]:
    """Adds N recordings in N threads; the sentences of those that were refused."""
    kept = [app.vault.add_file(wav(folder / f"{n}.wav", pcm(1 + n / 10)), 10**6) for n in range(N)]
    begin = Barrier(N)

    def add(number: int) -> str | None:
        begin.wait()
        try:
            add_recording(app, study_id, kept[number], "a.wav", label_of(number), THIRD)
        except InputError as error:
            return str(error)
        return None

    with ThreadPoolExecutor(N) as threads:
        return [told for told in threads.map(add, range(N)) if told]


def given_a_study(app: App) -> str:
    study = a_study()
    with app.store.write() as tx:
        studies.add_study(tx, study)
    return study.id


def there_are(app: App, study_id: str) -> tuple[int, int]:
    """How many sessions and recordings the study has."""
    with app.store.read() as tx:
        return len(studies.list_sessions(tx, study_id)), len(recordings.list_recordings(tx, study_id))


def test_recordings_of_one_new_session_that_arrive_at_once_are_all_added_to_it(
    app: App, tmp_path: Path
) -> None:
    study_id = given_a_study(app)
    assert at_once(app, tmp_path, study_id, lambda _: "C-12-03") == []
    assert there_are(app, study_id) == (1, N)


def test_of_sessions_that_arrive_at_once_with_one_number_of_a_case_one_is_added(
    app: App, tmp_path: Path
) -> None:
    study_id = given_a_study(app)
    told = at_once(app, tmp_path, study_id, "S{}".format)
    assert [sentence[:31] for sentence in told] == ["Another session of this case ha"] * (N - 1)
    assert there_are(app, study_id) == (1, 1)
