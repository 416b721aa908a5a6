"""Our numbers beside those of krippendorff and scikit-learn, computed from the same data."""

import dataclasses
from collections.abc import Iterable

import numpy as np
import pytest

from coding_app.agreement import Estimate, assess
from coding_app.agreement.second_opinion import second_opinions


def valued(estimates: Iterable[Estimate]) -> dict[str, float | None]:
    return {each.statistic: each.value for each in estimates}


def _coded(n_coders: int, n_values: int, seed: int = 3) -> np.ndarray:
    chance = np.random.default_rng(seed)
    truth = chance.integers(0, n_values, 80)
    values = np.stack(
        [np.where(chance.random(80) < 0.7, truth, chance.integers(0, n_values, 80)) for _ in range(n_coders)],
        1,
    ).astype(float)
    values[chance.random(values.shape) < 0.1] = np.nan
    return values


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
@pytest.mark.parametrize("n_coders", [2, 4])
def test_the_other_packages_give_the_same_numbers(level: str, n_coders: int) -> None:
    values = _coded(n_coders, 2 if level == "nominal" else 5)
    categories = (0.0, 1.0) if level == "nominal" else tuple(map(float, range(5)))
    found = assess(values, level=level, categories=categories, replicates=0)  # type: ignore[arg-type]
    opinions = second_opinions(values, valued(found.estimates), level, categories)  # type: ignore[arg-type]
    assert {each.package for each in opinions} == (
        {"krippendorff"} if n_coders > 2 else {"krippendorff", "scikit-learn"}
    )
    assert all(each.difference is not None and each.agrees for each in opinions)


def test_a_number_that_is_not_theirs_is_told_apart() -> None:
    values = _coded(2, 2)
    found = assess(values, categories=(0, 1), replicates=0)
    wrong = [
        dataclasses.replace(each, value=each.value + 0.01)
        for each in found.estimates
        if each.value is not None
    ]
    assert not any(each.agrees for each in second_opinions(values, valued(wrong), "nominal", (0, 1)))


def test_without_variation_the_other_packages_give_no_number_either() -> None:
    values = np.ones((10, 2))
    found = assess(values, categories=(0, 1), replicates=0)
    alpha = [
        each
        for each in second_opinions(values, valued(found.estimates), "nominal")
        if each.package == "krippendorff"
    ]
    assert [each.value for each in alpha] == [None]


def test_weights_count_the_steps_of_an_ordinal_scale_and_the_distances_of_an_interval_scale() -> None:
    values = np.where(_coded(2, 3) == 2, 5.0, _coded(2, 3))
    steps = np.where(values == 5, 3.0, values)  # the third of the four values 0, 1, 2, 5 is chosen by nobody
    weighted = {}
    for level in ("ordinal", "interval"):
        found = assess(values, level=level, categories=(0, 1, 2, 5), replicates=0)  # type: ignore[arg-type]
        opinions = second_opinions(values, valued(found.estimates), level, (0, 1, 2, 5))  # type: ignore[arg-type]
        assert all(each.agrees for each in opinions)
        assert any("weighted" in each.statistic for each in opinions) == (level == "ordinal")
        weighted[level] = found.estimate("weighted_kappa_linear").value
    at_steps = assess(steps, level="interval", replicates=0).estimate("weighted_kappa_linear").value
    assert weighted["ordinal"] == pytest.approx(at_steps)
    assert weighted["interval"] != pytest.approx(at_steps)
