"""A JSON file in the native format: one conversation, or a list of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from convscan.conversation import Source
from convscan.errors import TranscriptError
from convscan.readers.base import Notice, ReadOptions, Record, bad_record
from convscan.readers.description import Description, Family
from convscan.readers.native import not_utf8, read_native
from convscan.readers.opening import read_whole
from convscan.readers.strict_json import end_of_json, parse_json, parse_json_at, skip_blanks

_DESCRIPTION = Description(
    title="Native format, one JSON file",
    family=Family.OWN,
    versions="convscan's own record (schema/conversation.schema.json)",
    reads=("one conversation, or a list of them", "keys that are not ours, as metadata"),
    ignores=(),
    roles="`role` of each utterance; other words for it are given with --role",
    example="convscan scan conversations.json",
)


@dataclass(frozen=True, slots=True)
class JsonFileReader:
    """Reads `.json`; the whole file is held, JSON Lines are for what is large."""

    name: str = "json"
    suffixes: tuple[str, ...] = (".json",)
    rank: int = 50
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether it begins as a JSON list, or as an object over several lines."""
        return opens_document(first_lines(head))

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversation, or those of the list; see `Reader.read`."""
        del notify  # nothing is guessed in this format
        text = _decode(read_whole(stream, limit_bytes=options.max_record_bytes), path)
        start = skip_blanks(text, 0)
        roles = options.folded_roles()
        if not text.startswith("[", start):
            yield read_native(parse_json(text), Source(path, 1 + text.count("\n", 0, start)), roles)
            return
        for source, value in _items(text, start, path):
            if isinstance(value, TranscriptError):
                yield bad_record(source, str(value))
            else:
                yield read_native(value, source, roles)


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


def _decode(content: bytes, path: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise TranscriptError(not_utf8(error, path)) from None


def _items(text: str, start: int, path: str) -> Iterator[tuple[Source, object]]:
    """Yield the items of a list one by one, an error in the place of an item that has one.

    Raises:
        TranscriptError: If the list is broken, so that the rest has no meaning.
    """
    at = skip_blanks(text, start + 1)
    line, counted = 1, 0
    while not text.startswith("]", at):
        line, counted = line + text.count("\n", counted, at), at
        value, end = _item(text, at)
        yield Source(path, line), value
        at = _next_item(text, end)
    if (rest := skip_blanks(text, at + 1)) < len(text):
        raise TranscriptError(f"has text after the end of the list: {text[rest : rest + 20]!r}")


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
        what = "it breaks off" if at >= len(text) else "a comma is missing"
        raise TranscriptError(f"not valid JSON: {what} after line {1 + text.count(chr(10), 0, end)}")
    return skip_blanks(text, at + 1)


READER = JsonFileReader()
