"""Parse CSV into nodes with places; the `csv` module knows none of cells that span lines."""

import csv
import re
from collections.abc import Iterator
from functools import partial

from convscan.source_map import MappedText, SourceMap, identity
from convscan.templates.nodes import MalformedDocumentError, Node

_DELIMITERS = ",;\t|"
_QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)"')
_LINE_END = re.compile(r"\r\n|\r|\n")


def parse_csv_nodes(text: str) -> Node:
    """Parse a table with a header.

    Returns:
        A list with a mapping for each row, column name to cell.

    Raises:
        MalformedDocumentError: If a quote is never closed, a row has another number of
            cells than the header, or a column name stands twice.
    """
    rows = _rows(text, _delimiter(text))
    header = next(rows, [])
    names = [str(cell.value).strip() for cell in header]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise MalformedDocumentError(f"the column {name!r} stands twice; rename one", header[number].start)
    return Node([_row(names, cells) for cells in rows], 0, len(text))


def _row(names: list[str], cells: list[Node]) -> Node:
    if len(cells) != len(names):
        message = f"a row of {len(cells)} cells under a header of {len(names)}; put cells with commas in quotes"
        raise MalformedDocumentError(message, cells[0].start)
    return Node(dict(zip(names, cells, strict=True)), cells[0].start, cells[-1].end)


def _delimiter(text: str) -> str:
    header = text[: text.find("\n")] if "\n" in text else text
    try:
        return csv.Sniffer().sniff(header, _DELIMITERS).delimiter
    except csv.Error:
        return max(_DELIMITERS, key=header.count)


def _rows(text: str, delimiter: str) -> Iterator[list[Node]]:
    cell_end = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
    at = 0
    while at < len(text):
        cells: list[Node] = []
        while True:
            cell, at = _cell(text, at, cell_end)
            cells.append(cell)
            if not text.startswith(delimiter, at):
                break
            at += len(delimiter)
        line_end = _LINE_END.match(text, at)
        at = line_end.end() if line_end else len(text)
        if len(cells) > 1 or cells[0].value:
            yield cells


def _cell(text: str, at: int, cell_end: re.Pattern[str]) -> tuple[Node, int]:
    quoted = _QUOTED.match(text, at)
    if quoted is None and text.startswith('"', at):
        raise MalformedDocumentError("a cell opens with a quote that is never closed", at)
    if quoted is not None:
        value = quoted[1].replace('""', '"')
        rest = cell_end.match(text, quoted.end())
        end = rest.end() if rest else quoted.end()
        if text[quoted.end() : end].strip():
            raise MalformedDocumentError('text after the closing quote of a cell; write "" for a quote', quoted.end())
        return Node(value, at, end, partial(_quoted_map, text, quoted.start(1), quoted.end(1))), end
    found = cell_end.match(text, at)
    end = found.end() if found else at
    return Node(text[at:end], at, end, partial(identity, at, end - at)), end


def _quoted_map(text: str, start: int, end: int) -> SourceMap:
    built = MappedText()
    at = start
    while (double := text.find('""', at, end)) >= 0:
        built.add(text[at : double + 1], at, double + 1)
        at = double + 2
    built.add(text[at:end], at, end)
    return built.map()
