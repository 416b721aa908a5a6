"""Two versions of a scheme: what differs, and which number has to rise for it."""

from pathlib import Path

import pytest

from coding_app.schemes import parse_scheme
from coding_app.schemes.versions import compare, needed_bump, next_version, risen_enough
from tests.schemes.test_reading import SMALL

OLD = parse_scheme(SMALL, "old")
NEW_CODE = """  - {id: wink, criterion: face, role: dyad, valence: neutral, label: Winks, key: w, definition: D.,
     include: [I.], exclude: [E.], examples: [X.], near_misses: [{text: T., why: W., instead: nod}]}
rules:
"""

# what stands there, what is put in its place, which number has to rise
CHANGES = [
    ("title: Small", "title: Smaller", "patch"),
    ("Moves the head up and down.", "Moves the head down and up again.", "patch"),
    ("text: Look.", "text: Look twice.", "patch"),
    ("label: Nods", "label: Nods the head", "patch"),
    ("examples: [Mm.]", "examples: [Mm., Yes.]", "patch"),
    ("{value: 3}]}", "{value: 3, label: much}]}", "patch"),
    ("  - {id: tone, op: balance, plus: [nod], minus: [frown]}\n", "", "patch"),
    ("rules:\n", NEW_CODE, "minor"),
    ("required: false, direction", "required: true, direction", "patch"),
    ("to: [frown]", "to: [frown, nod]", "minor"),
    ("role: dyad, valence: negative", "role: therapist, valence: negative", "major"),
    ("exclusive: true", "exclusive: false", "major"),
    ("unmarked: absent", "unmarked: missing", "major"),
    ("    attributes: [intensity]\n", "", "major"),
    ("seconds: 60", "seconds: 120", "major"),
    ("{value: 3}]}", "{value: 3}, {value: 4}]}", "major"),
    ("start: 2", "start: 1", "major"),
    ("direction: earlier", "direction: any", "major"),
    ("video: false", "video: true", "patch"),
    (
        "rules:\n",
        "training: {practice_sessions: 2, pass_mark: {against: reference, criterion_alpha: 0.7, "
        "code_positive_agreement: 0.6, ratings_within_one: 0.9, consecutive_sessions: 2}, recalibrate: "
        "{every_coded_sessions: 9, or_every_days: 9, drift_alpha_drop: 0.1}}\nrules:\n",
        "patch",
    ),
    ("# nothing", "", None),
]


@pytest.mark.parametrize(("stands", "instead", "bump"), CHANGES)
def test_a_change_raises_the_number_that_its_meaning_asks_for(
    stands: str, instead: str, bump: str | None
) -> None:
    text = SMALL.replace(stands, instead, 1)
    assert (text != SMALL) is (bump is not None)
    new = parse_scheme(text, "new")
    assert needed_bump(OLD, new) == bump
    assert needed_bump(new, new) is None


def test_a_code_that_is_gone_asks_for_a_new_major_version() -> None:
    new = parse_scheme(SMALL.replace("rules:\n", NEW_CODE), "new")
    assert needed_bump(new, OLD) == "major"
    (gone,) = compare(new, OLD).removed
    assert (gone.kind, gone.id, gone.label) == ("code", "wink", "Winks")


def test_a_difference_names_the_part_the_field_and_both_texts() -> None:
    new = parse_scheme(SMALL.replace("Moves the head up and down.", "Nods."), "new")
    (difference,) = compare(OLD, new).changed
    assert (difference.kind, difference.id, difference.field) == ("code", "nod", "definition")
    assert (difference.before, difference.after) == ("Moves the head up and down.", "Nods.")


def test_comments_and_the_order_of_keys_are_no_difference() -> None:
    text = "# a comment\n" + SMALL.replace("status: draft\ntitle: Small\n", "title: Small\nstatus: draft\n")
    assert compare(OLD, parse_scheme(text, "new")).all == ()


@pytest.mark.parametrize(
    ("bump", "expected"), [("major", "2.0.0"), ("minor", "1.3.0"), ("patch", "1.2.4"), (None, "1.2.3")]
)
def test_the_next_version_starts_the_lower_numbers_anew(bump: str | None, expected: str) -> None:
    assert next_version("1.2.3", bump) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("version", "enough"), [("1.0.1", False), ("1.1.0", False), ("2.0.0", True), ("2.1.0", True)]
)
def test_a_version_number_must_rise_as_far_as_the_change(version: str, enough: bool) -> None:
    text = SMALL.replace("exclusive: true", "exclusive: false").replace("1.0.0", version)
    assert risen_enough(OLD, parse_scheme(text, "new")) is enough


def test_every_built_in_scheme_equals_itself() -> None:
    for path in sorted((Path(__file__).parents[2] / "coding_schemes").glob("*.yaml")):
        scheme = parse_scheme(path.read_bytes(), path.name)
        assert compare(scheme, scheme).all == ()
