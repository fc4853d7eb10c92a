"""The results of a lint as records: those of `convscan scan`, with places."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

from convscan.conversation import Source
from convscan.finding import Problem, ProblemCode, ScanResult, Status, Tool
from convscan.lint.report import LintedFile, LintedTemplate, LintReport, Region
from convscan.records import Json, result_to_json


def records(report: LintReport, version: str) -> Iterator[dict[str, Json]]:
    """Yield a record for each template, and one for each fault that leaves none to judge."""
    for file in report.files:
        for template in file.templates:
            yield _record(file, template)
        told = {problem.message for template in file.templates for problem in template.result.errors}
        for fault in file.faults:
            if fault.message not in told:
                problem = Problem(ProblemCode.UNREADABLE, str(fault))
                tool = Tool(version=version, rules="")
                source = Source(fault.path, fault.line)
                yield result_to_json(ScanResult(None, Status.ERROR, tool, source=source, errors=(problem,)))


def _record(file: LintedFile, template: LintedTemplate) -> dict[str, Json]:
    shown = [one for one in template.findings if one.is_shown]
    result = replace(
        template.result,
        conversation_id=template.key or PurePath(file.path).stem,
        source=Source(file.path, template.start.line),
        findings=tuple(one.finding for one in shown),
    )
    record = result_to_json(result)
    findings = record["findings"]
    if isinstance(findings, list):
        record["findings"] = [
            {**item, "location": _location(file.path, one.region)}
            for item, one in zip(findings, shown, strict=True)
            if isinstance(item, dict)
        ]
    record["template"] = {
        "name": template.name or PurePath(file.path).stem,
        "scenario": None if template.scenario is None else template.scenario.value,
        "suppressed": sum(not one.is_shown for one in template.findings),
    }
    return record


def _location(path: str, region: Region) -> Json:
    return {
        "path": path,
        "line": region.line,
        "column": region.column,
        "end_line": region.end_line,
        "end_column": region.end_column,
    }
