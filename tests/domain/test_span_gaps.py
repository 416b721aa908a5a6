"""What is missing or contradictory in drawn spans before a pass can be submitted."""

from dataclasses import replace

import pytest

from coding_app.domain.coding import CodingEvent, fold
from coding_app.domain.gaps import gaps
from coding_app.domain.scheme import Scheme
from tests.domain.codings import BLOCK, FLOW, SESSION, TRANSCRIPT, complete, drawn, flow, rated

RATED = [rated("involvement", 2, unit=BLOCK), rated("flow", 4)]
STARTED = [flow("act_open", drawn(1, 0)), *RATED]
A_STRAIN = flow("epi_strain", drawn(2, 4_000, 9_000))
EXCLUSIVE = replace(FLOW, criteria=tuple(replace(each, exclusive=True) for each in FLOW.criteria))


def missing(*events: CodingEvent, scheme: Scheme = FLOW) -> list[str]:
    return [gap.sentence for gap in gaps(scheme, TRANSCRIPT, fold(events))]


def test_a_criterion_of_starts_that_must_fill_the_session_needs_one_start() -> None:
    (gap,) = gaps(FLOW, TRANSCRIPT, fold(RATED))
    assert (gap.unit, gap.criterion) == (SESSION.key, "activity")
    assert gap.sentence == "Activity: mark where it begins, at least once."
    assert missing(*STARTED) == []


def test_a_note_is_no_start() -> None:
    noted = flow("act_open", drawn(1, 0))
    assert missing(replace(noted, codes=(), note="Hard to hear."), *RATED) == [
        "Activity: mark where it begins, at least once."
    ]


def test_a_span_without_an_end_is_told_with_its_unit() -> None:
    found = gaps(FLOW, TRANSCRIPT, fold([*STARTED, flow("epi_silence", drawn(7, 3_200))]))
    assert [(gap.unit, gap.criterion, gap.sentence) for gap in found] == [
        (drawn(7, 0).key, "episode", "Shared silence at 0:03 has no end; mark it.")
    ]


def test_a_moment_and_a_start_need_no_end() -> None:
    assert missing(*STARTED, flow("voi_sigh", drawn(3, 5_000)), flow("act_tell", drawn(4, 9_000))) == []


def test_spans_may_overlap_where_the_criterion_is_not_exclusive() -> None:
    assert missing(*STARTED, A_STRAIN, flow("epi_silence", drawn(3, 5_000, 8_000))) == []


@pytest.mark.parametrize(
    ("start_ms", "end_ms", "says"),
    [
        (9_000, 12_000, []),  # they touch
        (8_999, 12_000, ["Shared silence at 0:08 overlaps with Strain between the two at 0:04"]),
        (5_000, 6_000, ["Shared silence at 0:05 overlaps with Strain between the two at 0:04"]),
        (4_000, 9_000, ["Shared silence at 0:04 overlaps with Strain between the two at 0:04"]),
        (1_000, 4_001, ["Strain between the two at 0:04 overlaps with Shared silence at 0:01"]),
    ],
)
def test_spans_of_an_exclusive_criterion_and_role_must_not_overlap(
    start_ms: int, end_ms: int, says: list[str]
) -> None:
    silence = flow("epi_silence", drawn(3, start_ms, end_ms))
    found = missing(*STARTED, A_STRAIN, silence, scheme=EXCLUSIVE)
    assert found == [f"{each}; move an edge, or remove one." for each in says]


def test_spans_of_two_roles_may_overlap_also_in_an_exclusive_criterion() -> None:
    emotion = flow("epi_emotion", drawn(3, 5_000, 8_000))  # the client's; a strain is of both together
    assert missing(*STARTED, A_STRAIN, emotion, scheme=EXCLUSIVE) == []


def test_a_span_inside_a_long_one_is_told_though_another_lies_between() -> None:
    long = flow("epi_strain", drawn(2, 0, 15_000))
    inside = [flow("epi_silence", drawn(3, 1_000, 2_000)), flow("epi_silence", drawn(4, 5_000, 6_000))]
    found = missing(*STARTED, long, *inside, scheme=EXCLUSIVE)
    assert [sentence.partition(" overlaps with ")[::2] for sentence in found] == [
        ("Shared silence at 0:01", "Strain between the two at 0:00; move an edge, or remove one."),
        ("Shared silence at 0:05", "Strain between the two at 0:00; move an edge, or remove one."),
    ]


def test_two_starts_at_one_time_are_told() -> None:
    both = [flow("act_tell", drawn(3, 6_000)), flow("act_explore", drawn(2, 6_000))]
    assert missing(*STARTED, *both) == [
        "Exploring experience at 0:06 begins together with Telling; keep one of them."
    ]


def test_a_start_at_the_very_end_is_told() -> None:
    assert missing(*STARTED, flow("act_close", drawn(2, 16_000))) == [
        "Closing at 0:16 begins where the recording ends; remove it."
    ]


def test_a_repair_that_is_drawn_is_linked_to_a_strain_that_holds() -> None:
    repair = drawn(3, 9_000, 12_000)
    unlinked = missing(*STARTED, A_STRAIN, flow("epi_repair", repair))
    assert unlinked == ["Repair at 0:09: link it to the moment that it answers."]
    linked = flow("epi_repair", repair, A_STRAIN.unit.key)
    assert missing(*STARTED, A_STRAIN, linked) == []
    removed = replace(A_STRAIN, codes=())
    assert missing(*STARTED, A_STRAIN, removed, linked) == [
        "Repair at 0:09 is linked to a moment where nothing is coded that it can answer; change the link."
    ]


def test_a_drawn_repair_before_its_strain_is_told() -> None:
    repair = flow("epi_repair", drawn(3, 1_000, 3_000), A_STRAIN.unit.key)
    (sentence,) = missing(*STARTED, A_STRAIN, repair)
    assert sentence.startswith("Repair at 0:01 is linked to 0:04, which comes later;")


def test_missing_attributes_of_drawn_units_come_in_the_order_of_time() -> None:
    def bare(code: str, event: CodingEvent) -> CodingEvent:
        return replace(event, codes=(replace(complete(code), attributes={}),))

    late = bare("epi_emotion", flow("epi_emotion", drawn(1, 12_000, 14_000)))
    early = bare("voi_laugh", flow("voi_laugh", drawn(9, 2_000)))
    started = flow("act_open", drawn(5, 0))
    assert missing(late, early, started, *RATED) == [
        "Laughter at 0:02: choose 'whose it is'.",
        "Heightened emotion at 0:12: choose 'how strong'.",
    ]
