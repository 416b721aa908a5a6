"""Figures per session that a scheme derives from codes and ratings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.coding import AppliedCode, Judgement
from coding_app.domain.derived import OPERATIONS, derived_figures
from coding_app.domain.scheme import Derived, Scheme
from coding_app.domain.times import Span
from coding_app.domain.units import SESSION_KEY, Unit
from coding_app.schemes import parse_scheme
from tests.builders import a_transcript, a_unit
from tests.schemes.test_reading import SMALL

HALF_AN_HOUR = 1_800_000
Judgements = dict[tuple[str, str], Judgement]


def _scheme(*lines: str) -> Scheme:
    before, _, after = SMALL.partition("derived:\n")
    changes = after[after.index("changes:") :]
    return parse_scheme(before + "derived:\n" + "".join(f"  - {line}\n" for line in lines) + changes, "s")


def _coded(*given_codes: tuple[int, str, tuple[str, ...]], ease: int | None = None) -> Judgements:
    found = {}
    for number, code, links in given_codes:
        unit = a_unit(number)
        found[unit.key, "face"] = Judgement(unit, "face", (AppliedCode(code, {}, links),))
    if ease is not None:
        whole = Unit(SESSION_KEY, Span(0, HALF_AN_HOUR))
        found[SESSION_KEY, "ease"] = Judgement(whole, "ease", (), ease)
    return found


def _value(line: str, judgements: Judgements) -> tuple[float | None, str | None]:
    transcript = a_transcript("r", 10)
    (figure,) = derived_figures(_scheme(line), transcript, judgements)
    return figure.value, figure.note


NODS = _coded((1, "nod", ()), (2, "nod", (a_unit(3).key,)), (3, "frown", ()), (4, "frown", ()), ease=3)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("{id: a, op: count, codes: [nod]}", 2),
        ("{id: a, op: count, codes: [nod, frown]}", 4),
        ("{id: a, op: ratio, of: [nod], to: [frown]}", 1),
        ("{id: a, op: share, of: [nod], among: [nod, frown]}", 0.5),
        ("{id: a, op: balance, plus: [nod], minus: [frown]}", 0),
        ("{id: a, op: linked_share, link: answers, of: [frown]}", 0.5),
        ("{id: a, op: mean_rating, ratings: [ease]}", 3),
        ("{id: a, op: per_cent_of, of: [nod], per: segment}", 20),
        ("{id: a, op: per_cent_of, of: [nod], per: session}", 100),
    ],
)
def test_each_operation_gives_what_its_name_says(line: str, value: float) -> None:
    assert _value(line, NODS) == (value, None)


def test_a_rate_counts_events_per_hour_of_recording() -> None:
    scheme = _scheme("{id: a, op: rate_per_hour, codes: [nod]}")
    transcript = a_transcript("r", 10)
    (figure,) = derived_figures(scheme, transcript, NODS)
    assert figure.value == pytest.approx(2 * 3_600_000 / transcript.duration_ms)


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("{id: a, op: ratio, of: [nod], to: [frown]}", "None of these was coded: Frowns."),
        ("{id: a, op: share, of: [nod], among: [nod, frown]}", "None of these was coded: Nods, Frowns."),
        ("{id: a, op: balance, plus: [nod], minus: [frown]}", "None of these was coded: Nods, Frowns."),
        ("{id: a, op: linked_share, link: answers, of: [frown]}", "None of these was coded: Frowns."),
        ("{id: a, op: mean_rating, ratings: [ease]}", "None of its ratings was given."),
    ],
)
def test_nothing_to_divide_by_gives_no_value_but_the_reason(line: str, note: str) -> None:
    assert _value(line, {}) == (None, note)


def test_a_measure_without_a_label_is_called_by_its_id() -> None:
    scheme = _scheme("{id: nods_each_hour, op: rate_per_hour, codes: [nod]}")
    assert scheme.derived == (Derived("nods_each_hour", "Nods each hour", "rate_per_hour", ("nod",)),)


def test_every_operation_of_the_format_can_be_computed() -> None:
    lines = {
        "count": "codes: [nod]", "rate_per_hour": "codes: [nod]", "ratio": "of: [nod], to: [frown]",
        "share": "of: [nod], among: [nod]", "balance": "plus: [nod], minus: [frown]",
        "linked_share": "link: answers, of: [frown]", "mean_rating": "ratings: [ease]",
        "per_cent_of": "of: [nod], per: block",
    }  # fmt: skip
    assert set(lines) == set(OPERATIONS)
    scheme = _scheme(*(f"{{id: m_{op}, op: {op}, {rest}}}" for op, rest in lines.items()))
    assert len(derived_figures(scheme, a_transcript("r", 10), NODS)) == len(lines)


@given(st.lists(st.sampled_from(["nod", "frown"]), max_size=10))
def test_a_balance_stays_between_minus_one_and_one_and_a_share_between_zero_and_one(codes: list[str]) -> None:
    judgements = _coded(*((number, code, ()) for number, code in enumerate(codes, start=1)))
    balance, _ = _value("{id: a, op: balance, plus: [nod], minus: [frown]}", judgements)
    share, _ = _value("{id: a, op: share, of: [nod], among: [nod, frown]}", judgements)
    assert (balance is None) is (share is None) is (not codes)
    if balance is not None and share is not None:
        assert -1 <= balance <= 1
        assert 0 <= share <= 1
        assert balance == pytest.approx(2 * share - 1)
