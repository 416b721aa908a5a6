"""ELAN and Praat: tiers as speakers."""

import pytest

from coding_app.domain.transcript import Word
from coding_app.exchange.transcript_files import read_script
from tests.exchange.files import EAF, LONG_GRID, SHORT_GRID, read, said


def test_elan_tiers_are_speakers_and_word_tiers_give_word_times() -> None:
    script = read(EAF, "a.eaf")
    assert said(script) == [
        ("Therapist", 760, 2300, "How are you & yours?"),
        ("client", 2500, 4501, "Not bad"),
    ]
    assert script.lines[1].words == (Word(2500, 3500, "Not"), Word(3500, 4501, "bad"))
    assert script.tracks == ("T-speech", "client", "words", "translation")
    assert script.used == ("T-speech", "client")
    assert script.notes == ("1 time slot without a time lie between their neighbours.",)


def test_a_dependent_tier_can_be_chosen() -> None:
    script = read_script(EAF.encode(), "a.eaf", ["translation"])
    assert said(script) == [("translation", 2500, 4501, "Nicht schlecht")]


def test_annotations_that_divide_another_share_its_time() -> None:
    second = (
        '<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a6" ANNOTATION_REF="a2" PREVIOUS_ANNOTATION="a5">'
        "<ANNOTATION_VALUE>gar nicht</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>"
    )
    text = EAF.replace("</TIER>\n</ANNOTATION_DOCUMENT>", second)
    assert [line[1:3] for line in said(read_script(text.encode(), "a.eaf", ["translation"]))] == [
        (2500, 3500),
        (3500, 4501),
    ]


def test_where_the_upper_tier_is_empty_the_lower_one_is_read() -> None:
    text = EAF.replace("<ANNOTATION_VALUE>Not bad<", "<ANNOTATION_VALUE><")
    assert read(text, "a.eaf").used == ("T-speech", "words", "translation")


@pytest.mark.parametrize("text", [LONG_GRID, SHORT_GRID], ids=["long", "short"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_textgrids_are_read_in_both_forms_and_all_encodings(text: str, encoding: str) -> None:
    data = (b"\xfe\xff" if encoding == "utf-16-be" else b"") + text.encode(encoding)
    script = read(data, "a.TextGrid")
    assert said(script) == [("Therapist", 0, 2345, 'How "are" you?'), ("Client", 2500, 4500, "Müde")]
    assert script.timing == "exact"


def test_tiers_of_sounds_are_not_taken_by_themselves() -> None:
    script = read(SHORT_GRID.replace('"Client"', '"Client - phones"'), "a.TextGrid")
    assert (script.tracks, script.used) == (("Therapist", "Client - phones"), ("Therapist",))
