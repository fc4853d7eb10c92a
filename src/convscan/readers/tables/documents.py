"""The rows of a CSV file as documents, for readers that know the columns."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO

from convscan.conversation import Source
from convscan.errors import TranscriptError
from convscan.readers.base import BadRecord, Notice, ReadOptions, show_place
from convscan.readers.json_values import Document
from convscan.readers.tables.csv_lines import CsvLines, look_at_top
from convscan.readers.tables.csv_rows import BadRow, parse_rows
from convscan.readers.tables.row_faults import RowFaults, ragged


def _any_header(_names: Sequence[str]) -> None:
    """Take any header."""


def table_documents(
    stream: BinaryIO,
    path: str,
    options: ReadOptions,
    notify: Notice,
    *,
    check: Callable[[Sequence[str]], None] = _any_header,
) -> Iterator[Document | BadRecord]:
    """Yield the rows of a table with a header, column name to cell.

    Args:
        stream: The content.
        path: The file as the user named it.
        options: For the size limit of a row.
        notify: Told what was assumed about the encoding.
        check: Given the header; raises `TranscriptError` if it will not do.

    Yields:
        A row, or a bad record in the place of one that cannot be read.

    Raises:
        TranscriptError: If the header cannot be read, or names a column twice.
    """
    lines = CsvLines(stream, options.max_record_bytes)
    top = look_at_top(lines, len)
    rows = parse_rows(chain(top.lines, lines), top.dialect, limit_chars=options.max_record_bytes)
    first = next(rows, None)
    if first is None or isinstance(first, BadRow):
        raise TranscriptError(f"has no header that can be read{'' if first is None else f': {first.what}'}")
    header = [name.strip() for name in first.cells]
    _refuse_doubles(header)
    check(header)
    faults = RowFaults(path)
    for row in rows:
        if isinstance(row, BadRow) or len(row.cells) != len(header):
            yield from faults.report(row if isinstance(row, BadRow) else ragged(row, len(header)))
        elif any(row.cells):
            yield Document(dict(zip(header, row.cells, strict=True)), Source(path, row.line))
        if faults.gave_up:
            break
    yield from faults.rest()
    if lines.doubt is not None:
        notify(f"{show_place(Source(path))}: {lines.doubt}; save it as UTF-8 to be sure")


def _refuse_doubles(header: Sequence[str]) -> None:
    double = next((name for index, name in enumerate(header) if name in header[:index]), None)
    if double is not None:
        raise TranscriptError(f"the column {double!r} stands twice in the header; rename one")
