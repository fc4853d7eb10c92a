"""The baseline: findings that were there when a team began, and are accepted.

A finding is known by its fingerprint, which stays when files are renamed and other text
changes. The path in an entry tells two equal findings in two files apart; when the
file is gone the entry holds for whichever file took its place.
"""

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from convscan.errors import ConfigError
from convscan.lint.report import Hidden, LintedFile, LintReport, PlacedFinding
from convscan.records import Json
from convscan.source_map import Lines
from convscan.templates.json_nodes import parse_json_nodes
from convscan.templates.nodes import MalformedDocumentError, Node

BASELINE_SCHEMA = "convscan.baseline/1"
BASELINE_NAME = ".convscan-baseline.json"

_KEYS = frozenset({"fingerprint", "rule", "path", "template", "quote", "reason"})


@dataclass(frozen=True, slots=True, order=True)
class BaselineEntry:
    """One accepted finding.

    Attributes:
        path: From the folder of the baseline file.
        reason: Why it is accepted, if somebody wrote it down.
    """

    path: str
    rule: str
    fingerprint: str
    template: str = ""
    quote: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Baseline:
    """The accepted findings of one file."""

    path: Path
    entries: tuple[BaselineEntry, ...] = ()

    def apply(self, report: LintReport) -> LintReport:
        """Return a report in which the accepted findings are hidden."""
        matcher = _Matcher(self)
        return replace(report, files=tuple(_hidden(file, matcher) for file in report.files))

    def renewed(self, report: LintReport) -> tuple[BaselineEntry, ...]:
        """Return the entries that accept all that a report shows, and the old ones of files that it did not look at.

        Reasons are kept; an old entry whose file is gone is not, unless another file took its place.
        """
        matcher = _Matcher(self)
        shown = [self._entry_of(one, matcher.take(one)) for one in report.shown]
        linted = self._linted(report)
        return (*shown, *(entry for entry in matcher.left() if self._is_elsewhere(entry, linted)))

    def stale(self, report: LintReport) -> tuple[BaselineEntry, ...]:
        """Return the entries that stand for nothing any more in the files of a report, or whose file is gone."""
        matcher = _Matcher(self)
        for file in report.files:
            _hidden(file, matcher)
        linted = self._linted(report)
        return tuple(entry for entry in matcher.left() if not self._is_elsewhere(entry, linted))

    def _linted(self, report: LintReport) -> frozenset[str]:
        return frozenset(self.path_of(file.path) for file in report.files)

    def _is_elsewhere(self, entry: BaselineEntry, linted: frozenset[str]) -> bool:
        """Whether an entry is of a file that is there, and that nobody looked at now."""
        return entry.path not in linted and self._is_there(entry.path)

    def path_of(self, path: str) -> str:
        """Return a path as the entries write it."""
        return Path(os.path.relpath(path, self.path.parent)).as_posix()

    def _is_there(self, path: str) -> bool:
        return (self.path.parent / path).exists()

    def _entry_of(self, one: PlacedFinding, old: BaselineEntry | None) -> BaselineEntry:
        finding = one.finding
        quote = " ".join(finding.at.quote.split()) if finding.at and finding.kind.value == "present" else ""
        reason = "" if old is None else old.reason
        return BaselineEntry(self.path_of(one.path), finding.rule, finding.fingerprint, one.template, quote, reason)


@dataclass
class _Matcher:
    """Give each entry to one finding: first in its own file, then, if that is gone, in any other."""

    baseline: Baseline
    own: defaultdict[tuple[str, str], list[BaselineEntry]] = field(default_factory=lambda: defaultdict(list))
    free: defaultdict[str, list[BaselineEntry]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        entries = self.baseline.entries
        here = {entry.path for entry in entries if (self.baseline.path.parent / entry.path).exists()}
        for entry in entries:
            if entry.path in here:
                self.own[entry.path, entry.fingerprint].append(entry)
            else:
                self.free[entry.fingerprint].append(entry)

    def take(self, one: PlacedFinding) -> BaselineEntry | None:
        """Return the entry that accepts a finding, which then accepts no other; None if there is none."""
        fingerprint = one.finding.fingerprint
        waiting = self.own[self.baseline.path_of(one.path), fingerprint] or self.free[fingerprint]
        return waiting.pop(0) if waiting else None

    def left(self) -> Iterable[BaselineEntry]:
        """Return the entries that were not taken."""
        return chain.from_iterable((*self.own.values(), *self.free.values()))


def _hidden(file: LintedFile, matcher: _Matcher) -> LintedFile:
    templates = tuple(
        replace(template, findings=tuple(_hidden_finding(one, matcher) for one in template.findings))
        for template in file.templates
    )
    return replace(file, templates=templates)


def _hidden_finding(one: PlacedFinding, matcher: _Matcher) -> PlacedFinding:
    entry = matcher.take(one) if one.is_shown else None
    return one if entry is None else replace(one, hidden=Hidden.BASELINE, reason=entry.reason)


def baseline_to_json(entries: Iterable[BaselineEntry]) -> Json:
    """Return entries as the file holds them, sorted, so that a change is easy to review."""
    return {
        "schema": BASELINE_SCHEMA,
        "findings": [
            {
                "path": entry.path,
                "rule": entry.rule,
                "fingerprint": entry.fingerprint,
                **({"template": entry.template} if entry.template else {}),
                **({"quote": entry.quote} if entry.quote else {}),
                **({"reason": entry.reason} if entry.reason else {}),
            }
            for entry in sorted(entries)
        ],
    }


def load_baseline(path: str) -> Baseline:
    """Read a baseline.

    Raises:
        ConfigError: If it cannot be read or is malformed; names line and key.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such baseline; write one with: convscan baseline write PATH") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8; write it anew with: convscan baseline write PATH") from None
    try:
        return Baseline(Path(path), tuple(_entries(parse_json_nodes(text))))
    except MalformedDocumentError as error:
        line, column = Lines(text).place(error.offset)
        raise ConfigError(f"{path}:{line}:{column}: {error}") from None


def _entries(root: Node) -> Iterable[BaselineEntry]:
    schema = root.fields.get("schema")
    if schema is None or schema.value != BASELINE_SCHEMA:
        found = "none" if schema is None else repr(schema.value)
        raise MalformedDocumentError(f"schema is {found}, expected {BASELINE_SCHEMA!r}", (schema or root).start)
    findings = root.fields.get("findings")
    if findings is None or not isinstance(findings.value, list):
        raise MalformedDocumentError("findings: expected a list", (findings or root).start)
    return [_entry(item, f"findings[{number}]") for number, item in enumerate(findings.items)]


def _entry(node: Node, where: str) -> BaselineEntry:
    if not isinstance(node.value, dict):
        raise MalformedDocumentError(f"{where}: expected an object", node.start)
    for key, value in node.fields.items():
        if key not in _KEYS:
            raise MalformedDocumentError(
                f"{where}: unknown key {key!r}; known: {', '.join(sorted(_KEYS))}", value.start
            )
        if value.text is None:
            raise MalformedDocumentError(f"{where}.{key}: expected text", value.start)
    for key in ("fingerprint", "rule", "path"):
        if key not in node.fields:
            raise MalformedDocumentError(f"{where}: no {key!r}", node.start)
    return BaselineEntry(**{key: value.text or "" for key, value in node.fields.items()})
