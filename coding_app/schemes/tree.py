"""YAML text as plain data with the line of every key; the only module that reads YAML."""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from coding_app.errors import SchemeError

MAX_BYTES = 1_000_000
MAX_ALIASES = 100
MAX_NODES = 20_000
MAX_DEPTH = 20

Data: TypeAlias = "dict[str, Data] | list[Data] | str | int | float | bool | None"
Place: TypeAlias = tuple[str | int, ...]

# libyaml where the library brings it: twenty times as fast. Either way only events are asked for, one by one, so that
# nothing is ever built from a tag and a hostile file is left as soon as it is too deep or too long.
_Events: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_TOO_MUCH = "too much is repeated by aliases (*) or listed here; write a smaller scheme"
_TOO_DEEP = "the file is nested too deeply; write it flatter"
_TAG = "tag:yaml.org,2002:"
_STR = _TAG + "str"  # whatever is quoted or folded
_BARE = (True, False)
_KNOWN_TAGS = {_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")}
_KEY_TAGS = _KNOWN_TAGS | {_TAG + "merge", _TAG + "value"}
_WHOLE = re.compile(r"[-+]?[0-9]{1,15}")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Tree:
    """Plain data, and for the place of each entry (keys and list positions) its line, from 1."""

    data: Data
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest thing around it that has one."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


@dataclass(slots=True)
class _Node:
    """value: text of a scalar, items of a sequence, keys and values in turn of a mapping."""

    tag: str
    line: int
    value: Any
    is_mapping: bool = False


def read_tree(data: bytes, name: str) -> Tree:
    """Reads one YAML document safely: no tags, no repeated keys, nothing is ever built or executed.

    data: the file's bytes, UTF-8 with or without a byte order mark. name: how errors call the file.
    Raises SchemeError ("name:line: what; what to do") for everything else.
    """
    text = _decoded(data, name)
    with _nothing_collected():
        try:
            root = _Composer(text, name).document()
        except yaml.YAMLError as error:
            raise SchemeError(_yaml_sentence(error, name, text)) from error
        if root is None or not root.is_mapping:
            line = root.line if root else 1
            raise SchemeError(
                f"{name}:{line}: the file holds no 'key: value' lines; start it with 'format: 1'."
            )
        reader = _Reader(name)
        return Tree(reader.plain(root, ()), reader.lines)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Up to 20,000 small objects are made and kept: looking for garbage among them takes a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _decoded(data: bytes, name: str) -> str:
    if len(data) > MAX_BYTES:
        raise SchemeError(
            f"{name}:1: the file is larger than {MAX_BYTES // 1_000_000} MB; a coding scheme must be smaller."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SchemeError(f"{name}:{line}: the file is not UTF-8 text; save it again as UTF-8.") from error
    if found := _NOT_TEXT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        sign = f"U+{ord(found.group()):04X}"
        raise SchemeError(f"{name}:{line}: the invisible sign {sign} cannot stand in a scheme; delete it.")
    return text


class _Composer:
    """The node graph of a text from its events: at most MAX_NODES nodes, at most MAX_DEPTH deep."""

    def __init__(self, text: str, name: str) -> None:
        self._events = _Events(text)
        self._name = name
        self._anchors: dict[str, _Node] = {}
        self._open: set[int] = set()
        self._nodes = 0

    def document(self) -> _Node | None:
        """The root of the one document there is; None of an empty text."""
        self._events.get_event()  # the stream's start
        event = self._events.get_event()
        if isinstance(event, StreamEndEvent):
            return None
        root = self._node(self._events.get_event(), 1)
        self._events.get_event()  # the document's end
        event = self._events.get_event()
        if isinstance(event, DocumentStartEvent):
            raise self._fault(event, "a second document begins here; keep one scheme per file")
        return root

    def _node(self, event: Any, depth: int) -> _Node:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self._fault(event, _TOO_MUCH)
        if depth > MAX_DEPTH:
            raise self._fault(event, _TOO_DEEP)
        if isinstance(event, AliasEvent):
            if event.anchor not in self._anchors:
                raise self._fault(
                    event, "an alias (*) names nothing that stands before it; write the text out"
                )
            if id(self._anchors[event.anchor]) in self._open:
                raise self._fault(event, "an alias (*) stands inside what it repeats; write the text out")
            return self._anchors[event.anchor]
        line = event.start_mark.line + 1
        if isinstance(event, ScalarEvent):
            tag = event.tag or (
                _STR if event.style else self._events.resolve(yaml.ScalarNode, event.value, _BARE)
            )
            node = _Node(tag, line, event.value)
            self._anchor(event, node)
            return node
        node = _Node("", line, [], isinstance(event, MappingStartEvent))
        node.tag = event.tag if event.tag not in (None, "!") else _TAG + ("map" if node.is_mapping else "seq")
        self._anchor(event, node)
        end = MappingEndEvent if node.is_mapping else SequenceEndEvent
        self._open.add(id(node))
        while not isinstance(inner := self._events.get_event(), end):
            node.value.append(self._node(inner, depth + 1))
        self._open.discard(id(node))
        return node

    def _anchor(self, event: ScalarEvent | SequenceStartEvent | MappingStartEvent, node: _Node) -> None:
        if event.anchor is not None:
            self._anchors[event.anchor] = node

    def _fault(self, event: Any, sentence: str) -> SchemeError:
        return SchemeError(f"{self._name}:{event.start_mark.line + 1}: {sentence}.")


def _yaml_sentence(error: yaml.YAMLError, name: str, text: str) -> str:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    lines = text.splitlines()
    line = min(mark.line + 1, max(1, len(lines))) if mark else 1
    problem = str(getattr(error, "problem", None) or getattr(error, "context", None) or "cannot be read")
    if "\\t" in problem or (line <= len(lines) and lines[line - 1].lstrip(" ").startswith("\t")):
        return f"{name}:{line}: the line is indented with a tab; use spaces."
    shown = " ".join(problem.split())[:120]
    return f"{name}:{line}: this is not valid YAML ({shown}); check quotes, colons, brackets and indentation."


class _Reader:
    """Turns the node graph into plain data and remembers lines; counts what aliases multiply."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Place, int] = {(): 1}
        self._seen: set[int] = set()
        self._aliases = 0
        self._nodes = 0

    def plain(self, node: _Node, place: Place) -> Data:
        self._check(node)
        if isinstance(node.value, str):
            return _scalar(node)
        return self._mapping(node, place) if node.is_mapping else self._sequence(node, place)

    def _mapping(self, node: _Node, place: Place) -> Data:
        result: dict[str, Data] = {}
        for key_node, value_node in zip(node.value[::2], node.value[1::2], strict=True):
            key = self._key(key_node)
            here = (*place, key)
            if key in result:
                first = self.lines[here]
                raise self._fault(
                    key_node, f"the key '{_shown(key)}' stands twice (first in line {first}); keep one"
                )
            self.lines[here] = key_node.line
            result[key] = self.plain(value_node, here)
        return result

    def _sequence(self, node: _Node, place: Place) -> Data:
        result: list[Data] = []
        for number, item in enumerate(node.value):
            self.lines[*place, number] = item.line
            result.append(self.plain(item, (*place, number)))
        return result

    def _key(self, node: _Node) -> str:
        self._check(node, _KEY_TAGS)
        if not isinstance(node.value, str):
            raise self._fault(node, "a list or a mapping cannot be a key; use a word")
        return node.value

    def _check(self, node: _Node, known_tags: set[str] = _KNOWN_TAGS) -> None:
        self._nodes += 1
        if id(node) in self._seen:
            self._aliases += 1
        self._seen.add(id(node))
        if self._aliases > MAX_ALIASES or self._nodes > MAX_NODES:
            raise self._fault(node, _TOO_MUCH)
        if node.tag not in known_tags:
            raise self._fault(node, "tags (!) are not allowed in a scheme; delete the tag")

    def _fault(self, node: _Node, sentence: str) -> SchemeError:
        return SchemeError(f"{self.name}:{node.line}: {sentence}.")


def _scalar(node: _Node) -> Data:
    """A number only where it is written in plain decimal, true and false, nothing; all else stays text."""
    text, kind = node.value, node.tag.removeprefix(_TAG)
    if kind == "int" and _WHOLE.fullmatch(text):
        return int(text)
    if kind == "float" and _DECIMAL.fullmatch(text):
        return float(text)
    if kind == "bool" and text.lower() in ("true", "false"):
        return bool(text.lower() == "true")
    return None if kind == "null" else str(text)


def _shown(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
