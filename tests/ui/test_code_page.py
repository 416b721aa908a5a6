"""The Code page: what it hands from the address to the workbench."""

from pathlib import Path

from coding_app.settings import read_settings
from coding_app.store import recordings, studies, transcripts
from coding_app.workflows import overview, study
from coding_app.workflows.wiring import App, open_app
from tests.builders import a_recording, a_session, a_transcript
from tests.ui.pages import open_page


def given_a_recording_to_code(app: App) -> str:
    made = study.create_study(app, "Alliance study", "alliance-core")
    study.add_coder(app, made.id, "Observer A")
    with app.store.write() as tx:
        session = a_session(made.id, label="Case 7")
        studies.add_session(tx, session)
        recording = a_recording(session.id)
        recordings.add_recording(tx, recording)
        transcripts.add_transcript(tx, a_transcript(recording.id))
    return recording.id


def test_the_moment_and_the_wish_to_compare_reach_the_workbench(tmp_path: Path) -> None:
    with open_app(read_settings({}, tmp_path / "data")) as app:
        recording_id = given_a_recording_to_code(app)
        asked = {"recording": recording_id, "at": "8500", "compare": "1", "masked": "1", "other": "x"}
        at = open_page(app, "code", "Observer A", **asked)
        assert not at.exception
        given = {
            name: value[0] if isinstance(value, list) else value for name, value in at.query_params.items()
        }
        coding_pass = given.pop("pass")
        assert given == {"at": "8500", "compare": "1", "masked": "1"}
        coder = overview.coders(app, overview.studies(app)[0].id)[0]
        assert overview.own_pass(app, coding_pass, coder.id).recording_id == recording_id
