"""CSV, TSV and other delimited text: one row an utterance, or one row a conversation."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from convscan.conversation import Source
from convscan.errors import TranscriptError
from convscan.readers.base import Notice, ReadOptions, Record, show_place
from convscan.readers.description import Description, Family
from convscan.readers.opening import HEAD_BYTES, looks_binary
from convscan.readers.registry import TABLE_SUFFIXES
from convscan.readers.tables.columns import understands
from convscan.readers.tables.csv_lines import CsvLines, look_at_top
from convscan.readers.tables.csv_rows import BadRow, parse_rows
from convscan.readers.tables.table import read_table

_DESCRIPTION = Description(
    title="CSV, TSV and other delimited text",
    family=Family.TABLE,
    versions=(
        "any table with a header, parted by commas, semicolons, tabs or bars, cells in double quotes where needed;"
        " UTF-8, UTF-16 with a mark, Windows-1252"
    ),
    reads=(
        (
            "one row an utterance, with a column for the text and one for the role or the author (and one for the"
            " conversation, if there are several)"
        ),
        "one row a conversation, with a column for the whole transcript",
        "one row a message and its reply: reviews with the owner's answer, or columns `customer` and `agent` alone",
        "the columns by their usual names, or as `--column FIELD=COLUMN` says; other columns as metadata",
    ),
    ignores=("rows without text", "rows with more or fewer cells than the header: each is reported with its line"),
    roles=(
        "--role by name, address or `@domain`, else the words of the role column (`agent`, `customer`, `inbound`, …) or"
        " its true and false, else the author's label, else how the speakers talk; with weak evidence an error that"
        " says which --role to give"
    ),
    example='convscan scan chats.csv --column text=Body --column role=Sender --role "rep=agent"',
)


@dataclass(frozen=True, slots=True)
class CsvReader:
    """Reads delimited text row by row; a bad row never loses the next."""

    name: str = "csv"
    suffixes: tuple[str, ...] = TABLE_SUFFIXES
    rank: int = 60
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether it begins with the header of a table of conversations."""
        if looks_binary(head):
            return False
        top = look_at_top(CsvLines(io.BytesIO(head), HEAD_BYTES), understands)
        row = next(iter(parse_rows(top.lines, top.dialect, limit_chars=HEAD_BYTES)), None)
        return row is not None and not isinstance(row, BadRow) and understands(row.cells) == _SURELY

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversations of the table; see `Reader.read`."""
        lines = CsvLines(stream, options.max_record_bytes)
        top = look_at_top(lines, lambda header: _score(header, tuple(options.columns.values())))
        rows = parse_rows(chain(top.lines, lines), top.dialect, limit_chars=options.max_record_bytes)
        header = next(rows, None)
        if header is None:
            raise TranscriptError("has no rows; a table needs a header and a row below it")
        if isinstance(header, BadRow):
            raise TranscriptError(f"has no header that can be read: line {header.line} {header.what}")
        yield from read_table(header.cells, rows, path, options, notify)
        if lines.doubt is not None:
            notify(f"{show_place(Source(path))}: {lines.doubt}; save it as UTF-8 to be sure")


_SURELY = 2


def _score(header: Sequence[str], wanted: Sequence[str]) -> int:
    names = {name.strip().casefold() for name in header}
    return understands(header) + 3 * sum(name.strip().casefold() in names for name in wanted)


READER = CsvReader()
