"""GitLab's Code Quality report: a JSON array."""

import hashlib
from typing import TextIO

from convscan.finding import Severity
from convscan.lint.formats.base import LintFormat, LintWriteOptions, sentence
from convscan.lint.report import LintReport
from convscan.records import Json
from convscan.writers.json_text import json_text

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def write_gitlab(report: LintReport, stream: TextIO, _options: LintWriteOptions) -> None:
    """Write the findings that count; an empty array if there are none."""
    taken: set[str] = set()
    items: list[str] = []
    for one in report.shown:
        item: Json = {
            "description": sentence(one),
            "check_name": one.finding.rule,
            "fingerprint": _unique(one.finding.fingerprint, one.path, taken),
            "severity": _SEVERITIES[one.finding.severity],
            "location": {"path": one.path, "lines": {"begin": one.region.line, "end": one.region.end_line}},
        }
        items.append(json_text(item))
    stream.write("[" + ",\n".join(items) + "]\n")


def _unique(fingerprint: str, path: str, taken: set[str]) -> str:
    """Return a fingerprint that no other finding has; GitLab shows one of two equal ones only."""
    number = 0
    unique = fingerprint
    while unique in taken:
        unique = hashlib.sha256(f"{fingerprint}\0{path}\0{number}".encode()).hexdigest()[:16]
        number += 1
    taken.add(unique)
    return unique


FORMAT = LintFormat("gitlab", "GitLab's Code Quality report", write_gitlab)
