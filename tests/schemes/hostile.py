"""A scheme in which every text for people tries to act: HTML, Markdown, formulas, turned writing."""

from typing import Any

from coding_app.schemes import BUILT_IN
from coding_app.schemes.tree import read_tree
from coding_app.schemes.writing import to_yaml

SHORT = '<img src=x onerror="owned=1"> **fat** $x^2$ '
LONG = SHORT + "<script>owned=1</script> [go](javascript:owned=1) :red[red] `code` | \u202eeman"
_LABELS = {"title", "label", "license"}
_TEXTS = {"summary", "disclaimer", "cite", "guidance", "anchor", "definition", "text", "why", "question", "high",
          "low", "note"}  # fmt: skip
_LISTS = {"include", "exclude", "examples"}


def hostile_scheme() -> str:
    """Alliance Core under the id "hostile", with all its ids, codes and scales."""
    data = read_tree((BUILT_IN / "alliance-core.yaml").read_bytes(), "x").data
    assert isinstance(data, dict)
    return to_yaml(_turned(data, "") | {"id": "hostile"})


def _turned(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return {name: _turned(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [f"{LONG} {each}" if key in _LISTS else _turned(each, key) for each in value]
    if key in _LABELS:
        return f"{SHORT}{str(value)[: 79 - len(SHORT)]}"
    return f"{LONG} {value}" if key in _TEXTS else value
