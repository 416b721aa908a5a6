"""Scripts and recognised words: no word of the script is ever lost, and what was heard has its time."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coding_app.domain.script import ScriptLine
from coding_app.domain.transcript import Segment, Word
from coding_app.exchange.transcripts import read_transcript_json
from coding_app.speech.alignment import UNCERTAIN, align, uncertainty_note
from coding_app.speech.transcriber import Transcriber
from coding_app.speech.word_matching import EXACT, UNHEARD, match_words
from coding_app.workflows.recognition import prepare, recognise
from tests.speech.conftest import demo, recording

VOCABULARY = (
    "yes",
    "no",
    "well",
    "I",
    "think",
    "you",
    "know",
    "[laughs]",
    "—",
    "mother",
    "Dr.",
    "sunday",
    "walking",
)
WORDS = st.sampled_from(VOCABULARY)
LINES = st.lists(
    st.builds(
        ScriptLine,
        st.sampled_from(["T", "C", None]),
        st.lists(WORDS, min_size=1, max_size=40).map(" ".join),
        st.none() | st.integers(0, 90_000),
    ),
    max_size=12,
)
HEARD = st.lists(
    st.builds(lambda at, length, text: Word(at, at + length, text), st.integers(0, 70_000), st.integers(0, 900), WORDS),
    max_size=80,
)  # fmt: skip


def heard(text: str, ms: int = 400, at: int = 0) -> list[Word]:
    """The words of a text one after the other without a pause."""
    return [Word(at + n * ms, at + (n + 1) * ms, word, 0.9) for n, word in enumerate(text.split())]


def lines(*texts: str) -> list[ScriptLine]:
    return [ScriptLine("T" if place % 2 == 0 else "C", text) for place, text in enumerate(texts)]


def words_of(segments: tuple[Segment, ...]) -> list[str]:
    return [word.text for each in segments for word in each.words]


@given(LINES, HEARD, st.integers(1, 60_000))
@example(  # the last line is too short to code and was lengthened past the beginning of the one before it
    [ScriptLine("T", "yes no"), ScriptLine("T", "yes")],
    [Word(0, 0, "yes"), Word(19_802, 20_001, "no")],
    20_001,
)
def test_every_word_stays_in_order_within_the_recording(
    script: list[ScriptLine], recognised: list[Word], duration_ms: int
) -> None:
    made = align(script, recognised, duration_ms)
    assert words_of(made) == [word for line in script for word in line.text.split()]
    assert [each.key for each in made] == [f"s-{place:04}" for place in range(1, len(made) + 1)]
    starts = [each.span.start_ms for each in made]
    assert starts == sorted(starts)
    for each in made:
        assert 0 <= each.span.start_ms <= each.span.end_ms <= duration_ms
        assert each.text == " ".join(word.text for word in each.words)
        begins = [word.start_ms for word in each.words]
        assert begins == sorted(begins)
        assert all(word.start_ms <= word.end_ms for word in each.words)


@given(st.lists(WORDS, max_size=60), st.lists(WORDS, max_size=60))
def test_matched_places_rise_and_what_is_called_exact_is_the_same_word(
    script: list[str], other: list[str]
) -> None:
    found, likeness = match_words(script, other)
    places = [place for place in found.tolist() if place != UNHEARD]
    assert places == sorted(set(places))
    for word, place, kind in zip(script, found.tolist(), likeness.tolist(), strict=True):
        if kind == EXACT:
            assert word == other[place]


@given(st.lists(WORDS.filter(lambda word: word.isalpha()), min_size=1, max_size=60))
def test_a_script_that_was_heard_word_for_word_has_exactly_those_times(said: list[str]) -> None:
    recognised = heard(" ".join(said))
    made = align([ScriptLine("T", " ".join(said))], recognised, len(said) * 400)
    assert [(word.start_ms, word.end_ms) for each in made for word in each.words] == [
        (word.start_ms, word.end_ms) for word in recognised
    ]


@given(st.lists(st.integers(0, 30), max_size=90), st.lists(st.integers(0, 30), max_size=90))
def test_cutting_at_anchors_and_in_half_finds_as_much_as_the_whole_table(a: list[int], b: list[int]) -> None:
    """Hirschberg's cut, forced by a tiny table, must reach the best sum of the whole one."""
    from unittest.mock import patch

    from coding_app.speech import word_matching

    script, other = [f"w{n}" for n in a], [f"w{n}" for n in b]

    def best(limit: int) -> int:
        with patch.object(word_matching, "MAX_CELLS", limit), patch.object(word_matching, "ANCHOR_WORDS", 0):
            found, likeness = match_words(script, other)
        n_paired = int((found != UNHEARD).sum())
        gaps = len(script) + len(other) - 2 * n_paired
        return int(likeness[found != UNHEARD].sum()) + word_matching.GAP * gaps

    assert best(8) == best(10**9)


