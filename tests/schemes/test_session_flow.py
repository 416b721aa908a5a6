"""The scheme of drawn spans that comes with the program."""

from pathlib import Path

import pytest

from coding_app.domain.scheme import EARLIER_SESSION, PLAYER_KEYS, Scheme
from coding_app.schemes import BUILT_IN, load_scheme
from coding_app.workflows.schemes import codebook

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "session-flow.md"


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return load_scheme(BUILT_IN / "session-flow.yaml")


def test_it_uses_starts_moments_and_spans_with_both_ends(scheme: Scheme) -> None:
    kinds = {criterion.id: scheme.unit(criterion.unit) for criterion in scheme.criteria}
    assert {name: (kind.kind, kind.mark) for name, kind in kinds.items()} == {
        "activity": ("span", "start"),
        "voice": ("span", "point"),
        "episode": ("span", "span"),
    }


def test_activities_end_each_other_and_voices_and_episodes_do_not(scheme: Scheme) -> None:
    assert {each.id: (each.exclusive, each.exhaustive) for each in scheme.criteria} == {
        "activity": (True, True),
        "voice": (False, False),
        "episode": (False, False),
    }
    assert {code.role for code in scheme.criteria[0].codes} == {"dyad"}  # one row of starts


def test_a_repair_mends_an_earlier_strain_or_one_of_an_earlier_session(scheme: Scheme) -> None:
    (link,) = scheme.links
    assert (link.from_codes, link.to_codes) == (("epi_repair",), ("epi_strain",))
    assert (link.required, link.direction, link.external) == (True, "earlier", (EARLIER_SESSION,))


def test_no_hotkey_is_the_players_the_workbenchs_or_used_twice(scheme: Scheme) -> None:
    keys = [code.key for code in scheme.codes]
    assert len(set(keys)) == len(keys) == 16
    assert PLAYER_KEYS.isdisjoint(keys)


def test_every_criterion_and_rating_has_a_step_of_its_own(scheme: Scheme) -> None:
    tagged = [step.unit for step in scheme.steps if step.tags]
    assert tagged == [criterion.unit for criterion in scheme.criteria]
    assert [name for step in scheme.steps for name in step.ratings] == [each.id for each in scheme.ratings]


def test_near_misses_name_another_code_of_the_same_criterion_or_none(scheme: Scheme) -> None:
    criterion_of = {code.id: code.criterion for code in scheme.codes}
    for code in scheme.codes:
        for near in code.near_misses:
            assert near.instead is None or criterion_of[near.instead] == code.criterion, code.id


def test_no_text_shown_to_observers_names_an_internal_id(scheme: Scheme) -> None:
    ids = {code.id for code in scheme.codes}
    texts = [rule.text for rule in scheme.rules]
    for code in scheme.codes:
        texts += [code.definition, *code.include, *code.exclude, *code.examples]
        texts += [part for near in code.near_misses for part in (near.text, near.why)]
    assert [text for text in texts for name in ids if name in text] == []


def test_a_code_that_a_text_names_is_there_under_this_label(scheme: Scheme) -> None:
    labels = {code.label for code in scheme.codes}
    for code in scheme.codes:
        for text in code.exclude:
            named = text.rpartition(": '")[2].removesuffix(".").removesuffix("'")
            assert ": '" not in text or named in labels, text


def test_the_printed_codebook_is_the_one_in_the_documentation(scheme: Scheme) -> None:
    text = PAGE.read_text("utf-8")
    assert text == codebook(scheme)
    assert "it lasts until the next one of the same role" in text
    assert "Link it to the moment that it answers: Strain between the two, or something in an earlier" in text
