"""Align cells in columns."""

from collections.abc import Iterator, Sequence

from convscan.writers.printable import cell_width, padded

_GAP = "  "


def columns(rows: Sequence[Sequence[str]], *, right: Sequence[int]) -> Iterator[str]:
    """Yield one line a row.

    Args:
        rows: Cells; as many in each row.
        right: Columns of numbers: they end where their column ends.
    """
    widths = [max(map(cell_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            " " * (width - cell_width(cell)) + cell if index in right else padded(cell, width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield _GAP.join(cells).rstrip()
