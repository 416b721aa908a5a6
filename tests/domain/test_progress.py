"""Where observers are, what a blind lead may know of it, double coding against the plan, and warnings of drift."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.plan import StudyPlan
from coding_app.domain.progress import (
    Concern,
    Counts,
    Stage,
    Task,
    as_seen,
    counts,
    course_warnings,
    double_coding,
    places_left,
    without_enough,
)

TODAY = date(2026, 11, 28)
REAL_STAGES = (Stage.NOT_BEGUN, Stage.BEGUN, Stage.SUBMITTED)
keys = st.sampled_from(["a", "b", "c", "d"])
tasks = st.lists(
    st.builds(
        Task,
        session_id=st.sampled_from(["s1", "s2", "s3"]),
        coder_id=keys,
        stage=st.sampled_from(REAL_STAGES),
        assigned=st.booleans(),
        due_on=st.none() | st.dates(TODAY - timedelta(9), TODAY + timedelta(9)),
        last_active=st.none() | st.just(TODAY),
    ),
    max_size=10,
    unique_by=lambda each: (each.session_id, each.coder_id),
)


@given(tasks, keys)
def test_who_codes_a_session_blind_knows_of_others_only_whether_it_is_submitted(
    found: list[Task], viewer: str
) -> None:
    own = {each.session_id for each in found if each.coder_id == viewer and each.stage is not Stage.SUBMITTED}
    for each in as_seen(found, viewer):
        if each.coder_id != viewer and each.session_id in own:
            assert each.stage in (Stage.SUBMITTED, Stage.NOT_SUBMITTED)
            assert each.last_active is None


@given(tasks, keys)
def test_nothing_else_is_hidden_and_nothing_is_lost(found: list[Task], viewer: str) -> None:
    seen = as_seen(found, viewer)
    assert [(each.session_id, each.coder_id, each.due_on) for each in seen] == [
        (each.session_id, each.coder_id, each.due_on) for each in found
    ]
    assert [each.stage is Stage.SUBMITTED for each in seen] == [
        each.stage is Stage.SUBMITTED for each in found
    ]
    assert as_seen(found, None) == tuple(found)


def test_a_task_is_overdue_from_the_day_after_it_was_due_until_it_is_submitted() -> None:
    def due(days: int, stage: Stage) -> Task:
        return Task("s", "a", stage, assigned=True, due_on=TODAY + timedelta(days))

    found = [due(0, Stage.BEGUN), due(-1, Stage.BEGUN), due(-1, Stage.SUBMITTED), Task("s", "a", Stage.BEGUN)]
    assert counts(found, TODAY) == Counts(assigned=3, begun=3, submitted=1, overdue=1)


@pytest.mark.parametrize(
    ("plan", "n_sessions", "wanted"),
    [
        (None, 40, None),
        (StudyPlan("st", 1, double_share=0.2, double_at_least=10), 40, 10),
        (StudyPlan("st", 1, double_share=0.3, double_at_least=10), 41, 13),
        (StudyPlan("st", 1, double_share=0.07, double_at_least=0), 100, 7),
        (StudyPlan("st", 1, double_share=0.2, double_at_least=10), 6, 6),
        (StudyPlan("st", 1, n_coders=2, double_share=0.0, double_at_least=0), 40, 40),
    ],
)
def test_the_plan_wants_the_larger_of_its_share_and_its_number_at_most_all(
    plan: StudyPlan | None, n_sessions: int, wanted: int | None
) -> None:
    assert double_coding([], n_sessions, plan).wanted == wanted


def test_a_session_is_double_coded_when_two_observers_have_submitted_it() -> None:
    found = [
        Task("s1", "a", Stage.SUBMITTED),
        Task("s1", "b", Stage.SUBMITTED),
        Task("s2", "a", Stage.SUBMITTED),
        Task("s2", "b", Stage.NOT_BEGUN, assigned=True),
        Task("s3", "a", Stage.BEGUN),
    ]
    told = double_coding(found, 3, None)
    assert (told.assigned, told.submitted) == (2, 1)
    plan = StudyPlan("st", 1, n_coders=2)
    assert without_enough(found, ["s1", "s2", "s3", "s4"], plan) == {"s3": 1, "s4": 2}
    assert without_enough(found, ["s4"], None) == {}


@pytest.mark.parametrize(
    ("course", "window", "why"),
    [
        ([], 2, ()),
        ([(0.9, 40)], 2, ()),
        ([(0.666, 40)], 2, (Concern.LOW,)),
        ([(0.667, 40)], 2, ()),
        ([(0.5, 9)], 2, ()),  # too few units to say anything
        ([(None, 40)], 2, ()),
        ([(0.9, 40), (0.5, 40)], 2, (Concern.LOW,)),  # the windows share a session: no fall can be told
        ([(0.9, 40), (0.8, 40), (0.75, 40)], 2, (Concern.FALLING,)),
        ([(0.9, 40), (0.8, 40), (0.76, 40)], 2, ()),
        ([(0.9, 9), (0.8, 40), (0.7, 40)], 2, ()),  # the earlier window has too few units
        ([(0.9, 40), (0.9, 40), (0.6, 40)], 2, (Concern.LOW, Concern.FALLING)),
    ],
)
def test_a_course_calls_for_a_look_as_the_page_says(
    course: list[tuple[float | None, int]], window: int, why: tuple[Concern, ...]
) -> None:
    assert course_warnings(course, window) == why


@given(st.lists(st.floats(0.7, 1.0), min_size=1, max_size=12), st.integers(1, 5))
def test_a_course_that_never_falls_and_is_never_low_calls_for_nothing(
    alphas: list[float], window: int
) -> None:
    assert course_warnings([(each, 40) for each in sorted(alphas)], window) == ()


@given(st.lists(st.sampled_from(REAL_STAGES), max_size=12))
def test_a_session_is_put_in_behind_everything_that_is_begun(stages: list[Stage]) -> None:
    places = places_left(stages)
    assert len(places) >= 1
    assert all(each is Stage.NOT_BEGUN for each in stages[places[0] :])
    assert places[-1] == len(stages)
