"""Words become segments, and every word arrives."""

from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.times import Span
from coding_app.domain.transcript import Word
from coding_app.speech.segmenting import MAX_SEGMENT_MS, Turn, segments

TEXTS = st.sampled_from(["yes", "no.", "I", "mean?", "well,", "…", "«so»", "a.b"])
ANY_WORDS = st.lists(st.builds(Word, st.integers(0, 90_000), st.integers(0, 90_000), TEXTS))
SPANS = st.tuples(st.integers(0, 90_000), st.integers(0, 30_000)).map(lambda each: Span(each[0], sum(each)))
ANY_TURNS = st.lists(st.builds(Turn, SPANS, st.sampled_from(["S1", "S2", "S3"])), max_size=12).map(
    lambda turns: sorted(turns, key=lambda turn: turn.span.start_ms)
)


def said(text: str, *, start_ms: int = 0, word_ms: int = 300, gap_ms: int = 50) -> list[Word]:
    step = word_ms + gap_ms
    return [
        Word(start_ms + at * step, start_ms + at * step + word_ms, each)
        for at, each in enumerate(text.split())
    ]


def turn(start_ms: int, end_ms: int, speaker: str) -> Turn:
    return Turn(Span(start_ms, end_ms), speaker)


@given(ANY_WORDS, ANY_TURNS)
def test_no_word_is_lost_doubled_or_moved(words, turns):
    made = segments(words, turns)
    assert [word for each in made for word in each.words] == words
    assert " ".join(each.text for each in made) == " ".join(word.text for word in words)


@given(ANY_WORDS, ANY_TURNS)
def test_keys_count_up_and_speakers_come_from_the_turns(words, turns):
    made = segments(words, turns)
    assert [each.key for each in made] == [f"s-{place:04}" for place in range(1, len(made) + 1)]
    assert {each.speaker for each in made} <= ({each.speaker for each in turns} or {None})


@given(ANY_WORDS, ANY_TURNS)
def test_a_segment_spans_all_its_words(words, turns):
    for each in segments(words, turns):
        assert each.span.start_ms == min(word.start_ms for word in each.words)
        assert each.span.end_ms >= max(word.end_ms for word in each.words)


def test_another_speaker_begins_a_segment():
    words = said("how are you fine thanks")
    made = segments(words, [turn(0, 1040, "S1"), turn(1040, 2000, "S2")])
    assert [(each.speaker, each.text) for each in made] == [("S1", "how are you"), ("S2", "fine thanks")]


def test_a_turn_that_is_off_by_a_few_words_is_moved_to_the_sentence_end():
    words = said("how have you been? not so well lately")
    made = segments(words, [turn(0, 2000, "S1"), turn(2000, 9000, "S2")])  # "not so" was given to S1
    assert [each.text for each in made] == ["how have you been?", "not so well lately"]


def test_a_short_word_in_the_middle_of_anothers_talk_is_not_torn_out():
    words = said("I was thinking about the house again")
    made = segments(words, [turn(0, 1000, "S1"), turn(1000, 1300, "S2"), turn(1300, 9000, "S1")])
    assert len(made) == 1


def test_a_short_answer_that_ends_a_sentence_stays_its_speakers_own():
    words = said("and so I left. Okay. Then I went home")
    made = segments(words, [turn(0, 1400, "S1"), turn(1400, 1730, "S2"), turn(1750, 9000, "S1")])
    assert [(each.speaker, each.text) for each in made][1] == ("S2", "Okay.")


def test_a_pause_of_a_second_begins_a_segment():
    words = said("and then") + said("nothing happened", start_ms=1700)
    assert [each.text for each in segments(words, [])] == ["and then", "nothing happened"]


def test_a_sentence_end_begins_a_segment_once_a_second_has_passed():
    assert [each.text for each in segments(said("Yes. I think so too. And you"), [])] == [
        "Yes. I think so too.",
        "And you",
    ]


def test_talk_without_an_end_is_cut_at_20_seconds():
    made = segments(said("word " * 300), [turn(0, 200_000, "S1")])
    assert all(each.span.duration_ms <= MAX_SEGMENT_MS for each in made)
    assert len(made) > 4


def test_chinese_is_joined_without_spaces():
    assert segments(said("你好 吗"), [], "zh")[0].text == "你好吗"


def test_without_turns_nobody_is_known_to_speak():
    assert segments(said("hello"), [])[0].speaker is None
