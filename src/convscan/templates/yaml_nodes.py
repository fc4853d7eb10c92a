"""Parse YAML into nodes with places, folded and quoted scalars included.

Built from the parser's events and not by PyYAML's own composer, which is recursive in
C: a few thousand open brackets would crash the process.
"""

import re
from collections.abc import Iterator
from functools import partial

import yaml

from convscan.source_map import MappedText, SourceMap
from convscan.templates.nodes import MAX_DEPTH, MalformedDocumentError, Node

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}
# What one backslash sequence of a double-quoted scalar stands for (YAML 1.1, 5.7).
_SIMPLE_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r",
    "e": "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_DOUBLE_QUOTED = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r\n|[\s\S])|[^\s\\]")
_SINGLE_QUOTED = re.compile(r"''|\S")
_PLAIN = re.compile(r"\S")
_PROPERTIES = re.compile(r"(?:[&!]\S*+\s++)*+")


def parse_yaml_nodes(text: str) -> list[Node]:
    """Parse a YAML stream.

    Returns:
        One node for each document of the stream.

    Raises:
        MalformedDocumentError: If it is no valid YAML, too deep, or a key stands twice.
    """
    try:
        return _Walk(text).documents()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise MalformedDocumentError(f"not valid YAML: {error.problem}", mark.index if mark else 0) from None
    except yaml.reader.ReaderError as error:
        raise MalformedDocumentError(f"not valid YAML: {error.reason}", error.position) from None


class _Walk:
    """Read the events of one stream."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._anchors: dict[str, Node] = {}

    def documents(self) -> list[Node]:
        found: list[Node] = []
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors = {}
            elif isinstance(event, yaml.NodeEvent):
                found.append(self._node(event, 0))
        return found

    def _node(self, event: yaml.NodeEvent, depth: int) -> Node:
        start = _start(event)
        if depth > MAX_DEPTH:
            raise MalformedDocumentError(f"nested deeper than {MAX_DEPTH} levels", start)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise MalformedDocumentError(f"the alias *{event.anchor} names no anchor above it", start)
            # The same node again, in its own place: shared, so that an alias costs nothing.
            return self._anchors[event.anchor]
        if isinstance(event, yaml.MappingStartEvent):
            node = self._mapping(start, depth)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(start, depth)
        elif isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event)
        else:
            raise MalformedDocumentError("a value is missing", start)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _mapping(self, start: int, depth: int) -> Node:
        fields: dict[str, Node] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                return Node(fields, start, _end(event))
            if not isinstance(event, yaml.ScalarEvent):
                raise MalformedDocumentError("a key must be one word or text", _start(event))
            if event.value in fields:
                message = f"the key {event.value!r} stands twice in one mapping; keep one of the two"
                raise MalformedDocumentError(message, _start(event))
            fields[event.value] = self._node(self._next(), depth + 1)
        raise MalformedDocumentError("a mapping breaks off", start)

    def _sequence(self, start: int, depth: int) -> Node:
        items: list[Node] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                return Node(items, start, _end(event))
            if isinstance(event, yaml.NodeEvent):
                items.append(self._node(event, depth + 1))
        raise MalformedDocumentError("a list breaks off", start)

    def _next(self) -> yaml.NodeEvent:
        event = next(self._events)
        if not isinstance(event, yaml.NodeEvent):
            raise MalformedDocumentError("a value is missing", _start(event))
        return event

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        start, end = _start(event), _end(event)
        if event.style is None and event.value in _CONSTANTS:
            return Node(_CONSTANTS[event.value], start, end)
        if event.style is None and _INTEGER.fullmatch(event.value):
            return Node(int(event.value), start, end)
        return Node(event.value, start, end, partial(_scalar_map, self._text, event))


def _start(event: yaml.Event) -> int:
    """Return where an event begins, in code points."""
    return event.start_mark.index if event.start_mark else 0


def _end(event: yaml.Event) -> int:
    """Return where an event ends."""
    return event.end_mark.index if event.end_mark else 0


def _scalar_map(text: str, event: yaml.ScalarEvent) -> SourceMap:
    """Return where the characters of a scalar stand.

    Characters that are no white space stand in the file in the order of the value, but
    for escapes; white space between them may have been folded.
    """
    units = _units(text, event)
    built = MappedText()
    end = _written_from(text, event)
    unit = next(units, None)
    for char in event.value:
        if unit is not None and unit[2] == char:
            built.add(char, unit[0], unit[1])
            end = unit[1]
            unit = next(units, None)
        else:
            is_there = text[end : end + 1].isspace() and (unit is None or end < unit[0])
            built.add(char, end, end + 1 if is_there else end)
            end += is_there
    return built.map()


def _written_from(text: str, event: yaml.ScalarEvent) -> int:
    """Return where a scalar begins behind its properties, if it has any: `&greeting "Hi"`, `!!str Hi`."""
    properties = _PROPERTIES.match(text, _start(event), _end(event))
    return properties.end() if properties and (event.anchor or event.tag) else _start(event)


def _units(text: str, event: yaml.ScalarEvent) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and meaning of what is more than foldable white space."""
    start, end = _written_from(text, event), _end(event)
    if event.style == '"':
        for found in _DOUBLE_QUOTED.finditer(text, start + 1, end - 1):
            meaning = _meaning(found[0])
            if meaning is not None:
                yield found.start(), found.end(), meaning
    elif event.style == "'":
        for found in _SINGLE_QUOTED.finditer(text, start + 1, end - 1):
            yield found.start(), found.end(), found[0][0]
    else:
        if event.style in {"|", ">"}:  # the header line: "|-", ">2 # a comment"
            start = text.find("\n", start, end) + 1 or end
        for found in _PLAIN.finditer(text, start, end):
            yield found.start(), found.end(), found[0]


def _meaning(written: str) -> str | None:
    """Return the character that a unit of a double-quoted scalar stands for; None for a joined line."""
    if not written.startswith("\\"):
        return written
    if written[1] in "xuU":
        return chr(int(written.lstrip("\\xuU"), 16))
    return _SIMPLE_ESCAPES.get(written[1:])
