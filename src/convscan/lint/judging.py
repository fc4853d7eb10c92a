"""Judge the templates of a file and put the findings in their places."""

import gc
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from convscan.config import Config, ModelChoice
from convscan.conversation import Channel
from convscan.errors import RuleError
from convscan.finding import Finding, Kind, ScanResult, Severity
from convscan.lazy import lazy_property
from convscan.lint.report import LintedFile, LintedTemplate, PlacedFinding, Region
from convscan.source_map import Lines
from convscan.templates.template import Template, TemplateFault, TemplateFile

if TYPE_CHECKING:
    from convscan.scanner import Scanner


class TemplateJudge:
    """Judge templates; the rules are loaded with the first one, for most runs need none."""

    def __init__(self, config: Config, *, rules_cache: Path | None = None) -> None:
        """Take the settings, and the folder in which what is made of the rules is kept."""
        self._config = config
        self._rules_cache = rules_cache

    @lazy_property
    def _scanner(self) -> "Scanner":
        from convscan.scanner import Scanner

        # What stops a merge must be plain to see in a rule; the model looks on only if it is asked for.
        config = replace(self._config, model=self._config.model or ModelChoice.NONE)
        scanner = Scanner(config, rules_cache=self._rules_cache)
        # The rules stay until the end: without this every full collection walks through all of them.
        gc.freeze()
        return scanner

    @property
    def rule_errors(self) -> tuple[RuleError, ...]:
        """What was wrong in rules that were left out; none if no rules were needed."""
        return self._scanner.rule_errors if "_scanner" in self.__dict__ else ()

    def judge(self, file: TemplateFile) -> LintedFile:
        """Return a file with what was found in it."""
        templates: list[LintedTemplate] = []
        faults = list(file.faults)
        for template in file.templates:
            linted = self._judged(template, file.lines, file.path)
            templates.append(linted)
            start = linted.start
            faults.extend(
                TemplateFault(file.path, problem.message, start.line, start.column) for problem in linted.result.errors
            )
        return LintedFile(file.path, file.lines, tuple(templates), tuple(faults), doubts=file.doubts)

    def _judged(self, template: Template, lines: Lines, path: str) -> LintedTemplate:
        result = self._scanner.scan_record(template.conversation)
        start = _opening(template, lines)
        findings = tuple(self._in_force(result, template))
        name = template.name
        return LintedTemplate(
            key=template.conversation.id,
            name=name,
            start=start,
            result=replace(result, findings=findings),
            scenario=template.conversation.scenario,
            findings=tuple(
                PlacedFinding(
                    finding,
                    path,
                    _region(finding, template, lines, start),
                    name,
                    because=tuple(_place(template, lines, span.start, span.end) for span in finding.because),
                )
                for finding in findings
            ),
            suppressions=template.suppressions,
            malformed=template.malformed,
        )

    def _in_force(self, result: ScanResult, template: Template) -> Iterator[Finding]:
        """Yield the findings that hold for a template.

        Whether an undeclared text is a complete reply is a guess: what is missing in it is a note.
        """
        is_declared = template.conversation.scenario is not None
        for finding in result.findings:
            if not self._is_for(finding.rule, template.sent_by):
                continue
            is_guess = finding.kind is Kind.MISSING and not is_declared
            yield replace(finding, severity=Severity.NOTE) if is_guess else finding

    def _is_for(self, rule_id: str, sent_by: Channel | None) -> bool:
        """Whether a rule is about what is sent by a channel; what it says of templates holds for all."""
        rule = self._scanner.catalogue.rules.get(rule_id)
        channels: Iterable[Channel] = rule.channels if rule else ()
        others = set(channels) - {Channel.TEMPLATE}
        return sent_by is None or not others or sent_by in others


def _opening(template: Template, lines: Lines) -> Region:
    """Return the first line of a template's text: where what is missing in it is reported."""
    text = template.text
    start = len(text) - len(text.lstrip())
    first_line = text[start:].split("\n", 1)[0].rstrip()
    return _place(template, lines, start, start + max(1, len(first_line)))


def _region(finding: Finding, template: Template, lines: Lines, start: Region) -> Region:
    if finding.at is None or finding.kind is Kind.MISSING:
        return start
    return _place(template, lines, finding.at.start, finding.at.end)


def _place(template: Template, lines: Lines, start: int, end: int) -> Region:
    line, column = lines.place(template.source_map.start(start))
    end_line, end_column = lines.place(template.source_map.end(end))
    return Region(line, column, end_line, end_column)
