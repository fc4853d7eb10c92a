"""Read YAML strictly: text stays text, a key stands once, errors know their line.

The document is built here from the parser's events. PyYAML's own builder is
recursive in C, so that a few thousand open brackets would crash the process; it
lets the last of two equal keys win, reads `no` as false, 010 as 8 and 12:30 as
750, and copies whatever an alias names, which lets 270 bytes grow to gigabytes.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from convscan.errors import RuleError

# The longest rule files have a few hundred lines; more is a mistake or an attack.
MAX_BYTES = 512 * 1024
# Rule files are six levels deep.
MAX_DEPTH = 24

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,8})")
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}


def read_yaml(path: Path) -> object:
    """Return the document in a file; None if it has none.

    Raises:
        RuleError: If it cannot be read, is too large, or is no valid YAML; with line and column.
    """
    text = _text(path)
    try:
        return _document(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        raise RuleError(f"{path}{_fault(error)}") from error
    except yaml.reader.ReaderError as error:
        place = _place_of(text.encode()[: error.position])
        raise RuleError(f"{path}{place}: {error.reason}; take out U+{error.character:04X}") from error


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise RuleError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise RuleError(f"{path}: larger than {MAX_BYTES} bytes; split it, one rule a file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RuleError(f"{path}{_place_of(data[: error.start])}: not UTF-8; save the file as UTF-8") from error


def _fault(error: yaml.MarkedYAMLError) -> str:
    """Return place and problem; of what is never closed where it opens, for the parser only finds the end."""
    context = str(error.context or "")
    if error.context_mark and "quoted scalar" in context and "end of stream" in str(error.problem):
        return f"{_line_of(error.context_mark)}: the quote that opens here is never closed"
    if error.context_mark and error.problem_mark and "flow" in context:
        what = "list [" if "sequence" in context else "mapping {"
        line = error.problem_mark.line + 1
        return f"{_line_of(error.context_mark)}: in the {what} that opens here: {error.problem} (line {line})"
    advice = "; put text with ': ' in it in quotes" if "mapping values" in str(error.problem) else ""
    return f"{_line_of(error.problem_mark)}: {error.problem}{advice}"


def _line_of(mark: yaml.Mark | None) -> str:
    return f":{mark.line + 1}:{mark.column + 1}" if mark else ""


def _place_of(before: bytes) -> str:
    """Return the place that comes after valid UTF-8."""
    lines = before.decode("utf-8").split("\n")
    return f":{len(lines)}:{len(lines[-1]) + 1}"


def _document(events: Iterator[yaml.Event]) -> object:
    """Return the only document of a stream."""
    value: object = None
    documents = 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _wrong(event, "a second document begins; one file holds one document")
        elif isinstance(event, yaml.NodeEvent):
            value = _value(event, events, MAX_DEPTH)
    return value


def _value(event: yaml.NodeEvent, events: Iterator[yaml.Event], depth: int) -> object:
    _refuse_anchor(event)
    if depth == 0:
        raise _wrong(event, f"nested more than {MAX_DEPTH} deep")
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if isinstance(event, yaml.CollectionStartEvent) and event.tag is not None:
        raise _wrong(event, f"tag {event.tag!r} is not allowed; write plain lists, mappings and text")
    if isinstance(event, yaml.SequenceStartEvent):
        return [_value(item, events, depth - 1) for item in _until(yaml.SequenceEndEvent, events)]
    return _mapping(events, depth - 1)


def _mapping(events: Iterator[yaml.Event], depth: int) -> dict[str, object]:
    values: dict[str, object] = {}
    for key in _until(yaml.MappingEndEvent, events):
        _refuse_anchor(key)
        if not isinstance(key, yaml.ScalarEvent):
            raise _wrong(key, "a key must be one word or text")
        if key.value in values:
            raise _wrong(key, f"duplicate key {key.value!r}; keep one of the two")
        values[key.value] = _value(next(_until(yaml.MappingEndEvent, events)), events, depth)
    return values


def _refuse_anchor(event: yaml.NodeEvent) -> None:
    # An alias has an anchor too: the one that it stands for.
    if event.anchor is not None:
        raise _wrong(event, "anchors (&) and aliases (*) are not allowed; put text that begins so in quotes")


def _until(end: type[yaml.Event], events: Iterator[yaml.Event]) -> Iterator[yaml.NodeEvent]:
    """Yield the children of a list or mapping; the caller takes their own children."""
    for event in events:
        if isinstance(event, end):
            return
        if isinstance(event, yaml.NodeEvent):
            yield event


def _scalar(event: yaml.ScalarEvent) -> object:
    """Return text, unless it is plainly a whole number, true, false or nothing."""
    is_plain, _ = event.implicit
    if event.tag is not None:
        raise _wrong(event, f"tag {event.tag!r} is not allowed; quotes make anything text")
    if not is_plain:
        return event.value
    if event.value in _CONSTANTS:
        return _CONSTANTS[event.value]
    return int(event.value) if _INTEGER.fullmatch(event.value) else event.value


def _wrong(event: yaml.Event, problem: str) -> yaml.MarkedYAMLError:
    mark = event.start_mark
    return yaml.MarkedYAMLError(
        problem=problem, problem_mark=yaml.Mark("", 0, mark.line, mark.column, None, 0) if mark else None
    )


def locate(path: Path, keys: Sequence[str | int]) -> str:
    """Return `path:line:col` of what stands under the keys; as near as can be found.

    The file is parsed a second time, for loading without positions is much faster.
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return str(path)
    if node is None:
        return f"{path}:1:1"
    mark = node.start_mark
    for key in keys:
        found = _child(node, key)
        if found is None:
            break
        mark, node = found
    return f"{path}:{mark.line + 1}:{mark.column + 1}"


def _child(node: yaml.Node, key: str | int) -> tuple[yaml.Mark, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key_node, value in node.value:
            if key_node.value == str(key):
                return key_node.start_mark, value
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key].start_mark, node.value[key]
    return None
