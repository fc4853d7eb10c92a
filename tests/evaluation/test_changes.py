"""Two results of the same texts."""

from dataclasses import replace

from convscan.evaluation.changes import Change, compared
from convscan.finding import Finding, Kind, ScanResult, Severity, Span, Status, Tool

TOOL = Tool(version="1", rules="x")


def result(*fingerprints: str, severity: Severity = Severity.ERROR, name: str = "c") -> ScanResult:
    finding = Finding("promise/guarantee", severity, Kind.PRESENT, Span(0, 0, 1, "x"), "m", "s")
    findings = tuple(replace(finding, fingerprint=one) for one in fingerprints)
    return ScanResult(name, Status.JUDGED, TOOL, findings=findings)


def changes(old: ScanResult, new: ScanResult) -> list[tuple[str, Change]]:
    return [(one.finding.fingerprint, one.change) for one in compared([old], [new])]


def test_every_finding_is_added_removed_or_the_same() -> None:
    assert changes(result("a", "b"), result("b", "c")) == [
        ("a", Change.REMOVED),
        ("b", Change.SAME),
        ("c", Change.ADDED),
    ]


def test_finding_of_another_severity_has_changed() -> None:
    [one] = compared([result("a")], [result("a", severity=Severity.NOTE)])

    assert (one.change, one.before) == (Change.CHANGED, Severity.ERROR)


def test_same_fingerprint_in_another_text_is_another_finding() -> None:
    assert changes(result("a", name="c"), result("a", name="d")) == [("a", Change.REMOVED), ("a", Change.ADDED)]
