"""SARIF 2.1.0, for code scanning: a run that declares its rules, also when nothing was found."""

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TextIO
from urllib.parse import quote

from convscan.finding import Severity
from convscan.lint.formats.base import LintFormat, LintWriteOptions, sentence, template_name
from convscan.lint.report import Hidden, LintReport, PlacedFinding, PlacedNotice, Region
from convscan.records import Json
from convscan.rules.rule import Rule
from convscan.templates.template import TemplateFault
from convscan.writers.json_text import json_text

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
# The folder in which the lint ran.
_ROOT = "%SRCROOT%"


def write_sarif(report: LintReport, stream: TextIO, options: LintWriteOptions) -> None:
    """Write one run with all findings, hidden ones with their suppressions."""
    rules = options.rules()
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    run: dict[str, Json] = {
        "tool": {
            "driver": {
                "name": "convscan",
                "version": options.version,
                "semanticVersion": options.version,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, numbers, has_baseline=options.has_baseline) for one in report.findings],
    }
    stream.write(json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n")


def _rule(rule: Rule) -> Json:
    sources = "\n".join(f"- [{reference.title}]({reference.url})" for reference in rule.references)
    web = next((reference.url for reference in rule.references if reference.url.startswith("http")), None)
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in rule.id.replace("/", "-").split("-")),
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": " ".join(rule.rationale.split())},
        "help": {
            "text": f"{rule.suggestion}\n\n{rule.rationale.strip()}",
            "markdown": f"**Write instead:** {rule.suggestion}\n\n{rule.rationale.strip()}\n\n{sources}",
        },
        **({"helpUri": web} if web else {}),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.family], "scope": rule.scope.value, "origin": rule.origin},
    }


def _result(one: PlacedFinding, numbers: Mapping[str, int], *, has_baseline: bool) -> Json:
    finding = one.finding
    result: dict[str, Json] = {
        "ruleId": finding.rule,
        **({"ruleIndex": numbers[finding.rule]} if finding.rule in numbers else {}),
        "level": _LEVELS[finding.severity],
        "message": {"text": sentence(one)},
        "locations": [
            {
                "physicalLocation": _physical(one.path, one.region),
                "logicalLocations": [
                    {"name": template_name(one), "fullyQualifiedName": f"{one.path}::{template_name(one)}"}
                ],
            }
        ],
        "partialFingerprints": {"convscan/v1": finding.fingerprint},
    }
    if one.because:
        result["relatedLocations"] = _related(one)
    if one.hidden is not None:
        result["suppressions"] = [_suppression(one)]
    if has_baseline:
        result["baselineState"] = "unchanged" if one.hidden is Hidden.BASELINE else "new"
    return result


def _related(one: PlacedFinding) -> list[Json]:
    return [
        {
            "id": number,
            "physicalLocation": _physical(one.path, region),
            "message": {"text": f"'{span.quote}' called for it"},
        }
        for number, (span, region) in enumerate(zip(one.finding.because, one.because, strict=True), start=1)
    ]


def _suppression(one: PlacedFinding) -> Json:
    in_source = one.hidden is Hidden.SUPPRESSION
    default = "suppressed in the template" if in_source else "accepted in the baseline"
    return {
        "kind": "inSource" if in_source else "external",
        "status": "accepted",
        "justification": one.reason or default,
    }


def _physical(path: str, region: Region) -> Json:
    return {
        "artifactLocation": _artifact(path),
        "region": {
            "startLine": region.line,
            "startColumn": region.column,
            "endLine": region.end_line,
            "endColumn": region.end_column,
        },
    }


def _artifact(path: str) -> Json:
    if PurePosixPath(path).is_absolute():
        return {"uri": Path(path).as_uri()}
    return {"uri": quote(path), "uriBaseId": _ROOT}


def _invocation(report: LintReport) -> Json:
    faults = [_fault(fault) for fault in report.faults]
    notices = [_notice(notice) for notice in report.notices]
    return {
        # Files that cannot be read are told below; the run itself came to its end.
        "executionSuccessful": not faults,
        **({"toolExecutionNotifications": faults} if faults else {}),
        **({"toolConfigurationNotifications": notices} if notices else {}),
    }


def _fault(fault: TemplateFault) -> Json:
    region: Sequence[tuple[str, Json]] = (
        [("region", {"startLine": fault.line, "startColumn": fault.column or 1})] if fault.line else []
    )
    location: Json = {"physicalLocation": {"artifactLocation": _artifact(fault.path), **dict(region)}}
    return {"level": "error", "message": {"text": fault.message}, "locations": [location]}


def _notice(notice: PlacedNotice) -> Json:
    region: Json = {"startLine": notice.line, "startColumn": notice.column}
    location: Json = {"physicalLocation": {"artifactLocation": _artifact(notice.path), "region": region}}
    level = "error" if notice.is_error else "note"
    return {"level": level, "message": {"text": notice.message}, "locations": [location]}


FORMAT = LintFormat("sarif", "SARIF 2.1.0, for code scanning", write_sarif)
