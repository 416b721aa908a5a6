"""The Names page: what is chosen when Replace is pressed is what is done."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coding_app.settings import read_settings
from coding_app.store import pseudonyms, recordings, studies, transcripts
from coding_app.workflows import overview
from coding_app.workflows.wiring import App, open_app
from tests.builders import a_coder, a_recording, a_session, a_study, a_transcript
from tests.domain.test_names import said
from tests.ui.pages import button, open_page

CODER = "Ruth"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A study with one recording, in which Anna is named three times; Clara stands for somebody in its case."""
    with open_app(read_settings({}, tmp_path / "data")) as opened:
        study = a_study()
        session = a_session(study.id)
        recording = a_recording(session.id)
        with opened.store.write() as tx:
            studies.add_study(tx, study)
            studies.add_session(tx, session)
            studies.add_coder(tx, a_coder(study.id, name=CODER))
            recordings.add_recording(tx, recording)
            words = said("then Anna came", "and Anna left", "so anna said")
            transcripts.add_transcript(tx, a_transcript(recording.id, segments=words))
            pseudonyms.put_pseudonym(tx, *pseudonyms.case_of(tx, recording.id), "Annie", "Clara")
        yield opened


def texts(app: App) -> list[str]:
    with app.store.read() as tx:
        found = recordings.list_recordings(tx, overview.studies(app)[0].id)
        transcript = transcripts.current_transcript(tx, found[0].id)
    assert transcript is not None
    return [each.text for each in transcript.segments]


def test_what_is_chosen_a_moment_before_replace_is_pressed_counts(app: App) -> None:
    at = open_page(app, "names", CODER)
    at = button(at, "Review").click().run()
    boxes = [each for each in at.checkbox if each.label == "Replace here"]
    assert [each.value for each in boxes] == [True, True, False]
    boxes[1].uncheck()
    boxes[2].check()
    next(each for each in at.selectbox if each.label == "What stands for it").select("Clara")
    at = button(at, "Replace in 2 places").click().run()  # and the page was not drawn in between
    assert not at.exception
    assert texts(app) == ["then Clara came", "and Anna left", "so Clara said"]
