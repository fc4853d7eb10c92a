"""Find values in JSON by JSONPath: the one place that knows the library."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from convscan.errors import ConfigError

if TYPE_CHECKING:
    import jsonpath

# A key by itself, which needs no library.
_PLAIN = re.compile(r"[^$.\[\]*@?]+")


@dataclass(frozen=True, slots=True)
class Found:
    """A value that a path found.

    Attributes:
        parts: Keys and list positions from the value that was searched.
    """

    parts: tuple[str | int, ...]
    value: object


def find(value: object, path: str, where: str) -> Iterator[Found]:
    """Yield what a path finds in a JSON value, in its order.

    A plain key goes first, whatever it is made of, such as a column `Reply text`.

    Args:
        value: Lists, mappings and scalars.
        path: JSONPath; a leading `$.` may be left out.
        where: The setting that holds the path, named in the error.

    Raises:
        ConfigError: If the path is malformed.
    """
    if path == "$":
        yield Found((), value)
    elif isinstance(value, dict) and path in value:
        yield Found((path,), value[path])
    elif _PLAIN.fullmatch(path) is None:
        yield from _matches(value, path, where)


def check_path(path: str, where: str) -> None:
    """Refuse a malformed path.

    Raises:
        ConfigError: If it is none.
    """
    if _PLAIN.fullmatch(path) is None:
        _compiled(path, where)


def _matches(value: object, path: str, where: str) -> Iterator[Found]:
    import jsonpath

    if isinstance(value, str):  # the library would take it for a document and parse it
        return
    try:
        for match in _compiled(path, where).finditer(value):  # type: ignore[arg-type] # plain values are JSON
            yield Found(tuple(match.parts), match.obj)
    except jsonpath.JSONPathError as error:
        raise ConfigError(f"{where} = {path!r} cannot be followed: {str(error).splitlines()[0]}") from error


@lru_cache(maxsize=256)
def _compiled(path: str, where: str) -> "jsonpath.JSONPath | jsonpath.CompoundJSONPath":
    import jsonpath

    try:
        return jsonpath.compile(path)
    except jsonpath.JSONPathError as error:
        raise ConfigError(f"{where} = {path!r} is no JSONPath: {str(error).splitlines()[0]}") from error
