"""What the app writes it reads back, as far as the format can hold it."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.script import Script, segments_as_timed
from coding_app.domain.times import Span
from coding_app.domain.transcript import SPEAKER_ROLES, Segment, Transcript, Word
from coding_app.exchange.transcripts import write_transcript
from tests.exchange.files import read

LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Z"))
WORDS = st.text(LETTERS, min_size=1, max_size=8)
PLAIN_WORDS = st.text(st.characters(categories=("L", "Nd")), min_size=1, max_size=8)
LABELS = ("S1", "S2", "SPEAKER_00", "Mutter")


@st.composite
def transcripts(draw: st.DrawFn, words: st.SearchStrategy[str] = WORDS, step_ms: int = 1) -> Transcript:
    """One with a speaker, and perhaps a role, for every segment, in order of time."""
    made, at = list[Segment](), 0
    for place in range(draw(st.integers(1, 6))):
        at += draw(st.integers(1, 5000)) * step_ms
        end = at + draw(st.integers(1, 5000)) * step_ms
        said = draw(st.lists(words, min_size=1, max_size=5))
        timed = tuple(Word(at, end, each, draw(st.none() | st.floats(0, 1))) for each in said)
        label = draw(st.sampled_from(LABELS))
        made.append(Segment(f"s-{place + 1:04}", Span(at, end), label, " ".join(said), timed))
        at = end
    roles = {each: draw(st.sampled_from([None, *SPEAKER_ROLES])) for each in LABELS}
    return Transcript("t", "r", 1, "e", "m", "en", at, datetime(2026, 1, 1, tzinfo=UTC), tuple(made), roles)


def back(transcript: Transcript, suffix: str) -> Script:
    return read(write_transcript(transcript, suffix), f"a{suffix}")


def lines(script: Script) -> list[tuple[int | None, int | None, str]]:
    return [(each.start_ms, each.end_ms, each.text) for each in script.lines]


def written(transcript: Transcript) -> list[tuple[int, int, str]]:
    return [(each.span.start_ms, each.span.end_ms, each.text) for each in transcript.segments]


def same_people(transcript: Transcript, script: Script) -> bool:
    """Whether each label has one name in the file, and none is shared by two."""
    pairs = {(a.speaker, b.speaker) for a, b in zip(transcript.segments, script.lines, strict=True)}
    return len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


@given(transcripts())
def test_our_json_comes_back_whole_with_words_and_labels(transcript: Transcript) -> None:
    script = back(transcript, ".json")
    segments = segments_as_timed(script.lines, transcript.duration_ms)
    assert (segments, script.language) == (transcript.segments, "en")


@given(transcripts())
def test_webvtt_comes_back_with_text_times_and_voices(transcript: Transcript) -> None:
    script = back(transcript, ".vtt")
    assert lines(script) == written(transcript)
    assert same_people(transcript, script)


@given(transcripts())
def test_our_table_comes_back_with_text_times_and_labels(transcript: Transcript) -> None:
    script = back(transcript, ".csv")
    assert lines(script) == written(transcript)
    assert [each.speaker for each in script.lines] == [each.speaker for each in transcript.segments]


@given(transcripts(PLAIN_WORDS))
def test_srt_comes_back_with_text_times_and_names(transcript: Transcript) -> None:
    script = back(transcript, ".srt")
    assert lines(script) == written(transcript)
    assert same_people(transcript, script)


@given(transcripts(PLAIN_WORDS, step_ms=1000))
def test_plain_text_comes_back_with_text_beginnings_and_names(transcript: Transcript) -> None:
    script = back(transcript, ".txt")
    assert [(a, c) for a, _, c in lines(script)] == [(a, c) for a, _, c in written(transcript)]
    assert same_people(transcript, script)


@given(transcripts(PLAIN_WORDS))
def test_without_speakers_everything_comes_back_without_speakers(transcript: Transcript) -> None:
    nobody = replace(transcript, segments=tuple(replace(each, speaker=None) for each in transcript.segments))
    for suffix in (".json", ".vtt", ".csv", ".srt"):
        script = back(nobody, suffix)
        assert lines(script) == written(nobody)
        assert script.speakers == ()


@given(st.text(max_size=300), st.sampled_from(["vtt", "srt", "txt", "csv", "tsv", "json", "eaf", "TextGrid"]))
def test_whatever_stands_in_a_file_is_read_or_refused_with_a_sentence(text: str, ending: str) -> None:
    from coding_app.errors import TranscriptFileError

    heads = {
        "vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n",
        "srt": "00:00:01,000 --> 00:00:02,000\n",
        "csv": "text\n",
    }
    for whole in (text, heads.get(ending, "T: ") + text):
        try:
            script = read(whole.encode("utf-8", "replace"), f"a.{ending}")
        except TranscriptFileError:
            continue
        assert script.lines
        assert all(each.text == " ".join(each.text.split()) != "" for each in script.lines)
