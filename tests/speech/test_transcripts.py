"""Transcripts as files."""

import csv
import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, Transcript, Word
from coding_app.errors import InputError, TableError
from coding_app.exchange.transcripts import read_transcript_json, write_transcript

WORD = Word(3_723_004, 3_723_500, "Hm.", 0.5)
SEGMENTS = (
    Segment("s-0001", Span(0, 1500), "S1", "=1+1 <b>&", ()),
    Segment("s-0002", Span(3_723_004, 3_723_500), None, "Hm.", (WORD,)),
)


def a_transcript(segments: tuple[Segment, ...] = SEGMENTS) -> Transcript:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    return Transcript("t", "r", 1, "e", "m", "en", 9, made, segments, {"S1": "therapist"})


def test_json_has_the_fixed_form():
    made = json.loads(write_transcript(a_transcript(), ".json"))
    assert list(made) == ["engine", "model", "language", "duration_ms", "segments"]
    assert made["segments"][1] == {
        "key": "s-0002", "start_ms": 3_723_004, "end_ms": 3_723_500, "speaker": None, "text": "Hm.",
        "words": [{"start_ms": 3_723_004, "end_ms": 3_723_500, "text": "Hm.", "probability": 0.5}],
    }  # fmt: skip


@given(st.text(), st.none() | st.text(min_size=1), st.integers(0, 10**8), st.none() | st.floats(0, 1))
def test_json_comes_back_as_it_was(text, speaker, start_ms, probability):
    word = Word(start_ms, start_ms + 5, text, probability)
    segments = (Segment("s-0001", Span(start_ms, start_ms + 9), speaker, text, (word,)),)
    assert read_transcript_json(write_transcript(a_transcript(segments), ".json")) == segments


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "[]",
        "{}",
        '{"segments": [{}]}',
        '{"segments": 3}',
        "null",
        '{"segments": [{"key": "a", "start_ms": 5, "end_ms": 1, "text": ""}]}',
    ],
)
def test_what_is_no_transcript_is_refused(wrong):
    with pytest.raises(TableError, match="not a transcript"):
        read_transcript_json(wrong)


def test_subtitles_name_the_speaker_and_their_times():
    vtt, srt = write_transcript(a_transcript(), ".vtt"), write_transcript(a_transcript(), ".srt")
    assert vtt.startswith(
        "WEBVTT\n\ns-0001\n00:00:00.000 --> 00:00:01.500\n<v Therapist>=1+1 &lt;b&gt;&amp;\n\n"
    )
    assert "01:02:03.004 --> 01:02:03.500\nHm.\n" in vtt
    assert srt.startswith("1\n00:00:00,000 --> 00:00:01,500\nTherapist: =1+1 <b>&\n\n2\n")


def test_the_table_holds_no_formula_for_a_spreadsheet_to_run():
    rows = list(csv.DictReader(StringIO(write_transcript(a_transcript(), ".csv"))))
    assert rows[0] == {
        "key": "s-0001", "start_ms": "0", "end_ms": "1500", "speaker": "S1", "role": "therapist",
        "text": "'=1+1 <b>&",
    }  # fmt: skip


def test_plain_text_is_one_line_per_segment():
    assert write_transcript(a_transcript(), ".txt") == "[0:00] Therapist: =1+1 <b>&\n[1:02:03] Hm.\n"


def test_another_suffix_is_refused():
    with pytest.raises(InputError, match=r"'\.docx'"):
        write_transcript(a_transcript(), ".docx")
