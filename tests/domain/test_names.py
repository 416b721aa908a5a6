"""Names in what was said: which words are offered, every place of one, and when it was spoken."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.name_offers import names_in
from coding_app.domain.names import (
    AROUND_MS,
    Place,
    free_replacement,
    known_places,
    places_of,
    spelled,
    spoken,
    standing_in,
)
from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment, Word
from coding_app.domain.transcript_edit import Edit, patch_of
from tests.builders import a_segment, a_transcript


def said(*texts: str) -> tuple[Segment, ...]:
    """A segment for each text, its words evenly in its four seconds."""
    return tuple(_spoken(a_segment(number), text) for number, text in enumerate(texts, 1))


def _spoken(segment: Segment, text: str) -> Segment:
    words, at = text.split(), segment.span.start_ms
    each = segment.span.duration_ms // max(1, len(words))
    times = (Word(at + n * each, at + (n + 1) * each, word, 0.9) for n, word in enumerate(words))
    return replace(segment, text=text, words=tuple(times))


def offered(language: str, *texts: str) -> tuple[list[str], list[str]]:
    """The likely names and the other words."""
    found = names_in(said(*texts), language)
    return [each.text for each in found if each.likely], [each.text for each in found if not each.likely]


def test_in_english_words_with_a_capital_within_a_sentence_are_likely_names_and_whole_names_come_first() -> (
    None
):
    likely, others = offered(
        "en", "So I told Anna Müller to go to New York. Anna's brother Peter, I'm sure, knows Anna."
    )
    assert likely == ["Anna Müller", "New York", "Anna", "Peter"]
    assert others == []


def test_a_word_that_only_begins_a_sentence_is_offered_among_the_others_unless_it_is_a_common_word() -> None:
    likely, others = offered("en", "Quentin left. But why? Trust matters.", "I have no trust in that.")
    assert likely == []
    assert others == ["Quentin"]


def test_in_german_a_noun_that_once_follows_an_article_is_no_likely_name_and_one_after_a_title_is() -> None:
    likely, others = offered(
        "de",
        "Dann hat Anna gesagt, dass meine Mutter nach Hamburg fährt.",
        "Wir sahen Mutter und Frau Schmidt.",
    )
    assert likely == ["Anna", "Hamburg", "Schmidt"]
    assert "Mutter" in others


def test_a_point_after_a_title_ends_no_sentence() -> None:
    assert offered("en", "Yes, Mr. Hale and Dr. Ng came. Trust me")[0] == ["Hale", "Ng"]


def test_what_stands_for_a_name_already_is_not_offered_again() -> None:
    segments = said("And then [Name 1] met Clara in Rome.")
    assert [each.text for each in names_in(segments, "en", ["[Name 1]", "Clara"])] == ["Rome"]


@pytest.mark.parametrize("language", ["en", "de", "ar", "zh"])
def test_where_nothing_has_a_capital_nothing_is_offered(language: str) -> None:
    assert names_in(said("no capitals here", "ذهبت إلى المدرسة", "我去了北京", ""), language) == ()


@pytest.mark.parametrize(
    ("text", "exact", "other"),
    [
        ("Anna and anna", ["Anna"], ["anna"]),
        ("Anna's and Annas", ["Anna"], ["Anna"]),
        ("Anna-Lena, Hanna, Annabel", [], ["Anna"]),
        ("ANNA", [], ["ANNA"]),
        ("", [], []),
        ("(Anna), “Anna”: Anna!", ["Anna", "Anna", "Anna"], []),
    ],
)
def test_a_name_is_found_as_a_word_of_its_own_and_what_is_spelled_otherwise_is_told_apart(
    text: str, exact: list[str], other: list[str]
) -> None:
    places = places_of(said(text), "Anna")
    assert [text[each.start : each.end] for each in places if each.exact] == exact
    assert [text[each.start : each.end] for each in places if not each.exact] == other


def test_an_apostrophe_in_a_name_is_found_in_either_form() -> None:
    assert len(places_of(said("O'Brien and O’Brien"), "O'Brien")) == 2


def found_in(text: str, name: str) -> tuple[list[str], list[str]]:
    """What is found as it is written, and what is found otherwise."""
    places = places_of(said(text), name)
    return tuple(
        [text[each.start : each.end] for each in places if each.exact is exact] for exact in (True, False)
    )


def test_a_chinese_name_is_found_though_no_space_parts_it_from_other_words() -> None:
    text = "我叫王小明。我去了北京，北京很大。"
    assert found_in(text, "王小明") == (["王小明"], [])
    assert found_in(text, "北京") == (["北京", "北京"], [])
    assert found_in(text, "王") == ([], ["王"])
    known = known_places(said(text), {spelled("王小明"): "[Name 1]", spelled("北京"): "[Name 2]"}.get)
    assert {put: [text[each.start : each.end] for each in places] for put, places in known.items()} == {
        "[Name 1]": ["王小明"], "[Name 2]": ["北京", "北京"],
    }  # fmt: skip
    assert all(each.exact for places in known.values() for each in places)


def test_what_is_written_among_chinese_signs_counts_as_words_of_its_own() -> None:
    segments = said("我见了Anna，去了[Name 2]吧")
    assert [each.text for each in names_in(segments, "zh", ["[Name 2]"])] == ["Anna"]
    assert found_in("我见了Anna吧", "Anna") == (["Anna"], [])


def test_an_arabic_name_is_found_also_where_a_word_is_written_together_with_it_but_not_as_exact() -> None:
    text = "ذهب أحمد، وأحمد معي"
    assert found_in(text, "أحمد") == (["أحمد"], ["أحمد"])
    assert [
        each.exact for each in known_places(said(text), {spelled("أحمد"): "[Name 1]"}.get)["[Name 1]"]
    ] == [True]


def test_a_name_is_found_whether_its_accents_are_on_their_letters_or_apart() -> None:
    apart = "Mu\u0308ller"
    assert found_in(f"{apart} and Müller", "Müller") == ([apart, "Müller"], [])
    assert found_in("Mu\u0308", "Mu") == ([], []), "another word"
    assert offered("en", f"so {apart} came, and Müller went")[0] == ["Müller"]
    assert len(known_places(said(apart, "Müller"), {spelled("Müller"): "[Name 1]"}.get)["[Name 1]"]) == 2


def test_what_stands_for_a_name_hides_no_longer_word_that_begins_like_it() -> None:
    segments = said("so Alice met Al and Bob")
    assert [each.text for each in names_in(segments, "en", ["Al"])] == ["Alice", "Bob"]


def test_either_form_of_the_apostrophe_is_one_and_the_same_name() -> None:
    assert offered("en", "so O’Brien met O'Brien")[0] == ["O'Brien"]
    assert spelled("O’Brien") == spelled("O'Brien")


def test_a_long_name_is_known_again() -> None:
    name = "University of Applied Sciences of Upper Austria"
    assert known_places(said(f"at the {name} once"), {spelled(name): "[Name 1]"}.get) == {
        "[Name 1]": (Place("s-0001", 7, 7 + len(name)),)
    }


def test_a_name_of_several_words_is_found_over_any_space_and_with_signs_of_patterns_in_it() -> None:
    text = "At St. Pauli (A+B) and St.  Pauli"
    assert len(places_of(said(text), "St. Pauli")) == 2
    assert [each.start for each in places_of(said(text), "(A+B)")] == [text.index("(A+B)")]


LETTERS = st.sampled_from(["Anna", "anna", "Bob's", ",", ".", "-", "told", "BOB", "Müller", "S", "s'"])
TEXTS = st.lists(LETTERS, min_size=1, max_size=12).map(" ".join)


@given(
    texts=st.lists(TEXTS, min_size=1, max_size=4),
    name=st.sampled_from(["Anna", "Bob", "Müller", "Anna Müller"]),
)
def test_after_replacing_every_place_of_a_name_it_stands_nowhere_and_nothing_else_has_changed(
    texts: list[str], name: str
) -> None:
    transcript = a_transcript("r", segments=said(*texts))
    places = places_of(transcript.segments, name)
    if not places:
        return
    asked = [[each.key, each.start, each.end, "[X]"] for each in places]
    patch = patch_of(transcript, Edit("replace_places", {"places": asked}), "s-0099")
    after = {each.key: each for each in patch.placed}
    assert places_of(after.values(), name) == ()
    for before in patch.gone:
        put_back = after[before.key].text.split("[X]")
        assert len(put_back) == 1 + sum(each.key == before.key for each in places)
        assert all(part in before.text for part in put_back)
        assert " ".join(word.text for word in after[before.key].words) == after[before.key].text
        assert after[before.key].flags == before.flags


@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
def test_of_a_known_name_every_place_is_found_that_looking_for_it_finds_and_places_never_overlap(
    texts: list[str],
) -> None:
    known = {spelled("Anna"): "[Name 1]", spelled("Anna Müller"): "[Name 2]"}
    found = known_places(said(*texts), known.get)
    places = [place for each in found.values() for place in each]
    for one in places:
        assert not any(
            two is not one and two.key == one.key and two.start < one.end and two.end > one.start
            for two in places
        )
    covered = {(each.key, at) for each in places for at in range(each.start, each.end)}
    for each in places_of(said(*texts), "Anna"):
        if each.exact:
            assert (each.key, each.start) in covered


def test_a_known_name_in_small_letters_or_with_an_ending_is_found_but_not_as_exact() -> None:
    found = known_places(said("Anna, anna, Annas and Anna's; Annabel"), {"anna": "[Name 1]"}.get)
    assert [(each.start, each.end, each.exact) for each in found["[Name 1]"]] == [
        (0, 4, True), (6, 10, False), (12, 16, False), (22, 26, True),
    ]  # fmt: skip


def test_a_name_was_spoken_when_its_words_were_with_a_little_around_them() -> None:
    (segment,) = said("we told Anna Müller it")  # 800 ms each
    assert spoken(segment, Place("s-0001", 8, 19), 60_000) == Span(1600 - AROUND_MS, 3200 + AROUND_MS)
    assert spoken(segment, Place("s-0001", 0, 2), 60_000) == Span(0, 800 + AROUND_MS)
    assert spoken(segment, Place("s-0001", 20, 22), 4_010) == Span(3200 - AROUND_MS, 4_010)


def test_where_no_word_has_a_time_the_whole_segment_counts_as_the_name() -> None:
    segment = replace(said("we told Anna")[0], words=())
    assert spoken(segment, Place("s-0001", 8, 12), 60_000) == Span(0, 4000 + AROUND_MS)


def test_where_a_part_of_the_name_has_no_time_all_up_to_the_words_beside_it_counts() -> None:
    segment = said("we told Anna Müller it")[0]  # 800 ms each
    without = replace(segment, words=tuple(each for each in segment.words if each.text != "Müller"))
    assert spoken(without, Place("s-0001", 8, 19), 60_000) == Span(1600 - AROUND_MS, 3200 + AROUND_MS)
    ends = replace(segment, text="we told Anna Müller", words=segment.words[:3])
    assert spoken(ends, Place("s-0001", 8, 19), 60_000) == Span(1600 - AROUND_MS, 4000 + AROUND_MS)


@given(st.text(max_size=20))
def test_a_name_is_compared_without_regard_to_letters_spaces_and_signs(name: str) -> None:
    assert spelled(f"  {name}!  ") == spelled(name)
    assert spelled(spelled(name)) == spelled(name)


def test_what_stands_for_a_name_is_free() -> None:
    assert free_replacement([]) == "[Name 1]"
    assert free_replacement(["[Name 2]", "[Name 1]", "Clara"]) == "[Name 3]"
    assert standing_in(said("[Name 1] and [name 7]", "Name 3")) == {"[Name 1]", "[Name 7]"}
