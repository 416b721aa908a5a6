"""The page on the scheme format is enough to write a scheme."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from coding_app.domain.scheme import PLAYER_KEYS
from coding_app.schemes import format as scheme_format
from coding_app.schemes import parse_scheme

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "scheme-format.md").read_text("utf-8")
MODELS = [
    model
    for model in vars(scheme_format).values()
    if isinstance(model, type) and issubclass(model, BaseModel)
]
KEYS = sorted({field.alias or name for model in MODELS for name, field in model.model_fields.items()})


def test_the_complete_example_is_a_good_scheme() -> None:
    example = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    assert [code.key for code in parse_scheme(example.group(1), "page").codes] == ["o", "l"]


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_explained(key: str) -> None:
    assert re.search(rf"`{key}[`:]", PAGE), key


def test_every_usual_key_of_the_workbench_is_refused_as_a_hotkey() -> None:
    actions = Path(scheme_format.__file__).parents[1] / "ui" / "workbench" / "frontend" / "v2" / "actions.js"
    lists = re.findall(r"keys: \[(.*?)\](?:,| })", actions.read_text("utf-8"))
    keys = {key for each in lists for pair in re.findall(r'"(.*?)"|\'(")\'', each) for key in pair if key}
    assert {key for key in keys if len(key) == 1} <= PLAYER_KEYS
    assert {":", "(", '"', "z"} <= keys


def test_the_players_signs_and_letters_are_named() -> None:
    signs = {key for key in PLAYER_KEYS if len(key) == 1 and key != " " and not key.isdigit()}
    assert {key for key in signs if f"`{key}`" not in PAGE} == set()
