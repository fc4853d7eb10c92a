"""JUnit XML: a file is a suite, a template is a test case."""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import TextIO
from xml.etree import ElementTree as ET

from convscan.finding import worst
from convscan.lint.formats.base import LintFormat, LintWriteOptions
from convscan.lint.report import LintedFile, LintedTemplate, LintReport, PlacedFinding

# What XML 1.0 cannot hold, not even escaped.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_junit(report: LintReport, stream: TextIO, options: LintWriteOptions) -> None:
    """Write a test case for each template; it fails by findings that fail the run."""
    root = ET.Element("testsuites", {"name": "convscan"})
    totals = {"tests": 0, "failures": 0, "errors": 0}
    for file in report.files:
        suite = ET.SubElement(root, "testsuite", {"name": _text(file.path)})
        cases = [*_cases(file, options)]
        suite.extend(cases)
        counts = {
            "tests": len(cases),
            "failures": sum(case.find("failure") is not None for case in cases),
            "errors": sum(case.find("error") is not None for case in cases),
        }
        for key, count in counts.items():
            suite.set(key, str(count))
            totals[key] += count
    for key, count in totals.items():
        root.set(key, str(count))
    ET.indent(root)
    stream.write('<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n")


def _cases(file: LintedFile, options: LintWriteOptions) -> Iterator[ET.Element]:
    for template in file.templates:
        yield _case(file, template, options)
    for fault in file.faults:
        case = _element("testcase", {"classname": file.path, "name": "readable", "file": file.path})
        case.append(_element("error", {"message": fault.message, "type": "unreadable"}, str(fault)))
        yield case


def _case(file: LintedFile, template: LintedTemplate, options: LintWriteOptions) -> ET.Element:
    name = template.name or PurePath(file.path).stem
    place = {"file": file.path, "line": str(template.start.line)}
    case = _element("testcase", {"classname": file.path, "name": name, **place})
    shown = [one for one in template.findings if one.is_shown]
    failing = [one for one in shown if options.fails(one.finding.severity)]
    others = [one for one in shown if one not in failing]
    if failing:
        gravest = worst([one.finding for one in failing])
        first = next(one for one in failing if one.finding.severity is gravest)
        more = f" (and {len(failing) - 1} more)" if len(failing) > 1 else ""
        attributes = {"message": f"{first.finding.rule}: {first.finding.message}{more}", "type": first.finding.rule}
        case.append(_element("failure", attributes, "\n".join(map(_line, failing))))
    if others:
        case.append(_element("system-out", {}, "\n".join(map(_line, others))))
    return case


def _line(one: PlacedFinding) -> str:
    finding = one.finding
    place = f"{one.path}:{one.region.line}:{one.region.column}"
    return f"{place}: {finding.severity} {finding.rule}: {finding.message} {finding.suggestion}"


def _element(tag: str, attributes: dict[str, str], text: str | None = None) -> ET.Element:
    element = ET.Element(tag, {key: _text(value) for key, value in attributes.items()})
    element.text = None if text is None else _text(text)
    return element


def _text(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)


FORMAT = LintFormat("junit", "JUnit XML, for test reports", write_junit)
