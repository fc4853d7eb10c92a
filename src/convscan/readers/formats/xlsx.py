"""Excel workbooks (.xlsx): each sheet is a table, like a CSV file."""

import contextlib
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from convscan.conversation import Source
from convscan.errors import TranscriptError
from convscan.readers.base import Notice, ReadOptions, Record, bad_record, show_place, show_size
from convscan.readers.description import Description, Family
from convscan.readers.extras import need
from convscan.readers.opening import ZIP_MAGICS, read_whole
from convscan.readers.tables.cells import shown
from convscan.readers.tables.columns import understands
from convscan.readers.tables.csv_rows import Row
from convscan.readers.tables.table import read_table
from convscan.readers.zip_archive import ZipArchive

_DESCRIPTION = Description(
    title="Excel workbooks",
    family=Family.TABLE,
    versions='.xlsx and .xlsm (Office Open XML), with `pip install "convscan[formats]"`',
    reads=(
        "every sheet that is shown and has the columns of a table of conversations, as for CSV",
        "the values of formulas as Excel last worked them out, dates as ISO 8601",
    ),
    ignores=("hidden sheets", "sheets without such columns", "comments, pictures, formats, macros"),
    roles="as for CSV",
    example="convscan scan chats.xlsx --column conversation='Ticket ID'",
)
# A local file header of the archive whose name begins as only workbooks have it.
_WORKBOOK_PART = re.compile(rb"PK\x03\x04.{26}xl/", re.DOTALL)
# What Excel itself can hold.
_MAX_ROWS = 1_048_576
# Excel can hold 16,384; a conversation needs ten.
_MAX_COLUMNS = 512
_BEYOND_COLUMNS = 8
# Blank rows may stand above; a sheet without a cell so far is empty.
_HEADER_WITHIN_ROWS = 1000
# Unpacked XML; the words that cells share are held at once.
_MAX_UNPACKED_BYTES = 512 * 1024 * 1024
_DOCTYPE_WITHIN_BYTES = 4096


@dataclass(frozen=True, slots=True)
class XlsxReader:
    """Reads workbooks sheet by sheet, row by row; the packed file is held."""

    name: str = "xlsx"
    suffixes: tuple[str, ...] = (".xlsx", ".xlsm")
    rank: int = 10
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether it begins as a zip archive with the parts of a workbook."""
        return head.startswith(ZIP_MAGICS) and _WORKBOOK_PART.search(head) is not None

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversations of all sheets; see `Reader.read`."""
        openpyxl = need("openpyxl", "Excel workbooks")
        content = io.BytesIO(read_whole(stream, limit_bytes=options.max_record_bytes))
        if not content.getvalue().startswith(ZIP_MAGICS):
            raise TranscriptError(
                "is no Excel workbook (.xlsx); leave --from out, and it is told by what it looks like"
            )
        _refuse_bombs(content)
        book = _open(openpyxl, content)
        try:
            yield from _sheets(book, path, options, notify)
        except _FAILURES as error:
            raise TranscriptError(f"is a damaged workbook ({error}); save it again, or save it as CSV") from None
        finally:
            book.close()


# What openpyxl and the XML parser below it raise for workbooks that are none.
_FAILURES = (
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    SyntaxError,
    OverflowError,
    zipfile.BadZipFile,
    EOFError,
)


def _refuse_bombs(content: io.BytesIO) -> None:
    """Refuse a workbook that is larger inside than it looks.

    Raises:
        TranscriptError: Likewise.
    """
    archive = ZipArchive(content)
    refused = next((member for member in archive.members if member.refusal), None)
    if refused is not None:
        raise TranscriptError(f"{refused.name} in it {refused.refusal}")
    unpacked = sum(member.info.file_size for member in archive.members)
    if unpacked > _MAX_UNPACKED_BYTES:
        raise TranscriptError(
            f"would unpack to more than {show_size(_MAX_UNPACKED_BYTES)}, the most that is read of a workbook;"
            " save it as CSV"
        )
    for member in archive.members:
        with archive.open(member) as part:
            if b"<!DOCTYPE" in part.read(_DOCTYPE_WITHIN_BYTES):
                raise TranscriptError(f"{member.name} in it declares XML entities, as no workbook does; save it anew")
    content.seek(0)


def _open(openpyxl: Any, content: BinaryIO) -> Any:  # noqa: ANN401 # the package has no types
    try:
        # For a damaged style openpyxl prints what is wrong, into the midst of our results.
        with contextlib.redirect_stdout(io.StringIO()):
            return openpyxl.load_workbook(content, read_only=True, data_only=True, keep_links=False)
    except (*_FAILURES, openpyxl.utils.exceptions.InvalidFileException) as error:
        raise TranscriptError(f"is a damaged workbook ({error}); save it again, or save it as CSV") from None


def _sheets(book: Any, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:  # noqa: ANN401 # as above
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    hidden = len(book.worksheets) - len(sheets)
    if hidden:
        options.trace.left_out("hidden sheet", count=hidden)
        notify(f"{show_place(Source(path))}: hidden sheets, left out: {hidden}")
    left_out: list[str] = []
    for sheet in sheets:
        place = f"{path}!{sheet.title}"
        rows = _rows(sheet)
        header = next(rows, None)
        if header is None:
            options.trace.left_out("empty sheet")
        elif len(sheets) > 1 and not options.columns and not understands(header.cells):
            left_out.append(sheet.title)
            options.trace.left_out("sheet without a conversation's columns")
        else:
            yield from _table(header, rows, place, options, notify)
    if left_out:
        names = ", ".join(map(repr, left_out))
        notify(f"{show_place(Source(path))}: sheets without the columns of a conversation, left out: {names}")


def _table(header: Row, rows: Iterator[Row], place: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
    """Yield the conversations of a sheet; one that cannot be read does not lose the next."""
    try:
        yield from read_table(header.cells, rows, place, options, notify)
    except TranscriptError as error:
        yield bad_record(Source(place, header.line), str(error))


def _rows(sheet: Any) -> Iterator[Row]:  # noqa: ANN401 # as above
    """Yield the header and the rows below it that are not empty, none of them shorter."""
    # The size that a workbook states of itself is often wrong, and would cut it.
    sheet.reset_dimensions()
    top = sheet.iter_rows(max_row=_HEADER_WITHIN_ROWS, max_col=_MAX_COLUMNS, values_only=True)
    header = next((_row(number, values, 0) for number, values in enumerate(top, start=1) if _has_cells(values)), None)
    if header is None:
        return
    yield header
    width = len(header.cells)
    # All cells up to the last column are made; a row that is wider than the header is bad by one cell more.
    below = sheet.iter_rows(
        min_row=header.line + 1, max_row=_MAX_ROWS, max_col=width + _BEYOND_COLUMNS, values_only=True
    )
    for number, values in enumerate(below, start=header.line + 1):
        if _has_cells(values):
            yield _row(number, values, width)


def _has_cells(values: Sequence[object]) -> bool:
    return values.count(None) < len(values)


def _row(number: int, values: Sequence[object], width: int) -> Row:
    """Return a row as wide as the header; Excel writes no empty cells at its end."""
    cells = [shown(value) for value in values]
    while cells and not cells[-1].strip():
        cells.pop()
    return Row(number, tuple(cells) + ("",) * (width - len(cells)))


READER = XlsxReader()
