"""One line a finding, `path:line:column: severity rule: message`, for editors and problem matchers."""

from typing import TextIO

from convscan.lint.formats.base import LintFormat, LintWriteOptions
from convscan.lint.report import LintReport
from convscan.writers.printable import printable


def write_concise(report: LintReport, stream: TextIO, _options: LintWriteOptions) -> None:
    """Write a line for each finding that counts."""
    for one in report.shown:
        finding = one.finding
        place = f"{one.path}:{one.region.line}:{one.region.column}"
        stream.write(printable(f"{place}: {finding.severity} {finding.rule}: {finding.message}") + "\n")


FORMAT = LintFormat("concise", "one line a finding, for editors", write_concise)
