"""Report rows that cannot be read: the first ones each, a flood of them together."""

from collections.abc import Iterator
from dataclasses import dataclass

from convscan.conversation import Source
from convscan.readers.base import BadRecord, bad_record
from convscan.readers.tables.csv_rows import BadRow, Row

# A table with more is not damaged here and there but wrong as a whole.
MOST_REPORTED = 100
# With so many, and more than half of its lines, a table is not read to its end.
MOST_TRIED = 10_000


@dataclass(slots=True)
class RowFaults:
    """The bad rows of one table.

    Attributes:
        path: The table as it is shown to the user.
        count: Bad rows so far.
        first: Line of the first that was not reported by itself.
        last: Line of the last.
        gave_up: Whether there are so many that the rest of the table is not worth reading.
    """

    path: str
    count: int = 0
    first: int = 0
    last: int = 0
    gave_up: bool = False

    def report(self, row: BadRow) -> Iterator[BadRecord]:
        """Yield the bad record of a row, unless there were too many before it."""
        self.count += 1
        self.last = row.line
        self.gave_up = self.count >= MOST_TRIED and 2 * self.count > row.line
        if self.count <= MOST_REPORTED:
            yield bad_record(Source(self.path, row.line), row.what)
        elif self.count == MOST_REPORTED + 1:
            self.first = row.line

    def rest(self) -> Iterator[BadRecord]:
        """Yield one bad record for all rows that were not reported by themselves."""
        if self.count > MOST_REPORTED:
            rest = ", and the rest of it was not looked at" if self.gave_up else ""
            what = (
                f"{self.count - MOST_REPORTED:,} more rows from here to line {self.last} cannot be read either{rest};"
                " look at the delimiter and the quotes of the table, or export it again"
            )
            yield bad_record(Source(self.path, self.first), what)


def ragged(row: Row, width: int) -> BadRow:
    """Return what is wrong with a row of another width than the header."""
    what = f"has {len(row.cells)} cells where the header has {width}; put cells with commas or breaks in quotes"
    return BadRow(row.line, what)
