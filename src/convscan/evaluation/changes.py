"""Two results of the same texts, finding by finding."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from convscan.finding import Finding, ScanResult, Severity


class Change(StrEnum):
    """What became of a finding."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SAME = "the same"


@dataclass(frozen=True, slots=True)
class ComparedFinding:
    """A finding of the new result, or one that is only in the old.

    Attributes:
        place: The text in which it stands.
        before: Its severity in the old result, if that was another one.
    """

    change: Change
    finding: Finding
    place: str
    before: Severity | None = None


def compared(old: Iterable[ScanResult], new: Iterable[ScanResult]) -> Iterator[ComparedFinding]:
    """Yield every finding of two results, by place and rule.

    A finding is the same if its fingerprint is, in texts of the same name.
    """
    waiting: defaultdict[tuple[str, str], list[tuple[str, Finding]]] = defaultdict(list)
    for place, name, finding in _findings(old):
        waiting[name, finding.fingerprint].append((place, finding))
    found: list[ComparedFinding] = []
    for place, name, finding in _findings(new):
        before = waiting[name, finding.fingerprint]
        if not before:
            found.append(ComparedFinding(Change.ADDED, finding, place))
            continue
        _, was = before.pop(0)
        if was.severity is finding.severity:
            found.append(ComparedFinding(Change.SAME, finding, place))
        else:
            found.append(ComparedFinding(Change.CHANGED, finding, place, was.severity))
    found += [ComparedFinding(Change.REMOVED, one, place) for left in waiting.values() for place, one in left]
    yield from sorted(found, key=lambda one: (one.place, one.finding.rule, one.finding.fingerprint, one.change))


def _findings(results: Iterable[ScanResult]) -> Iterator[tuple[str, str, Finding]]:
    """Yield each finding with its place, for people, and the name of its text."""
    for result in results:
        name = result.conversation_id or ""
        place = f"{result.source} {name}".strip() if result.source else name
        for finding in result.findings:
            yield place, name, finding
