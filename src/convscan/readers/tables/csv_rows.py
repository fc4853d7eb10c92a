"""Rows of delimited text: exact cells, exact line numbers, and no row lost to the one before it.

The standard library's parser takes a quote that is never closed for a cell that goes
on to the end of the file, in silence, and has one limit for the whole process. So rows
are parsed here: as RFC 4180 says, with the usual liberties (any delimiter, a quote in
the middle of a bare cell is text, words behind a closing quote belong to the cell).
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from convscan.readers.base import show_size

DELIMITERS = (",", ";", "\t", "|")
# Rows that are looked at to tell the delimiter, or whether a quote was left open.
_SAMPLE_ROWS = 20
_MOST_ARE_ROWS = 0.8


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line, decoded, without its line feed; its text is None if it was too long to be held."""

    number: int
    text: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes:
        line: On which it begins, counted from 1.
    """

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read.

    Attributes:
        what: What is wrong with it and what to do.
    """

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are parted.

    Attributes:
        skips_blanks: Whether blanks behind a delimiter belong to it (`a, "b, c"`).
    """

    delimiter: str
    skips_blanks: bool = False


AnyRow: TypeAlias = Row | BadRow


def tell_dialect(lines: Sequence[TextLine], score: Callable[[Sequence[str]], int]) -> Dialect:
    """Return the dialect of a table that begins with these lines.

    What its header means weighs most, then how many rows are as wide as the header.

    Args:
        lines: The first ones, the header among them.
        score: How much of a header is understood; higher is better.
    """
    header = next((line.text for line in lines if line.text and line.text.strip()), "")
    best = max(DELIMITERS, key=lambda mark: _fitness(lines, Dialect(mark, _is_spaced(header, mark)), score))
    return Dialect(best, _is_spaced(header, best))


def _is_spaced(header: str, delimiter: str) -> bool:
    return (
        delimiter != "\t" and header.count(delimiter) > 0 and header.count(delimiter) == header.count(delimiter + " ")
    )


def _fitness(
    lines: Sequence[TextLine], dialect: Dialect, score: Callable[[Sequence[str]], int]
) -> tuple[int, float, int]:
    rows = [row for row in parse_rows(lines, dialect, limit_chars=2**20) if isinstance(row, Row)][: _SAMPLE_ROWS + 1]
    if not rows or len(rows[0].cells) == 1:
        return (-1, 0.0, 0)
    width = len(rows[0].cells)
    even = sum(len(row.cells) == width for row in rows) / len(rows)
    return (score(rows[0].cells), even, width)


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The expressions of one dialect; all run in linear time.

    Attributes:
        row: A row that is complete, its quotes closed.
        inside: The rest of a quoted cell that goes on over the line's end.
        closing: The rest of a quoted cell, its closing quote, and what stands behind it in the cell.
        cell: One cell.
    """

    row: re.Pattern[str]
    inside: re.Pattern[str]
    closing: re.Pattern[str]
    cell: re.Pattern[str]


@lru_cache
def _grammar(dialect: Dialect) -> _Grammar:
    mark = re.escape(dialect.delimiter)
    lead = " *+" if dialect.skips_blanks else ""
    quoted = '[^"]*+(?:""[^"]*+)*+'
    cell = f'(?:{lead}"{quoted}"[^{mark}]*+|(?!{lead}")[^{mark}]*+)'
    return _Grammar(
        row=re.compile(f"{cell}(?:{mark}{cell})*+", re.DOTALL),
        inside=re.compile(quoted, re.DOTALL),
        closing=re.compile(f'{quoted}"(?P<behind>[^{mark}]*+)(?P<rest>.*)', re.DOTALL),
        cell=re.compile(f'{lead}"(?P<quoted>{quoted})"(?P<behind>[^{mark}]*+)|{lead}(?P<bare>[^{mark}]*+)', re.DOTALL),
    )


def parse_rows(lines: Iterable[TextLine], dialect: Dialect, *, limit_chars: int) -> Iterator[AnyRow]:
    """Yield the rows; blank lines are none.

    A quote that is opened and not closed costs one row: the lines below it are read
    as rows again, if that is what they look like.

    Args:
        lines: All of the file.
        dialect: How cells are parted.
        limit_chars: Longest row that is held.
    """
    return _Parser(lines, dialect, limit_chars).rows()


