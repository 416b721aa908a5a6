"""What passes agree on is merged, what they differ in is found, rulings stay, and nothing of a pass changes."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from coding_app.domain.coding import AppliedCode, CodingEvent, Judgement, fold
from coding_app.domain.consensus import (
    Place,
    Source,
    alike,
    changes,
    is_ruling,
    overturned,
    places,
    unruled,
)
from coding_app.domain.times import Span
from coding_app.domain.units import Unit
from tests.builders import a_unit
from tests.domain.codings import (
    FLOW,
    NOT_APPLICABLE,
    SCHEME,
    SESSION,
    coded,
    complete,
    drawn,
    evidence,
    flow,
    rated,
    remark,
)

CODES = ("rup_c_withdraw", "rup_c_confront")
PASSES = st.lists(
    st.one_of(
        st.builds(
            lambda number, code, intensity: coded(
                AppliedCode(code, {"intensity": intensity}), unit=a_unit(number)
            ),
            st.integers(1, 4),
            st.sampled_from(CODES),
            st.integers(1, 3),
        ),
        st.builds(rated, st.sampled_from(["bond", "goal"]), st.integers(1, 7)),
    ),
    max_size=8,
)


def of(*events: CodingEvent) -> dict[tuple[str, str], Judgement]:
    return fold(events)


def beside(*passes: dict[tuple[str, str], Judgement]) -> tuple[Place, ...]:
    return places(SCHEME, [Source(f"pass {number}", each) for number, each in enumerate(passes)])


def merged(
    found: tuple[Place, ...], present: dict[tuple[str, str], Judgement]
) -> dict[tuple[str, str], Judgement]:
    """The consensus after what must be set was set."""
    held = dict(present)
    for each in changes(found, present):
        held.pop((each.unit.key, each.criterion), None)
        if each.codes or each.value is not None:
            held[each.unit.key, each.criterion] = each
    return held


def ruled(place: Place, *codes: AppliedCode, reason: str = "Heard again.") -> Judgement:
    return Judgement(place.unit, place.criterion, codes, None, reason)


@settings(deadline=None)
@given(PASSES)
def test_two_equal_passes_leave_no_difference_and_are_merged_whole(events: list[CodingEvent]) -> None:
    one = of(*events)
    found = beside(one, one)
    assert unruled(found, {}) == ()
    assert merged(found, {}) == one


@settings(deadline=None)
@given(PASSES, PASSES)
def test_every_judgement_is_agreed_or_differs_and_nothing_of_the_passes_changes(
    first: list[CodingEvent], second: list[CodingEvent]
) -> None:
    one, other = of(*first), of(*second)
    before = dict(one), dict(other)
    found = beside(one, other)
    assert {each.key for each in found} == set(one) | set(other)
    for each in found:
        assert (each.agreed is None) == (one.get(each.key) != other.get(each.key))
    merged(found, {})
    assert (one, other) == before


@settings(deadline=None)
@given(PASSES, PASSES, PASSES, st.integers(0, 20))
def test_merging_again_keeps_rulings_and_brings_the_rest_up_to_date(
    first: list[CodingEvent], second: list[CodingEvent], later: list[CodingEvent], which: int
) -> None:
    found = beside(of(*first), of(*second))
    present = merged(found, {})
    left = unruled(found, present)
    if left:
        place = left[which % len(left)]
        present[place.key] = ruled(place)
    rulings = {key: held for key, held in present.items() if is_ruling(held)}
    again = beside(of(*first), of(*later))  # the second pass was opened again and says something else
    after = merged(again, present)
    assert {key: held for key, held in after.items() if is_ruling(held)} == rulings
    rest = {key: held for key, held in after.items() if key not in rulings}
    assert rest == {each.key: each.agreed for each in again if each.agreed and each.key not in rulings}
    assert changes(again, after) == ()


@settings(deadline=None)
@given(PASSES, PASSES, st.permutations(["pass 0", "pass 1"]))
def test_the_order_of_the_passes_says_nothing_about_what_differs(
    first: list[CodingEvent], second: list[CodingEvent], order: list[str]
) -> None:
    named = {"pass 0": of(*first), "pass 1": of(*second)}
    found = places(SCHEME, [Source(each, named[each]) for each in order])
    usual = beside(of(*first), of(*second))
    assert [each.key for each in unruled(found, {})] == [each.key for each in unruled(usual, {})]


def test_another_intensity_of_the_same_code_is_a_difference() -> None:
    weak, strong = (coded(AppliedCode(CODES[0], {"intensity": n})) for n in (1, 3))
    (place,) = beside(of(weak), of(strong))
    assert place.agreed is None


def test_what_only_one_observer_marked_is_a_difference() -> None:
    (place,) = beside(of(coded(CODES[0])), of())
    assert place.agreed is None
    assert place.said["pass 1"] is None


def test_remarks_and_notes_are_nobodys_judgement() -> None:
    noted = coded(CODES[0], note="Only for me.")
    found = beside(of(noted, remark("flag")), of(coded(CODES[0])))
    assert [each.criterion for each in found] == ["rupture"]
    assert found[0].agreed is not None
    assert all(held is None or held.note is None for each in found for held in each.said.values())


def test_a_rating_that_one_gave_and_the_other_found_not_applicable_differs() -> None:
    given_one = rated("strain", 2, unit=SESSION)
    declined = rated("strain", None, unit=SESSION, codes=NOT_APPLICABLE)
    assert [each.agreed for each in beside(of(given_one), of(declined))] == [None]


def test_the_evidence_for_the_same_rating_is_put_together_and_is_no_difference() -> None:
    (place,) = beside(of(evidence("bond", "s-0002", value=3)), of(evidence("bond", "s-0001", value=3)))
    assert place.agreed is not None
    assert place.agreed.value == 3
    assert place.agreed.codes[0].links == ("s-0002", "s-0001")


def test_ratings_come_after_the_moments() -> None:
    found = beside(of(rated("bond", 1), coded(CODES[0], unit=a_unit(4))), of())
    assert [each.criterion for each in found] == ["rupture", "bond"]


def _flow_places(*spans: tuple[int, int]) -> tuple[Place, ...]:
    passes = [of(flow("epi_strain", drawn(number, *span))) for number, span in enumerate(spans, start=1)]
    first = drawn(1, 0).key
    sources = [
        Source(f"pass {number}", each, dict.fromkeys(each, first)) for number, each in enumerate(passes)
    ]
    return places(FLOW, sources)


def test_drawn_spans_whose_edges_are_near_are_merged_to_their_middle() -> None:
    (place,) = _flow_places((1_000, 9_000), (2_000, 10_500))
    assert place.agreed is not None
    assert place.agreed.unit == Unit(drawn(1, 0).key, Span(1_500, 9_750))


def test_drawn_spans_with_an_edge_further_away_differ() -> None:
    (place,) = _flow_places((1_000, 9_000), (1_000, 11_001))
    assert place.agreed is None


def test_links_to_what_another_drew_are_compared_as_the_consensus_calls_it() -> None:
    strain, other = drawn(1, 1_000, 5_000), drawn(2, 1_200, 5_100)
    one = of(coded(replace(complete(CODES[0]), links=(strain.key,))))
    two = of(coded(replace(complete(CODES[0]), links=(other.key,))))
    named = Source("b", two, {(other.key, "episode"): strain.key})
    (place,) = places(SCHEME, [Source("a", one), named])
    assert place.agreed is not None


def test_a_ruling_overturns_those_who_said_something_else_and_nobody_who_said_the_same() -> None:
    found = beside(of(coded(CODES[0])), of(coded(CODES[1])))
    (place,) = found
    ruling = ruled(place, complete(CODES[1]), reason="An open attack.")
    present = {place.key: ruling}
    (lost,) = overturned(found, present, "pass 0")
    assert lost.said is not None
    assert [each.code for each in lost.said.codes] == [CODES[0]]
    assert lost.ruling.note == "An open attack."
    assert overturned(found, present, "pass 1") == ()


def test_ruling_that_nothing_applies_overturns_who_marked_it() -> None:
    found = beside(of(coded(CODES[0])), of())
    present = {found[0].key: ruled(found[0])}
    assert len(overturned(found, present, "pass 0")) == 1
    assert overturned(found, present, "pass 1") == ()


def test_nothing_and_a_note_alone_say_the_same() -> None:
    assert alike(None, Judgement(a_unit(1), "rupture", (), None, "A note."))
