"""Which drawn spans hold, and where those end of which only the start was logged."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding_app.domain.coding import AppliedCode, Judgement
from coding_app.domain.scheme import Code, Criterion, UnitKind
from coding_app.domain.spans import Stretch, stretches
from coding_app.domain.times import Span
from coding_app.domain.units import Unit

CASES = json.loads((Path(__file__).parents[1] / "fixtures" / "span_cases.json").read_text("utf-8"))
ROLES = {"t_talk": "therapist", "t_rest": "therapist", "c_talk": "client", "c_rest": "client"}
DURATION_MS = 1_000


def a_code(code_id: str, role: str) -> Code:
    return Code(code_id, "c", role, "neutral", code_id, "k", (), (), "", (), (), (), ())


def a_criterion(roles: dict[str, str], exclusive: bool = True) -> Criterion:
    codes = tuple(a_code(code_id, role) for code_id, role in roles.items())
    return Criterion("c", "C", "unit", exclusive, False, "missing", codes)


def a_kind(mark: str) -> UnitKind:
    return UnitKind("unit", "span", "Unit", mark=mark)


def a_judgement(given: dict[str, Any]) -> Judgement:
    unit = Unit(given["unit"]["key"], Span(given["unit"]["start_ms"], given["unit"]["end_ms"]))
    codes = tuple(AppliedCode(each["code"], each["attributes"]) for each in given["codes"])
    return Judgement(unit, given["criterion"], codes, given["value"], given["note"])


def as_json(each: Stretch) -> dict[str, Any]:
    span = each.unit.span
    return {
        "unit": {"key": each.unit.key, "start_ms": span.start_ms, "end_ms": span.end_ms},
        "codes": [code.code for code in each.codes],
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_stretches_are_those_that_javascript_finds(case: dict[str, Any]) -> None:
    judgements = {
        (each.unit.key, each.criterion): each for each in map(a_judgement, case["judgements"])
    }  # as `fold` keys them
    criterion = a_criterion(case["codes"], case["exclusive"])
    found = stretches(judgements, criterion, a_kind(case["mark"]), case["duration_ms"])
    assert [as_json(each) for each in found] == case["stretches"]


def test_the_codes_of_a_stretch_keep_attributes_and_links() -> None:
    code = AppliedCode("t_talk", {"intensity": 2}, ("s-0001",))
    held = {("x", "c"): Judgement(Unit("x", Span(5, 5)), "c", (code,))}
    assert stretches(held, a_criterion(ROLES), a_kind("start"), 9) == (
        Stretch(Unit("x", Span(5, 9)), (code,)),
    )


@st.composite
def passes(draw: st.DrawFn, closed: bool = False) -> dict[tuple[str, str], Judgement]:
    """Judgements of one criterion; with at most one code per role on each unit, as the rules hold it."""
    held = {}
    for number in range(draw(st.integers(0, 12))):
        start_ms = draw(st.integers(0, DURATION_MS))
        end_ms = draw(st.integers(start_ms, DURATION_MS)) if closed else start_ms
        pair = [draw(st.sampled_from([None, "t_talk", "t_rest"])), draw(st.sampled_from([None, "c_talk"]))]
        codes = tuple(AppliedCode(code) for code in pair if code)
        unit = Unit(f"x-{number:032x}", Span(start_ms, end_ms))
        held[unit.key, "c"] = Judgement(unit, "c", codes, note="a note")
    return held


def of_role(found: tuple[Stretch, ...], role: str) -> list[Span]:
    return [each.unit.span for each in found if any(ROLES[code.code] == role for code in each.codes)]


@settings(deadline=None)
@given(passes())
def test_starts_of_one_role_cover_the_time_from_the_first_to_the_end_without_overlap(
    held: dict[tuple[str, str], Judgement],
) -> None:
    found = stretches(held, a_criterion(ROLES), a_kind("start"), DURATION_MS)
    for role in ("therapist", "client"):
        spans = of_role(found, role)
        starts = [
            each.unit.span.start_ms
            for each in held.values()
            if any(ROLES[code.code] == role for code in each.codes)
        ]
        assert all(a.end_ms == b.start_ms for a, b in itertools.pairwise(spans))
        assert sum(span.duration_ms for span in spans) == DURATION_MS - min(starts, default=DURATION_MS)
        assert {span.start_ms for span in spans} == set(starts) - {DURATION_MS}
        assert all(span.end_ms == DURATION_MS for span in spans[-1:])


@settings(deadline=None)
@given(passes(closed=True), st.randoms(use_true_random=False), st.sampled_from(["span", "start", "point"]))
def test_stretches_do_not_depend_on_the_order_of_judgements(
    held: dict[tuple[str, str], Judgement], shuffle: Any, mark: str
) -> None:
    mixed = list(held.items())
    shuffle.shuffle(mixed)
    criterion, kind = a_criterion(ROLES), a_kind(mark)
    found = stretches(held, criterion, kind, DURATION_MS)
    assert stretches(dict(mixed), criterion, kind, DURATION_MS) == found


@settings(deadline=None)
@given(passes(closed=True))
def test_spans_are_those_that_have_an_end_as_they_were_drawn(held: dict[tuple[str, str], Judgement]) -> None:
    found = stretches(held, a_criterion(ROLES), a_kind("span"), DURATION_MS)
    drawn = {each.unit: each.codes for each in held.values() if each.codes and each.unit.span.duration_ms}
    assert {each.unit: each.codes for each in found} == drawn
    assert len(found) == len(drawn)
