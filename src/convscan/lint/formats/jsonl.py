"""JSON Lines: one result a line, for programs that read as it comes."""

from typing import TextIO

from convscan.lint.formats.base import LintFormat, LintWriteOptions
from convscan.lint.formats.json_records import records
from convscan.lint.report import LintReport
from convscan.writers.json_text import json_text


def write_jsonl(report: LintReport, stream: TextIO, options: LintWriteOptions) -> None:
    """Write a line for each template."""
    stream.writelines(json_text(record) + "\n" for record in records(report, options.version))


FORMAT = LintFormat("jsonl", "one JSON object a line, for programs", write_jsonl)
