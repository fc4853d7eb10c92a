"""The rows of a CSV file as documents, for readers that know the columns."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from convscan.conversation import Source
from convscan.errors import TranscriptError
from convscan.readers.base import BadRecord, Notice, ReadOptions, bad_record, show_place
from convscan.readers.json_values import Document
from convscan.readers.opening import read_whole
from convscan.readers.text_encoding import decode_text

_DELIMITERS = ",;\t|"


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
        options: For the size limit.
        notify: Told what was assumed about the encoding.
        check: Given the header; raises `TranscriptError` if it will not do.

    Yields:
        A row, or a bad record in the place of one with another number of cells.

    Raises:
        TranscriptError: If a quote is never closed, or the header names a column twice.
    """
    decoded = decode_text(read_whole(stream, limit_bytes=options.max_record_bytes))
    if decoded.doubt is not None:
        notify(f"{show_place(Source(path))}: {decoded.doubt}; save it as UTF-8 to be sure")
    header: list[str] = []
    for line, cells in _rows(decoded.text, options):
        if not header:
            header = [name.strip() for name in cells]
            _refuse_doubles(header)
            check(header)
        elif len(cells) == len(header):
            yield Document(dict(zip(header, cells, strict=True)), Source(path, line))
        else:
            yield bad_record(
                Source(path, line), f"a row of {len(cells)} cells under a header of {len(header)}; export it again"
            )


def _rows(text: str, options: ReadOptions) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with its first line."""
    # The limit is that of the process; a mail may be longer than the 128 KiB of a new one.
    csv.field_size_limit(max(csv.field_size_limit(), options.max_record_bytes))
    table = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    while True:
        try:
            cells = next(table, None)
        except csv.Error as error:
            raise TranscriptError(
                f"the table breaks in the row of line {line} ({error}); is a quote left open? export it again"
            ) from None
        if cells is None:
            return
        if any(cells):
            yield line, cells
        line = table.line_num + 1


def _delimiter(text: str) -> str:
    return max(_DELIMITERS, key=text.partition("\n")[0].count)


def _refuse_doubles(header: Sequence[str]) -> None:
    double = next((name for index, name in enumerate(header) if name in header[:index]), None)
    if double is not None:
        raise TranscriptError(f"the column {double!r} stands twice in the header; rename one")
