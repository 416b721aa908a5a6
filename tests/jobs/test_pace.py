"""Progress and the time left."""

from hypothesis import given
from hypothesis import strategies as st

from coding_app.jobs.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_progress_adds_up_the_stages_by_their_weight():
    pace = Pace({"prepare": 1, "recognise": 3})
    assert pace.at("prepare", 0.5) == 0.125
    assert pace.at("recognise", 0.0) == 0.25
    assert pace.at("recognise", 1.0) == 1.0


def test_the_time_left_follows_from_the_speed_of_this_run():
    clock = Clock()
    pace = Pace({"only": 1}, clock)
    pace.at("only", 0.5)  # a resumed job: the first half was done by an earlier run
    assert pace.seconds_left() is None
    clock.now = 10.0
    pace.at("only", 0.75)
    assert pace.seconds_left() == 10


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.floats(-1, 2))))
def test_progress_never_goes_back_and_stays_between_0_and_1(calls):
    pace = Pace({"a": 1, "b": 2, "c": 0})
    seen = [pace.at(stage, fraction) for stage, fraction in calls]
    assert seen == sorted(seen)
    assert all(0 <= each <= 1 + 1e-9 for each in seen)
