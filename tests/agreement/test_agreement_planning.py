"""Planning: the planned number of sessions gives about the wished width; and what a plan says of itself."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coding_app import agreement
from coding_app.agreement.estimate import Estimate
from coding_app.errors import InputError


def study(n_sessions: int, seed: int, per_session: int = 30) -> tuple[Any, Any]:
    """Two coders, 20 % prevalence, error rates of 1 or 35 % in a session: (values, session of each unit)."""
    rng = np.random.default_rng(seed)
    sessions = np.repeat(np.arange(n_sessions), per_session)
    error = np.repeat(rng.choice([0.01, 0.35], n_sessions), per_session)[:, np.newaxis]
    truth = rng.random((len(sessions), 1)) < 0.2
    wrong = rng.random((len(sessions), 2)) < error
    return np.where(wrong, ~truth, truth).astype(float), sessions


def alpha_of(n_sessions: int, seed: int, **options: Any) -> Estimate:
    values, sessions = study(n_sessions, seed)
    found = agreement.assess(values, sessions=sessions, categories=(0, 1), **options).estimate(
        "krippendorff_alpha"
    )
    assert found is not None
    return found


@pytest.mark.parametrize("wished", [0.12, 0.2])
def test_the_planned_number_of_sessions_gives_about_the_wished_width(wished: float) -> None:
    plans = [agreement.plan(alpha_of(25, seed, replicates=400), wished) for seed in range(12)]
    planned = round(float(np.median([plan.n_needed for plan in plans if plan])))
    later = [alpha_of(planned, 100 + seed, replicates=400) for seed in range(12)]
    widths = [each.high - each.low for each in later]  # type: ignore[operator]
    assert float(np.mean(widths)) == pytest.approx(wished, rel=0.2)


def test_half_the_width_needs_four_times_the_sessions() -> None:
    estimate = alpha_of(30, 1)
    wide, narrow = agreement.plan(estimate, 0.2), agreement.plan(estimate, 0.1)
    assert wide is not None
    assert narrow is not None
    assert narrow.n_needed == pytest.approx(4 * wide.n_needed, abs=4)
    assert narrow.n_more == narrow.n_needed - 30
    assert narrow.n_units_needed == narrow.n_needed * 30


def test_a_width_that_is_reached_needs_no_more_sessions() -> None:
    found = agreement.plan(alpha_of(30, 1), 0.9)
    assert found is not None
    assert found.n_more == 0
    assert "fewer than 10 sessions" in found.notes[0]


def test_errors_that_come_in_sessions_show_in_the_design_effect() -> None:
    clustered = alpha_of(40, 3)
    values, sessions = study(40, 3)
    shuffled = np.random.default_rng(0).permutation(len(values))
    independent = agreement.assess(values[shuffled], sessions=sessions).estimate("krippendorff_alpha")
    assert clustered.design_effect is not None
    assert independent is not None
    assert independent.design_effect is not None
    assert clustered.design_effect > 1.3
    assert independent.design_effect == pytest.approx(1, abs=0.45)
    found = agreement.plan(clustered, 0.1)
    assert found is not None
    assert found.n_units_if_independent == pytest.approx(
        found.n_units_needed / clustered.design_effect, abs=1
    )


def test_one_session_gives_a_plan_in_units_that_says_what_it_does_not_know() -> None:
    values, _ = study(1, 4, per_session=200)
    found = agreement.assess(values).estimate("krippendorff_alpha")
    assert found is not None
    planned = agreement.plan(found, 0.1)
    assert planned is not None
    assert (planned.per, planned.n_now, planned.design_effect) == ("units", 200, None)
    assert planned.n_needed == planned.n_units_needed
    assert "probably far too small" in planned.notes[0]


def test_few_sessions_make_a_rough_plan() -> None:
    found = agreement.plan(alpha_of(4, 2), 0.05)
    assert found is not None
    assert "rests on 4 double-coded sessions" in found.notes[0]


def test_nothing_can_be_planned_without_a_value_or_a_spread() -> None:
    estimate = alpha_of(12, 1)
    assert agreement.plan(replace(estimate, value=None), 0.1) is None
    assert agreement.plan(replace(estimate, standard_error=0.0), 0.1) is None
    assert agreement.plan(alpha_of(12, 1, replicates=0), 0.1) is None


@pytest.mark.parametrize("width", [0, -1, 2, float("nan")])
def test_an_impossible_width_is_refused(width: float) -> None:
    with pytest.raises(InputError, match="between 0 and 2"):
        agreement.plan(alpha_of(3, 1, replicates=10), width)
