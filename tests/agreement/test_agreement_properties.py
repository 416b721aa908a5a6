"""What must hold for any data, and what libraries compute for the same data."""

import subprocess
import sys
import warnings
from typing import Any

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import cohen_kappa_score

from coding_app import agreement
from coding_app.agreement.alpha import alpha_kernel
from coding_app.agreement.matrix import LEVELS, Level
from coding_app.agreement.patterns import collapse
from coding_app.errors import AgreementUndefined, InputError

CODES = st.sampled_from([np.nan, 1.0, 2.0, 3.0, 4.0, 7.0])
Values = Any


def codings(n_coders: int = 3) -> st.SearchStrategy[Values]:
    return st.integers(2, 30).flatmap(lambda n: arrays(np.float64, (n, n_coders), elements=CODES))


def symmetric_statistics() -> dict[str, Any]:
    with_levels = {f"alpha {level}": _alpha_at(level) for level in LEVELS}
    return with_levels | {
        "percent": agreement.percent_agreement,
        "fleiss": agreement.fleiss_kappa,
        "bp": lambda v: agreement.brennan_prediger(v, 5),
        "ac1": lambda v: agreement.gwet_ac1(v, 5),
        "ac2": lambda v: agreement.gwet_ac2(v, [1, 2, 3, 4, 7]),
    }


def _alpha_at(level: Level) -> Any:
    return lambda values: agreement.krippendorff_alpha(values, level)


def value_or_none(statistic: Any, values: Values) -> float | None:
    try:
        return float(statistic(values))
    except AgreementUndefined:
        return None


@given(codings(), st.permutations(range(3)), st.randoms())
@settings(max_examples=40, deadline=None)
def test_order_of_coders_and_units_does_not_matter(values: Values, coders: list[int], random: Any) -> None:
    order = list(range(len(values)))
    random.shuffle(order)
    for name, statistic in symmetric_statistics().items():
        expected = value_or_none(statistic, values)
        assert value_or_none(statistic, values[order][:, coders]) == pytest.approx(expected, abs=1e-10), name


@given(codings(2))
@settings(max_examples=40, deadline=None)
def test_kappa_does_not_depend_on_who_is_first(values: Values) -> None:
    for kappa in (
        agreement.cohen_kappa,
        agreement.weighted_kappa_linear,
        agreement.weighted_kappa_quadratic,
    ):
        assert value_or_none(kappa, values[:, ::-1]) == pytest.approx(value_or_none(kappa, values), abs=1e-10)


@given(codings(), st.permutations([1.0, 2.0, 3.0, 4.0, 7.0]))
@settings(max_examples=40, deadline=None)
def test_renaming_nominal_codes_does_not_matter(values: Values, names: list[float]) -> None:
    renamed = values.copy()
    for old, new in zip([1.0, 2.0, 3.0, 4.0, 7.0], names, strict=True):
        renamed[values == old] = new
    for name in ("alpha nominal", "percent", "fleiss", "bp", "ac1"):
        statistic = symmetric_statistics()[name]
        assert value_or_none(statistic, renamed) == pytest.approx(
            value_or_none(statistic, values), abs=1e-10
        ), name


@given(codings())
@settings(max_examples=30, deadline=None)
def test_doubling_the_data_leaves_fleiss_and_percent_agreement(values: Values) -> None:
    doubled = np.vstack([values, values])
    for statistic in (agreement.fleiss_kappa, agreement.percent_agreement):
        assert value_or_none(statistic, doubled) == pytest.approx(value_or_none(statistic, values), abs=1e-10)


@given(st.lists(st.integers(1, 5), min_size=2, max_size=30).filter(lambda codes: len(set(codes)) > 1))
@settings(max_examples=30, deadline=None)
def test_perfect_agreement_is_one(codes: list[int]) -> None:
    values = np.column_stack([codes, codes])
    found = agreement.assess(values, level="ordinal", replicates=0, ratings=True)
    assert {each.statistic: each.value for each in found.estimates} == pytest.approx(
        {each.statistic: 1.0 for each in found.estimates}
    )


