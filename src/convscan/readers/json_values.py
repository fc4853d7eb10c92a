"""Read files of JSON as records with their lines: one document, a list, JSON Lines, or API responses.

An error in one item of a list or in one line never loses the next.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, NoReturn

from convscan.conversation import Source
from convscan.errors import TranscriptError
from convscan.readers.base import BadRecord, ReadOptions, bad_record
from convscan.readers.json_text import decode_json, first_lines, list_items, opens_document, opens_json, text_of_line
from convscan.readers.opening import open_input, read_lines, read_whole
from convscan.readers.strict_json import parse_json, parse_json_at, skip_blanks

# What recorders of API calls put between their own file and the response.
_RECORDED = "api"
_RESPONSE = "response"
_SEARCH_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON value and where it stands.

    Attributes:
        request: Address of the API call that gave it, if it was recorded.
        lines: For each list directly in the value, the line of each of its items.
    """

    value: Mapping[str, object]
    source: Source
    request: str = ""
    lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def items(self, key: str) -> Iterator[tuple[Source, object]]:
        """Yield the items of one of its lists with their places; none if there is no such list."""
        items = self.value.get(key)
        lines = self.lines.get(key, ())
        for index, item in enumerate(items if isinstance(items, list) else ()):
            yield Source(self.source.path, lines[index] if index < len(lines) else self.source.line), item


def json_values(stream: BinaryIO, path: str, options: ReadOptions) -> Iterator[tuple[Source, object | TranscriptError]]:
    """Yield the values of a JSON file: of a list its items, of JSON Lines its lines.

    Yields:
        The place of a value and the value, or the error in its place.

    Raises:
        TranscriptError: If the rest of the file cannot be read.
    """
    for placed in _placed_values(stream, path, options):
        yield placed.source, placed.value


def whole_documents(stream: BinaryIO, path: str, options: ReadOptions) -> Iterator[Document | BadRecord]:
    """Yield the objects of a JSON file as they stand: of a list its items, of JSON Lines its lines.

    Raises:
        TranscriptError: As for `json_values`.
    """
    for placed in _placed_values(stream, path, options):
        if isinstance(placed.value, TranscriptError):
            yield bad_record(placed.source, str(placed.value))
            continue
        yield from placed.faults
        if isinstance(placed.value, dict):
            yield Document(placed.value, placed.source, lines=placed.lines)
        else:
            yield bad_record(placed.source, f"expected an object, found {_kind(placed.value)}")


def documents(
    stream: BinaryIO, path: str, options: ReadOptions, is_wanted: Callable[[Mapping[str, object]], bool]
) -> Iterator[Document | BadRecord]:
    """Yield the outermost objects of a kind, wherever they stand in a JSON file.

    Recordings of API calls (`{"api": {"get": {"/path": {"response": …}}}}`) are known:
    only what was received counts.

    Args:
        stream: The content.
        path: The file as the user named it.
        options: For the size limit.
        is_wanted: Tells an object of this kind.

    Yields:
        An object, or a bad record in the place of what cannot be read.

    Raises:
        TranscriptError: As for `json_values`.
    """
    for placed in _placed_values(stream, path, options):
        if isinstance(placed.value, TranscriptError):
            yield bad_record(placed.source, str(placed.value))
            continue
        yield from placed.faults
        recorded = placed.value.get(_RECORDED) if isinstance(placed.value, dict) else None
        found = 0
        # A recording may have kept what a call gave only beside the calls.
        for value in (recorded, placed.value) if isinstance(recorded, dict) else (placed.value,):
            for document in _wanted(value, placed, is_wanted) if not found else ():
                found += 1
                yield document
        if not found and not _is_trailer(placed.value):
            yield bad_record(placed.source, f"holds nothing of this format, but {_kind(placed.value)}")


def _is_trailer(value: object) -> bool:
    """Tell whether a value can have nothing in it: the last page of an export is empty."""
    return value in ({}, [])


def _kind(value: object) -> str:
    if isinstance(value, dict):
        keys = ", ".join(repr(key) for key in list(value)[:5])
        return f"an object with the keys {keys}" if keys else "an empty object"
    return "an empty list" if value == [] else f"{type(value).__name__} {str(value)[:30]!r}"


@dataclass(frozen=True, slots=True)
class _Placed:
    """A value or an error, and where it stands."""

    value: object
    source: Source
    lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    faults: tuple[BadRecord, ...] = ()


