"""The scheme that comes with the program."""

from pathlib import Path

import pytest

from coding_app.domain.scheme import EARLIER_SESSION, PLAYER_KEYS, Scheme
from coding_app.schemes import BUILT_IN, load_scheme
from coding_app.workflows.schemes import codebook

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "alliance-core.md"


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return load_scheme(BUILT_IN / "alliance-core.yaml")


def test_it_asks_about_empathy_collaboration_rupture_and_repair(scheme: Scheme) -> None:
    assert [criterion.id for criterion in scheme.criteria] == [
        "empathy",
        "collaboration",
        "rupture",
        "repair",
    ]
    assert {criterion.unmarked for criterion in scheme.criteria} == {"absent"}


def test_every_criterion_has_codes_for_therapist_and_client(scheme: Scheme) -> None:
    for criterion in scheme.criteria:
        assert {code.role for code in criterion.codes} == {"therapist", "client"}, criterion.id


def test_every_code_has_an_intensity(scheme: Scheme) -> None:
    assert [code.id for code in scheme.codes if "intensity" not in code.attributes] == []


def test_bond_goal_and_task_start_at_the_middle_of_seven_steps(scheme: Scheme) -> None:
    ratings = {rating.id: rating for rating in scheme.ratings}
    for name in ("bond", "goal", "task"):
        assert [step.value for step in ratings[name].scale.values] == [1, 2, 3, 4, 5, 6, 7]
        assert ratings[name].scale.start == 4


def test_no_hotkey_is_the_players_nor_used_twice(scheme: Scheme) -> None:
    keys = [code.key for code in scheme.codes]
    assert len(set(keys)) == len(keys) == 13
    assert PLAYER_KEYS.isdisjoint(keys)
    assert {"z", "x"} <= PLAYER_KEYS


def test_a_repair_answers_an_earlier_rupture_or_an_earlier_session(scheme: Scheme) -> None:
    (link,) = scheme.links
    assert (link.id, link.required, link.direction, link.cardinality) == (
        "addresses",
        True,
        "earlier",
        "many",
    )
    assert link.external == (EARLIER_SESSION,)
    assert {code.criterion for code in scheme.codes if code.id in link.from_codes} == {"repair"}
    assert {code.criterion for code in scheme.codes if code.id in link.to_codes} == {"rupture"}


def test_every_step_of_every_scale_has_a_label_of_its_own(scheme: Scheme) -> None:
    scales = [each.scale for each in scheme.attributes] + [each.scale for each in scheme.ratings]
    for scale in scales:
        labels = [step.label for step in scale.values]
        assert len(set(labels)) == len(labels), scale.id
        assert all(not label.isdigit() for label in labels), scale.id


def test_no_text_shown_to_observers_names_an_internal_id(scheme: Scheme) -> None:
    ids = {code.id for code in scheme.codes}
    texts = [rule.text for rule in scheme.rules]
    for code in scheme.codes:
        texts += [code.definition, *code.include, *code.exclude, *code.examples]
        texts += [part for near in code.near_misses for part in (near.text, near.why)]
    assert [text for text in texts for name in ids if name in text] == []


def test_the_printed_codebook_is_the_one_in_the_documentation(scheme: Scheme) -> None:
    assert PAGE.read_text("utf-8") == codebook(scheme)
