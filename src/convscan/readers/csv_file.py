"""CSV, TSV and other delimited text: one row an utterance, or one row a conversation."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO

from convscan.conversation import Source
from convscan.errors import TranscriptError
from convscan.readers.base import Notice, ReadOptions, Record, show_place
from convscan.readers.columns import understands
from convscan.readers.csv_rows import DELIMITERS, BadRow, Dialect, TextLine, parse_rows, tell_dialect
from convscan.readers.description import Description, Family
from convscan.readers.opening import HEAD_BYTES, Line, looks_binary, read_lines
from convscan.readers.registry import TABLE_SUFFIXES
from convscan.readers.tables import read_table
from convscan.readers.text_encoding import decode_text

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
        "one row a message and its reply, such as reviews with the owner's answer",
        "the columns by their usual names, or as `--column FIELD=COLUMN` says; other columns as metadata",
    ),
    ignores=("rows without text", "rows with more or fewer cells than the header: each is reported with its line"),
    roles=(
        "--role, else the words of the role column (`agent`, `customer`, `inbound`, …) or its true and false, else the"
        " author's label, else how the speakers talk; with weak evidence an error that says which --role to give"
    ),
    example='convscan scan chats.csv --column text=Body --column role=Sender --role "rep=agent"',
)
# What Excel writes above the header to say the delimiter.
_SEPARATOR_LINE = "sep="
# Enough of a file to tell how it is built.
_SAMPLE_LINES = 200


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
        lines = _Lines(io.BytesIO(head), HEAD_BYTES)
        top = _top(lines)
        row = next(iter(parse_rows(top.lines, top.dialect, limit_chars=HEAD_BYTES)), None)
        return row is not None and not isinstance(row, BadRow) and understands(row.cells) == _SURELY

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversations of the table; see `Reader.read`."""
        lines = _Lines(stream, options.max_record_bytes)
        top = _top(lines, tuple(options.columns.values()))
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


@dataclass(frozen=True, slots=True)
class Top:
    """The first lines of a table, to be read again, and how its cells are parted."""

    lines: Sequence[TextLine]
    dialect: Dialect


def _top(lines: Iterable[TextLine], wanted: Sequence[str] = ()) -> Top:
    """Look at the first lines of a table.

    Args:
        lines: All lines; the first are taken from it.
        wanted: Columns that the user named.
    """
    first: list[TextLine] = []
    taken = 0
    for line in lines:
        first.append(line)
        taken += len(line.text or "")
        if len(first) == _SAMPLE_LINES or taken > HEAD_BYTES:
            break
    stated = (first[0].text or "").strip("\r\n ").casefold() if first else ""
    if stated.startswith(_SEPARATOR_LINE) and stated[len(_SEPARATOR_LINE) :] in DELIMITERS:
        return Top(first[1:], Dialect(stated[len(_SEPARATOR_LINE) :]))
    return Top(first, tell_dialect(first, lambda header: _score(header, wanted)))


def _score(header: Sequence[str], wanted: Sequence[str]) -> int:
    names = {name.strip().casefold() for name in header}
    return understands(header) + 3 * sum(name.strip().casefold() in names for name in wanted)


@dataclass(slots=True)
class _Lines:
    """The lines of a file as text, each decoded by itself: joined files mix encodings.

    Attributes:
        doubt: What was assumed about the encoding of the first line that is no UTF-8.
    """

    stream: BinaryIO
    limit_bytes: int
    doubt: str | None = None
    _found: Iterator[Line] = field(init=False)

    def __post_init__(self) -> None:
        self._found = _split_returns(read_lines(self.stream, limit_bytes=self.limit_bytes))

    def __iter__(self) -> Iterator[TextLine]:
        return self

    def __next__(self) -> TextLine:
        line = next(self._found)
        if line.content is None:
            return TextLine(line.number, None)
        decoded = decode_text(line.content)
        if decoded.doubt is not None and self.doubt is None:
            self.doubt = decoded.doubt.replace("line 1", f"line {line.number}", 1)
        return TextLine(line.number, decoded.text)


def _split_returns(lines: Iterator[Line]) -> Iterator[Line]:
    """Yield the lines; if the header ends with a carriage return alone, as on old Macs, so do all rows."""
    first = next(lines, None)
    if first is None:
        return
    if first.content is not None and b"\r" in first.content[:-1]:
        yield from (Line(number, part) for number, part in enumerate(first.content.split(b"\r"), start=1))
    else:
        yield first
    yield from lines


READER = CsvReader()
