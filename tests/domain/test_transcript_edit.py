"""Edits of a transcript: what each does, that no word is lost, and that every one can be taken back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.edit_patch import EditError, apply, in_order
from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, Transcript, Word
from coding_app.domain.transcript_edit import OPERATIONS, Edit, patch_of
from coding_app.errors import CodingAppError, NotFoundError
from tests.builders import a_transcript

NEW_KEY = "s-0099"


def a_word(text: str, start_ms: int, end_ms: int) -> Word:
    return Word(start_ms, end_ms, text, 0.9)


def said(number: int, start_ms: int, speaker: str, text: str) -> Segment:
    """A segment whose words last 400 ms each, without a pause."""
    words = tuple(
        a_word(word, start_ms + 400 * place, start_ms + 400 * (place + 1))
        for place, word in enumerate(text.split())
    )
    return Segment(f"s-{number:04}", Span(start_ms, words[-1].end_ms), speaker, text, words)


THREE = replace(
    a_transcript("r", 1),
    duration_ms=10_000,
    segments=(
        said(1, 0, "S1", "How was the week"),
        said(2, 1_600, "S2", "It was long and I was tired"),
        said(3, 5_000, "S1", "Long and tired"),
    ),
    speakers={"S1": "therapist", "S2": None},
)


def edited(op: str, transcript: Transcript = THREE, **given_values: object) -> Transcript:
    return apply(transcript, patch_of(transcript, Edit(op, given_values), NEW_KEY))


def texts(transcript: Transcript) -> list[str]:
    return [segment.text for segment in transcript.segments]


def test_a_corrected_word_leaves_the_times_of_the_others_and_drops_the_doubt_that_it_was_invented() -> None:
    flagged = replace(
        THREE, segments=(replace(THREE.segments[0], flags=("repetition", "overlap")), *THREE.segments[1:])
    )
    after = edited("set_text", flagged, key="s-0001", text="How was  your week").segments[0]
    assert (after.text, after.flags) == ("How was your week", ("overlap",))
    assert [word.text for word in after.words] == ["How", "was", "your", "week"]
    assert (after.words[3], after.words[2].probability) == (THREE.segments[0].words[3], None)


def test_a_segment_is_split_between_two_words_and_the_new_half_gets_a_new_key() -> None:
    after = edited("split", key="s-0002", at=len("It was long"))
    assert texts(after) == ["How was the week", "It was long", "and I was tired", "Long and tired"]
    left, right = after.segments[1:3]
    assert (left.key, right.key, left.span.end_ms, right.span.start_ms) == ("s-0002", NEW_KEY, 2_800, 2_800)
    assert [word.text for word in right.words] == ["and", "I", "was", "tired"]
    assert edited("split", key="s-0002", at=11, at_ms=2_500).segments[1].span.end_ms == 2_500


def test_neighbours_are_put_together_under_the_first_ones_key_and_speaker() -> None:
    after = edited("merge", keys=["s-0001", "s-0002"])
    assert texts(after) == ["How was the week It was long and I was tired", "Long and tired"]
    assert (after.segments[0].key, after.segments[0].speaker) == ("s-0001", "S1")
    assert len(after.segments[0].words) == 11


def test_a_moved_boundary_moves_for_the_neighbour_that_touched_it_and_for_no_other() -> None:
    after = edited("move", key="s-0002", start_ms=1_400, end_ms=4_500)
    assert [each.span for each in after.segments] == [Span(0, 1_400), Span(1_400, 4_500), Span(5_000, 6_200)]
    assert after.segments[0].words[-1].end_ms == 1_400
    assert edited("move", key="s-0002", start_by=-200).segments[1].span.start_ms == 1_400


def test_a_segment_is_added_and_deleted() -> None:
    after = edited("add", start_ms=4_600, end_ms=4_900, speaker="S2", text="Yes.")
    assert (texts(after)[2], after.segments[2].key) == ("Yes.", NEW_KEY)
    assert texts(edited("delete", keys=["s-0002"])) == ["How was the week", "Long and tired"]


def test_find_and_replace_heeds_case_and_whole_words() -> None:
    assert texts(edited("replace", find="long", **{"with": "short"}))[1:] == [
        "It was short and I was tired",
        "short and tired",
    ]
    assert texts(edited("replace", find="long", case=True, **{"with": "short"}))[2] == "Long and tired"
    with pytest.raises(EditError, match="Nothing was found"):
        edited("replace", find="ire", whole_word=True, **{"with": "x"})
    assert (
        texts(edited("replace", find="week", keys=["s-0001"], **{"with": r"\1 day"}))[0]
        == r"How was the \1 day"
    )


def test_voices_are_changed_swapped_and_put_together() -> None:
    def speakers(transcript: Transcript) -> list[str | None]:
        return [each.speaker for each in transcript.segments]

    assert speakers(edited("set_speaker", keys=["s-0003"], speaker="S2")) == ["S1", "S2", "S2"]
    assert speakers(edited("set_speaker", keys=["s-0003"], speaker=None)) == ["S1", "S2", None]
    assert speakers(edited("swap_speakers", a="S1", b="S2")) == ["S2", "S1", "S2"]
    assert speakers(edited("swap_speakers", a="S1", b="S2", key="s-0002")) == ["S1", "S1", "S2"]
    assert speakers(edited("reassign_from", key="s-0002", speaker_from="S1", speaker_to="S2")) == [
        "S1",
        "S2",
        "S2",
    ]
    one = edited("merge_speakers", **{"from": "S2", "into": "S1"})
    assert (speakers(one), one.speakers) == (["S1"] * 3, {"S1": "therapist"})
    assert edited("add_speaker").speakers == {"S1": "therapist", "S2": None, "S3": None}
    assert edited("set_role", speaker="S2", role="client_2").speakers["S2"] == "client_2"


def test_what_a_person_has_confirmed_is_marked_and_the_mark_can_be_taken_back() -> None:
    after = edited("confirm", keys=["s-0001"])
    assert after.segments[0].flags == ("confirmed",)
    assert edited("confirm", after, keys=["s-0001"], on=False) == THREE


WRONG = [
    ("nonsense", {}, "no edit 'nonsense'"),
    ("set_text", {"key": "s-0001"}, "not complete"),
    ("set_text", {"key": "s-0001", "text": "  "}, "text is empty"),
    ("set_text", {"key": "s-0001", "text": "x" * 5_001}, "5,001 characters"),
    ("set_text", {"key": "s-0001", "text": "\ud800"}, "cannot be stored"),
    ("set_text", {"key": "s-0001", "text": 3}, "not complete"),
    ("replace_places", {"places": [["s-0001", 0, 900, "x"]]}, "changed since"),
    ("replace_places", {"places": [["s-0001", 0, 3, "x"], ["s-0001", 2, 4, "y"]]}, "changed since"),
    ("replace_places", {"places": [["s-0001", 0, 3]]}, "not complete"),
    ("replace_places", {"places": [["s-0001", "a", 3, "x"]]}, "not complete"),
    ("split", {"key": "s-0001", "at": 0}, "between two words"),
    ("split", {"key": "s-0001", "at": 99}, "between two words"),
    ("split", {"key": "s-0001", "at": "3"}, "not complete"),
    ("merge", {"keys": ["s-0001"]}, "follow each other"),
    ("merge", {"keys": ["s-0001", "s-0003"]}, "follow each other"),
    ("merge", {"keys": ["s-0001", "s-0404"]}, "follow each other"),
    ("move", {"key": "s-0001", "start_ms": 1_590}, "at least 100 ms"),
    ("move", {"key": "s-0002", "start_ms": 20}, "neighbouring segment would be too short"),
    ("move", {"key": "s-0001", "end_ms": "soon"}, "not complete"),
    ("add", {"start_ms": 5, "end_ms": 6, "speaker": "S1", "text": "x"}, "at least 100 ms"),
    ("add", {"start_ms": 5, "end_ms": 600, "speaker": "S9", "text": "x"}, "no such voice"),
    ("delete", {"keys": []}, "No segment is named"),
    ("set_speaker", {"keys": ["s-0001"], "speaker": "S9"}, "no such voice"),
    ("merge_speakers", {"from": "S1", "into": "S1"}, "two different voices"),
    ("add_speaker", {"label": "S1"}, "no other voice has"),
    ("set_role", {"speaker": "S1", "role": "judge"}, "A voice can be one of"),
    ("replace", {"find": " ", "with": "x"}, "what is to be found"),
    ("replace", {"find": "How was the week", "with": " "}, "text is empty"),
]


@pytest.mark.parametrize(("op", "values", "says"), WRONG)
def test_an_edit_that_cannot_be_done_is_refused_with_what_to_do(
    op: str, values: dict[str, object], says: str
) -> None:
    with pytest.raises(EditError, match=says):
        edited(op, **values)


def test_a_segment_that_is_not_there_is_told() -> None:
    with pytest.raises(NotFoundError):
        edited("set_text", key="s-0404", text="x")


def test_a_step_on_what_has_changed_since_is_refused() -> None:
    patch = patch_of(THREE, Edit("set_text", {"key": "s-0001", "text": "Once"}), NEW_KEY)
    since = edited("set_text", key="s-0001", text="Another")
    with pytest.raises(EditError, match="changed since"):
        apply(since, patch)


keys = st.sampled_from([segment.key for segment in THREE.segments])
labels = st.sampled_from(["S1", "S2"])
times = st.integers(0, 10_000)
EDITS = st.one_of(
    st.builds(lambda k, t: ("set_text", {"key": k, "text": t}), keys, st.text("ab c", min_size=1)),
    st.builds(lambda k, a: ("split", {"key": k, "at": a}), keys, st.integers(0, 30)),
    st.builds(lambda k, a, t: ("split", {"key": k, "at": a, "at_ms": t}), keys, st.integers(0, 30), times),
    st.builds(lambda ks: ("merge", {"keys": ks}), st.lists(keys, min_size=1, max_size=3, unique=True)),
    st.builds(lambda k, a, b: ("move", {"key": k, "start_ms": a, "end_ms": b}), keys, times, times),
    st.builds(lambda k, a: ("move", {"key": k, "end_ms": a}), keys, times),
    st.builds(
        lambda a, b, s: ("add", {"start_ms": a, "end_ms": b, "speaker": s, "text": "New"}),
        times,
        times,
        labels,
    ),
    st.builds(lambda ks: ("delete", {"keys": ks}), st.lists(keys, min_size=1, max_size=2)),
    st.builds(lambda k, s: ("set_speaker", {"keys": [k], "speaker": s}), keys, labels),
    st.builds(lambda a, b, k: ("swap_speakers", {"a": a, "b": b, "key": k}), labels, labels, keys),
    st.builds(lambda a, b: ("merge_speakers", {"from": a, "into": b}), labels, labels),
    st.just(("add_speaker", {})),
    st.builds(lambda s: ("set_role", {"speaker": s, "role": "client"}), labels),
    st.just(("replace", {"find": "was", "with": "were"})),
    st.builds(lambda k, n: ("replace_places", {"places": [[k, 0, n, "[Name 1]"]]}), keys, st.integers(1, 9)),
)


@given(EDITS)
def test_what_an_edit_does_its_inverse_takes_back(edit: tuple[str, dict[str, object]]) -> None:
    try:
        patch = patch_of(THREE, Edit(*edit), NEW_KEY)
    except CodingAppError:
        return
    after = apply(THREE, patch)
    assert apply(after, patch.inverse) == THREE
    assert patch.inverse.inverse == patch
    assert len({each.key for each in after.segments}) == len(after.segments)
    assert after.segments == in_order(after.segments)
    for segment in after.segments:
        assert segment.span.duration_ms > 0
        assert all(
            segment.span.start_ms <= word.start_ms <= word.end_ms <= segment.span.end_ms
            for word in segment.words
        )


@given(EDITS.filter(lambda edit: edit[0] in {"split", "merge", "move", "set_speaker", "swap_speakers"}))
def test_no_word_is_lost_doubled_or_reordered_by_a_cut_or_a_change_of_voice(
    edit: tuple[str, dict[str, object]],
) -> None:
    try:
        after = edited(edit[0], **edit[1])
    except CodingAppError:
        return

    def written(transcript: Transcript) -> list[str]:
        by_key = sorted(transcript.segments, key=lambda each: each.span.start_ms)
        return " ".join(each.text for each in by_key).split()

    assert sorted(written(after)) == sorted(written(THREE))
    assert sum(len(each.words) for each in after.segments) == sum(len(each.words) for each in THREE.segments)


def test_every_operation_is_tried_here() -> None:
    tried = {op for op, *_ in WRONG} | {
        "set_role",
        "swap_speakers",
        "reassign_from",
        "replace",
        "delete",
        "confirm",
    }
    assert set(OPERATIONS) <= tried
