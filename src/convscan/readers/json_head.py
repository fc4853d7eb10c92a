"""Look at how a JSON file begins, so that formats can be told apart by their shape."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

# An object or list that is still open: where its next value goes.
_Container: TypeAlias = "dict[str, object] | list[object]"

_TOKEN = re.compile(r'[ \t\r\n]*+(?P<token>"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],:]|[^\s{}\[\],:"]++)', re.DOTALL)
# Deeper than any response of an API stands in what was recorded around it.
_SEARCH_DEPTH = 10


@lru_cache(maxsize=4)
def json_head(head: bytes) -> tuple[object, ...]:
    """Return the JSON values at the beginning of a file, the last one as far as it goes.

    Several values are the lines of JSON Lines. What is cut off is left out; where the
    text is no JSON the reading ends, so that a file of another kind gives nothing.

    Args:
        head: How the file begins.
    """
    if head.lstrip()[:1] not in {b"{", b"["}:
        return ()
    values: list[object] = []
    parser = _HeadParser(values)
    for found in _TOKEN.finditer(head.decode("utf-8", "replace")):
        if not parser.take(found["token"]):
            break
    return tuple(values)


def objects_in(values: object, depth: int = _SEARCH_DEPTH) -> Iterator[dict[str, object]]:
    """Yield the objects in a JSON value, outer before inner.

    Args:
        values: A JSON value, or several of them.
        depth: How many levels down it goes.
    """
    level: list[object] = [values]
    for _ in range(depth):
        inside: list[object] = []
        for value in level:
            if isinstance(value, dict):
                yield value
                inside += value.values()
            elif isinstance(value, list | tuple):
                inside += value
        if not inside:
            return
        level = inside


def is_native(values: tuple[object, ...]) -> bool:
    """Tell whether a file begins with a record of the native format, whatever its metadata holds.

    Args:
        values: How the file begins, as `json_head` gives it.
    """
    first = values[0] if values else None
    if isinstance(first, list) and first:
        first = first[0]
    said = first.get("utterances") if isinstance(first, dict) else None
    return isinstance(said, list) and all(isinstance(item, dict) and "role" in item for item in said[:1])


class _HeadParser:
    """Build values from tokens; what is open at the end stays as it is."""

    def __init__(self, values: list[object]) -> None:
        self._open: list[_Container] = [values]
        self._keys: list[str | None] = [None]

    def take(self, token: str) -> bool:
        """Take one token; tell whether the text can still be JSON."""
        if token in "}]":
            return self._close(token)
        if token == ",":
            self._keys[-1] = None
            return len(self._open) > 1
        if token == ":":
            return self._keys[-1] is not None
        inside = self._open[-1]
        if isinstance(inside, dict) and self._keys[-1] is None:
            self._keys[-1] = str(_scalar(token))
            return token[0] == '"'
        if token in "{[":
            value: _Container = {} if token == "{" else []
            self._put(value)
            self._open.append(value)
            self._keys.append(None)
            return True
        self._put(_scalar(token))
        return len(self._open) > 1

    def _put(self, value: object) -> None:
        inside = self._open[-1]
        if isinstance(inside, dict):
            inside[self._keys[-1] or ""] = value
        else:
            inside.append(value)

    def _close(self, token: str) -> bool:
        if len(self._open) == 1 or isinstance(self._open[-1], dict) is (token == "]"):
            return False
        self._open.pop()
        self._keys.pop()
        return True


def _scalar(token: str) -> object:
    if token[0] == '"' and "\\" not in token:
        return token[1:-1]
    try:
        return json.loads(token, strict=False)
    except ValueError:
        return token.strip('"')
