"""Parse JSON without its traps: doubled keys, NaN, endless nesting, huge numbers."""

import json
import math

from convscan.errors import TranscriptError

# Deep enough for any export, shallow enough for code that walks the values by recursion.
MAX_DEPTH = 100


def parse_json(text: str) -> object:
    """Return the value of one JSON text.

    Raises:
        TranscriptError: If it is no valid JSON, or valid only in a way that loses
            or changes what was meant. The message names no file.
    """
    value, end = _parsed(text, skip_blanks(text, 0), is_line=True)
    if (rest := skip_blanks(text, end)) < len(text):
        raise TranscriptError(f"not valid JSON at {_place(text, rest, is_line=True)}: text after the end of the value")
    return value


def parse_json_at(text: str, start: int) -> tuple[object, int]:
    """Return the JSON value that begins at a place, and where it ends.

    Raises:
        TranscriptError: As for `parse_json`; names line and column.
    """
    return _parsed(text, start, is_line=False)


def _parsed(text: str, start: int, *, is_line: bool) -> tuple[object, int]:
    try:
        value, end = _STRICT.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise TranscriptError(_explain(error, is_line=is_line)) from None
    except RecursionError:
        raise TranscriptError(_TOO_DEEP) from None
    except ValueError:
        # int() refuses more than 4300 digits.
        raise TranscriptError("has a number with thousands of digits; write it as text in quotes") from None
    if _is_deep(value, text, start, end):
        raise TranscriptError(_TOO_DEEP)
    return value, end


def end_of_json(text: str, start: int) -> int | None:
    """Return where a JSON value ends that may have doubled keys and the like, None if it is broken."""
    try:
        return _LENIENT.raw_decode(text, start)[1]
    except (ValueError, RecursionError):
        return None


def skip_blanks(text: str, start: int) -> int:
    """Return the place of the first character from `start` on that is no JSON white space."""
    while start < len(text) and text[start] in " \t\r\n":
        start += 1
    return start


_TOO_DEEP = f"is nested deeper than {MAX_DEPTH} levels; a conversation needs four"
_UNCLOSED = "close what is open, or export it again"


def json_fault(error: json.JSONDecodeError) -> tuple[str, int]:
    """Return what is wrong with a text that is no JSON, in words that are whole, and where."""
    end = len(error.doc.rstrip())
    if error.msg.startswith("Unterminated string"):
        return f"it breaks off inside text in quotes; {_UNCLOSED}", end
    if error.pos >= end:
        return f"it breaks off; {_UNCLOSED}", end
    words = next((words for start, words in _FAULTS.items() if error.msg.startswith(start)), None)
    return words or f"{error.msg[:1].lower()}{error.msg[1:]}", error.pos


# As Python's parser begins its messages; some of them break off where it puts the place.
_FAULTS = {
    "Invalid control character": r"a line break, tab or other control character inside text in quotes; write \n or \t",
    "Invalid \\escape": r"a backslash before a character that has none; write \\ for a backslash itself",
    "Expecting value": "a value is missing here",
    "Expecting property name": "a key in double quotes is missing here",
    "Expecting ',' delimiter": "a comma or the closing bracket is missing here",
    "Expecting ':' delimiter": "a colon is missing here",
    "Extra data": "text after the end of the value",
}


def _explain(error: json.JSONDecodeError, *, is_line: bool) -> str:
    what, at = json_fault(error)
    return f"not valid JSON at {_place(error.doc, at, is_line=is_line)}: {what}"


def _place(text: str, at: int, *, is_line: bool) -> str:
    """Return a place; of a record that is one line, the line stands before the message."""
    line = text.count("\n", 0, at)
    column = at - text.rfind("\n", 0, at)
    return f"column {column}" if line == 0 and is_line else f"line {line + 1} column {column}"


def _is_deep(value: object, text: str, start: int, end: int) -> bool:
    # Counting brackets is fast and settles nearly every record.
    if text.count("[", start, end) + text.count("{", start, end) <= MAX_DEPTH:
        return False
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [child for item in level for child in _children(item)]
        if not level:
            return False
    return True


def _children(value: object) -> list[object]:
    """Return the lists and objects directly inside a value."""
    inside: list[object] = []
    if isinstance(value, list):
        inside = value
    elif isinstance(value, dict):
        inside = list(value.values())
    return [item for item in inside if isinstance(item, list | dict)]


def _object_without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) == len(pairs):
        return fields
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise TranscriptError(f"the key {key!r} stands twice in one object; keep one of the two")
        seen.add(key)
    return fields


def _refuse_constant(name: str) -> object:
    raise TranscriptError(f"{name} is not a JSON number; leave the key out or write null")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise TranscriptError(f"the number {digits[:20]} is too large; write it as text in quotes")
    return number


_STRICT = json.JSONDecoder(
    object_pairs_hook=_object_without_doubles, parse_constant=_refuse_constant, parse_float=_finite
)
# Numbers stay text here: only the end of the value is wanted.
_LENIENT = json.JSONDecoder(parse_int=str, parse_float=str)
