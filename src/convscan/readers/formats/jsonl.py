"""JSON Lines in the native format: one conversation a line, read in constant memory.

Lines are split and parsed here and not by the `jsonlines` package: a reader has to
step over a line too long to hold, and go on after any bad line with its number right.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from convscan.conversation import Source
from convscan.errors import TranscriptError
from convscan.readers.base import Notice, ReadOptions, Record, bad_record
from convscan.readers.description import Description, Family
from convscan.readers.json_text import first_lines, opens_document, opens_json, text_of_line
from convscan.readers.native import read_native
from convscan.readers.opening import read_lines
from convscan.readers.strict_json import parse_json

_DESCRIPTION = Description(
    title="Native format, JSON Lines",
    family=Family.OWN,
    versions="convscan's own record (schema/conversation.schema.json)",
    reads=("one conversation a line, in constant memory", "keys that are not ours, as metadata"),
    ignores=("blank lines",),
    roles="`role` of each utterance; other words for it are given with --role",
    example="convscan scan conversations.jsonl",
)


@dataclass(frozen=True, slots=True)
class JsonLinesReader:
    """Reads `.jsonl`: an error in one line never loses the next."""

    name: str = "jsonl"
    suffixes: tuple[str, ...] = (".jsonl", ".ndjson")
    rank: int = 50
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether the first line begins as a JSON object or list, complete in itself."""
        lines = first_lines(head)
        return opens_json(lines) and not opens_document(lines)

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield one value for each line that is not blank; see `Reader.read`."""
        del notify  # nothing is guessed in this format
        roles = options.folded_roles()
        for line in read_lines(stream, limit_bytes=options.max_record_bytes):
            source = Source(path, line.number)
            try:
                text = text_of_line(line, path, options)
                if text:
                    yield read_native(parse_json(text), source, roles)
            except TranscriptError as error:
                yield bad_record(source, str(error))


READER = JsonLinesReader()
