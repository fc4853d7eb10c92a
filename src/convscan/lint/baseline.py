"""The baseline: findings that were there when a team began, and are accepted.

A finding is known by its fingerprint, which stays when files are renamed and other text
changes. The path in an entry tells two equal findings in two files apart; when the
file is gone the entry holds for whichever file took its place.
"""

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
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

    def stale(self, report: LintReport) -> tuple[BaselineEntry, ...]:
        """Return the entries that stand for nothing any more in the files of a report, or whose file is gone."""
        matcher = _Matcher(self)
        for file in report.files:
            _hidden(file, matcher)
        linted = {self.path_of(file.path) for file in report.files}
        return tuple(entry for entry in matcher.left() if entry.path in linted or not self._is_there(entry.path))

    def path_of(self, path: str) -> str:
        """Return a path as the entries write it."""
        return Path(os.path.relpath(path, self.path.parent)).as_posix()

    def _is_there(self, path: str) -> bool:
        return (self.path.parent / path).exists()

    def entry_of(self, one: PlacedFinding) -> BaselineEntry:
        """Return the entry that accepts a finding; the reason of an old one is kept."""
        finding = one.finding
        path = self.path_of(one.path)
        reasons = (old.reason for old in self.entries if (old.path, old.fingerprint) == (path, finding.fingerprint))
        quote = " ".join(finding.at.quote.split()) if finding.at and finding.kind.value == "present" else ""
        return BaselineEntry(path, finding.rule, finding.fingerprint, one.template, quote, next(reasons, ""))


@dataclass
class _Matcher:
    """Give each entry to one finding: first in its own file, then, if that is gone, in any other."""

    baseline: Baseline
    own: Counter[tuple[str, str]] = field(init=False)
    free: Counter[str] = field(init=False)
    given: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        entries = self.baseline.entries
        here = {entry.path for entry in entries if (self.baseline.path.parent / entry.path).exists()}
        self.own = Counter((entry.path, entry.fingerprint) for entry in entries if entry.path in here)
        self.free = Counter(entry.fingerprint for entry in entries if entry.path not in here)

    def takes(self, one: PlacedFinding) -> bool:
        key = self.baseline.path_of(one.path), one.finding.fingerprint
        for counter, name in ((self.own, key), (self.free, key[1])):
            if counter[name] > 0:  # type: ignore[index] # each counter has keys of its own kind
                counter[name] -= 1  # type: ignore[index] # likewise
                return True
        return False

    def left(self) -> Iterable[BaselineEntry]:
        own, free = Counter(self.own), Counter(self.free)
        for entry in self.baseline.entries:
            key = entry.path, entry.fingerprint
            if own[key] > 0:
                own[key] -= 1
                yield entry
            elif free[entry.fingerprint] > 0:
                free[entry.fingerprint] -= 1
                yield entry


def _hidden(file: LintedFile, matcher: _Matcher) -> LintedFile:
    templates = tuple(
        replace(template, findings=tuple(_hidden_finding(one, matcher) for one in template.findings))
        for template in file.templates
    )
    return replace(file, templates=templates)


def _hidden_finding(one: PlacedFinding, matcher: _Matcher) -> PlacedFinding:
    if not one.is_shown or not matcher.takes(one):
        return one
    return replace(one, hidden=Hidden.BASELINE)


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
