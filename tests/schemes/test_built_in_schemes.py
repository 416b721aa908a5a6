"""All schemes that come with the program: what each promises, and what an observer may expect of every one."""

import re
from collections import Counter
from pathlib import Path

import pytest

from coding_app.domain.scheme import EARLIER_SESSION, PLAYER_KEYS, Code, Scheme
from coding_app.schemes import BUILT_IN, load_scheme
from coding_app.workflows.schemes import codebook

DOCS = Path(__file__).parents[2] / "docs" / "reference"
FILES = sorted(BUILT_IN.glob("*.yaml"))
SCHEMES = {path.stem: load_scheme(path) for path in FILES}
EVERY = pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)


def _texts(code: Code) -> list[str]:
    near = [part for each in code.near_misses for part in (each.text, each.why)]
    return [code.definition, *code.include, *code.exclude, *code.examples, *near]


def _roles(scheme: Scheme, prefix: str) -> Counter[str]:
    return Counter(code.role for code in scheme.codes if code.id.startswith(prefix))


def test_the_eight_schemes_and_session_flow_are_there_under_their_ids() -> None:
    assert {name: scheme.id for name, scheme in SCHEMES.items()} == {name: name for name in SCHEMES}
    assert set(SCHEMES) == {
        "alliance-core", "alliance-elements", "bond-goal-task", "collaboration-detail", "empathy-detail",
        "engagement-safety", "rupture-repair", "session-flow", "talk-moves",
    }  # fmt: skip


@EVERY
def test_it_is_a_draft_that_says_where_it_comes_from_and_what_it_is_not(scheme: Scheme) -> None:
    assert scheme.status == "draft"
    assert scheme.sources
    assert "not a version of any published instrument" in scheme.disclaimer


@EVERY
def test_no_hotkey_is_the_players_or_used_twice(scheme: Scheme) -> None:
    keys = [code.key for code in scheme.codes]
    assert len(set(keys)) == len(keys)
    assert PLAYER_KEYS.isdisjoint(keys)


@EVERY
def test_every_step_of_every_scale_has_a_label_of_its_own(scheme: Scheme) -> None:
    for scale in [each.scale for each in scheme.attributes] + [each.scale for each in scheme.ratings]:
        labels = [step.label for step in scale.values]
        assert len(set(labels)) == len(labels), scale.id
        assert all(not label.isdigit() for label in labels), scale.id


@EVERY
def test_no_text_shown_to_observers_names_an_internal_id(scheme: Scheme) -> None:
    ids = {code.id for code in scheme.codes if "_" in code.id}
    texts = [rule.text for rule in scheme.rules] + [text for code in scheme.codes for text in _texts(code)]
    assert [text for text in texts for name in ids if name in text] == []


@EVERY
def test_a_code_that_an_exclusion_names_is_there_under_this_label(scheme: Scheme) -> None:
    labels = {code.label for code in scheme.codes}
    for code in scheme.codes:
        for text in code.exclude:
            for named in re.findall(r": (?:consider )?'([A-Z][^']{3,})'", text):
                assert named[-1] in ".?!" or named in labels, text  # words of a person, or a code


@EVERY
def test_every_example_of_talk_says_who_speaks(scheme: Scheme) -> None:
    for code in scheme.codes:
        for text in code.examples:
            assert text.startswith(("Client", "Therapist")), text


@EVERY
def test_every_criterion_and_every_rating_has_a_step(scheme: Scheme) -> None:
    asked = [name for step in scheme.steps for name in step.ratings]
    assert sorted(asked) == sorted(rating.id for rating in scheme.ratings)
    tagged = {step.unit for step in scheme.steps if step.tags}
    assert {criterion.unit for criterion in scheme.criteria} <= tagged


@EVERY
def test_a_criterion_and_a_rating_never_share_an_id(scheme: Scheme) -> None:
    assert not {each.id for each in scheme.criteria} & {each.id for each in scheme.ratings}


@EVERY
def test_the_printed_codebook_is_the_one_in_the_documentation(scheme: Scheme) -> None:
    assert (DOCS / f"{scheme.id}.md").read_text("utf-8") == codebook(scheme)


def test_bond_goal_task_has_three_ratings_per_block_and_session_and_nothing_to_tag() -> None:
    scheme = SCHEMES["bond-goal-task"]
    assert not scheme.codes
    assert Counter(rating.unit for rating in scheme.ratings) == {"block": 3, "session": 3}
    assert {(rating.scale.start, len(rating.scale.values)) for rating in scheme.ratings} == {(4, 7)}
    assert scheme.unit("block").interval_ms == 300_000


def test_rupture_repair_has_three_families_of_each_rupture_for_both_and_four_of_repair() -> None:
    scheme = SCHEMES["rupture-repair"]
    assert _roles(scheme, "awy_") == _roles(scheme, "agn_") == {"client": 3, "therapist": 3}
    assert _roles(scheme, "rep_") == {"therapist": 4, "client": 1}
    (link,) = scheme.links
    ruptures = [code.id for code in scheme.codes if code.criterion in ("away", "against")]
    assert sorted(link.to_codes) == sorted(ruptures)
    assert (link.required, link.direction, link.external) == (True, "earlier", (EARLIER_SESSION,))
    assert "resolution" in {rating.id for rating in scheme.ratings}
    assert scheme.unit("block").interval_ms == 300_000


def test_empathy_detail_has_three_ways_in_two_degrees_and_the_clients_answer() -> None:
    scheme = SCHEMES["empathy-detail"]
    codes = Counter((code.criterion, code.role) for code in scheme.codes)
    assert {codes[way, "therapist"] for way in ("feeling", "meaning", "asking")} == {2}
    assert codes["reception", "client"] == 4
    assert scheme.unit("turn").kind == "utterance"


def test_collaboration_detail_has_six_ways_of_deciding() -> None:
    scheme = SCHEMES["collaboration-detail"]
    labels = [code.label for code in scheme.codes if code.criterion == "taking"]
    assert labels == ["Invites", "Explains", "Asks for feedback", "Adapts", "Imposes", "Hands back"]


def test_alliance_elements_rates_each_element_and_the_three_of_the_alliance() -> None:
    scheme = SCHEMES["alliance-elements"]
    assert [rating.id for rating in scheme.ratings] == [
        "trust", "clear_talk", "regard_shown", "respect", "decisions", "reliable", "bond", "goal", "task",
    ]  # fmt: skip
    labels = {code.label for code in scheme.codes}
    assert labels >= {
        "Listens actively",
        "Shows regard",
        "Tests something together",
        "Speaks of the two of us",
    }


def test_engagement_safety_rates_every_member_and_the_purpose_only_of_two_or_more() -> None:
    scheme = SCHEMES["engagement-safety"]
    per_role = Counter(rating.role for rating in scheme.ratings)
    assert per_role == {"client": 3, "client_2": 3, "client_3": 3, "client_4": 3, "dyad": 1, "therapist": 1}
    needs = {rating.id: rating.needs_speakers for rating in scheme.ratings}
    assert needs["purpose"] == ("client", "client_2")
    assert needs["safe_3"] == ("client_3",)
    assert needs["safe_1"] == ()


def test_talk_moves_has_five_moves_and_three_leans() -> None:
    scheme = SCHEMES["talk-moves"]
    assert Counter(code.criterion for code in scheme.codes) == {"move": 5, "lean": 3}
    assert {criterion.exclusive for criterion in scheme.criteria} == {True}