def test_words_that_were_not_heard_lie_between_those_that_were() -> None:
    recognised = [*heard("I wanted to cancel"), *heard("but then I came anyway", at=4000)]
    made = align(lines("I wanted to cancel", "Mhm.", "but then I came anyway"), recognised, 9000)
    assert [(each.span.start_ms, each.span.end_ms) for each in (made[0], made[2])] == [
        (0, 1600),
        (4000, 6000),
    ]
    assert 1600 < made[1].span.start_ms < made[1].span.end_ms < 4000
    assert [each.flags for each in made] == [(), (UNCERTAIN,), ()]


def test_a_backchannel_without_room_still_has_some_length() -> None:
    script = lines("I wanted to cancel", "Mhm.", "but then I came anyway")
    made = align(script, heard("I wanted to cancel but then I came anyway"), 9000)
    assert made[1].span.duration_ms >= 200
    assert [each.span.start_ms for each in made] == [0, 1600, 1600]


def test_case_punctuation_and_asides_do_not_matter() -> None:
    made = align(lines("[sighs] Well, WE'RE done — (pause) I think."), heard("well were done i think"), 9000)
    assert made[0].flags == ()
    assert (made[0].words[1].start_ms, made[0].words[-1].end_ms) == (0, 2000)


def test_rough_times_say_which_of_two_equal_words_is_meant() -> None:
    recognised = [*heard("yes", at=10_000), *heard("yes", at=50_000)]
    for at in (9_000, 51_000):
        made = align([ScriptLine("T", "yes", at)], recognised, 60_000)
        assert abs(made[0].span.start_ms - at) < 1500


def test_rough_times_that_run_ahead_of_the_recording_are_shifted() -> None:
    texts = ["it began on sunday morning", "then everything changed again", "nobody answered the telephone"]
    recognised = [word for place, text in enumerate(texts) for word in heard(text, at=place * 20_000)]
    script = [ScriptLine("T", text, 3_600_000 + place * 20_000) for place, text in enumerate(texts)]
    assert [each.span.start_ms for each in align(script, recognised, 60_000)] == [0, 20_000, 40_000]


def test_nothing_recognised_leaves_every_place_uncertain() -> None:
    made = align(lines("one two", "three"), [], 10_000)
    assert [each.flags for each in made] == [(UNCERTAIN,), (UNCERTAIN,)]
    assert "belongs to this recording" in str(uncertainty_note(made))


def test_a_note_counts_the_uncertain_places() -> None:
    recognised = [*heard("I wanted to cancel"), *heard("but then I came anyway", at=4000)]
    made = align(lines("I wanted to cancel", "Mhm.", "but then I came anyway"), recognised, 9000)
    assert str(uncertainty_note(made)).startswith("1 of 3 segments")
    assert uncertainty_note((made[0], made[2])) is None


def test_a_line_of_more_than_20_seconds_is_cut_at_sentences() -> None:
    sentence = "This is what happened to me on that day. "
    text = (sentence * 8).strip()
    made = align([ScriptLine("C", text)], heard(text), 60_000)
    assert [each.text for each in made] == [sentence.strip()] * 8
    assert {each.speaker for each in made} == {"C"}


