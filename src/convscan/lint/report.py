"""What a lint says: findings at their places in files."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from convscan.conversation import Scenario
from convscan.finding import Finding, ScanResult, Severity
from convscan.source_map import Lines
from convscan.templates.suppressions import MalformedSuppression, Suppression
from convscan.templates.template import TemplateFault


class Hidden(StrEnum):
    """Why a finding is not shown."""

    SUPPRESSION = "suppression"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True, order=True)
class Region:
    """A place in a file, lines and columns counted from 1, columns in code points.

    Attributes:
        end_column: Column after the last character.
    """

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A finding and where it stands in its file.

    Attributes:
        template: Name of the template in which it stands.
        because: Where the words stand that called for what is missing.
        hidden: Why it is not shown; None if it is.
        reason: What the author of a suppression, or of the baseline, says about it.
    """

    finding: Finding
    path: str
    region: Region
    template: str
    because: tuple[Region, ...] = ()
    hidden: Hidden | None = None
    reason: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether it counts."""
        return self.hidden is None


@dataclass(frozen=True, slots=True)
class LintedTemplate:
    """One template and what was found in it.

    Attributes:
        key: Stays when the file is renamed; empty if the template has neither id nor title.
        name: For people.
        start: Where its text begins.
        result: Of the scan; the findings in it are those of `findings`.
        findings: In reading order.
    """

    key: str
    name: str
    start: Region
    result: ScanResult
    scenario: Scenario | None = None
    findings: tuple[PlacedFinding, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    malformed: tuple[MalformedSuppression, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedNotice:
    """Something about a file that is no finding, such as a suppression that suppresses nothing.

    Attributes:
        is_error: Whether what the author wanted cannot be done.
    """

    path: str
    line: int
    column: int
    message: str
    is_error: bool = False

    def __str__(self) -> str:
        """Return the message behind its place, as editors link it."""
        return f"{self.path}:{self.line}:{self.column}: {'error' if self.is_error else 'notice'}: {self.message}"


@dataclass(frozen=True, slots=True)
class LintedFile:
    """One file of templates.

    Attributes:
        doubts: What was guessed when it was read.
    """

    path: str
    lines: Lines
    templates: tuple[LintedTemplate, ...] = ()
    faults: tuple[TemplateFault, ...] = ()
    notices: tuple[PlacedNotice, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def findings(self) -> Iterator[PlacedFinding]:
        """All findings, hidden ones too, in the order of the file."""
        found = [finding for template in self.templates for finding in template.findings]
        yield from sorted(found, key=lambda one: (one.region, one.finding.rule, one.finding.fingerprint))


@dataclass(frozen=True, slots=True)
class LintReport:
    """All that was linted, in the order of the paths."""

    files: tuple[LintedFile, ...] = field(default=())

    @property
    def findings(self) -> Iterator[PlacedFinding]:
        """All findings, hidden ones too."""
        return (finding for file in self.files for finding in file.findings)

    @property
    def shown(self) -> Iterator[PlacedFinding]:
        """The findings that count."""
        return (finding for finding in self.findings if finding.is_shown)

    @property
    def faults(self) -> Iterator[TemplateFault]:
        """What could not be read."""
        return (fault for file in self.files for fault in file.faults)

    @property
    def notices(self) -> Iterator[PlacedNotice]:
        """What else there is to say about the files."""
        return (notice for file in self.files for notice in file.notices)

    @property
    def template_count(self) -> int:
        """How many templates were linted."""
        return sum(len(file.templates) for file in self.files)

    @property
    def unmeasured_left_out(self) -> int:
        """How many findings were left out for a least confidence because theirs was not measured."""
        return sum(one.result.unmeasured_left_out for file in self.files for one in file.templates)

    @property
    def unsure_left_out(self) -> int:
        """How many findings were left out because their confidence is below the least."""
        return sum(one.result.unsure_left_out for file in self.files for one in file.templates)

    def count(self, severity: Severity) -> int:
        """Return how many findings of a severity count."""
        return sum(one.finding.severity is severity for one in self.shown)
