"""YAML text as plain data with the line of every key; the only module that knows the YAML library."""

import re
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from coding_app.errors import SchemeError

MAX_BYTES = 1_000_000
MAX_ALIASES = 100
MAX_NODES = 20_000
MAX_DEPTH = 20

Data = dict[str, "Data"] | list["Data"] | str | int | float | bool | None
Place = tuple[str | int, ...]

_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TOO_MUCH = "too much is repeated by aliases (*) or listed here; write a smaller scheme"
_TAG = "tag:yaml.org,2002:"
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


def read_tree(data: bytes, name: str) -> Tree:
    """Reads one YAML document safely: no tags, no repeated keys, nothing is ever built or executed.

    data: the file's bytes, UTF-8 with or without a byte order mark. name: how errors call the file.
    Raises SchemeError ("name:line: what; what to do") for everything else.
    """
    text = _decoded(data, name)
    try:
        root = _composed(text)
    except MarkedYAMLError as error:
        raise SchemeError(_yaml_sentence(error, name, text)) from error
    except RecursionError as error:
        raise SchemeError(f"{name}:1: the file is nested too deeply; write it flatter.") from error
    except Exception as error:  # ruamel raises bare ValueError, IndexError ... on some damaged input
        raise SchemeError(
            f"{name}:1: this is not valid YAML; check quotes, brackets and indentation."
        ) from error
    if not isinstance(root, MappingNode):
        line = root.start_mark.line + 1 if isinstance(root, Node) else 1
        raise SchemeError(f"{name}:{line}: the file holds no 'key: value' lines; start it with 'format: 1'.")
    reader = _Reader(name)
    return Tree(reader.plain(root, ()), reader.lines)


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


class _CountingComposer(Composer):
    """Stops at MAX_NODES, so that a hostile file cannot keep the reader busy for minutes."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False
        self._nodes = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise ComposerError(None, None, _TOO_MUCH, self.parser.peek_event().start_mark)
        return super().compose_node(parent, index)


def _composed(text: str) -> Node | None:
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = MAX_DEPTH
    yaml.Composer = _CountingComposer
    root: Node | None = yaml.compose(text)
    return root


def _yaml_sentence(error: YAMLError, name: str, text: str) -> str:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else 1
    lines = text.splitlines()
    problem = str(getattr(error, "problem", None) or getattr(error, "context", None) or "cannot be read")
    if "\\t" in problem or (line <= len(lines) and lines[line - 1].lstrip(" ").startswith("\t")):
        return f"{name}:{line}: the line is indented with a tab; use spaces."
    if "maximum depth" in problem:
        return f"{name}:{line}: the file is nested too deeply; write it flatter."
    if problem == _TOO_MUCH:
        return f"{name}:{line}: {_TOO_MUCH}."
    if "another document" in problem:
        return f"{name}:{line}: a second document begins here; keep one scheme per file."
    shown = " ".join(problem.split())[:120]
    return f"{name}:{line}: this is not valid YAML ({shown}); check quotes, colons, brackets and indentation."


class _Reader:
    """Turns the node graph into plain data and remembers lines; counts what aliases multiply."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Place, int] = {(): 1}
        self._seen: set[int] = set()
        self._open: set[int] = set()
        self._aliases = 0
        self._nodes = 0

    def plain(self, node: Node, place: Place) -> Data:
        self._check(node)
        self._open.add(id(node))
        try:
            if isinstance(node, MappingNode):
                return self._mapping(node, place)
            if isinstance(node, SequenceNode):
                return self._sequence(node, place)
            return _scalar(node)
        finally:
            self._open.discard(id(node))

    def _mapping(self, node: MappingNode, place: Place) -> Data:
        result: dict[str, Data] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            here = (*place, key)
            if key in result:
                first = self.lines[here]
                raise self._fault(
                    key_node, f"the key '{_shown(key)}' stands twice (first in line {first}); keep one"
                )
            self.lines[here] = key_node.start_mark.line + 1
            result[key] = self.plain(value_node, here)
        return result

    def _sequence(self, node: SequenceNode, place: Place) -> Data:
        result: list[Data] = []
        for number, item in enumerate(node.value):
            self.lines[*place, number] = item.start_mark.line + 1
            result.append(self.plain(item, (*place, number)))
        return result

    def _key(self, node: Node) -> str:
        self._check(node, _KEY_TAGS)
        if not isinstance(node, ScalarNode):
            raise self._fault(node, "a list or a mapping cannot be a key; use a word")
        return str(node.value)

    def _check(self, node: Node, known_tags: set[str] = _KNOWN_TAGS) -> None:
        self._nodes += 1
        if id(node) in self._open:
            raise self._fault(node, "an alias (*) stands inside what it repeats; write the text out")
        if id(node) in self._seen:
            self._aliases += 1
        self._seen.add(id(node))
        if self._aliases > MAX_ALIASES or self._nodes > MAX_NODES:
            raise self._fault(
                node, "too much is repeated by aliases (*) or listed here; write a smaller scheme"
            )
        if str(node.tag) not in known_tags:
            raise self._fault(node, "tags (!) are not allowed in a scheme; delete the tag")

    def _fault(self, node: Node, sentence: str) -> SchemeError:
        return SchemeError(f"{self.name}:{node.start_mark.line + 1}: {sentence}.")


def _scalar(node: Node) -> Data:
    """A number only where it is written in plain decimal, true and false, nothing; all else stays text."""
    text, kind = str(node.value), str(node.tag).removeprefix(_TAG)
    if kind == "int" and _WHOLE.fullmatch(text):
        return int(text)
    if kind == "float" and _DECIMAL.fullmatch(text):
        return float(text)
    if kind == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return None if kind == "null" else text


def _shown(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
