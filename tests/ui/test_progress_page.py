"""The Progress page, and what a coding that was opened again looks like on the pages."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from coding_app.domain.coding import CodingPass
from coding_app.settings import read_settings
from coding_app.store import passes, plans, recordings, studies
from coding_app.workflows import code_session
from coding_app.workflows.reopen_pass import reopen, reopenings_of_pass
from coding_app.workflows.wiring import App, open_app
from tests.builders import a_coder
from tests.ui.pages import button, open_page, text_of
from tests.workflows.coding import given_a_recording, given_a_submitted_pass
from tests.workflows.double_coded import given_a_study

WHY = "Coded with *an old* codebook"


@pytest.fixture
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with open_app(read_settings({}, tmp_path_factory.mktemp("progress"))) as opened:
        yield opened


def at_tab(app: App, coder: str | None, tab: str | None = None, page: str = "progress") -> AppTest:
    at = open_page(app, page, coder)
    if tab:
        at.session_state[f"{page}-tab"] = tab
        at = at.run()
    assert not at.exception
    assert not at.error
    return at


def cells(at: AppTest) -> str:
    return "\n".join(each.value.to_string() for each in at.dataframe)


def test_a_study_in_which_nothing_was_done_says_so_on_every_tab(app: App) -> None:
    given_a_recording(app)
    assert "Nothing is assigned in this study" in text_of(at_tab(app, "Observer A"))
    assert "Nothing is open" in text_of(at_tab(app, "Observer A", "Observers"))
    assert "The study has no plan" in text_of(at_tab(app, "Observer A", "Double coding"))
    for tab in ("Drift", "Submitted codings"):
        assert "Nobody has submitted a coding yet" in text_of(at_tab(app, "Observer A", tab))
    assert "No session has a reference coding yet" in text_of(at_tab(app, "Observer A", "Reference sessions"))


def test_a_lead_opens_a_coding_again_and_its_observer_reads_why(app: App) -> None:
    coding_pass = given_a_submitted_pass(app)
    at = at_tab(app, "Observer A", "Submitted codings")
    at.text_area(key=f"reason-{coding_pass.id}").set_value(WHY)
    button(at, "Open again").click().run()
    assert not at.error
    assert reopenings_of_pass(app, coding_pass.id)[0].reason == WHY
    assert "opened again" in text_of(at_tab(app, "Observer A", page="study"))
    assert "opened again" in text_of(at_tab(app, "Observer A", page="code"))
    opened = text_of(open_page(app, "code", "Observer A", **{"pass": coding_pass.id}))
    assert r"Coded with \*an old\* codebook" in opened


def test_a_lead_without_a_reason_is_asked_for_one(app: App) -> None:
    coding_pass = given_a_submitted_pass(app)
    at = at_tab(app, "Observer A", "Submitted codings")
    button(at, "Open again").click().run()
    assert "The reason is empty" in at.error[0].value
    assert not reopenings_of_pass(app, coding_pass.id)


def again(app: App, study_id: str, name: str) -> CodingPass:
    """A coding of this observer's, opened again and submitted once more as it was."""
    with app.store.read() as tx:
        (who,) = [each for each in studies.list_coders(tx, study_id) if each.name == name]
        found = passes.list_passes(tx, study_id=study_id, coder_id=who.id)[0]
    reopen(app, found.id, WHY)
    with app.store.write() as tx:
        assert found.submitted_at is not None
        passes.mark_submitted(tx, found.id, found.submitted_at + timedelta(hours=1))
    return found


def test_agreement_says_how_many_codings_are_not_blind_and_leaves_them_out_when_asked(app: App) -> None:
    study_id = given_a_study(app, n_sessions=2)
    assert "not blind" not in text_of(at_tab(app, "Ruth", page="agreement"))
    again(app, study_id, "Anna")
    at = at_tab(app, "Ruth", page="agreement")
    words = "1 of 6 codings was opened again"
    assert words in text_of(at)
    assert "submitted, not blind" in text_of(at_tab(app, "Ruth", page="study"))
    at = at_tab(app, "Ruth", page="agreement")
    next(each for each in at.toggle if "not blind" in each.label).set_value(True).run()
    assert words not in text_of(at)
    assert "1 submitted passes were opened again" in text_of(at)


def test_a_coding_that_was_changed_after_it_was_opened_again_is_shown_as_it_is_now(app: App) -> None:
    one = given_a_submitted_pass(app)
    given_a_submitted_pass(app, one, "Ben")
    at_tab(app, "Ben", page="agreement")
    reopen(app, one.id, WHY)
    assert "submitted by two of these observers" in text_of(at_tab(app, "Ben", page="agreement"))
    code_session.submit(app, one.id)
    assert "1 of 2 codings was opened again" in text_of(at_tab(app, "Ben", page="agreement"))


def test_drift_states_its_rules_and_draws_the_course(app: App) -> None:
    given_a_study(app, n_sessions=3)
    at = at_tab(app, "Ruth", "Drift")
    assert "below 0.667" in text_of(at)
    assert len(at.get("vega_lite_chart")) == 1


def test_a_reference_is_made_and_mixed_into_a_queue(app: App) -> None:
    coding_pass = given_a_submitted_pass(app)
    with app.store.write() as tx:
        study_id = recordings.study_of(tx, coding_pass.recording_id)
        new = a_coder(study_id, name="Zoe")
        studies.add_coder(tx, new)
    at = at_tab(app, "Observer A", "Submitted codings")
    button(at, "Use as reference").click().run()
    assert not at.error
    at = at_tab(app, "Observer A", "Reference sessions")
    assert "Coded by Observer A" in text_of(at)
    at.multiselect[0].set_value([new.id])
    button(at, "Mix in").click().run()
    assert not at.error
    assert "In the queue of Zoe" in text_of(at)
    with app.store.read() as tx:
        assert len(plans.list_assignments(tx, study_id, coder_id=new.id)) == 1
    at = at_tab(app, "Observer A")
    assert "Zoe" in cells(at)
    assert "not begun" in cells(at)
