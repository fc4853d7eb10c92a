"""A JSON file in the native format: one conversation, or a list of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from convscan.conversation import Source
from convscan.errors import TranscriptError
from convscan.readers.base import Notice, ReadOptions, Record, bad_record
from convscan.readers.description import Description, Family
from convscan.readers.json_text import decode_json, first_lines, list_items, opens_document
from convscan.readers.native import read_native
from convscan.readers.opening import read_whole
from convscan.readers.strict_json import parse_json, skip_blanks

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
        text = decode_json(read_whole(stream, limit_bytes=options.max_record_bytes), path)
        start = skip_blanks(text, 0)
        roles = options.folded_roles()
        if not text.startswith("[", start):
            source = Source(path, 1 + text.count("\n", 0, start))
            try:
                yield read_native(parse_json(text), source, roles)
            except TranscriptError as error:
                yield bad_record(source, str(error))
            return
        for source, value in _items(text, start, path):
            if isinstance(value, TranscriptError):
                yield bad_record(source, str(value))
            else:
                yield read_native(value, source, roles)


def _items(text: str, start: int, path: str) -> Iterator[tuple[Source, object]]:
    """Yield the items of the list that a file is."""
    line, counted = 1, 0
    items = list_items(text, start)
    while True:
        try:
            at, value = next(items)
        except StopIteration as stop:
            end = int(stop.value)
            break
        line, counted = line + text.count("\n", counted, at), at
        yield Source(path, line), value
    if (rest := skip_blanks(text, end)) < len(text):
        raise TranscriptError(f"has text after the end of the list: {text[rest : rest + 20]!r}")


READER = JsonFileReader()
