"""The hint that something looks like a person's name: what it says of usual labels and files, and what it misses."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.name_hint import FILE_HINT, LABEL_HINT, looks_like_a_name, name_hint

NAMES = [
    "Anna Müller",
    unicodedata.normalize("NFD", "Zoë Müller"),
    "Müller, Anna",
    "Anna-Lena Koch",
    "Session 3 Anna Koch",
    "Sitzung 3: Anna von der Heide",
    "Séan O'Brien",
    "Seán O’Brien",
    "Ronald McDonald",
    "Анна Каренина",
    "Ελένη Παπαδοπούλου",
    "mueller_anna",
    "anna.mueller",
    "müller-anna_2026-02-14",
    "Koch_Anna_3",
]
NO_NAMES = [
    "",
    "Session 3",
    "C-12",
    "A07-S03",
    "Intake Anna3",
    "Intake",
    "Anna",
    "Alliance Study",
    "Alliance Core",
    "Baseline Week",
    "Sitzung Eins",
    "Erstgespräch Paar B",
    "Case 7",
    "Observer A",
    "Group Therapy 2",
    "Gespräch über Trauer und Angst",
    "session_3",
    "session_intake",
    "audio_only",
    "follow-up",
    "zoom_0",
    "WhatsApp Audio 2026-02-14 at 10.12.13",
    "REC_0001",
    "2026-02-14",
    "DERS PHQ",
    "first session with much crying",
    "治療セッション",
]
MISSED = ["Anna M.", "ANNA MUELLER", "AnnaMueller", "anna müller", "Doris Day", "田中 花子"]
TAKEN_FOR_ONE = ["Elbow Grease", "Trauer Angst", "quiet_garden"]


@pytest.mark.parametrize("text", NAMES)
def test_a_full_name_is_hinted_at(text: str) -> None:
    assert looks_like_a_name(text)


@pytest.mark.parametrize("text", NO_NAMES)
def test_a_usual_label_is_left_in_peace(text: str) -> None:
    assert not looks_like_a_name(text)


def test_it_misses_and_mistakes_what_its_description_says() -> None:
    assert [text for text in MISSED if looks_like_a_name(text)] == []
    assert [text for text in TAKEN_FOR_ONE if not looks_like_a_name(text)] == []


@given(st.text())
def test_any_text_gets_an_answer_that_spaces_around_and_spelling_of_accents_do_not_change(text: str) -> None:
    answer = looks_like_a_name(text)
    assert looks_like_a_name(f"  {text}\t") == answer
    assert looks_like_a_name(unicodedata.normalize("NFD", text)) == answer


@given(st.lists(st.from_regex(r"[A-Za-z]{0,8}[0-9][A-Za-z]{0,8}", fullmatch=True), max_size=5))
def test_words_with_digits_are_never_a_name(words: list[str]) -> None:
    assert not looks_like_a_name(" ".join(words))
    assert not looks_like_a_name("_".join(words))


WORDS = st.from_regex(r"Q[aeiou]{3,8}", fullmatch=True)  # no ordinary word of either language


@given(WORDS, WORDS, st.sampled_from([" ", ", ", "_", "-", ".", " von "]))
def test_any_two_words_with_capitals_side_by_side_are_hinted_at(one: str, two: str, between: str) -> None:
    assert looks_like_a_name(f"{one}{between}{two}")


def test_the_hint_is_of_the_label_first_and_does_not_repeat_it() -> None:
    assert name_hint("Anna Müller", None, "Anna Müller.wav") == LABEL_HINT
    assert name_hint("C-12-03", "Anna Müller", None) == LABEL_HINT
    assert name_hint("C-12-03", "C-12", "mueller_anna.wav") == FILE_HINT
    assert name_hint("C-12-03", "C-12", "C-12-03.wav") is None
    assert name_hint() is None
    assert "Anna" not in LABEL_HINT + FILE_HINT
