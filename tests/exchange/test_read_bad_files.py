"""Files that cannot be read: each is refused with one sentence that names the file and, if there is one, the line."""

import re

import pytest

from coding_app.errors import TranscriptFileError
from coding_app.exchange import script_parts
from tests.exchange.files import EAF, SHORT_GRID, archive, read

DEEP = "[" * 100_000
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    "<ANNOTATION_DOCUMENT>&b;</ANNOTATION_DOCUMENT>"
)
OUTSIDE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><ANNOTATION_DOCUMENT/>'

BAD: list[tuple[str, str, str | bytes, int | None, str]] = [
    ("empty", "a.vtt", "", None, "the file is empty"),
    ("only spaces", "a.txt", " \n\t\n", None, "the file is empty"),
    ("zero bytes", "a.txt", b"T: hi\nC:\0\0 no", 2, "not a text file"),
    ("an image", "a.txt", b"\x89PNG\r\n\x1a\n\x81\x8d", 1, "letters cannot be read"),
    ("half utf-16", "a.srt", b"\xff\xfe1\x00\n", None, "damaged"),
    ("an old word document", "a.doc", b"x", None, "save it as .docx"),
    ("no archive", "a.docx", b"PK", None, "damaged"),
    ("an archive of something else", "a.docx", archive("x.txt", "hi"), None, "no Word document"),
    ("a document without text", "a.docx", archive("word/document.xml", "<w:document/>"), None, "no text"),
    ("a document with entities", "a.docx", archive("word/document.xml", LAUGHS), 1, "entities"),
    ("an unknown ending", "a.xyz", "T: hi", None, "files that end in"),
    ("vtt without its word", "a.vtt", "1\n00:01.000 --> 00:02.000\nhi", 1, "begins with the word WEBVTT"),
    ("vtt without cues", "a.vtt", "WEBVTT\n\nNOTE nothing\n", None, "no line of talk"),
    ("vtt with a comma", "a.vtt", "WEBVTT\n\n00:01,000 --> 00:02,000\nhi", 3, "no times of the form"),
    ("vtt with a wrong arrow", "a.vtt", "WEBVTT\n\n00:01.000 -> 00:02.000\nhi", 3, "no times of the form"),
    ("vtt that ends early", "a.vtt", "WEBVTT\n\nx\n00:03.000 --> 00:02.000\nhi", 4, "ends before it begins"),
    ("vtt beyond 59", "a.vtt", "WEBVTT\n\n00:61.000 --> 00:62.000\nhi", 3, "no times of the form"),
    ("srt without times", "a.srt", "1\nhello\n", 1, "no times of the form"),
    ("srt with letters in a time", "a.srt", "1\n00:00:0a,000 --> 00:00:02,000\nhi", 2, "no times of the form"),
    ("srt that ends early", "a.srt", "1\n00:00:03,000 --> 00:00:02,000\nhi", 2, "ends before it begins"),
    ("srt with empty cues", "a.srt", "1\n00:00:01,000 --> 00:00:02,000\n\n", None, "no line of talk"),
    ("srt of a century", "a.srt", "1\n900:00:01,000 --> 901:00:02,000\nhi", None, "beyond 100 hours"),
    ("too many speakers", "a.csv", "speaker,text\n" + "".join(f"A{n},x\n" for n in range(99)), None, "speakers"),
    ("csv without text", "a.csv", "speaker,start\nT,1\n", 1, "no column holds the text"),
    ("csv with a column twice", "a.csv", "text,text\na,b\n", 1, "appears twice"),
    ("csv of a header", "a.csv", "speaker,text\n", None, "no rows"),
    ("csv with a short row", "a.csv", "speaker,text\nT,a\n\nT\n", 4, "1 fields"),
    ("csv with an open quote", "a.csv", 'speaker,text\nT,"a\nT,b\n', 2, "no row of a table"),
    ("csv with a wrong time", "a.csv", "start,text\n1.5,a\nsoon,b\n", 3, "holds no time"),
    ("csv that ends early", "a.csv", "start,end,text\n2,1,a\n", 2, "ends before it begins"),
    ("csv of two transcripts", "a.csv", "transcript_id,text\n1,a\n2,b\n", None, "2 transcripts"),
    ("no json", "a.json", '{"segments": [\n{"start": 0,\n', 3, "no JSON"),
    ("deep json", "a.json", DEEP, None, "nested too deeply"),
    ("json of a huge number", "a.json", "[" + "9" * 5000 + "]", None, "absurd numbers"),
    ("json without segments", "a.json", '{"text": "hi"}', None, "no segments"),
    ("json of numbers", "a.json", "[1, 2]", None, "segment 1 is no object"),
    ("json without times", "a.json", '[{"start": 0, "end": 1, "text": "a"}, {"text": "b"}]', None, "segment 2"),
    ("json that ends early", "a.json", '[{"start_ms": 5, "end_ms": 1, "text": "a"}]', None, "segment 1"),
    ("json of NaN", "a.json", '[{"start": NaN, "end": 1, "text": "a"}]', None, "segment 1"),
    ("eaf that is no xml", "a.eaf", "hello", 1, "damaged"),
    ("half an eaf", "a.eaf", EAF[:900], 14, "damaged"),
    ("another xml", "a.eaf", "<html></html>", 1, "no ELAN file"),
    ("entities", "a.eaf", LAUGHS, 1, "entities"),
    ("an outside entity", "a.eaf", OUTSIDE, 1, "entities"),
    ("deep xml", "a.eaf", "<ANNOTATION_DOCUMENT>" + "<a>" * 99, 1, "nested too deeply"),
    ("eaf in frames", "a.eaf", EAF.replace("milliseconds", "PAL-frames"), 3, "video frames"),
    ("eaf with a wrong slot", "a.eaf", EAF.replace('REF2="ts2"', 'REF2="ts9"'), 10, "does not exist"),
    ("eaf that ends early", "a.eaf", EAF.replace('"760"', '"7600"'), 10, "ends before it begins"),
    ("eaf with a time of letters", "a.eaf", EAF.replace('"760"', '"soon"'), 5, "no time in milliseconds"),
    ("eaf with a lost parent", "a.eaf", EAF.replace('REF="a2"', 'REF="a99"'), 24, "depends on one"),
    ("eaf without talk", "a.eaf", "<ANNOTATION_DOCUMENT/>", None, "no tier holds talk"),
    ("eaf without times", "a.eaf", re.sub(' TIME_VALUE="[0-9]+"', "", EAF), None, "no time slot has a time"),
    ("a grid cut off", "a.TextGrid", SHORT_GRID[:150], 18, "not whole"),
    ("another praat file", "a.TextGrid", SHORT_GRID.replace('"TextGrid"', '"Pitch 1"'), 2, "no TextGrid"),
    ("no praat file", "a.TextGrid", "hello", 1, "no TextGrid"),
    ("a binary grid", "a.TextGrid", "ooBinaryFile\x08TextGrid", 1, "binary"),
    ("a grid with letters for times", "a.TextGrid", SHORT_GRID.replace("\n2.345\n", "\nsoon\n", 1), 15, "missing here"),
    ("a grid of too many tiers", "a.TextGrid", SHORT_GRID.replace("<exists>\n2\n", "<exists>\n1e9\n"), 7, "cannot be"),
    ("a grid that ends early", "a.TextGrid", SHORT_GRID.replace("2.5\n4.5", "4.6\n4.5"), 26, "ends before"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "line", "what"), [each[1:] for each in BAD], ids=[each[0] for each in BAD]
)
def test_a_bad_file_is_refused_with_a_sentence(
    name: str, text: str | bytes, line: int | None, what: str
) -> None:
    with pytest.raises(TranscriptFileError) as refused:
        read(text, name)
    sentence = str(refused.value)
    assert what in sentence
    assert sentence.startswith(f"{name}, line {line}: " if line else f"{name}: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_file_that_is_too_large_is_not_even_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script_parts, "MAX_BYTES", 5)
    with pytest.raises(TranscriptFileError, match="a transcript has"):
        read("T: hello", "a.txt")


def test_a_file_of_far_too_many_lines_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script_parts, "MAX_LINES", 2)
    with pytest.raises(TranscriptFileError, match="3 lines"):
        read("a\nb\nc\n", "a.txt")


def test_no_sentence_repeats_what_is_said_in_the_file() -> None:
    for _, name, text, _, _ in BAD:
        changed = (
            text.replace("hi", "secretword") if isinstance(text, str) else text.replace(b"hi", b"secretword")
        )
        with pytest.raises(TranscriptFileError) as refused:
            read(changed, name)
        assert "secretword" not in str(refused.value)
