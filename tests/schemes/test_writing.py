"""Scheme files written and changed by the program: nothing else in them moves, and nothing is lost."""

import copy
import difflib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding_app.errors import SchemeError
from coding_app.schemes import parse_scheme
from coding_app.schemes.library import BUILT_IN
from coding_app.schemes.template import TEMPLATE
from coding_app.schemes.tree import read_tree
from coding_app.schemes.writing import Add, Change, Put, Take, changed, edit_yaml, to_yaml

CORE = (BUILT_IN / "alliance-core.yaml").read_text("utf-8")
CODE = {
    "id": "x_new",
    "criterion": "repair",
    "role": "client",
    "valence": "positive",
    "label": "Größer: #1",
    "key": "n",
    "definition": "A long definition, " * 12 + "which ends here.",
    "include": ["yes", "1.0", "2026-11-22", "- a: b"],
    "exclude": ["null"],
    "examples": ['Client: "So." # not a comment'],
    "near_misses": [{"text": "\u202etxet", "why": "*why*", "instead": "none"}],
}
EDITS = {
    "a value with a comment behind it": Put(("status",), "pilot"),
    "a long text": Put(("summary",), "Many words " * 30 + "end."),
    "a text in a list's entry": Put(("codes", 0, "definition"), "Short: now"),
    "a text inside brackets": Put(("criteria", "empathy", "label"), "Empathy, new"),
    "a new criterion": Put(("criteria", "tone"), {"label": "Tone", "unit": "segment"}),
    "a new section": Put(("extra", "deep"), [1, 2]),
    "a new code": Add(("codes",), CODE),
    "an entry in brackets": Add(("codes", 0, "include"), "Also: this, that"),
    "the only code attribute gone": Take(("codes", 0, "attributes", 0)),
    "a list that was not there": Add(("codes", 0, "channels"), "words"),
    "a code gone": Take(("codes", 2)),
    "a rule gone": Take(("rules", 0)),
    "a near miss gone": Take(("codes", 0, "near_misses", 0)),
    "a whole section gone": Take(("training",)),
}


def test_the_page_on_writing_a_scheme_shows_the_editors_template() -> None:
    page = (BUILT_IN.parent / "docs" / "how-to" / "write-a-scheme.md").read_text("utf-8")
    assert f"```yaml\n{TEMPLATE}```" in page


def _data(text: str):  # type: ignore[no-untyped-def]
    return read_tree(text.encode(), "x").data


def _comments(text: str) -> list[str]:
    return [
        line.split("#", 1)[1] for line in text.splitlines() if line.lstrip().startswith("#") or "  # " in line
    ]


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_changes_only_its_own_lines_and_keeps_every_comment(name: str) -> None:
    edit: Change = EDITS[name]
    made = edit_yaml(CORE, [edit])
    assert _data(made) == changed(_data(CORE), edit)
    lines = [each for each in difflib.ndiff(CORE.splitlines(), made.splitlines()) if each[0] in "+-"]
    assert 0 < len(lines) <= 30
    if name != "a whole section gone":
        assert _comments(made) == _comments(CORE)


def test_edits_follow_one_another() -> None:
    made = edit_yaml(CORE, [Add(("codes",), CODE), Put(("status",), "pilot"), Take(("rules", 0))])
    scheme = parse_scheme(made, "x").codes
    assert scheme[-1].label == "Größer: #1"
    assert parse_scheme(made, "x").status == "pilot"


def test_an_edit_that_changes_nothing_leaves_every_sign_in_its_place() -> None:
    assert edit_yaml(CORE, [Put(("status",), "draft"), Take(("nothing",))]) == CORE


@pytest.mark.parametrize(
    "text",
    [
        "format: 1\ncodes: []\n",
        "format: 1\ncodes:\n- id: a\n- id: b\n# end\n",
        "format: 1\r\ncodes:\r\n  - id: a\r\n",
        "{format: 1, codes: [{id: a}]}",
        "format: 1\nx: &one {id: a}\ncodes: [*one]\n",
        "format: 1",
    ],
)
def test_a_code_is_added_whatever_the_layout(text: str) -> None:
    edit = Add(("codes",), {"id": "c", "label": "With: colon"})
    assert _data(edit_yaml(text, [edit])) == changed(_data(text), edit)


def test_what_comes_into_empty_brackets_gets_lines_of_its_own_and_the_comment_stays() -> None:
    text = "format: 1\ncriteria: {}    # questions\ncodes: []\n"
    tone, code = {"label": "Tone"}, {"include": ["Two words", "x"]}
    made = edit_yaml(text, [Put(("criteria", "tone"), tone), Add(("codes",), code)])
    assert made == (
        "format: 1\ncriteria:    # questions\n  tone:\n    label: Tone\n"
        "codes:\n  - include:\n      - Two words\n      - x\n"
    )
    assert (
        edit_yaml(made, [Take(("criteria", "tone")), Take(("codes", 0))]).replace(" ", "")
        == "format:1\ncriteria:{}\ncodes:[]\n"
    )


@pytest.mark.parametrize(
    "edit", [Put(("codes", 99, "key"), "q"), Add(("title",), "x"), Put(("title", "x", "y"), 1)]
)
def test_a_place_that_cannot_be_is_refused(edit: Change) -> None:
    with pytest.raises(SchemeError, match="no such place"):
        edit_yaml(CORE, [edit])


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn")), max_size=120)
values = st.recursive(
    words | st.integers(-999, 999) | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex("[a-z_]{1,12}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None)
@given(values)
def test_whatever_is_written_is_read_back_the_same(value) -> None:  # type: ignore[no-untyped-def]
    data = {"format": 1, "value": value}
    assert _data(to_yaml(data)) == data


@settings(max_examples=40, deadline=None)
@given(words, st.sampled_from(["title", "summary", "disclaimer"]))
def test_any_text_can_be_put_into_a_scheme(text: str, key: str) -> None:
    made = edit_yaml(CORE, [Put((key,), text), Put(("codes", 1, "definition"), text)])
    expected = copy.deepcopy(_data(CORE))
    expected[key] = expected["codes"][1]["definition"] = text
    assert _data(made) == expected