class _Parser:
    def __init__(self, lines: Iterable[TextLine], dialect: Dialect, limit_chars: int) -> None:
        self._lines = iter(lines)
        self._again: deque[TextLine] = deque()
        self._dialect = dialect
        self._grammar = _grammar(dialect)
        self._limit = limit_chars
        self._width = 0

    def rows(self) -> Iterator[AnyRow]:
        while (line := self._next()) is not None:
            if line.text is None:
                yield BadRow(line.number, f"the line is longer than {show_size(self._limit)}; split its cells")
            elif line.text.strip():
                row = self._row(line, line.text)
                if isinstance(row, Row) and not self._width:
                    self._width = len(row.cells)
                yield row

    def _next(self) -> TextLine | None:
        return self._again.popleft() if self._again else next(self._lines, None)

    def _row(self, line: TextLine, text: str) -> AnyRow:
        if '"' not in text:
            return Row(line.number, self._bare_cells(text))
        if self._grammar.row.fullmatch(text):
            return Row(line.number, self._cells(text))
        return self._long_row(line, text)

    def _bare_cells(self, text: str) -> tuple[str, ...]:
        cells = text.removesuffix("\r").split(self._dialect.delimiter)
        return tuple(cell.lstrip(" ") for cell in cells) if self._dialect.skips_blanks else tuple(cells)

    def _cells(self, text: str) -> tuple[str, ...]:
        text = text.removesuffix("\r")
        cells: list[str] = []
        at = 0
        while at <= len(text):
            match = self._grammar.cell.match(text, at)
            if match is None:  # every text has a cell at its every place, be it an empty one
                break
            quoted = match["quoted"]
            cells.append(match["bare"] if quoted is None else quoted.replace('""', '"') + match["behind"])
            at = match.end() + 1
        return tuple(cells)

    def _long_row(self, first: TextLine, text: str) -> AnyRow:
        """Return a row whose first line ends inside quotes."""
        taken = [first]
        texts = [text]
        chars = len(text)
        while (line := self._next()) is not None and line.text is not None:
            taken.append(line)
            texts.append(line.text)
            chars += len(line.text) + 1
            if chars > self._limit:
                return self._too_long(taken)
            verdict = self._go_on(line.text)
            if verdict == "broken":
                return self._unclosed(taken)
            if verdict == "closed":
                return Row(first.number, self._cells("\n".join(texts)))
        if line is not None:
            self._again.append(line)
        return self._unclosed(taken) if self._are_rows(taken[1:]) else BadRow(first.number, _cut(len(taken) - 1))

    def _go_on(self, text: str) -> str:
        """Tell what a line makes of a row that is inside quotes: open, closed or broken."""
        if self._grammar.inside.fullmatch(text):
            return "open"
        match = self._grammar.closing.match(text)
        if match is None or match["behind"].strip():
            # No writer puts words behind a quote that closes a cell of several lines:
            # it is the opening quote of a cell below one that was left open.
            return "broken"
        rest = match["rest"]
        return "closed" if not rest or self._grammar.row.fullmatch(rest[1:]) else "open"

    def _unclosed(self, taken: Sequence[TextLine]) -> BadRow:
        self._again.extendleft(reversed(taken[1:]))
        return BadRow(taken[0].number, "a quote is opened and never closed; close it, or double it if it is text")

    def _too_long(self, taken: Sequence[TextLine]) -> BadRow:
        if self._are_rows(taken[1:]):
            return self._unclosed(taken)
        while (line := self._next()) is not None and (line.text is None or self._go_on(line.text) == "open"):
            pass
        return BadRow(taken[0].number, f"the row is longer than {show_size(self._limit)}; split its cells")

    def _are_rows(self, lines: Sequence[TextLine]) -> bool:
        """Tell whether lines that were taken for the inside of a cell are rows of their own."""
        some = [line.text for line in lines[:_SAMPLE_ROWS] if line.text and line.text.strip()]
        whole = [text for text in some if self._grammar.row.fullmatch(text) and len(self._cells(text)) == self._width]
        return bool(some) and len(whole) >= _MOST_ARE_ROWS * len(some)


def _cut(lines: int) -> str:
    below = f" with the {lines:,} lines below it" if lines > 1 else ""
    return f"breaks off inside a quoted cell{below}; export the table again"
