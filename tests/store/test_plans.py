"""Plans, assignments, consent and cases, kept and found again, on both engines."""

from datetime import date, timedelta
from typing import Any

import pytest

from coding_app.domain.consent import Consent, Use
from coding_app.domain.people import Coder
from coding_app.domain.plan import Assignment, AssignmentKind, StudyPlan
from coding_app.domain.recording import Study, TherapySession
from coding_app.errors import InputError, NotFoundError
from coding_app.store import Store, consents, plans, studies
from tests.builders import NOON


@pytest.fixture
def planned(store: Store) -> Store:
    """A study with two observers and two sessions."""
    with store.write() as tx:
        studies.add_study(tx, Study("st", "Study", "alliance-core"))
        for key in ("a", "b"):
            studies.add_coder(tx, Coder(key, "st", f"Observer {key}"))
            studies.add_session(tx, TherapySession(f"s-{key}", "st", f"Session {key}"))
    return store


def an_assignment(**changed: Any) -> Assignment:
    """Of session s-a to observer a."""
    given = {"id": "as", "session_id": "s-a", "coder_id": "a", "kind": AssignmentKind.DOUBLE, "position": 1}
    return Assignment(**{**given, "made_at": NOON, **changed})


def test_a_plan_is_found_as_it_was_put_and_replaced_by_the_next(planned: Store) -> None:
    first = StudyPlan("st", seed=7, n_coders=1, double_share=0.3, days=14, masks_names=True)
    second = StudyPlan("st", seed=8, keeps_judgements=False)
    with planned.write() as tx:
        assert plans.get_plan(tx, "st") is None
        plans.put_plan(tx, first, NOON)
        assert plans.get_plan(tx, "st") == first
        plans.put_plan(tx, second, NOON)
        assert plans.get_plan(tx, "st") == second


def test_a_session_is_in_an_observers_queue_once_until_it_is_taken_out(planned: Store) -> None:
    kept = an_assignment(due_on=date(2026, 12, 1))
    with planned.write() as tx:
        plans.add_assignment(tx, kept)
        assert plans.list_assignments(tx, "st") == (kept,)
        with pytest.raises(InputError, match="in the observer's queue already"):
            plans.add_assignment(tx, an_assignment(id="again"))
        plans.end_assignment(tx, "as", NOON + timedelta(days=1), "ill")
        with pytest.raises(NotFoundError, match="not there any more"):
            plans.end_assignment(tx, "as", NOON, "twice")
        plans.add_assignment(tx, an_assignment(id="again"))
        assert [each.id for each in plans.list_assignments(tx, "st")] == ["again"]
        assert {each.id for each in plans.list_assignments(tx, "st", ended=True)} == {"as", "again"}
        assert plans.list_assignments(tx, "st", coder_id="b") == ()


def test_who_took_part_in_a_session_is_kept_and_replaced(planned: Store) -> None:
    with planned.write() as tx:
        plans.put_own_sessions(tx, "s-a", ("a", "b"))
        plans.put_own_sessions(tx, "s-b", ("b",))
        plans.put_own_sessions(tx, "s-a", ())
        assert plans.own_sessions(tx, "st") == {"s-b": frozenset({"b"})}


def test_the_newest_answer_of_a_client_counts(planned: Store) -> None:
    until = Consent("s-a", Use.CLIPS, given=True, until=date(2027, 1, 1))
    with planned.write() as tx:
        consents.put_consent(tx, Consent("s-a", Use.CLIPS, given=False), NOON, "Ruth")
        consents.put_consent(tx, until, NOON, "Ruth")
        assert consents.find_consent(tx, "s-a", Use.CLIPS) == until
        assert consents.find_consent(tx, "s-a", Use.CODING) is None
        assert consents.list_consents(tx, "st") == (until,)


def test_a_session_gets_a_case_a_number_and_a_day(planned: Store) -> None:
    told = TherapySession("s-a", "st", "C-12, 3", "C-12", 3, date(2026, 11, 2))
    with planned.write() as tx:
        studies.change_session(tx, told)
        assert studies.get_session(tx, "s-a") == told
        with pytest.raises(InputError, match="already has the session"):
            studies.change_session(tx, TherapySession("s-b", "st", "c-12, 3"))
