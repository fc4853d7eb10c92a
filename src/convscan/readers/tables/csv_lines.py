"""The lines of a table in text, each decoded by itself, and how its cells are parted."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from convscan.readers.opening import HEAD_BYTES, Line, read_lines
from convscan.readers.tables.csv_rows import DELIMITERS, Dialect, TextLine, tell_dialect
from convscan.readers.text_encoding import decode_text

# What Excel writes above the header to say the delimiter.
_SEPARATOR_LINE = "sep="
# Enough of a file to tell how it is built.
_SAMPLE_LINES = 200


@dataclass(frozen=True, slots=True)
class Top:
    """The first lines of a table, to be read again, and how its cells are parted."""

    lines: Sequence[TextLine]
    dialect: Dialect


def look_at_top(lines: Iterable[TextLine], score: Callable[[Sequence[str]], int]) -> Top:
    """Look at the first lines of a table.

    Args:
        lines: All lines; the first are taken from it.
        score: How much of a header is understood; higher is better.
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
    return Top(first, tell_dialect(first, score))


@dataclass(slots=True)
class CsvLines:
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
