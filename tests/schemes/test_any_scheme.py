"""What holds for every valid scheme: saved and loaded it is the same, and an edit moves nothing but its own lines."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from coding_app.errors import SchemeError
from coding_app.exchange.manual import manual_html
from coding_app.schemes import BUILT_IN, find_scheme, parse_scheme
from coding_app.schemes.format import SchemeFile
from coding_app.schemes.json_schema import json_schema
from coding_app.schemes.template import TEMPLATE
from coding_app.schemes.tree import Place, read_tree
from coding_app.schemes.versions import compare
from coding_app.schemes.writing import Add, Change, Put, Take, changed, edit_yaml, to_yaml
from tests.schemes.strategies import scheme_data, texts
from tests.schemes.test_reading import SMALL, WRONG

FILES = [*sorted(BUILT_IN.glob("*.yaml"))]
WHOLE = {path.stem: path.read_text("utf-8") for path in FILES} | {"template": TEMPLATE, "small": SMALL}
VALIDATOR = jsonschema.Draft202012Validator(json_schema())
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def _data(text: str) -> Any:
    return read_tree(text.encode(), "x").data


def _ordered(data: Any) -> str:
    """The data with its order of keys, for comparing."""
    return json.dumps(data, ensure_ascii=False)


@settings(slow, max_examples=50)
@given(scheme_data())
def test_any_valid_scheme_is_the_same_after_it_was_saved_and_loaded(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]
) -> None:
    text = to_yaml(data)
    assert _ordered(_data(text)) == _ordered(data)
    scheme = parse_scheme(text, "x")
    folder = tmp_path_factory.mktemp("team")
    (folder / "kept.yaml").write_text(text, "utf-8", newline="\n")
    loaded, kept = find_scheme([folder], scheme.id)
    assert (loaded, kept) == (scheme, text)
    assert parse_scheme(to_yaml(_data(kept)), "x") == scheme
    assert compare(scheme, loaded).all == ()


@settings(slow, max_examples=25)
@given(scheme_data())
def test_any_valid_scheme_is_one_for_the_json_schema_too_and_has_a_manual(data: dict[str, Any]) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(data)] == []
    assert manual_html(parse_scheme(to_yaml(data), "x")).count("<article") >= len(data["codes"])


def _fits(data: Any) -> bool:
    try:
        SchemeFile.model_validate(data)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("bad", [SMALL.replace(good, bad, 1) for good, bad, *_ in WRONG])
def test_the_json_schema_refuses_just_the_files_whose_form_the_loader_refuses(bad: str) -> None:
    try:
        data = _data(bad)
    except SchemeError:
        return  # not even YAML: no editor gets as far as the schema
    assert VALIDATOR.is_valid(data) == _fits(data)


@settings(slow, max_examples=100)
@given(st.data())
def test_the_json_schema_and_the_loader_agree_on_a_scheme_with_one_value_exchanged(
    data: st.DataObject,
) -> None:
    whole = _data(SMALL)
    place = data.draw(st.sampled_from(sorted(_places(whole), key=str)))
    other = data.draw(
        st.sampled_from(
            [None, True, 3, -1, "", " ", "word", "1.0.0", [], ["a"], {}, {"a": "b"}, "x" * 2001, "tag:x"]
        )
    )
    made = changed(whole, Put(place, other))
    assert VALIDATOR.is_valid(made) == _fits(made), (place, other)


def _places(data: Any, place: Place = ()) -> list[Place]:
    found = [place] if place else []
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return found + [each for key, value in inner for each in _places(value, (*place, key))]


def _comments(text: str) -> list[str]:
    """Lines of notes, and notes behind a value."""
    return [note.strip() for note in re.findall(r"(?:^|[ ])(# ?[A-Za-z].*)$", text, re.M)]


def _edit(data: st.DataObject, whole: Any) -> Change:
    place = data.draw(st.sampled_from(sorted(_places(whole), key=str)))
    value = whole
    for step in place:
        value = value[step]
    match data.draw(st.sampled_from(["put", "take", "add"])):
        case "take":
            return Take(place)
        case "add" if isinstance(value, list):
            return Add(place, data.draw(texts))
    return Put(place, data.draw(texts | st.lists(texts, max_size=3) | st.integers(-9, 9)))


@pytest.mark.parametrize("name", sorted(WHOLE))
@settings(slow, max_examples=10)
@given(data=st.data())
def test_any_edit_does_just_what_it_says_and_keeps_the_order_and_all_notes_outside_it(
    name: str, data: st.DataObject
) -> None:
    text = WHOLE[name]
    whole = _data(text)
    edit = _edit(data, whole)
    made = edit_yaml(text, [edit])
    assert _ordered(_data(made)) == _ordered(changed(whole, edit))
    lost = [each for each in _comments(text) if each not in _comments(made)]
    inside = _comments(_lines_of(text, edit.place))
    assert [each for each in lost if each not in inside] == []


def _lines_of(text: str, place: Place) -> str:
    """The lines from a place to the next one beside it or above."""
    lines, tree = text.splitlines(), read_tree(text.encode(), "x")
    start = tree.line(place)
    later = [n for at, n in tree.lines.items() if n > start and at[: len(place)] != place]
    return "\n".join(lines[start - 1 : min(later, default=len(lines) + 1) - 1])


def test_the_schemes_file_on_disk_is_the_loaders(tmp_path: Path) -> None:
    for path in FILES:
        assert parse_scheme(to_yaml(_data(path.read_text("utf-8"))), "x") == parse_scheme(
            path.read_bytes(), "x"
        )