def _wanted(value: object, placed: _Placed, is_wanted: Callable[[Mapping[str, object]], bool]) -> Iterator[Document]:
    """Yield the outermost objects of a kind in a value that stands at a place."""
    level: list[tuple[str, object]] = [("", value)]
    for _ in range(_SEARCH_DEPTH):
        inside: list[tuple[str, object]] = []
        for request, item in level:
            if isinstance(item, dict) and is_wanted(item):
                lines = placed.lines if item is placed.value else {}
                yield Document(item, placed.source, request, lines)
            elif isinstance(item, dict):
                for key, child in item.items():
                    is_response = isinstance(child, dict) and _RESPONSE in child
                    inside.append((key if is_response else request, child))
            elif isinstance(item, list):
                inside += ((request, child) for child in item)
        level = inside


def _placed_values(stream: BinaryIO, path: str, options: ReadOptions) -> Iterator[_Placed]:
    opened = open_input(stream)
    lines = first_lines(opened.head)
    if opens_json(lines) and not opens_document(lines):
        yield from _lines(opened.stream, path, options)
        return
    text = decode_json(read_whole(opened.stream, limit_bytes=options.max_record_bytes), path)
    at, line, counted = skip_blanks(text, 0), 1, 0
    while at < len(text):
        line, counted = line + text.count("\n", counted, at), at
        try:
            at = yield from _next_value(text, at, line, path)
        except TranscriptError as error:
            if text.startswith("[", at):
                raise  # it says itself in which line the list breaks off
            yield _Placed(error, Source(path, line))
            return
        at = skip_blanks(text, at)


def _next_value(text: str, at: int, line: int, path: str) -> Generator[_Placed, None, int]:
    """Yield a value, or the items of a list; return where it ends."""
    if text.startswith("[", at):
        return (yield from _list_values(text, at, line, path))
    if text.startswith("{", at):
        placed, at = _object_value(text, at, line, path)
        yield placed
        return at
    # Says what is wrong and where.
    parse_json(text[at:] if at else text)
    raise TranscriptError("holds a lone value; expected an object or a list")


def _lines(stream: BinaryIO, path: str, options: ReadOptions) -> Iterator[_Placed]:
    for line in read_lines(stream, limit_bytes=options.max_record_bytes):
        source = Source(path, line.number)
        try:
            text = text_of_line(line, path, options)
            if text:
                yield _Placed(parse_json(text), source)
        except TranscriptError as error:
            yield _Placed(error, source)


def _list_values(text: str, start: int, line: int, path: str) -> Generator[_Placed, None, int]:
    items, counted = list_items(text, start), start
    while True:
        try:
            at, value = next(items)
        except StopIteration as stop:
            return int(stop.value)
        line, counted = line + text.count("\n", counted, at), at
        yield _Placed(value, Source(path, line))


def _object_value(text: str, start: int, line: int, path: str) -> tuple[_Placed, int]:
    """Parse an object key by key, so that a bad item of one of its lists loses only itself."""
    fields: dict[str, object] = {}
    lines: dict[str, tuple[int, ...]] = {}
    faults: list[BadRecord] = []
    at = skip_blanks(text, start + 1)
    while not text.startswith("}", at):
        key, at = _key(text, at, start)
        if key in fields:
            raise TranscriptError(f"the key {key!r} stands twice in one object; keep one of the two")
        if text.startswith("[", at):
            items, at = _collect(text, at, line + text.count("\n", start, at), path)
            faults += (bad_record(i.source, f"{key}: {i.value}") for i in items if isinstance(i.value, TranscriptError))
            good = [item for item in items if not isinstance(item.value, TranscriptError)]
            fields[key] = [item.value for item in good]
            lines[key] = tuple(item.source.line or 1 for item in good)
        else:
            fields[key], at = parse_json_at(text, at)
        at = skip_blanks(text, at)
        is_last = not text.startswith(",", at)
        at = at if is_last else skip_blanks(text, at + 1)
        if is_last is not text.startswith("}", at):
            _refuse(text, start)
    return _Placed(fields, Source(path, line), lines, tuple(faults)), at + 1


def _key(text: str, at: int, start: int) -> tuple[str, int]:
    """Return the key that begins at a place, and where its value begins."""
    if not text.startswith('"', at):
        _refuse(text, start)
    key, at = parse_json_at(text, at)
    at = skip_blanks(text, at)
    if not text.startswith(":", at):
        _refuse(text, start)
    return str(key), skip_blanks(text, at + 1)


def _collect(text: str, start: int, line: int, path: str) -> tuple[list[_Placed], int]:
    values = _list_values(text, start, line, path)
    found: list[_Placed] = []
    while True:
        try:
            found.append(next(values))
        except StopIteration as stop:
            return found, int(stop.value)


def _refuse(text: str, start: int) -> NoReturn:
    """Say what is wrong with an object that is known to be broken."""
    parse_json_at(text, start)
    raise TranscriptError("not valid JSON: an object is not closed")
