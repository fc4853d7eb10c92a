"""The text of JSON files: how it begins, its lines, and the items of a list one by one."""

import codecs
from collections.abc import Generator

from convscan.errors import TranscriptError
from convscan.readers.base import ReadOptions, show_size
from convscan.readers.native import not_utf8
from convscan.readers.opening import Line
from convscan.readers.strict_json import end_of_json, parse_json_at, skip_blanks


def first_lines(head: bytes) -> tuple[bytes, ...]:
    """Return the first two lines that are not blank, without the white space around them."""
    found: list[bytes] = []
    for line in head.split(b"\n"):
        if stripped := line.strip():
            found.append(stripped)
        if len(found) == 2:  # noqa: PLR2004 - the two that the docstring promises
            break
    return tuple(found)


def opens_json(lines: tuple[bytes, ...]) -> bool:
    """Tell whether a file with these first lines begins as a JSON object or list.

    Templates begin with `{{name}}` and transcripts with `[10:02]`, so one bracket says little.
    """
    if not lines:
        return False
    bracket, inside = lines[0][:1], lines[0][1:].lstrip()[:1]
    return (bracket == b"{" and inside in {b'"', b"}", b""}) or (bracket == b"[" and inside in {b"{", b"]", b""})


def opens_document(lines: tuple[bytes, ...]) -> bool:
    """Tell whether the JSON goes on beyond its first line, or is one list."""
    if not opens_json(lines):
        return False
    first, second = lines[0], lines[1] if len(lines) > 1 else b""
    if first.startswith(b"["):
        return not (first.endswith(b"]") and second)
    # A cut line of JSON Lines may end so too, but then another object follows it.
    return first.endswith((b"{", b"[", b",")) and not second.startswith(b"{")


def decode_json(content: bytes, path: str) -> str:
    """Return the text of a JSON file.

    Raises:
        TranscriptError: If it is not UTF-8; says how to convert the file.
    """
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise TranscriptError(not_utf8(error, path)) from None


def list_items(text: str, start: int) -> Generator[tuple[int, object], None, int]:
    """Yield the items of a JSON list one by one, each with its place in the text.

    Args:
        text: The file.
        start: Place of the opening bracket.

    Yields:
        The place of an item and its value, or the `TranscriptError` in its place.

    Returns:
        Place after the closing bracket.

    Raises:
        TranscriptError: If the list is broken, so that the rest has no meaning.
    """
    at = skip_blanks(text, start + 1)
    while not text.startswith("]", at):
        value, end = _item(text, at)
        yield at, value
        at = _next_item(text, end)
    return at + 1


def text_of_line(line: Line, path: str, options: ReadOptions) -> str:
    """Return a line as text, without white space around it; empty for a blank one.

    Raises:
        TranscriptError: If it is too long or not UTF-8.
    """
    if line.content is None:
        raise TranscriptError(
            f"the line is longer than {show_size(options.max_record_bytes)},"
            " the most a conversation may have; split the conversation"
        )
    # Files that were joined together have byte order marks in their middle.
    content = line.content.removeprefix(codecs.BOM_UTF8).strip(b" \t\r\n")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise TranscriptError(not_utf8(error, path)) from None


def _item(text: str, at: int) -> tuple[object, int]:
    try:
        return parse_json_at(text, at)
    except TranscriptError as error:
        end = end_of_json(text, at)
        if end is None:
            raise
        return error, end


def _next_item(text: str, end: int) -> int:
    at = skip_blanks(text, end)
    if text.startswith("]", at):
        return at
    if not text.startswith(",", at):
        place = f"after line {1 + text.count(chr(10), 0, end)}"
        what = f"it breaks off {place}; export it again" if at >= len(text) else f"a comma is missing {place}"
        raise TranscriptError(f"not valid JSON: {what}")
    return skip_blanks(text, at + 1)
