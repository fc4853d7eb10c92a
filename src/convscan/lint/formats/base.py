"""What all formats of a lint share: their interface and their options."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TextIO

from convscan.config import FailOn
from convscan.finding import Severity
from convscan.lint.report import LintReport, PlacedFinding
from convscan.rules.rule import Rule


def no_rules() -> Sequence[Rule]:
    """Return no rules, for formats that name none."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LintWriteOptions:
    """What a format may need to know beside the findings.

    Attributes:
        width: Terminal cells in a line.
        colour: Whether terminal colours are written.
        fail_on: From which severity on findings fail the run.
        version: Of convscan.
        rules: Returns the rules that were looked for; called by formats that list them.
        has_baseline: Whether findings were compared with a baseline.
    """

    width: int = 100
    colour: bool = False
    fail_on: FailOn = FailOn.WARNING
    version: str = ""
    rules: Callable[[], Sequence[Rule]] = no_rules
    has_baseline: bool = False

    def fails(self, severity: Severity) -> bool:
        """Whether a finding of this severity fails the run."""
        return self.fail_on is not FailOn.NEVER and severity.rank >= Severity(self.fail_on.value).rank


@dataclass(frozen=True, slots=True)
class LintFormat:
    """One output format.

    A module of this package that has a format named `FORMAT` is found by itself;
    adding a format is adding a file.

    Attributes:
        name: What `--format` calls it.
        description: What it is for, in a few words.
        write: Writes a report to a stream.
    """

    name: str
    description: str
    write: Callable[[LintReport, TextIO, LintWriteOptions], None]


def sentence(one: PlacedFinding) -> str:
    """Return what a finding says, on one line, with what to write instead."""
    finding = one.finding
    return " ".join(f"{finding.message} {finding.suggestion}".split())


def template_name(one: PlacedFinding) -> str:
    """Return what a template is called; the name of its file if it has no name of its own."""
    return one.template or PurePath(one.path).stem
