"""Reviewdog's diagnostics: one JSON object a line."""

from typing import TextIO

from convscan.finding import Severity
from convscan.lint.formats.base import LintFormat, LintWriteOptions, sentence
from convscan.lint.report import LintReport
from convscan.records import Json
from convscan.source_map import Lines
from convscan.writers.json_text import json_text

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}


def write_rdjsonl(report: LintReport, stream: TextIO, _options: LintWriteOptions) -> None:
    """Write a line for each finding that counts."""
    for file in report.files:
        for one in (one for one in file.findings if one.is_shown):
            region = one.region
            record: Json = {
                "message": sentence(one),
                "location": {
                    "path": one.path,
                    "range": {
                        "start": _position(file.lines, region.line, region.column),
                        "end": _position(file.lines, region.end_line, region.end_column),
                    },
                },
                "severity": _SEVERITIES[one.finding.severity],
                "source": {"name": "convscan"},
                "code": {"value": one.finding.rule},
            }
            stream.write(json_text(record) + "\n")


def _position(lines: Lines, line: int, column: int) -> Json:
    """Return a place as reviewdog counts: columns in bytes of UTF-8, from 1."""
    before = lines.line(line)[: column - 1]
    return {"line": line, "column": len(before.encode("utf-8", "surrogatepass")) + 1}


FORMAT = LintFormat("rdjsonl", "diagnostics for reviewdog", write_rdjsonl)
