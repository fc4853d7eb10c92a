"""Read back what `convscan scan --format jsonl` or `--format json` wrote."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from convscan.errors import TranscriptError
from convscan.finding import ScanResult
from convscan.readers.strict_json import parse_json
from convscan.records import result_from_json

_HINT = "give a file that `convscan scan --format jsonl --output FILE` wrote"


def results_in(path: str) -> Iterator[ScanResult]:
    """Yield the results of a file, one by one; JSON Lines are read in constant memory.

    Args:
        path: The file as the user named it; `-` for standard input.

    Raises:
        TranscriptError: If it cannot be read, holds no results, or a line is none; names the line.
    """
    with _opened(path) as stream:
        count = 0
        for place, value in _values(stream, path):
            try:
                yield result_from_json(value)
            except TranscriptError as error:
                raise TranscriptError(f"{place}: is no result: {error}") from error
            count += 1
    if not count:
        raise TranscriptError(f"{path}: holds no results; {_HINT}")


def _opened(path: str) -> AbstractContextManager[BinaryIO]:
    if path == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise TranscriptError(f"{path}: cannot be read ({error.strerror}); {_HINT}") from error


def _values(lines: Iterable[bytes], path: str) -> Iterator[tuple[str, object]]:
    """Yield each JSON value and where it stands."""
    written = ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
    for number, line in written:
        if number == 1 and line.lstrip(b"\xef\xbb\xbf \t").startswith(b"["):
            yield from _items(b"".join(chain([line], lines)), path)
            return
        yield f"{path}:{number}", _parsed(line, f"{path}:{number}")


def _items(array: bytes, path: str) -> Iterator[tuple[str, object]]:
    items = _parsed(array, path)
    if isinstance(items, list):
        yield from ((f"{path}: item {number}", item) for number, item in enumerate(items, start=1))


def _parsed(text: bytes, place: str) -> object:
    try:
        return parse_json(text.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise TranscriptError(f"{place}: is not UTF-8 text; {_HINT}") from error
    except TranscriptError as error:
        raise TranscriptError(f"{place}: {error}; {_HINT}") from error