def test_words_without_spaces_are_aligned_letter_by_letter() -> None:
    recognised = [Word(0, 800, "今天"), Word(1000, 1800, "天气"), Word(5000, 6000, "很好")]
    made = align([ScriptLine("T", "今天天气"), ScriptLine("C", "很好")], recognised, 9000, "zh")
    assert [(each.text, each.span.start_ms, each.span.end_ms) for each in made] == [
        ("今天天气", 0, 1800), ("很好", 5000, 6000),
    ]  # fmt: skip


def test_another_recordings_script_is_told() -> None:
    made = align(
        lines("completely different talk", "about gardening tools"),
        heard("my mother never called me back"),
        9000,
    )
    assert all(UNCERTAIN in each.flags for each in made)


@pytest.fixture(scope="module")
def first_chunk(
    faster: Transcriber, tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, list[Word], list[Segment]]:
    """The recognised words of the demo session's first chunk, and the lines known to lie in it."""
    prepared = prepare(demo("session.ogg"), tmp_path_factory.mktemp("demo"))
    words = list(recognise(prepared, 0, faster, "en").words)
    reference = read_transcript_json(demo("transcript.json").read_text("utf-8"))
    end_ms = prepared.chunks[0].spans[-1].end_ms
    return end_ms, words, [each for each in reference if each.span.end_ms <= end_ms]


@pytest.mark.weights
@pytest.mark.parametrize("times", ["missing", "whole seconds"])
def test_boundaries_of_a_known_dialogue_are_found(
    first_chunk: tuple[int, list[Word], list[Segment]], times: str
) -> None:
    """Measured on the whole session: median 113 ms, 95th percentile 317 ms (scripts/bench_alignment.py)."""
    duration_ms, words, reference = first_chunk
    script = [
        ScriptLine(each.speaker, each.text, each.span.start_ms // 1000 * 1000 if times != "missing" else None)
        for each in reference
    ]
    made = align(script, words, duration_ms)
    assert [each.text for each in made] == [each.text for each in reference]
    assert len(made) >= 15
    pairs = list(zip(made, reference, strict=True))
    errors = [abs(a.span.start_ms - b.span.start_ms) for a, b in pairs]
    errors += [abs(a.span.end_ms - b.span.end_ms) for a, b in pairs]
    assert np.median(errors) <= 200
    assert np.percentile(errors, 95) <= 600
    sure = [abs(a.span.start_ms - b.span.start_ms) for a, b in pairs if not a.flags]
    assert max(sure) <= 1000
    assert len(sure) >= 0.8 * len(made)


@pytest.mark.weights
def test_a_telephone_call_written_down_without_times_is_placed(faster: Transcriber, tmp_path: Path) -> None:
    """Its words are known; that each line lies where its own words were heard is what can be checked."""
    prepared = prepare(recording("gcp_commercial_mono.wav"), tmp_path)
    words = [
        word
        for place in range(len(prepared.chunks))
        for word in recognise(prepared, place, faster, "en").words
    ]
    script = lines(
        "Hi, I'd like to buy a Chromecast and I was wondering whether you could help me with that.",
        "Certainly, which color would you like? We have blue, black, and red.",
        "Let's go with the black one.",
        "Would you like the new Chromecast Ultra model or the regular Chromecast?",
        "Regular Chromecast is fine, thank you.",
        "Okay, sure. Would you like to ship it regular or Express?",
        "Express, please.",
        "Terrific. It's on the way. Thank you.",
        "Thank you very much. Bye.",
    )
    made = align(script, words, prepared.duration_ms)
    assert len(made) == len(script)
    assert sum(UNCERTAIN in each.flags for each in made) <= 2
    for place, word in ((0, "wondering"), (1, "blue"), (5, "ship")):
        spans = [(each.start_ms, each.end_ms) for each in words if word.lower() in each.text.lower()]
        assert any(made[place].span.start_ms <= a and b <= made[place].span.end_ms for a, b in spans)
