"""Drift: each coder against the others and the reference, over time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from coding_app import agreement
from coding_app.errors import InputError

START = date(2026, 1, 5)


def dated(n_sessions: int = 12, per_session: int = 40) -> tuple[Any, list[date], list[str]]:
    """Three coders; the third answers at random from the seventh session on."""
    rng = np.random.default_rng(1)
    n_units = n_sessions * per_session
    session = np.arange(n_units) // per_session
    truth = rng.integers(0, 3, n_units)
    values = np.column_stack([truth, truth, np.where(session >= 6, rng.integers(0, 3, n_units), truth)])
    days = [START + timedelta(weeks=int(each)) for each in session]
    return values.astype(float), days, [f"s{each}" for each in session]


def test_a_coder_who_drifts_shows_and_the_others_less() -> None:
    values, days, sessions = dated()
    found = agreement.drift_over_time(values, days, sessions, coders=["A", "B", "C"], window=3)
    of_coder = {name: [point.alpha for point in found if point.coder == name] for name in "ABC"}
    assert len(of_coder["C"]) == 10
    assert of_coder["C"][0] == 1
    assert abs(of_coder["C"][-1] or 0) < 0.2
    assert (of_coder["A"][-1] or 0) > 0.3
    assert {point.against for point in found} == {"others"}


def test_windows_go_from_date_to_date_whatever_the_order_of_the_rows() -> None:
    values, days, sessions = dated()
    order = np.random.default_rng(2).permutation(len(values))
    shuffled = agreement.drift_over_time(
        values[order], [days[i] for i in order], [sessions[i] for i in order], window=4
    )
    assert shuffled == agreement.drift_over_time(values, days, sessions, window=4)
    first = shuffled[0]
    assert (first.first_date, first.last_date) == (START, START + timedelta(weeks=3))
    assert (first.n_sessions, first.n_units, first.n_pairs) == (4, 160, 320)


def test_the_reference_is_compared_beside_the_others() -> None:
    values, days, sessions = dated()
    found = agreement.drift_over_time(values, days, sessions, reference=values[:, 0].tolist(), window=12)
    by = {(point.coder, point.against): point for point in found}
    assert len(by) == 6
    assert by["coder 2", "reference"].alpha == 1
    assert by["coder 3", "reference"].alpha == pytest.approx(
        agreement.krippendorff_alpha(values[:, [2, 0]]), abs=1e-12
    )


def test_a_window_of_two_coders_is_their_alpha() -> None:
    values, days, sessions = dated()
    (first, *_) = agreement.drift_over_time(values[:, :2], days, sessions, window=100)
    assert (first.n_sessions, first.alpha) == (12, agreement.krippendorff_alpha(values[:, :2]))


def test_sessions_that_one_coder_did_alone_do_not_count() -> None:
    values, days, sessions = dated()
    values[np.array(sessions) == "s3", 1:] = np.nan
    found = agreement.drift_over_time(values, days, sessions, window=11)
    assert [point.n_sessions for point in found] == [11, 11, 11]


def test_a_window_without_variation_has_no_alpha_and_says_why() -> None:
    (point, _) = agreement.drift_over_time([[1, 1], [1, 1]], [START, START], ["a", "b"], window=2)
    assert (point.alpha, point.percent) == (None, 1.0)
    assert "undefined" in str(point.note)


def test_a_time_of_day_counts_as_its_date() -> None:
    when = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)
    (point, _) = agreement.drift_over_time([[1, 1], [2, 1]], [when, when], ["a", "a"])
    assert point.first_date == START


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"window": 0}, "one session or more"),
        ({"coders": ["A"]}, "1 names"),
        ({"dates": [START]}, "1 dates"),
        ({"sessions": ["a"]}, "1 sessions"),
        ({"reference": [1]}, "1 reference values"),
        ({"level": "cardinal"}, "not known"),
    ],
)
def test_what_does_not_fit_is_refused(options: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"dates": [START, START], "sessions": ["a", "b"]} | options
    with pytest.raises(InputError, match=message):
        agreement.drift_over_time([[1, 1], [1, 2]], **given)
