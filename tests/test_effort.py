"""What is counted for docs/explanation/effort.md, without a browser."""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))
from measure.effort import SOURCES, WAYS, Code, Link, Rating, chosen, cost, occurrences  # noqa: E402

# A withdrawal with three attributes, a repair with two that answers it and another, and one rating.
THREE = (("intensity", 2), ("certainty", 1), ("facet", "task"))
SMALL = [
    Code("s-0001", "rupture", "rup_c_withdraw", THREE),
    Code("s-0002", "repair", "rep_t_address", (("intensity", 3), ("outcome", 2))),
    Link("s-0002", "repair", "rep_t_address", "s-0000"),
    Link("s-0002", "repair", "rep_t_address", "s-0001"),
    Rating("session", "bond", 5),
]


def test_the_sixty_judgements_are_the_observers_first_in_time_and_every_rating() -> None:
    coding = json.loads((ROOT / "data" / "demo" / "coder-a.json").read_text("utf-8"))
    found = chosen(coding)
    kinds = [type(each) for each in found]
    assert (kinds.count(Code), kinds.count(Link), kinds.count(Rating)) == (35, 19, 6)
    places = [each.unit for each in found if not isinstance(each, Rating)]
    assert places == sorted(places)
    with pytest.raises(ValueError, match="were asked for"):
        chosen(coding, 1_000)


def test_each_way_costs_what_its_rules_say() -> None:
    times = occurrences(SMALL)
    keys = {name: cost(way.keys, times) for name, way in WAYS.items()}
    assert keys["boris_point"] == {"code": 2 + 5 + 2, "link": 2, "rating": 2}
    assert keys["boris_state"]["code"] == keys["boris_point"]["code"] + 2
    assert keys["elan_transcription"] == {"code": 2 + 5 + 1, "link": 2 + 1 + 1, "rating": 1}
    assert keys["elan_annotation"] == {"code": 3 * 7, "link": 3 + 2 + 1, "rating": 3}
    assert cost(WAYS["elan_transcription"].mouse, times) == {"code": 14, "rating": 2}


def test_every_rule_names_where_it_comes_from() -> None:
    steps = [step for way in WAYS.values() for step in (*way.keys, *way.mouse)]
    assert {step.source for step in steps} <= set(SOURCES)
    assert {step.kind for step in steps} == {"code", "link", "rating"}
