"""CSV: one row a finding, for spreadsheets.

A spreadsheet takes a cell that begins with `=` for a formula and runs it, so what
customers and agents wrote is kept from beginning so. Programs read JSON Lines.
"""

import csv
import re
from typing import TextIO

from convscan.conversation import Conversation
from convscan.finding import Finding, ScanResult
from convscan.writers.base import Format, WriteOptions

COLUMNS = (
    "conversation_id",
    "source",
    "line",
    "language",
    "agent",
    "rule",
    "severity",
    "confidence",
    "kind",
    "utterance",
    "start",
    "end",
    "quote",
    "message",
    "suggestion",
    "because",
    "fingerprint",
)
# Without it Excel takes UTF-8 for the encoding of the country it is in.
_MARK = "\ufeff"
# Signs that begin a formula, in half and full width, also behind blanks. An apostrophe by itself is
# only a sign of quotation, which a second one would double.
_FORMULA = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]")
# They steer terminals, or are no UTF-8; breaks and tabs stay as they are.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BETWEEN = " | "


class CsvWriter:
    """Write each finding as one row."""

    def __init__(self, stream: TextIO, _options: WriteOptions) -> None:
        self._stream = stream
        self._rows = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")

    def open(self) -> None:
        """Write the names of the columns."""
        self._stream.write(_MARK)
        self._rows.writerow(COLUMNS)

    def write(self, result: ScanResult, _conversation: Conversation | None) -> None:
        """Write the rows of one conversation."""
        for finding in result.findings:
            self._rows.writerow([harmless(cell) for cell in _cells(result, finding)])

    def close(self) -> None:
        """Flush the stream."""
        self._stream.flush()


def harmless(cell: str) -> str:
    r"""Return a cell that no spreadsheet takes for a formula: one that would be has an apostrophe before it.

    Control characters are shown as escapes.

    Example:
        >>> harmless("=1+1"), harmless("I said no")
        ("'=1+1", 'I said no')
    """
    text = _CONTROL.sub(lambda match: match.group().encode("unicode_escape").decode("ascii"), cell)
    return f"'{text}" if _FORMULA.match(text) else text


def _cells(result: ScanResult, finding: Finding) -> tuple[str, ...]:
    at = finding.at
    return (
        result.conversation_id or "",
        result.source.path if result.source else "",
        str(result.source.line) if result.source and result.source.line is not None else "",
        result.language or "",
        finding.agent or "",
        finding.rule,
        finding.severity.value,
        "" if finding.confidence is None else f"{finding.confidence:g}",
        finding.kind.value,
        *(("", "", "", "") if at is None else (str(at.utterance), str(at.start), str(at.end), at.quote)),
        finding.message,
        finding.suggestion,
        _BETWEEN.join(span.quote for span in finding.because),
        finding.fingerprint,
    )


FORMAT = Format("csv", "one row a finding, for spreadsheets", CsvWriter)
