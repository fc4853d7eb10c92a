"""JSON: one array of all results, for programs that want a single document."""

from typing import TextIO

from convscan.lint.formats.base import LintFormat, LintWriteOptions
from convscan.lint.formats.json_records import records
from convscan.lint.report import LintReport
from convscan.writers.json_text import json_text


def write_json(report: LintReport, stream: TextIO, options: LintWriteOptions) -> None:
    """Write a record for each template."""
    lines = ",\n".join(json_text(record) for record in records(report, options.version))
    stream.write(f"[\n{lines}\n]\n" if lines else "[]\n")


FORMAT = LintFormat("json", "one JSON array, for programs", write_json)
