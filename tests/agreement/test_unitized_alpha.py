"""Unitized alpha of Krippendorff, Mathet, Bouvry and Widlöcher (2016)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from coding_app.agreement.session_statistics import Draws
from coding_app.agreement.span_assessment import SpanSettings, assess_spans, span_estimates
from coding_app.agreement.stretches import SpanCoding
from coding_app.agreement.timeline import timelines
from coding_app.agreement.unitized import Coincidences, alpha_of_all, unitized_statistics
from coding_app.errors import InputError
from tests.agreement.drawn import a_coding, a_corpus, codings, moments

NO_DRAWS = Draws(replicates=0)
GRAIN = SpanSettings(grain_ms=1)
# the example of a public implementation's README (ids as in data/agreement-vectors.json: u_family_2016_own)
THREE = {
    "one": [(2, 5, "a")],
    "two": [(2, 5, "a"), (10, 20, "b")],
    "three": [(2, 5, "b"), (15, 20, "b")],
}
Piece = tuple[int, int, int]


def value(coding: SpanCoding, statistic: str) -> float | None:
    return next(e for e in span_estimates(coding, GRAIN, NO_DRAWS) if e.statistic == statistic).value


def by_definition(coders: Sequence[Sequence[Piece]], n_states: int) -> tuple[Any, Any, Any]:
    """Observed coincidences, own and inside lengths, piece by piece; state n_states - 1 is the gap."""
    gap, m = n_states - 1, len(coders)
    observed, own, inside = np.zeros((n_states, n_states)), np.zeros(n_states), np.zeros(n_states - 1)
    for i, mine in enumerate(coders):
        for start, end, c in mine:
            own[c] += (end - start) if c == gap else (end - start) ** 2
            for j, theirs in enumerate(coders):
                if i == j:
                    continue
                common = [(k, max(0, min(end, b) - max(start, a))) for a, b, k in theirs]
                for k, length in common:
                    observed[c, k] += length / (m - 1)
                if c != gap:
                    inside[c] += sum(length for k, length in common if k != gap) ** 2 / (m - 1)
    return observed, own, inside


def expected_coincidences(observed: Any, own: Any) -> Any:
    lengths, total = observed.sum(axis=1), observed.sum()
    products = np.outer(lengths, lengths) - np.diag(own)
    return total * products / (total**2 - own.sum())


def test_u_alpha_equals_the_printed_result_of_a_public_implementation() -> None:
    # README of krippendorff_unitized_alpha (Python): 0.5671992508994135, for exactly these pieces
    coders = [
        [(0, 2, 1), (3, 14, 0), (15, 21, 1), (22, 52, 0), (53, 55, 1)],
        [(0, 2, 1), (3, 9, 0), (10, 21, 1), (22, 52, 0), (53, 55, 1)],
        [(0, 21, 1), (22, 45, 0), (46, 55, 1)],
    ]
    observed, own, inside = by_definition(coders, 2)
    assert alpha_of_all(Coincidences(observed, own, inside)) == pytest.approx(0.5671992508994135, abs=1e-13)


def test_three_coders_with_two_codes_equal_the_definition_piece_by_piece() -> None:
    pieces = [
        [(0, 2, 2), (2, 5, 0), (5, 60, 2)],
        [(0, 2, 2), (2, 5, 0), (5, 10, 2), (10, 20, 1), (20, 60, 2)],
        [(0, 2, 2), (2, 5, 1), (5, 15, 2), (15, 20, 1), (20, 60, 2)],
    ]
    observed, own, inside = by_definition(pieces, 3)
    chance = expected_coincidences(observed, own)
    total, gap = observed.sum(), 2
    coding = a_coding(THREE, 60, ("a", "b"))
    expected = 1 - (total - np.trace(observed)) / (total - np.trace(chance))
    assert value(coding, "unitized_alpha") == pytest.approx(expected, abs=1e-12)
    binary = 1 - (observed[gap].sum() - observed[gap, gap]) / (chance[gap].sum() - chance[gap, gap])
    assert value(coding, "unitized_alpha_binary") == pytest.approx(binary, abs=1e-12)
    valued = observed[:gap, :gap]
    inner = expected_coincidences(valued, inside)
    coded = 1 - (valued.sum() - np.trace(valued)) / (valued.sum() - np.trace(inner))
    assert value(coding, "unitized_alpha_coding") == pytest.approx(coded, abs=1e-12)
    of_code = assess_spans(coding, settings=GRAIN, draws=NO_DRAWS)[2].estimate("unitized_alpha_of_code")
    l_k, e_k = valued[1].sum(), inner[1].sum()
    expected = 1 - e_k / l_k * (l_k - valued[1, 1]) / (e_k - inner[1, 1])
    assert of_code is not None
    assert of_code.value == pytest.approx(expected, abs=1e-12)


def test_two_coders_with_one_unit_each_by_hand() -> None:
    # T = 10: [0, 4) and [2, 6). l_11 = 4, l_00 = 8, l_10 = l_01 = 4; g_1 = 32, g_0 = 12; l.. = 20
    # e_11 + e_00 = 20 (64 - 32 + 144 - 12) / (400 - 44) = 20 * 164 / 356; u = 1 - 8 / (20 - that)
    coding = a_coding({"one": [(0, 4, "a")], "two": [(2, 6, "a")]}, 10, ("a",))
    assert value(coding, "unitized_alpha") == pytest.approx(1 - 8 / (20 - 20 * 164 / 356))


@given(codings(n_coders=3, n_sessions=1))
@settings(max_examples=20, deadline=None)
def test_with_one_code_units_against_gaps_is_the_whole_coefficient(coding: SpanCoding) -> None:
    for code in coding.codes:
        alone = coding.of_code(code)
        (statistic,) = unitized_statistics(alone, timelines(alone), 1)
        two = SpanCoding((code, "never used"), alone.recordings)
        whole, binary, _ = (
            each.kernel(np.ones((1, 1)))[0] for each in unitized_statistics(two, timelines(two), 1)
        )
        assert statistic.kernel(np.ones((1, 1)))[0] == pytest.approx(whole, nan_ok=True)
        assert whole == pytest.approx(binary, nan_ok=True)


def test_with_many_units_it_comes_near_to_alpha_in_time() -> None:
    coding = a_corpus(10, 3, 60)
    found = {each.statistic: each.value for each in span_estimates(coding, None, NO_DRAWS)}
    assert found["unitized_alpha"] == pytest.approx(found["time_unit_alpha"], abs=1e-3)


def test_the_code_alone_is_undefined_with_a_reason_where_overlapping_units_have_one_code() -> None:
    coding = a_coding({"one": [(0, 10, "a")], "two": [(5, 15, "a"), (50, 60, "b")]})
    found = {each.statistic: each for each in span_estimates(coding, None, NO_DRAWS)}
    assert found["unitized_alpha_coding"].value is None
    assert "only one code occurs" in str(found["unitized_alpha_coding"].note)
    assert found["unitized_alpha"].value is not None


def test_moments_and_several_codes_at_a_time_are_refused() -> None:
    for coding in (moments({"one": [1], "two": [2]}, 10), a_coding(THREE, 60, ("a", "b"), exclusive=False)):
        with pytest.raises(InputError, match="one code at a time"):
            unitized_statistics(coding, timelines(coding))
    with pytest.raises(InputError, match="grain"):
        unitized_statistics(a_coding(THREE, 60, ("a", "b")), [], 0)
