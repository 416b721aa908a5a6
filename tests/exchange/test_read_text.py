"""Plain text in the layouts of transcribers and programs."""

import pytest

from coding_app.domain.script import names_somebody, neutral_labels, role_of_label
from coding_app.errors import TranscriptFileError
from coding_app.exchange import script_parts
from tests.exchange.files import archive, read, said


@pytest.mark.parametrize(
    ("text", "lines", "timing"),
    [
        (
            "Therapist: Hello there.\nClient: Hi.\nand more of it\n\nTherapist: ok\n",
            [("Therapist", None, "Hello there."), ("Client", None, "Hi. and more of it"), ("Therapist", None, "ok")],
            "missing",
        ),
        (
            "[00:01:02] Anna: Hello\n[00:01:05.5] Ben: I said: no\n[1:01:09] Anna: ok\n",
            [("Anna", 62_000, "Hello"), ("Ben", 65_500, "I said: no"), ("Anna", 3_669_000, "ok")],
            "coarse",
        ),
        (
            "Speaker 1  0:03\nHello: you\n\nSpeaker 2  0:09\nFine.\n",
            [("Speaker 1", 3000, "Hello: you"), ("Speaker 2", 9000, "Fine.")],
            "coarse",
        ),
        (
            "1  T: Well, hello\n2  and so on\n3\n4  C: 3 of us\n",
            [("T", None, "Well, hello and so on"), ("C", None, "3 of us")],
            "missing",
        ),
        (
            "T1: How are you?\nP1: Fine.\nT2: Good.\nP2: yes\nT3: a\nP3: b\n",
            [("T", None, "How are you?"), ("P", None, "Fine."), ("T", None, "Good."), ("P", None, "yes"),
             ("T", None, "a"), ("P", None, "b")],
            "missing",
        ),
        (
            "B: Und dann war ich weg. #00:00:05-3#\n\nI: Aha. #00:00:07-1#\n\nB: Ja. #00:00:09-0#\n",
            [("B", None, "Und dann war ich weg."), ("I", 5300, "Aha."), ("B", 7100, "Ja.")],
            "coarse",
        ),
        ("Just words\nwithout anybody\n", [(None, None, "Just words"), (None, None, "without anybody")], "missing"),
        ("[0:00] Hm.\n[0:05] Ja.\n", [(None, 0, "Hm."), (None, 5000, "Ja.")], "coarse"),
        ("Dr. X (00:12): Hi\nClient (00:15): Hm\n", [("Dr. X", 12_000, "Hi"), ("Client", 15_000, "Hm")], "coarse"),
        ("THERAPIST\tHello you\nCLIENT\tHi\n", [("THERAPIST", None, "Hello you"), ("CLIENT", None, "Hi")], "missing"),
        ("Therapist:\nHello\n\nClient:\nHi\n", [("Therapist", None, "Hello"), ("Client", None, "Hi")], "missing"),
        ("<T>: Hello\n[SPEAKER_01]: Hi\n", [("T", None, "Hello"), ("SPEAKER_01", None, "Hi")], "missing"),
        (
            "T: At 10:30 then?\nC: See http://x.org: ok\n",
            [("T", None, "At 10:30 then?"), ("C", None, "See http://x.org: ok")],
            "missing",
        ),
        ("Mutter：Ja\nKind：Nein\n", [("Mutter", None, "Ja"), ("Kind", None, "Nein")], "missing"),
    ],
)  # fmt: skip
def test_common_layouts_are_understood(text, lines, timing) -> None:  # type: ignore[no-untyped-def]
    script = read(text)
    assert [(speaker, start, words) for speaker, start, _, words in said(script)] == lines
    assert script.timing == timing


def test_times_from_to_with_fractions_are_exact() -> None:
    script = read("00:01.2 - 00:04.0 | T: hello\n00:04.5 - 00:06.1 | C: hi\n")
    assert said(script) == [("T", 1200, 4000, "hello"), ("C", 4500, 6100, "hi")]
    assert script.timing == "exact"


def test_what_stands_above_the_first_speaker_is_left_out_and_said() -> None:
    script = read("Transcript of session 3\nDate: 2020-01-02\n\nT: Hello\nC: Hi\n")
    assert [each.text for each in script.lines] == ["Hello", "Hi"]
    assert script.notes == ("2 lines above the first speaker were left out.",)


def test_a_time_that_goes_back_is_not_used_and_said() -> None:
    script = read("[0:10] T: a\n[5:00] C: b\n[0:20] T: c\n")
    assert [each.start_ms for each in script.lines] == [10_000, None, 20_000]
    assert script.notes == ("1 time going backwards was not used.",)


def test_windows_letters_are_read_with_a_note_and_utf_16_without() -> None:
    script = read("T: Müde?\nC: Ähm\n".encode("cp1252"))
    assert ([each.text for each in script.lines], len(script.notes)) == (["Müde?", "Ähm"], 1)
    script = read("T: Müde?\nC: Ähm\n".encode("utf-16"))
    assert ([each.text for each in script.lines], script.notes) == (["Müde?", "Ähm"], ())


@pytest.mark.parametrize(
    ("label", "role"),
    [("T", "therapist"), ("Therapist 2", "therapist_2"), ("Klientin", "client"), ("CLIENT_3", "client_3"),
     ("Pt.", "client"), ("Second therapist", "therapist_2"), ("Other", "other"), ("S1", None), ("Tom", None)],
)  # fmt: skip
def test_labels_that_say_a_role_are_recognised(label: str, role: str | None) -> None:
    assert role_of_label(label) == role


def test_only_names_are_replaced_by_codes() -> None:
    labels = ("T", "S2", "Speaker 1", "SPEAKER_00", "Mutter", "Frau Meier", "Ben")
    assert [each for each in labels if names_somebody(each)] == ["Frau Meier", "Ben"]
    assert neutral_labels(["Ben", "S1", "Frau Meier"]) == {"Ben": "S2", "S1": "S1", "Frau Meier": "S3"}


def test_a_word_document_is_read_by_its_paragraphs() -> None:
    text = """<?xml version="1.0"?><w:document xmlns:w="w" xmlns:mc="mc"><w:body>
    <w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>Therapist:</w:t>
    <w:t xml:space="preserve"> Hello &amp; </w:t></w:r>
    <w:del><w:r><w:delText>bad </w:delText></w:r></w:del><w:r><w:t>welcome</w:t></w:r></w:p><w:p/>
    <w:p><w:r><w:t>Klientin:</w:t><w:tab/><mc:AlternateContent><mc:Choice><w:t>Ja.</w:t></mc:Choice><mc:Fallback><w:t>Ja.</w:t></mc:Fallback>
    </mc:AlternateContent></w:r></w:p>
    <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Therapist:</w:t></w:r></w:p></w:tc>
    <w:tc><w:p><w:r><w:t>In a</w:t></w:r></w:p><w:p><w:r><w:t>table</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
    </w:body></w:document>"""
    script = read(archive("word/document.xml", text), "a.docx")
    assert [(each.speaker, each.text) for each in script.lines] == [
        ("Therapist", "Hello & welcome"), ("Klientin", "Ja."), ("Therapist", "In a table"),
    ]  # fmt: skip
    assert (script.format, script.timing) == ("Word document", "missing")


def test_a_document_that_unpacks_to_far_too_much_is_refused() -> None:
    with pytest.raises(TranscriptFileError, match="too large"):
        read(archive("word/document.xml", " " * (script_parts.MAX_BYTES + 1)), "a.docx")
