"""Who codes which session: every promise of a study's plan, for any study."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.assigning import Draw, ToAssign, assign, n_to_double
from coding_app.domain.plan import Assignment, AssignmentKind, StudyPlan
from tests.builders import NOON

CODERS = ("ann", "bo", "cy", "dee", "eve")


def kept(draw: Draw, before: tuple[Assignment, ...] = ()) -> tuple[Assignment, ...]:
    new = (
        Assignment(f"{len(before) + n:04}", each.session_id, each.coder_id, each.kind, each.position, NOON)
        for n, each in enumerate(draw.new)
    )
    return (*before, *new)


@st.composite
def some_sessions(draw: st.DrawFn, barred: bool = True) -> tuple[ToAssign, ...]:
    n = draw(st.integers(0, 25))
    cases = st.sampled_from([None, "A", "B", "C"])
    out = st.frozensets(st.sampled_from(CODERS), max_size=3) if barred else st.just(frozenset[str]())
    return tuple(ToAssign(f"s{number}", draw(cases), draw(out)) for number in range(n))


plans = st.builds(
    StudyPlan,
    study_id=st.just("study"),
    seed=st.integers(0, 2**32),
    n_coders=st.integers(1, 3),
    double_share=st.floats(0, 1),
    double_at_least=st.integers(0, 12),
)
some_coders = st.lists(st.sampled_from(CODERS), min_size=1, unique=True)


def by_session(draw: Draw) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in draw.new:
        found.setdefault(each.session_id, []).append(each.coder_id)
    return found


@given(some_sessions(), some_coders, plans)
def test_nobody_gets_a_session_of_their_own_or_one_twice(sessions, coders, plan):  # type: ignore[no-untyped-def]
    draw = assign(sessions, coders, plan, ())
    for session in sessions:
        on = by_session(draw).get(session.session_id, [])
        assert not session.barred & set(on)
        assert len(set(on)) == len(on)


@given(some_sessions(), some_coders, plans)
def test_every_session_has_its_observers_or_stands_under_the_shortfalls(sessions, coders, plan):  # type: ignore[no-untyped-def]
    draw = assign(sessions, coders, plan, ())
    short = {each.session_id: each for each in draw.shortfalls}
    for session in sessions:
        n = len(by_session(draw).get(session.session_id, []))
        allowed = len(set(coders) - session.barred)
        assert n >= min(plan.n_coders, allowed)
        assert (session.session_id in short) == (n < plan.n_coders)
        if session.session_id in short:
            assert short[session.session_id].found == n == allowed


@given(some_sessions(barred=False), st.floats(0, 1), st.integers(0, 12), st.integers())
def test_so_many_are_coded_twice_as_the_plan_says(sessions, share, at_least, seed):  # type: ignore[no-untyped-def]
    plan = StudyPlan("study", seed, 1, share, at_least)
    draw = assign(sessions, CODERS, plan, ())
    twice = [key for key, on in by_session(draw).items() if len(on) == 2]
    assert len(twice) == n_to_double(plan, len(sessions)) == draw.n_double_wanted
    assert draw.double == set(twice)
    assert sum(each.kind is AssignmentKind.DOUBLE for each in draw.new) == len(twice)


@given(some_sessions(barred=False), st.integers(0, 25), st.integers())
def test_what_is_coded_twice_is_spread_evenly_over_the_cases(sessions, n, seed):  # type: ignore[no-untyped-def]
    draw = assign(sessions, CODERS, StudyPlan("study", seed, 1, 0.0, n), ())
    size = Counter(each.case or each.session_id for each in sessions)
    twice = Counter(each.case or each.session_id for each in sessions if each.session_id in draw.double)
    for case in size:
        for other in size:
            assert twice[case] <= twice[other] + 1 or twice[other] == size[other]


@given(some_sessions(barred=False), some_coders, plans)
def test_the_load_differs_by_one_at_most(sessions, coders, plan):  # type: ignore[no-untyped-def]
    load = assign(sessions, coders, plan, ()).load
    assert max(load.values()) - min(load.values()) <= 1


@given(some_sessions(), some_coders, plans)
def test_with_own_sessions_nobody_could_hand_a_session_to_somebody_with_two_less(sessions, coders, plan):  # type: ignore[no-untyped-def]
    draw = assign(sessions, coders, plan, ())
    on = by_session(draw)
    assert draw.load == {each: sum(each in some for some in on.values()) for each in coders}
    for session in sessions:
        some = on.get(session.session_id, [])
        for giver in some:
            for taker in set(coders) - session.barred - set(some):
                assert draw.load[giver] - draw.load[taker] < 2


@pytest.mark.parametrize("n_coders", [3, 4, 5])
@given(st.integers(1, 30), st.integers())
def test_pairs_of_observers_are_varied(n_coders, n_sessions, seed):  # type: ignore[no-untyped-def]
    coders = CODERS[:n_coders]
    sessions = [ToAssign(f"s{n}") for n in range(n_sessions)]
    on = by_session(assign(sessions, coders, StudyPlan("study", seed, 2), ()))
    met = Counter(frozenset(pair) for pair in on.values())
    counts = [met[frozenset(pair)] for pair in combinations(coders, 2)]
    assert max(counts) - min(counts) <= 2


@given(some_sessions(), some_coders, plans, st.randoms())
def test_the_same_seed_gives_the_same_draw_in_whatever_order_things_come(sessions, coders, plan, rng):  # type: ignore[no-untyped-def]
    again, people = list(sessions), list(coders)
    rng.shuffle(again)
    rng.shuffle(people)
    first, second = assign(sessions, coders, plan, ()), assign(again, people, plan, ())
    assert set(first.new) == set(second.new)
    assert first.double == second.double


def test_another_seed_gives_another_draw() -> None:
    sessions = [ToAssign(f"s{n}") for n in range(20)]
    draws = {assign(sessions, CODERS, StudyPlan("study", seed), ()).double for seed in range(20)}
    assert len(draws) > 10


@given(some_sessions(), some_coders, plans, st.integers(0, 10))
def test_what_was_drawn_stays_and_is_topped_up_when_sessions_and_observers_are_added(
    sessions, coders, plan, n
):  # type: ignore[no-untyped-def]
    before = kept(assign(sessions, coders, plan, ()))
    more = (*sessions, *(ToAssign(f"t{number}", "A") for number in range(n)))
    draw = assign(more, CODERS, plan, before)
    after = kept(draw, before)
    assert after[: len(before)] == before
    pairs = [(each.session_id, each.coder_id) for each in after]
    assert len(set(pairs)) == len(pairs)
    able = sum(len(set(CODERS) - each.barred) > 1 for each in more)
    assert len(draw.double) >= min(n_to_double(plan, len(more)), able)
    assert assign(more, CODERS, plan, after).new == ()


@given(some_sessions(), some_coders, plans)
def test_everybodys_queue_has_the_places_from_one_on(sessions, coders, plan):  # type: ignore[no-untyped-def]
    draw = assign(sessions, coders, plan, ())
    for coder in coders:
        places = sorted(each.position for each in draw.new if each.coder_id == coder)
        assert places == list(range(1, len(places) + 1))


def test_everybody_has_an_order_of_their_own_and_second_codings_stand_among_the_others() -> None:
    sessions = [ToAssign(f"s{n:02}") for n in range(40)]
    draw = assign(sessions, CODERS[:2], StudyPlan("study", 7, double_at_least=20), ())
    queues = [
        sorted((each for each in draw.new if each.coder_id == coder), key=lambda each: each.position)
        for coder in CODERS[:2]
    ]
    shared = [[each.session_id for each in queue if each.session_id in draw.double] for queue in queues]
    assert sorted(shared[0]) == sorted(shared[1])
    assert shared[0] != shared[1]
    for queue in queues:
        at = [n for n, each in enumerate(queue) if each.session_id in draw.double]
        assert at[0] < 10
        assert at[-1] >= 20


def test_who_has_begun_keeps_the_session_and_a_reference_session_takes_no_part() -> None:
    plan = StudyPlan("study", 1, double_share=0, double_at_least=0)
    hidden = Assignment("1", "r", "ann", AssignmentKind.REFERENCE, 1, NOON)
    sessions = [ToAssign("s", begun=frozenset({"bo", "cy"})), ToAssign("r")]
    draw = assign(sessions, CODERS, plan, [hidden])
    assert by_session(draw) == {"s": ["bo", "cy"]}
