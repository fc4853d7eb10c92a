"""Workflow commands: GitHub shows them beside the lines of a pull request."""

from typing import TextIO

from convscan.finding import Severity
from convscan.lint.formats.base import LintFormat, LintWriteOptions, sentence
from convscan.lint.report import LintReport

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def write_github(report: LintReport, stream: TextIO, _options: LintWriteOptions) -> None:
    """Write a command for each finding that counts, each file that cannot be read, each notice."""
    for one in report.shown:
        region = one.region
        # Columns are for findings within one line only.
        same_line = region.line == region.end_line
        columns = {"col": region.column, "endColumn": region.end_column} if same_line else {}
        place = {"file": one.path, "line": region.line, "endLine": region.end_line, **columns}
        _put(stream, _COMMANDS[one.finding.severity], {**place, "title": one.finding.rule}, sentence(one))
    for fault in report.faults:
        place = {"file": fault.path, **({"line": fault.line} if fault.line else {})}
        _put(stream, "error", {**place, "title": "convscan"}, fault.message)
    for notice in report.notices:
        command = "error" if notice.is_error else "notice"
        place = {"file": notice.path, "line": notice.line, "col": notice.column}
        _put(stream, command, {**place, "title": "convscan"}, notice.message)


def _put(stream: TextIO, command: str, properties: dict[str, object], message: str) -> None:
    written = ",".join(f"{key}={_escaped_property(str(value))}" for key, value in properties.items())
    stream.write(f"::{command} {written}::{_escaped(message)}\n")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


FORMAT = LintFormat("github", "annotations of a pull request on GitHub", write_github)