def test_alpha_of_unrelated_codings_is_near_zero() -> None:
    values = np.random.default_rng(1).integers(0, 4, size=(4000, 3))
    for level in LEVELS:
        assert abs(agreement.krippendorff_alpha(values, level)) < 0.03


@given(
    st.integers(1, 12).flatmap(
        lambda n_coders: arrays(
            np.float64,
            st.tuples(st.integers(1, 20), st.just(n_coders)),
            elements=st.sampled_from([np.nan, 0.0, 1.0, 3.0, 250.0, -1.5, 0.5]),
        )
    ),
    st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_collapsed_patterns_hold_the_judgements_of_every_unit(values: Values, exchangeable: bool) -> None:
    patterns = collapse(values, exchangeable=exchangeable)
    rows = np.where(patterns.codes >= 0, np.append(patterns.domain, np.nan)[patterns.codes], np.nan)
    again = rows[patterns.of_unit]
    if exchangeable:
        again, values = np.sort(again, axis=1), np.sort(values, axis=1)
    assert np.array_equal(again, values, equal_nan=True)
    assert len(np.unique(patterns.codes, axis=0)) == len(patterns.codes)
    counted = [(rows == value).sum(axis=1) for value in patterns.domain]
    if counted:
        assert np.array_equal(patterns.value_counts, np.column_stack(counted))


@given(codings())
@settings(max_examples=60, deadline=None)
def test_resampling_formula_of_alpha_equals_the_package(values: Values) -> None:
    patterns = collapse(values, exchangeable=True)
    for level in LEVELS:
        expected = value_or_none(_alpha_at(level), values)
        ours = float(alpha_kernel(patterns, level)(patterns.multiplicity)[0])
        assert (None if np.isnan(ours) else ours) == pytest.approx(expected, abs=1e-12)


@given(st.integers(2, 40).flatmap(lambda n: arrays(np.int64, (n, 2), elements=st.integers(1, 6))))
@settings(max_examples=60, deadline=None)
def test_weighted_kappas_equal_scikit_learn_on_the_declared_scale(values: Values) -> None:
    if len(np.unique(values)) == 1:
        return
    for weights, ours in (
        ("linear", agreement.weighted_kappa_linear),
        ("quadratic", agreement.weighted_kappa_quadratic),
        (None, agreement.cohen_kappa),
    ):
        theirs = cohen_kappa_score(*values.T, labels=np.arange(1, 7), weights=weights)
        assert ours(values) == pytest.approx(theirs, abs=1e-12)


def test_a_category_nobody_used_still_counts_in_weighted_kappa() -> None:
    used = np.array([[1, 1], [1, 2], [2, 2], [5, 5], [5, 2], [1, 5]])
    declared = cohen_kappa_score(*used.T, labels=[1, 2, 3, 4, 5], weights="linear")
    by_index = cohen_kappa_score(*used.T, weights="linear")
    assert agreement.weighted_kappa_linear(used) == pytest.approx(declared)
    assert declared != pytest.approx(by_index)


def test_alpha_of_many_different_scores_equals_the_package_without_its_memory() -> None:
    rng = np.random.default_rng(2)
    values = rng.normal(size=(600, 1)) + rng.normal(scale=0.5, size=(600, 3))
    values[rng.random(values.shape) < 0.1] = np.nan
    for level in ("nominal", "ordinal", "interval"):
        patterns = collapse(values, exchangeable=True)
        small = values[:120]
        few = collapse(small, exchangeable=True)
        theirs = krippendorff.alpha(small.T, level_of_measurement=level)
        assert float(alpha_kernel(few, level)(few.multiplicity)[0]) == pytest.approx(theirs, abs=1e-12)
        assert float(alpha_kernel(patterns, level)(patterns.multiplicity)[0]) == pytest.approx(
            agreement.krippendorff_alpha(values, level)
        )


def test_scores_far_from_zero_keep_their_alpha() -> None:
    values = np.random.default_rng(3).normal(size=(700, 2)).round(3)
    shifted = agreement.krippendorff_alpha(values + 1e6, "interval")
    assert shifted == pytest.approx(agreement.krippendorff_alpha(values, "interval"), abs=1e-6)


@pytest.mark.parametrize(
    "statistic",
    [
        agreement.krippendorff_alpha,
        agreement.fleiss_kappa,
        agreement.cohen_kappa,
        agreement.weighted_kappa_linear,
        agreement.gwet_ac1,
        agreement.gwet_ac2,
        agreement.brennan_prediger,
        lambda v: agreement.icc(v, "icc_2_1"),
        lambda v: agreement.icc(v, "icc_3_k"),
    ],
)
def test_without_variation_a_coefficient_is_undefined_not_one(statistic: Any) -> None:
    with pytest.raises(AgreementUndefined), warnings.catch_warnings(action="error"):
        statistic([[3, 3], [3, 3], [3, 3]])


@pytest.mark.parametrize(
    "statistic",
    [
        agreement.percent_agreement,
        agreement.krippendorff_alpha,
        agreement.fleiss_kappa,
        agreement.cohen_kappa,
    ],
)
def test_without_a_common_unit_a_coefficient_is_undefined(statistic: Any) -> None:
    with pytest.raises(AgreementUndefined, match="two coders"):
        statistic([[1, None], [None, 2], [2, None]])


def test_one_coder_alone_has_no_agreement() -> None:
    with pytest.raises(AgreementUndefined, match="only one coder"):
        agreement.krippendorff_alpha([[1], [2]])


def test_variation_only_outside_the_pairable_units_does_not_count() -> None:
    with pytest.raises(AgreementUndefined, match="same"):
        agreement.krippendorff_alpha([[1, 1], [1, 1], [2, None]])


def test_positive_agreement_is_undefined_when_nobody_saw_it() -> None:
    with pytest.raises(AgreementUndefined, match="present"):
        agreement.positive_agreement([[0, 0], [0, 0]])
    assert agreement.negative_agreement([[0, 0], [0, 0]]) == 1


def test_icc_needs_two_complete_targets() -> None:
    with pytest.raises(AgreementUndefined, match="at least two"):
        agreement.icc([[1, 2], [3, None]], "icc_1_1")
    with pytest.raises(AgreementUndefined, match="differ on average"):
        agreement.icc([[1, 2], [2, 1]], "icc_2_1")


def test_icc_of_coders_that_differ_by_a_constant() -> None:
    values = [[1, 2], [2, 3], [3, 4], [5, 6]]
    assert agreement.icc(values, "icc_3_1").value == 1
    absolute = agreement.icc(values, "icc_2_1")
    assert 0.8 < absolute.value < 0.9
    assert absolute.interval is not None
    assert absolute.interval[0] < absolute.value < absolute.interval[1] < 1


def test_a_stated_number_of_categories_changes_what_chance_means() -> None:
    values = [[1, 1], [2, 2], [1, 1], [1, 2]]
    assert agreement.brennan_prediger(values, 5) > agreement.brennan_prediger(values)
    assert agreement.gwet_ac1(values, 5) > agreement.gwet_ac1(values)
    with pytest.raises(InputError, match="only 1 were stated"):
        agreement.gwet_ac1(values, 1)


@pytest.mark.parametrize(
    ("values", "level", "message"),
    [
        ([1, 2, 3], "nominal", "shape"),
        ([[1, np.inf]], "nominal", "infinite"),
        ([[-1, 2], [3, 4]], "ratio", "zero or more"),
        ([[1, 2], [3, 4]], "cardinal", "not known"),
    ],
)
def test_values_that_cannot_be_used_are_refused(values: Any, level: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        agreement.krippendorff_alpha(values, level)


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys; from coding_app import agreement\n"
        "heavy = {'streamlit', 'torch', 'sqlalchemy', 'sklearn', 'pandas'}\n"
        "assert not heavy & set(sys.modules)\n"
        "agreement.assess([[1, 2], [2, 2]], replicates=5)\n"
        "assert not (heavy | {'krippendorff'}) & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_public_name_can_be_imported() -> None:
    for name in agreement.__all__:
        assert getattr(agreement, name) is not None
    with pytest.raises(AttributeError):
        agreement.kappa_of_everything  # noqa: B018
