"""The pages Plan and My work, and what a study with a plan hides on the others."""

from pathlib import Path

import pytest

from coding_app.domain.name_hint import LABEL_HINT
from coding_app.settings import read_settings
from coding_app.store import open_store, plans
from coding_app.ui.parts.plan_sessions import MARKED
from coding_app.workflows import code_session, plan_study
from coding_app.workflows.wiring import App, open_vault
from tests.ui.pages import button, open_page, text_of
from tests.workflows.test_plan_study import Planned, given_a_study


@pytest.fixture
def planned(tmp_path: Path):  # type: ignore[no-untyped-def]
    settings = read_settings({}, tmp_path / "data")
    store = open_store(settings.database_url)
    yield given_a_study(App(settings, store, open_vault(settings, store)), 25)
    store.close()


def test_a_lead_saves_a_plan_sees_what_it_gives_and_assigns(planned: Planned) -> None:
    at = open_page(planned.app, "plan")
    assert not at.exception
    assert "everybody codes what they choose" in text_of(at)
    assert "For 25 sessions nobody has noted" in at.warning[0].value
    at.number_input(key="plan-least").set_value(5)
    button(at, "Save the plan").click()
    at.run()
    assert "30 new assignments · afterwards 5 of 25 sessions coded by two or more" in text_of(at)
    with planned.app.store.read() as tx:
        kept = plans.get_plan(tx, planned.study_id)
    assert kept is not None
    assert (kept.n_coders, kept.double_share, kept.double_at_least, kept.days) == (1, 0.2, 5, None)
    assert planned.assignments() == ()
    button(at, "Assign").click()
    at.run()
    assert len(planned.assignments()) == 30
    assert "30 assignments · 0 submitted · 0 overdue" in text_of(at)
    assert button(at, "All is assigned").disabled


def test_a_label_that_looks_like_a_name_is_marked_until_it_is_changed(planned: Planned) -> None:
    at, key = open_page(planned.app, "plan"), f"label-{planned.sessions[0]}"
    assert MARKED not in text_of(at)
    for label, hinted in (("Anna Müller", True), ("A07-S01", False)):
        at.text_input(key=key).set_value(label)
        next(each for each in at.button if each.form_id == f"session-{planned.sessions[0]}").click()
        at.run()
        assert not at.exception
        assert label in text_of(at).replace("\\", "")
        assert [hint in text_of(at) for hint in (MARKED, LABEL_HINT)] == [hinted, hinted]


def test_a_session_is_given_to_another_observer_on_the_page(planned: Planned) -> None:
    planned.plan()
    planned.assign()
    one = planned.assignments(planned.coders[0])[0]
    at = open_page(planned.app, "plan")
    at.selectbox(key=f"to-{one.id}").set_value(planned.coders[1])
    button_key = f"do-{one.id}"
    at.button(key=button_key).click()
    at.run()
    assert "reason is empty" in text_of(at)
    at.text_input(key=f"why-{one.id}").set_value("on leave")
    at.button(key=button_key).click()
    at.run()
    assert planned.assignments(planned.coders[1])[-1].session_id == one.session_id


def test_my_work_shows_my_queue_and_nothing_of_the_others(planned: Planned) -> None:
    planned.plan(double_at_least=25)
    planned.assign()
    planned.submit(planned.assignments(planned.coders[1])[0])
    queue = planned.assignments(planned.coders[0])
    code_session.open_pass(planned.app, planned.recording_of(queue[3]), planned.coders[0])
    for page in ("work", "study", "code", "recordings"):
        at = open_page(planned.app, page, "Ann")
        assert not at.exception
        assert not [name for name in ("Bo", "Cy", "double", "two or more") if name in text_of(at)], page
    at = open_page(planned.app, "work", "Ann")
    assert button(at, "Go on where I stopped")
    labels = [each.value for each in at.markdown if each.value.startswith("**S")]
    mine = {planned.sessions.index(each.session_id) + 1 for each in queue}
    assert {int(each[3:].partition("*")[0]) for each in labels} <= mine


def test_my_work_says_so_when_there_is_no_plan_and_when_nothing_is_assigned(planned: Planned) -> None:
    assert "nobody is given sessions" in text_of(open_page(planned.app, "work", "Ann"))
    planned.plan()
    assert "Nothing is assigned to you yet" in text_of(open_page(planned.app, "work", "Ann"))


def test_what_is_taken_back_is_not_in_my_work_any_more(planned: Planned) -> None:
    planned.plan()
    planned.assign()
    for each in planned.assignments(planned.coders[0]):
        plan_study.end_assignment(planned.app, planned.study_id, each.id, "on leave")
    assert "Nothing is assigned to you yet" in text_of(open_page(planned.app, "work", "Ann"))
