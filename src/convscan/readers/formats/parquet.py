"""Parquet files: flat columns as in CSV, or a nested list of utterances a row."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

from convscan.conversation import Source
from convscan.errors import TranscriptError
from convscan.readers.base import BadRecord, Notice, ReadOptions, Record, bad_record, show_size
from convscan.readers.description import Description, Family
from convscan.readers.extras import need
from convscan.readers.json_values import Document
from convscan.readers.native import read_native
from convscan.readers.opening import read_whole
from convscan.readers.tables.cells import shown
from convscan.readers.tables.csv_rows import BadRow, Row
from convscan.readers.tables.table import read_table

_DESCRIPTION = Description(
    title="Parquet",
    family=Family.TABLE,
    versions='Parquet 1 and 2, with `pip install "convscan[formats]"`',
    reads=(
        "flat columns, as for CSV",
        "a column `utterances` with a list of objects: each row is a conversation in convscan's own format",
    ),
    ignores=("rows without text",),
    roles="as for CSV; nested utterances have a `role`, other words for it are given with --role",
    example="convscan scan chats.parquet --column text=body",
)
MAGIC = b"PAR1"
_NESTED = "utterances"
_BATCH_ROWS = 1000
_BEYOND = "has a number or time that is too large to be shown; mend it, or leave the row out"
# A group of rows is unpacked as a whole.
_MAX_GROUP_BYTES = 512 * 1024 * 1024

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class ParquetReader:
    """Reads Parquet by groups of rows."""

    name: str = "parquet"
    suffixes: tuple[str, ...] = (".parquet", ".pq")
    rank: int = 10
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether it begins as Parquet does."""
        return head.startswith(MAGIC)

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversations; places are numbers of rows; see `Reader.read`."""
        yield from _opened(stream, options, lambda file: _records(file, path, options, notify))


def parquet_documents(stream: BinaryIO, path: str, options: ReadOptions) -> Iterator[Document | BadRecord]:
    """Yield the rows as objects, for readers that know the columns; places are numbers of rows.

    Raises:
        TranscriptError: If the file is damaged, or too large inside.
    """
    yield from _opened(stream, options, lambda file: _documents(file, path))


def _opened(stream: BinaryIO, options: ReadOptions, read: Callable[[Any], Iterator[_Item]]) -> Iterator[_Item]:
    """Yield what is read from a file.

    Raises:
        TranscriptError: If it is damaged, or too large inside.
    """
    arrow = need("pyarrow", "Parquet files")
    parquet = need("pyarrow.parquet", "Parquet files")
    if not stream.seekable():
        stream = io.BytesIO(read_whole(stream, limit_bytes=options.max_record_bytes))
    try:
        file = parquet.ParquetFile(stream)
        _refuse_bombs(file)
        yield from read(file)
    except (arrow.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        what = str(error).partition("\n")[0]
        raise TranscriptError(f"is a damaged Parquet file ({what}); export it again") from None


def _documents(file: Any, path: str) -> Iterator[Document | BadRecord]:  # noqa: ANN401 # the package has no types
    for number, value in _values(file):
        if value is None:
            yield bad_record(Source(path, number), _BEYOND)
            continue
        fields = _without_nulls(value)
        if isinstance(fields, dict):
            yield Document(fields, Source(path, number))


def _refuse_bombs(file: Any) -> None:  # noqa: ANN401 # the package has no types
    """Refuse a group of rows that would fill the memory.

    Raises:
        TranscriptError: Likewise.
    """
    groups = (file.metadata.row_group(index) for index in range(file.metadata.num_row_groups))
    if any(group.total_byte_size > _MAX_GROUP_BYTES for group in groups):
        raise TranscriptError(
            f"has a group of rows that unpacks to more than {show_size(_MAX_GROUP_BYTES)}; write it with smaller ones"
        )


def _records(file: Any, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:  # noqa: ANN401 # as above
    names = tuple(file.schema_arrow.names)
    values = _values(file)
    if _NESTED in names and not options.columns:
        roles = options.folded_roles()
        for number, value in values:
            source = Source(path, number)
            yield bad_record(source, _BEYOND) if value is None else read_native(_without_nulls(value), source, roles)
        return
    rows = (
        BadRow(number, _BEYOND) if value is None else Row(number, tuple(shown(value[name]) for name in names))
        for number, value in values
    )
    yield from read_table(names, rows, path, options, notify)


def _values(file: Any) -> Iterator[tuple[int, Mapping[str, object] | None]]:  # noqa: ANN401 # as above
    """Yield the rows with their numbers; None in the place of one with a time no calendar has."""
    number = 0
    for batch in file.iter_batches(batch_size=_BATCH_ROWS):
        for value in _rows_of(batch):
            number += 1
            yield number, value


def _rows_of(batch: Any) -> Iterator[Mapping[str, object] | None]:  # noqa: ANN401 # as above
    try:
        yield from batch.to_pylist()
    except (OverflowError, ValueError):
        # Databases write "never" as a time beyond all years; the other rows are good.
        yield from (_row_of(batch.slice(index, 1)) for index in range(batch.num_rows))


def _row_of(batch: Any) -> Mapping[str, object] | None:  # noqa: ANN401 # as above
    try:
        rows: list[Mapping[str, object]] = batch.to_pylist()
    except (OverflowError, ValueError):
        return None
    return rows[0]


def _without_nulls(value: object) -> object:
    """Return a row as JSON would have it: a column that a row has nothing in is null here."""
    if isinstance(value, Mapping):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value if isinstance(value, bool | int | float | str) else shown(value)


READER = ParquetReader()
