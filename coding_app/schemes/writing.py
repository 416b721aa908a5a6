"""Scheme files as text: written anew, and changed in place so that comments, order and layout stay."""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from io import StringIO
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, FoldedScalarString
from yaml.nodes import MappingNode, Node, SequenceNode

from coding_app.errors import SchemeError
from coding_app.schemes.tree import Data, Place, read_tree

_LINE = 100
_NAME = "the scheme"
_PLACES = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # asked for nodes only, after read_tree has checked them
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 ,.;()/?!'’_-]*(?<! )|[0-9]+\.[0-9]+\.[0-9]+")
_WORD = re.compile(r"[\w.-]+")
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


@dataclass(frozen=True, slots=True)
class Put:
    """Gives the key at this place this value, whether it is there or not; a number at the end names a list's entry."""

    place: Place
    value: Any


@dataclass(frozen=True, slots=True)
class Add:
    """Appends to the list at this place; makes the list when there is none."""

    place: Place
    value: Any


@dataclass(frozen=True, slots=True)
class Take:
    """Removes what is at this place; nothing when there is nothing."""

    place: Place


Change = Put | Add | Take


def to_yaml(data: Any) -> str:
    """A scheme's plain data as the text of a file; reading it gives the same data.

    Raises SchemeError when it cannot be written, for instance with a control sign in a text.
    """
    text = _dumped(data)
    if read_tree(text.encode(), _NAME).data != data:
        raise SchemeError("The scheme holds something that a scheme file cannot hold; take it out.")
    return text


def edit_yaml(text: str, changes: Sequence[Change]) -> str:
    """The text with these changes made one after the other; all else stays as it was written.

    Raises SchemeError when the text cannot be read or a change names a place that cannot be.
    """
    for change in changes:
        before = read_tree(text.encode(), _NAME).data
        wanted = changed(before, change)
        if wanted == before:
            continue
        text = _edited(text, change, wanted)
    return text


def changed(data: Data, change: Change) -> Data:
    """The data with one change made, in a copy. Raises SchemeError for a place that cannot be."""
    root = deepcopy(data)
    *way, last = change.place
    here: Any = root
    try:
        for step in way:
            here = here.setdefault(step, {}) if isinstance(here, dict) else here[step]
        match change:
            case Put():
                here[last] = change.value
            case Add():
                here.setdefault(last, []).append(change.value)
            case Take() if isinstance(here, list):
                del here[int(last)]
            case Take():
                here.pop(last, None)
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise SchemeError("The scheme has no such place to change; look at its text.") from error
    return root


def _edited(text: str, change: Change, wanted: Data) -> str:
    for attempt in (_spliced, _round_trip):
        try:
            made = attempt(text, change, wanted)
            if read_tree(made.encode(), _NAME).data == wanted:
                return made
        except (SchemeError, LookupError, AttributeError, TypeError, ValueError):
            continue
    return to_yaml(wanted)


# Changing the text in place


def _spliced(text: str, change: Change, wanted: Data) -> str:
    """The change as one cut in the text; ValueError where it cannot be one (aliases, unusual layout)."""
    root = yaml.compose(text, Loader=_PLACES)
    if root is None or len(set(map(id, _nodes(root)))) < sum(1 for _ in _nodes(root)):
        raise ValueError("aliases")
    way = _way(root, change.place)
    around = way if isinstance(change, Add) else way[: len(change.place)]
    flow = next((n for n, node in enumerate(around) if getattr(node, "flow_style", False)), None)
    if (
        flow is not None
        and flow > 0
        and not way[flow].value
        and not getattr(way[flow - 1], "flow_style", False)
    ):
        place = change.place[:flow]  # [] or {}: what comes in gets lines of its own
        return _put_existing(text, way[: flow + 1], Put(place, _at(wanted, place)))
    if flow is not None:
        return _replaced(text, way[flow], _in_flow(_at(wanted, change.place[:flow])))
    match change:
        case Put() if len(way) > len(change.place):
            return _put_existing(text, way, change)
        case Put():
            return _put_new(text, way, change.place, change.value)
        case Add() if len(way) <= len(change.place):
            return _put_new(text, way, change.place, [change.value])
        case Add():
            return _appended(text, way[-1], change.value)
        case Take():
            return _taken(text, way, change.place)


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _nodes(key)
            yield from _nodes(value)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from _nodes(item)


def _way(node: Node, place: Place) -> list[Node]:
    """The nodes from the root as far along the place as there are any."""
    way = [node]
    for step in place:
        here = way[-1]
        if isinstance(here, SequenceNode) and isinstance(step, int) and step < len(here.value):
            way.append(here.value[step])
        elif isinstance(here, MappingNode):
            found = [value for key, value in here.value if key.value == step]
            if not found:
                break
            way.append(found[0])
        else:
            break
    return way


def _at(data: Any, place: Place) -> Any:
    for step in place:
        data = data[step]
    return data


def _end(text: str, node: Node) -> int:
    """Where what is written of a node ends: before the blanks and comments behind it."""
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        key, value = last if isinstance(last, tuple) else (None, last)
        return max(_end(text, value), _end(text, key) + 1 if key else 0)
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    return start + len(text[start:end].rstrip()) if getattr(node, "style", None) in ("|", ">") else end


def _replaced(text: str, node: Node, new: str) -> str:
    return text[: node.start_mark.index] + new + text[_end(text, node) :]


def _rest_of_line(text: str, index: int) -> str:
    return text[index : text.find("\n", index) if "\n" in text[index:] else len(text)]


