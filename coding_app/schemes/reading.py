"""Bytes of a scheme file -> Scheme, or every fault with its line."""

from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from coding_app.domain.scheme import Scheme
from coding_app.errors import SchemeError
from coding_app.schemes import format as scheme_format
from coding_app.schemes import format_figures
from coding_app.schemes.build import canonical_sha256, scheme_from
from coding_app.schemes.checks import Fault, faults_inside
from coding_app.schemes.format import SchemeFile
from coding_app.schemes.tree import MAX_BYTES, Place, Tree, read_tree

_KNOWN_KEYS = sorted(
    {
        field.alias or name
        for model in (vars(scheme_format) | vars(format_figures)).values()
        if isinstance(model, type) and issubclass(model, BaseModel)
        for name, field in model.model_fields.items()
    }
)
_SENTENCES = {
    "string_type": "must be text; put it in quotes",
    "int_type": "must be a whole number; write it without quotes",
    "int_or_word": "must be a whole number or a word without blanks; change it",
    "format_one": "must be 1; write 'format: 1'",
    "float_type": "must be a number; write it without quotes",
    "bool_type": "must be true or false; write one of them without quotes",
    "list_type": "must be a list; put it in [ ] or write one '- ' line per entry",
    "dict_type": "must hold 'key: value' lines; add them",
    "model_type": "must hold 'key: value' lines; add them",
    "model_attributes_type": "must hold 'key: value' lines; add them",
    "string_too_short": "is empty; write something",
}


class FaultySchemeError(SchemeError):
    """A scheme file with faults; the message is the first one, faults holds all ("file:line: ...")."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        more = "" if len(faults) == 1 else f" (And {len(faults) - 1} more: see 'coding-app schemes check'.)"
        super().__init__(faults[0] + more)
        self.faults = faults


def parse_scheme(text: str | bytes, name: str) -> Scheme:
    """Reads and checks a scheme file's content.

    name: how errors call the file. Raises SchemeError ("name:line: what; what to do") for any bytes that
    are not a scheme; with several faults it is a FaultySchemeError that lists all of them.
    """
    data = text if isinstance(text, bytes) else text.encode("utf-8", errors="surrogatepass")
    return _parsed(data, name, today=True)


def kept_scheme(text: str, name: str) -> Scheme:
    """Reads a scheme that was checked when a pass was opened with it; raises SchemeError when it is damaged.

    Rules that came later, such as a hotkey that the player now has, must not close what was coded by then.
    """
    return _parsed(text.encode("utf-8", errors="surrogatepass"), name, today=False)


@lru_cache(maxsize=64)
def _parsed(data: bytes, name: str, *, today: bool) -> Scheme:
    tree = read_tree(data, name)
    try:
        file = SchemeFile.model_validate(tree.data)
    except ValidationError as error:
        raise _faulty([_translated(each) for each in error.errors()], tree, name) from None
    if today and (found := list(faults_inside(file))):
        raise _faulty(found, tree, name)
    return scheme_from(file, canonical_sha256(tree.data))


def load_scheme(path: Path) -> Scheme:
    """Reads and checks a scheme file; raises SchemeError also when the file cannot be read."""
    return parse_scheme(read_bytes(path), str(path))


def read_bytes(path: Path) -> bytes:
    """The content of a scheme file, at most one byte more than allowed; raises SchemeError."""
    if not path.is_file():
        raise SchemeError(f"{path}: there is no such file; check the name.")
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SchemeError(
            f"{path}: the file cannot be read ({error.strerror}); check its permissions."
        ) from error


def _faulty(faults: list[Fault], tree: Tree, name: str) -> FaultySchemeError:
    sentences = {(tree.line(place), sentence): None for place, sentence in faults}
    return FaultySchemeError(tuple(f"{name}:{line}: {sentence}." for line, sentence in sorted(sentences)))


def _translated(error: ErrorDetails) -> Fault:
    place: Place = error["loc"]
    kind, context = error["type"], error.get("ctx", {})
    key = next((str(step) for step in reversed(place) if isinstance(step, str)), "the file")
    if kind == "missing":
        return place, f"'{key}' is missing; add it"
    if kind == "extra_forbidden":
        near = get_close_matches(key, _KNOWN_KEYS, n=1)
        advice = f"did you mean '{near[0]}'?" if near and near[0] != key else "remove it"
        return place, f"the key '{_short(key)}' is not known here; {advice}"
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        given, known = context.get("tag", ""), context.get("expected_tags", "a known operation")
        return (*place, "op"), f"'op' cannot be '{_short(str(given))}' here; use {known}"
    if place and place[-1] == "[key]":
        return place[:-1], f"'{_short(str(place[-2]))}' cannot be an id; use letters, digits and _ only"
    return place, f"'{_short(key)}' {_sentence(kind, context, error)}"


def _sentence(kind: str, context: dict[str, object], error: ErrorDetails) -> str:
    if kind == "literal_error":
        return f"cannot be '{_short(str(error['input']))}' here; use {context.get('expected')}"
    if kind == "string_pattern_mismatch":
        return _pattern(str(context.get("pattern")), _short(str(error["input"])))
    if kind == "string_too_long":
        return f"is longer than {context.get('max_length')} signs; shorten it"
    if kind == "too_short":
        return f"needs at least {context.get('min_length')}; add one"
    if kind == "too_long":
        return f"has more than {context.get('max_length')}; remove some"
    if kind in ("greater_than", "greater_than_equal", "less_than_equal"):
        return f"is out of range; {error['msg'].lower().replace('input should be', 'it must be')}"
    return _SENTENCES.get(kind, "cannot be used as it is; compare it with the page on the scheme format")


def _pattern(pattern: str, given: str) -> str:
    if pattern == r"\S":
        return "is empty; write something"
    if "{1,6}" in pattern:
        return f"is '{given}'; write three numbers such as 0.1.0"
    if "{4,9}" in pattern:
        return f"is '{given}'; write a DOI such as 10.1037/h0085885, without an address before it"
    if "{4}" in pattern:
        return f"is '{given}'; write a day such as 2026-11-22"
    if "{2,3}" in pattern:
        return f"is '{given}'; write a language code such as en"
    return f"is '{given}'; an id begins with a letter and has no blanks or accents"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:37] + "..."
