"""Published tables: the data and the printed result, with the source in the test."""

from typing import Any

import numpy as np
import pytest

from coding_app import agreement
from coding_app.agreement.alpha import alpha_by_distance
from coding_app.agreement.matrix import encoded
from coding_app.agreement.patterns import collapse
from coding_app.agreement.sets import as_set_array

N = None
KRIPPENDORFF_2011 = [
    [1, 1, N, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [N, 5, 5, 5], [N, N, 1, 1], [N, N, 3, N],
]  # fmt: skip
SHROUT_FLEISS_1979 = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
# per patient, how many of six psychiatrists chose each of five diagnoses
FLEISS_1971 = [
    (0, 0, 0, 6, 0), (0, 3, 0, 0, 3), (0, 1, 4, 0, 1), (0, 0, 0, 0, 6), (0, 3, 0, 3, 0), (2, 0, 4, 0, 0),
    (0, 0, 4, 0, 2), (2, 0, 3, 1, 0), (2, 0, 0, 4, 0), (0, 0, 0, 0, 6), (1, 0, 0, 5, 0), (1, 1, 0, 4, 0),
    (0, 3, 3, 0, 0), (1, 0, 0, 5, 0), (0, 2, 0, 3, 1), (0, 0, 5, 0, 1), (3, 0, 0, 1, 2), (5, 1, 0, 0, 0),
    (0, 2, 0, 4, 0), (1, 0, 2, 0, 3), (0, 0, 0, 0, 6), (0, 1, 0, 5, 0), (0, 2, 0, 1, 3), (2, 0, 0, 4, 0),
    (1, 0, 0, 4, 1), (0, 5, 0, 1, 0), (4, 0, 0, 0, 2), (0, 2, 0, 4, 0), (1, 0, 5, 0, 0), (0, 0, 0, 0, 6),
]  # fmt: skip


def units_of_table(table: list[list[int]]) -> list[tuple[int, int]]:
    """Two coders' values from their cross-table (rows: first coder)."""
    return [(r, c) for r, row in enumerate(table) for c, n in enumerate(row) for _ in range(n)]


def units_of_counts(counts: list[tuple[int, ...]]) -> list[list[int]]:
    return [[value for value, n in enumerate(row) for _ in range(n)] for row in counts]


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_alpha_of_krippendorffs_worked_example_2011_section_c(level: str, published: float) -> None:
    assert agreement.krippendorff_alpha(KRIPPENDORFF_2011, level) == pytest.approx(published, abs=5e-4)


def test_alpha_of_krippendorff_2004_page_227_with_words_as_values() -> None:
    pairs = ["aa", "ab", "bb", "bb", "bb", "bb", "bc", "cc", "cc", "cc", "cc", "cc"]
    assert agreement.krippendorff_alpha([list(pair) for pair in pairs]) == pytest.approx(0.734, abs=1e-3)


def test_kappa_and_raw_agreement_of_cohen_1960_page_45() -> None:
    values = units_of_table([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    assert agreement.percent_agreement(values) == pytest.approx(0.70)
    assert agreement.cohen_kappa(values) == pytest.approx(0.492, abs=5e-4)


def test_coefficients_of_krippendorff_2004_page_246() -> None:
    values = units_of_table([[12, 9, 9], [9, 14, 9], [9, 9, 20]])
    assert agreement.percent_agreement(values) == pytest.approx(0.46)
    assert agreement.brennan_prediger(values) == pytest.approx(0.19, abs=1e-3)
    assert agreement.fleiss_kappa(values) == pytest.approx(0.186, abs=1e-3)  # Scott's pi
    assert agreement.cohen_kappa(values) == pytest.approx(0.186, abs=1e-3)


def test_kappa_of_feinstein_and_cicchetti_1990_first_paradox() -> None:
    values = units_of_table([[40, 9], [6, 45]])
    assert agreement.percent_agreement(values) == pytest.approx(0.85)
    assert agreement.cohen_kappa(values) == pytest.approx(0.70, abs=5e-3)


def test_specific_agreement_of_two_coders_follows_cicchetti_and_feinstein_1990() -> None:
    values = units_of_table([[80, 7], [8, 5]])  # 0/1: both absent 80, both present 5
    assert agreement.positive_agreement(values) == pytest.approx(2 * 5 / (2 * 5 + 7 + 8))
    assert agreement.negative_agreement(values) == pytest.approx(2 * 80 / (2 * 80 + 7 + 8))


def test_kappa_of_fleiss_1971_page_379() -> None:
    values = units_of_counts(FLEISS_1971)
    assert agreement.percent_agreement(values) == pytest.approx(0.5556, abs=5e-4)
    assert agreement.fleiss_kappa(values) == pytest.approx(0.430, abs=5e-4)


@pytest.mark.parametrize(
    ("category", "published"), [(0, 0.248), (1, 0.248), (2, 0.517), (3, 0.470), (4, 0.565)]
)
def test_kappa_of_each_diagnosis_of_fleiss_1971(category: int, published: float) -> None:
    values = (np.array(units_of_counts(FLEISS_1971)) == category).astype(int)
    assert agreement.fleiss_kappa(values) == pytest.approx(published, abs=5e-3)


def test_ac1_and_ac2_of_gwet_2014_with_four_coders_and_missing_values() -> None:
    assert agreement.percent_agreement(KRIPPENDORFF_2011) == pytest.approx(0.818, abs=6e-4)
    assert agreement.gwet_ac1(KRIPPENDORFF_2011) == pytest.approx(0.775, abs=6e-4)
    assert agreement.gwet_ac2(KRIPPENDORFF_2011, weighting="linear") == pytest.approx(0.859, abs=6e-4)
    assert agreement.gwet_ac2(KRIPPENDORFF_2011) == pytest.approx(0.914, abs=6e-4)


@pytest.mark.parametrize(
    ("table", "ac1", "ac2"),
    [([[80, 7], [8, 5]], 0.808, 0.808), ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.57597, 0.63855)],
)
def test_ac1_and_ac2_of_two_coders_as_r_irrcac_prints_them(
    table: list[list[int]], ac1: float, ac2: float
) -> None:
    values = units_of_table(table)
    assert agreement.gwet_ac1(values) == pytest.approx(ac1, abs=1.1e-5)
    assert agreement.gwet_ac2(values) == pytest.approx(ac2, abs=1.1e-5)


@pytest.mark.parametrize(
    ("form", "published", "low", "high"),
    # intervals as pingouin 0.6.1 prints them
    [
        ("icc_1_1", 0.17, -0.13, 0.72),
        ("icc_2_1", 0.29, 0.02, 0.76),
        ("icc_3_1", 0.71, 0.34, 0.95),
        ("icc_1_k", 0.44, -0.88, 0.91),
        ("icc_2_k", 0.62, 0.07, 0.93),
        ("icc_3_k", 0.91, 0.68, 0.99),
    ],
)
def test_icc_of_shrout_and_fleiss_1979_table_4(form: str, published: float, low: float, high: float) -> None:
    found = agreement.icc(SHROUT_FLEISS_1979, form)
    assert found.value == pytest.approx(published, abs=5e-3)
    assert found.interval == pytest.approx((low, high), abs=5.1e-3)


def _passonneau_2004(first: frozenset[str], second: frozenset[str]) -> float:
    if first == second:
        return 0.0
    return 1 / 3 if first < second or second < first else 2 / 3 if first & second else 1.0


def _other_masi(first: frozenset[str], second: frozenset[str]) -> float:
    """What DKPro calls MASI: the Jaccard distance times the factor of 2004; not the definition of 2006."""
    jaccard = len(first & second) / max(len(first | second), 1)
    return 0.0 if first == second else (1 - jaccard) * _passonneau_2004(first, second)


@pytest.mark.parametrize(("distance", "published"), [(_passonneau_2004, 0.186), (_other_masi, 0.252)])
def test_alpha_on_sets_as_the_test_suite_of_dkpro_statistics_has_it(distance: Any, published: float) -> None:
    values, labels = encoded(as_set_array(NINE_ITEMS))
    table = np.array([[distance(a, b) for b in labels] for a in labels])
    assert alpha_by_distance(collapse(values, exchangeable=True), table) == pytest.approx(published, abs=1e-3)


def test_masi_is_the_definition_of_2006_and_empty_sets_agree() -> None:
    assert agreement.set_distance(frozenset(), frozenset()) == 0
    assert agreement.set_distance(frozenset(), frozenset("A")) == 1
    assert agreement.set_distance(frozenset("A"), frozenset("AB")) == pytest.approx(2 / 3)
    assert agreement.set_distance(frozenset("AB"), frozenset("AC")) == pytest.approx(1 - 1 / 9)
    assert agreement.krippendorff_alpha_masi(NINE_ITEMS) == pytest.approx(0.273, abs=1e-3)


def test_time_bins_of_krippendorff_1995_digitised() -> None:
    first = [int(2 <= t < 10 or 14 <= t < 20) for t in range(24)]
    second = [int(4 <= t < 8 or 15 <= t < 17) for t in range(24)]
    values = np.column_stack([first, second])
    assert agreement.cohen_kappa(values) == pytest.approx(0.385, abs=1e-3)
    assert agreement.fleiss_kappa(values) == pytest.approx(0.314, abs=1e-3)
    assert agreement.krippendorff_alpha(values) == pytest.approx(0.329, abs=1e-3)


# DKPro Statistics, SetAnnotationsTest.java
NINE_ITEMS = [
    [set(first), set(second)]
    for first, _, second in (
        item.partition("-") for item in ["-", "A-", "A-A", "A-B", "AB-A", "AB-AC", "ABC-ABC", "C-AC", "C-AC"]
    )
]
