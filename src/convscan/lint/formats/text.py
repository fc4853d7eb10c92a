"""Text for a person: each finding in its line, with what to write instead."""

from collections.abc import Iterator
from typing import TextIO

from convscan.finding import Kind
from convscan.lint.formats.base import LintFormat, LintWriteOptions
from convscan.lint.report import LintedFile, LintReport, PlacedFinding
from convscan.source_map import Lines
from convscan.writers.excerpt import excerpt
from convscan.writers.paint import STYLE_OF, Paint, Style
from convscan.writers.printable import beginning, printable, wrapped

_MIN_WIDTH = 60
_MARGIN = "    "
_GUTTER = "│ "
# Lines of the terminal that one text may fill: rules of strangers may be of any length.
_BLOCK_LINES = 8


class _TextReport:
    """Lay out findings for a terminal of some width."""

    def __init__(self, options: LintWriteOptions) -> None:
        self._cells = max(_MIN_WIDTH, options.width) - len(_MARGIN)
        self._paint = Paint(colour=options.colour)

    def lines(self, report: LintReport) -> Iterator[str]:
        for file in report.files:
            for one in file.findings:
                if one.is_shown:
                    yield from self._finding(one, file)

    def _finding(self, one: PlacedFinding, file: LintedFile) -> Iterator[str]:
        finding = one.finding
        place = self._paint(printable(f"{one.path}:{one.region.line}:{one.region.column}"), Style.HEADING)
        severity = self._paint(finding.severity.value, STYLE_OF[finding.severity])
        name = self._paint(f"  {printable(one.template)}", Style.FAINT) if one.template else ""
        yield f"{place}: {severity} {self._paint(printable(finding.rule), Style.HEADING)}{name}"
        if finding.kind is Kind.PRESENT:
            yield from self._quoted(one, file.lines)
        yield from self._block(finding.message)
        yield from self._block(finding.suggestion, bullet="→ ", style=Style.GOOD)
        yield ""

    def _quoted(self, one: PlacedFinding, lines: Lines) -> Iterator[str]:
        region = one.region
        line = lines.line(region.line)
        end = region.end_column - 1 if region.end_line == region.line else len(line)
        shown = excerpt(line, region.column - 1, end, cells=self._cells - len(_GUTTER))
        for part in self._paint.quoted(list(wrapped(shown, self._cells - len(_GUTTER)))):
            yield _MARGIN + self._paint(_GUTTER, Style.FAINT) + part

    def _block(self, text: str, *, bullet: str = "", style: Style = Style.PLAIN) -> Iterator[str]:
        cells = self._cells - len(bullet)
        for number, line in enumerate(wrapped(beginning(printable(text).strip(), _BLOCK_LINES * cells), cells)):
            yield _MARGIN + self._paint((" " * len(bullet) if number else bullet) + line, style)


def write_text(report: LintReport, stream: TextIO, options: LintWriteOptions) -> None:
    """Write each finding that counts."""
    stream.writelines(f"{line.rstrip()}\n" for line in _TextReport(options).lines(report))


FORMAT = LintFormat("text", "a report for people", write_text)
