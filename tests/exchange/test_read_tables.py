"""CSV and JSON, ours and others'."""

import json

from coding_app.domain.transcript import Word
from tests.exchange.files import read, said


def test_columns_of_other_programs_are_found_by_name() -> None:
    script = read(
        'quality,interlocutor,timestamp,utterance_text\nh,therapist,00:00:13,"Hi, you"\nh,client,00:00:24,Sure.\n',
        "a.csv",
    )
    assert said(script) == [("therapist", 13_000, None, "Hi, you"), ("client", 24_000, None, "Sure.")]
    assert script.timing == "coarse"


def test_semicolons_tabs_and_german_names_are_understood() -> None:
    script = read("Sprecher;Beginn;Ende;Text\nT;0:01,5;0:02,25;Hallo\nK;2,5;3;Ja\n", "a.csv")
    assert said(script) == [("T", 1500, 2250, "Hallo"), ("K", 2500, 3000, "Ja")]
    script = read("tier\ttmin\ttext\ttmax\nT\t0.25\tHallo\t1.5\n", "a.tsv")
    assert said(script) == [("T", 250, 1500, "Hallo")]


def test_whole_numbers_without_a_unit_are_milliseconds_when_seconds_would_be_absurd() -> None:
    assert said(read("onset,offset,text\n0,1400,a\n1500,3000,b\n3000,4000,c\n", "a.csv"))[1] == (
        None,
        1500,
        3000,
        "b",
    )
    assert said(read("onset,offset,text\n0,4,a\n5,9,b\n9,12,c\n", "a.csv"))[1] == (None, 5000, 9000, "b")


def test_a_duration_gives_the_end() -> None:
    assert said(read("start,duration,text\n1.0,0.5,a\n", "a.csv")) == [(None, 1000, 1500, "a")]


def test_whisper_json_with_words() -> None:
    segments = [
        {"id": 0, "start": 0.0, "end": 1.5, "text": " Hello you.", "words": [
            {"word": " Hello", "start": 0.0, "end": 0.5, "probability": 0.9},
            {"word": " you.", "start": 0.5, "end": 1.5, "probability": 0.25}]},
    ]  # fmt: skip
    script = read(json.dumps({"text": "x", "segments": segments, "language": "en"}), "a.json")
    assert (script.format, script.language, script.timing) == ("Whisper JSON", "en", "exact")
    assert script.lines[0].words == (Word(0, 500, "Hello", 0.9), Word(500, 1500, "you.", 0.25))
    assert said(read(json.dumps(segments), "a.json"))[0][3] == "Hello you."


def test_whisperx_words_without_times_lie_between_their_neighbours() -> None:
    segment = {"start": 1.0, "end": 4.0, "text": "In 2020 or so", "speaker": "SPEAKER_00", "words": [
        {"word": "In", "start": 1.0, "end": 1.5, "score": 0.9}, {"word": "2020"},
        {"word": "or", "start": 3.0, "end": 3.2, "score": 0.8}, {"word": "so"}]}  # fmt: skip
    line = read(json.dumps({"segments": [segment]}), "a.json").lines[0]
    assert line.speaker == "SPEAKER_00"
    assert [(word.start_ms, word.end_ms) for word in line.words] == [
        (1000, 1500),
        (1500, 3000),
        (3000, 3200),
        (3200, 4000),
    ]


def test_whisper_cpp_json() -> None:
    segment = {
        "timestamps": {"from": "00:00:00,000", "to": "00:00:02,000"},
        "offsets": {"from": 0, "to": 2010},
        "text": " Hi",
    }
    script = read(json.dumps({"result": {"language": "de"}, "transcription": [segment]}), "a.json")
    assert (said(script), script.language) == ([(None, 0, 2010, "Hi")], "de")


def test_characters_that_cannot_be_stored_are_left_out() -> None:
    segment = {"start": 0.1, "end": 1, "text": "a\x00b\ud800c", "speaker": "S\x001"}
    assert said(read(json.dumps([segment]), "a.json")) == [("S1", 100, 1000, "abc")]
