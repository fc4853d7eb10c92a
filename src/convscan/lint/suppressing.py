"""Leave out the findings that users do not want: here, in these files, since long ago."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from convscan.config import Config, check_rule_name, covers
from convscan.errors import ConfigError
from convscan.finding import Kind
from convscan.lint.paths import FilePatterns
from convscan.lint.report import Hidden, LintedFile, LintedTemplate, PlacedFinding, PlacedNotice
from convscan.rules.index import RuleIndex
from convscan.templates.suppressions import Suppression, Target


@dataclass(frozen=True)
class Suppressor:
    """What settings and comments say about findings.

    Attributes:
        rules: All rules that there are, to tell names that are none.
    """

    config: Config
    rules: RuleIndex

    def apply(self, file: LintedFile) -> LintedFile:
        """Return a file without what is not wanted, and with notices of suppressions that do nothing."""
        ignored = tuple(self._ignored_in(file.path))
        templates: list[LintedTemplate] = []
        for template in file.templates:
            kept = [one for one in template.findings if not any(covers(entry, one.finding.rule) for entry in ignored)]
            suppressions = [self._renamed(one) for one in template.suppressions]
            findings = [_suppressed(one, suppressions) for one in kept]
            templates.append(replace(template, findings=tuple(findings)))
        return replace(file, templates=tuple(templates), notices=(*file.notices, *self._notices(file)))

    def _ignored_in(self, path: str) -> Iterator[str]:
        for pattern, entries in self.config.per_file_ignores.items():
            if FilePatterns.of((pattern,)).match(path, root=self.config.root):
                yield from entries

    def _renamed(self, suppression: Suppression) -> Suppression:
        targets = tuple(replace(one, rule=self.rules.renamed.get(one.rule, one.rule)) for one in suppression.targets)
        return replace(suppression, targets=targets)

    def _notices(self, file: LintedFile) -> Iterable[PlacedNotice]:
        """Return what there is to say of a file's suppressions, each thing once.

        A suppression at the head of a file holds for all its templates: it is used if one of them needs it.
        """
        notices: dict[tuple[int, str], PlacedNotice] = {}
        used: dict[tuple[int, str], bool] = {}
        for template in file.templates:
            for wrong in template.malformed:
                notices[wrong.offset, wrong.message] = _notice(file, wrong.offset, wrong.message, is_error=True)
            for written in template.suppressions:
                suppression = self._renamed(written)
                told = [*self._renamings(file, written, suppression), *self._unknown(file, suppression)]
                notices.update({(written.offset, notice.message): notice for notice in told})
                if any(notice.is_error for notice in told) or not self._can_be_judged(suppression, template):
                    continue
                for target in suppression.targets or (None,):
                    what = f" of {target.rule}" if target else ""
                    key = suppression.offset, f"suppression{what} suppresses nothing; take it out"
                    applies = any(_applies(suppression, target, one) for one in template.findings)
                    used[key] = used.get(key, False) or applies
        unused = {key: _notice(file, *key) for key, is_used in used.items() if not is_used}
        return [notice for _, notice in sorted({**notices, **unused}.items(), key=lambda item: item[0])]

    def _renamings(self, file: LintedFile, written: Suppression, suppression: Suppression) -> Iterator[PlacedNotice]:
        for old, new in zip(written.targets, suppression.targets, strict=True):
            if old.rule != new.rule:
                yield _notice(file, written.offset, f"{old.rule} is now {new.rule}; change its name here")

    def _unknown(self, file: LintedFile, suppression: Suppression) -> Iterator[PlacedNotice]:
        for target in suppression.targets:
            try:
                check_rule_name(target.rule, self.rules.files, where="suppression")
            except ConfigError as error:
                yield _notice(file, suppression.offset, str(error), is_error=True)

    def _can_be_judged(self, suppression: Suppression, template: LintedTemplate) -> bool:
        """Whether rules that are off, or a text that was not judged, are no reason why nothing was found."""
        if template.result.status.value != "judged":
            return False
        names = [target.rule for target in suppression.targets]
        return all(any(self.config.wants(rule) for rule in self.rules.files if covers(name, rule)) for name in names)


def _suppressed(one: PlacedFinding, suppressions: Iterable[Suppression]) -> PlacedFinding:
    for suppression in suppressions:
        if any(_applies(suppression, target, one) for target in suppression.targets or (None,)):
            return replace(one, hidden=Hidden.SUPPRESSION, reason=suppression.reason)
    return one


def _applies(suppression: Suppression, target: Target | None, one: PlacedFinding) -> bool:
    """Whether a suppression holds for a finding.

    Args:
        target: One of its targets; None if it has none, which means every rule.
    """
    finding = one.finding
    if target is not None and not covers(target.rule, finding.rule):
        return False
    if finding.at is None or finding.kind is Kind.MISSING:
        # It stands nowhere: who names the rule, or speaks of the whole template, means it.
        return suppression.is_whole or (target is not None and target.quote is None)
    if target is not None and target.quote is not None and not _same_words(target.quote, finding.at.quote):
        return False
    return finding.at.start < suppression.end and suppression.start < finding.at.end


def _same_words(written: str, found: str) -> bool:
    """Whether words are those that were found, or a part of them."""
    return " ".join(written.lower().split()) in " ".join(found.lower().split())


def _notice(file: LintedFile, offset: int, message: str, *, is_error: bool = False) -> PlacedNotice:
    line, column = file.lines.place(offset)
    return PlacedNotice(file.path, line, column, message, is_error=is_error)


def renaming_notices(config: Config, renamed: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each rule that the settings call by its old name."""
    for key, entries in config.named_rules():
        yield from (
            f"{key}: {entry} is now {renamed[entry]}; change its name there" for entry in entries if entry in renamed
        )
