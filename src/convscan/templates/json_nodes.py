"""Parse JSON into nodes with places; `json` itself knows no places."""

import json
import re
from functools import partial

from convscan.readers.strict_json import json_fault
from convscan.source_map import MappedText, SourceMap
from convscan.templates.nodes import MAX_DEPTH, MalformedDocumentError, Node

_TOKEN = re.compile(r'[ \t\r\n]*("[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+)')
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")


def parse_json_nodes(text: str) -> Node:
    """Parse a JSON document.

    Raises:
        MalformedDocumentError: If it is no valid JSON, too deep, or a key stands twice.
    """
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        what, at = json_fault(error)
        raise MalformedDocumentError(f"not valid JSON: {what}", at) from None
    except RecursionError:
        raise MalformedDocumentError(f"nested deeper than {MAX_DEPTH} levels", 0) from None
    except ValueError:  # int() refuses more than 4300 digits
        raise MalformedDocumentError("a number with thousands of digits; write it as text in quotes", 0) from None
    return _Walk(text).document()


class _Walk:
    """Read the tokens of a text that is known to be JSON."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _TOKEN.finditer(text)

    def document(self) -> Node:
        return self._value(self._next(), 0)

    def _next(self) -> tuple[str, int]:
        found = next(self._tokens)
        return found[1], found.start(1)

    def _value(self, token: tuple[str, int], depth: int) -> Node:
        written, start = token
        if depth > MAX_DEPTH:
            raise MalformedDocumentError(f"nested deeper than {MAX_DEPTH} levels", start)
        if written == "{":
            return self._mapping(start, depth)
        if written == "[":
            return self._list(start, depth)
        value = json.loads(written)
        end = start + len(written)
        mapped = partial(_string_map, self._text, start, end) if written[0] == '"' else None
        return Node(value, start, end, mapped)

    def _mapping(self, start: int, depth: int) -> Node:
        fields: dict[str, Node] = {}
        while True:
            written, at = self._next()
            if written == "}":
                return Node(fields, start, at + 1)
            if written == ",":
                continue
            key = json.loads(written)
            if key in fields:
                raise MalformedDocumentError(f"the key {key!r} stands twice in one object; keep one of the two", at)
            self._next()
            fields[key] = self._value(self._next(), depth + 1)

    def _list(self, start: int, depth: int) -> Node:
        items: list[Node] = []
        while True:
            written, at = self._next()
            if written == "]":
                return Node(items, start, at + 1)
            if written != ",":
                items.append(self._value((written, at), depth + 1))


def _string_map(text: str, start: int, end: int) -> SourceMap:
    """Return where the characters of a JSON string stand."""
    built = MappedText()
    at = start + 1
    for escape in _ESCAPE.finditer(text, start + 1, end - 1):
        built.add(text[at : escape.start()], at, escape.start())
        built.add(json.loads(f'"{escape[0]}"'), escape.start(), escape.end())
        at = escape.end()
    built.add(text[at : end - 1], at, end - 1)
    return built.map()