def _put_existing(text: str, way: list[Node], change: Put) -> str:
    parent, node = way[-2], way[-1]
    if isinstance(parent, SequenceNode):
        start, column = int(node.start_mark.index), int(node.start_mark.column)
        return text[:start] + _block(change.value, column).strip() + text[_end(text, node) :]
    key = next(key for key, value in parent.value if value is node)
    start, column, end = int(key.start_mark.index), int(key.start_mark.column), _end(text, node)
    first, *more = _block({change.place[-1]: change.value}, column).strip().split("\n")
    behind = end + len(_rest_of_line(text, end))  # a comment stays in the first line
    return "\n".join([text[:start] + first + text[end:behind], *more]) + text[behind:]


def _put_new(text: str, way: list[Node], place: Place, value: Any) -> str:
    """The key at the end of the deepest mapping there is; mappings in between are made."""
    parent = way[-1]
    if not isinstance(parent, MappingNode) or not parent.value:
        raise ValueError("no mapping")
    depth = len(way) - 1
    for step in reversed(place[depth + 1 :]):
        value = {step: value}
    return _inserted(
        text, _end(text, parent), _block({place[depth]: value}, int(parent.value[0][0].start_mark.column))
    )


def _appended(text: str, node: Node, value: Any) -> str:
    if not isinstance(node, SequenceNode) or not node.value:
        raise ValueError("no list")
    return _inserted(text, _end(text, node), _block([value], int(node.start_mark.column)))


def _inserted(text: str, end: int, block: str) -> str:
    """The block on lines of its own behind the line in which something ends."""
    line_end = end + len(_rest_of_line(text, end))
    return text[:line_end] + "\n" + block.rstrip() + text[line_end:]


def _taken(text: str, way: list[Node], place: Place) -> str:
    parent, node = way[-2], way[-1]
    if len(parent.value) == 1:
        return _put_existing(text, way[:-1], Put(place[:-1], [] if isinstance(parent, SequenceNode) else {}))
    if isinstance(parent, MappingNode):
        start = int(next(key for key, value in parent.value if value is node).start_mark.index)
    else:
        start = int(node.start_mark.index)
    line_start = text.rfind("\n", 0, start) + 1
    end = _end(text, node)
    line_end = end + len(_rest_of_line(text, end)) + 1
    if isinstance(parent, MappingNode) and text[line_start:start].strip():
        raise ValueError("first key of a list's entry")
    return text[:line_start] + text[line_end:]


def _round_trip(text: str, change: Change, _wanted: Data) -> str:
    """By the library, which keeps most comments."""
    library = _wide()
    root = library.load(text)
    *way, last = change.place
    here = root
    for step in way:
        here = here.setdefault(step, CommentedMap()) if isinstance(here, dict) else here[step]
    match change:
        case Put():
            here[last] = _styled(change.value)
        case Add():
            here.setdefault(last, CommentedSeq()).append(_styled(change.value))
        case Take():
            del here[last]
    return _text_of(library, root)


# Writing


def _yaml() -> YAML:
    library = YAML(typ="rt", pure=True)
    library.width = _LINE
    library.preserve_quotes = True
    library.indent(mapping=2, sequence=4, offset=2)
    library.allow_unicode = True
    return library


def _text_of(library: YAML, data: Any) -> str:
    out = StringIO()
    library.dump(data, out)
    text = out.getvalue()
    return text if isinstance(data, dict | list) else text.removesuffix("...\n")


def _dumped(data: Any) -> str:
    """Long lines are wrapped, unless that changes a text: the library can lose a blank where it breaks a quoted one."""
    text = _text_of(_yaml(), _styled(data))
    below = "".join(f"  {line}" for line in text.splitlines(keepends=True))
    try:
        same = read_tree(f"x:\n{below}".encode(), _NAME).data == {"x": data}
    except SchemeError:
        same = False
    return text if same else _text_of(_wide(), _styled(data))


def _wide() -> YAML:
    library = _yaml()
    library.width = 1_000_000
    return library


def _in_flow(data: Any) -> str:
    return _text_of(_wide(), _flowing(data)).strip()


def _flowing(data: Any) -> Any:
    found: CommentedMap | CommentedSeq
    if isinstance(data, dict):
        found = CommentedMap({key: _flowing(value) for key, value in data.items()})
    elif isinstance(data, list):
        found = CommentedSeq(_flowing(value) for value in data)
    else:
        return _safe(data)
    found.fa.set_flow_style()
    return found


def _block(data: Any, column: int) -> str:
    """The data as lines that begin at this column."""
    lines = _dumped(data).splitlines()
    if isinstance(data, list):
        lines = [line[2:] for line in lines]  # the library sets lists two further in
    return "\n".join(" " * column + line if line else "" for line in lines)


def _styled(data: Any) -> Any:
    """Mappings and lists of mappings on lines of their own, lists of words on one, long texts folded."""
    if isinstance(data, dict):
        return CommentedMap({key: _styled(value) for key, value in data.items()})
    if isinstance(data, list):
        found = CommentedSeq(_styled(value) for value in data)
        if all(_WORD.fullmatch(str(value)) for value in data) and len(str(data)) < _LINE - 20:
            found.fa.set_flow_style()
        return found
    if isinstance(data, str) and len(data) > _LINE - 20 and _foldable(data):
        return FoldedScalarString(data)
    return _safe(data)


def _foldable(text: str) -> bool:
    return text == " ".join(text.split())


def _safe(value: Any) -> Any:
    """A text that could be read as something else than text is quoted."""
    if isinstance(value, str) and (not _PLAIN.fullmatch(value) or value.lower() in _WORDS):
        return DoubleQuotedScalarString(value)
    return value
