"""Lint files: read, judge or remember, suppress, compare with the baseline."""

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from convscan.config import Config, ModelChoice, TemplateSettings
from convscan.errors import RuleError, TranscriptError
from convscan.finding import Status
from convscan.lint.baseline import Baseline
from convscan.lint.cache import Cache
from convscan.lint.changes import Changes
from convscan.lint.judging import TemplateJudge
from convscan.lint.paths import files_in, settings_of
from convscan.lint.report import LintedFile, LintReport, PlacedNotice
from convscan.lint.suppressing import Suppressor
from convscan.models import digest_on_disk
from convscan.readers.opening import STREAM_FAILURES, open_input
from convscan.readers.selection import STDIN, explain_os_error
from convscan.resources import cache_folder, code_digest, rules_folder
from convscan.rules.index import RuleIndex, index_rules, packs_in_force
from convscan.source_map import Lines
from convscan.templates.reading import read_template_file, shape_of
from convscan.templates.template import TemplateFault, TemplateFile

# Settings that decide about no finding; a result stays good when they change.
_NOT_JUDGING = ("per_file_ignores", "exclude", "templates", "baseline", "format", "cache_dir", "root", "fail_on")


def ignore(_message: str) -> None:
    """Take a notice and do nothing with it."""


@dataclass
class Linter:
    """Lint any number of files with one set of settings.

    Attributes:
        baseline: Findings that are accepted; None if there are none.
        changes: What alone is looked at; None for everything.
        notify: Told what was guessed or left out, one line at a time.
    """

    config: Config
    baseline: Baseline | None = None
    changes: Changes | None = None
    use_cache: bool = True
    notify: Callable[[str], None] = ignore
    stdin: BinaryIO | None = None
    stdin_path: str | None = None
    rules: RuleIndex = field(init=False)

    def __post_init__(self) -> None:
        """Check the names of rules in the settings.

        Raises:
            ConfigError: If there is no such rule.
            RuleError: If a folder of rules is not there.
        """
        self.rules = index_rules(rules_folder(), packs_in_force(self.config.rules_paths))
        self.config = self.config.with_renamed_rules(self.rules.renamed)
        self.config.check_rules(self.rules.files)
        self._judge = TemplateJudge(self.config, rules_cache=cache_folder() if self.use_cache else None)
        self._suppressor = Suppressor(self.config, self.rules)
        folder = Path(self.config.cache_dir) if self.use_cache else None
        self._cache = Cache(folder, _basis(self.config, self.rules.digest) if folder else "")
        self._told: set[str] = set()

    @property
    def rule_errors(self) -> tuple[RuleError, ...]:
        """What was wrong in rules that were left out; none if no rules were needed."""
        return self._judge.rule_errors

    def lint(self, paths: Iterable[str]) -> LintReport:
        """Lint files, folders and patterns."""
        files = tuple(self._files(paths))
        self._cache.close()
        for error in self.rule_errors:
            self._tell(f"rule left out: {error}")
        report = LintReport(files)
        return report if self.baseline is None else self.baseline.apply(report)

    def _files(self, paths: Iterable[str]) -> Iterator[LintedFile]:
        for item in files_in(paths, self.config, notify=self._tell):
            if isinstance(item, TemplateFault):
                yield LintedFile(item.path, Lines(""), faults=(item,))
            elif item == STDIN or self.changes is None or self.changes.touches(item):
                yield _with_unjudged_told(self._suppressor.apply(self._linted(item)))

    def _tell(self, message: str) -> None:
        if message not in self._told:
            self._told.add(message)
            self.notify(message)

    def _linted(self, path: str) -> LintedFile:
        shown = (self.stdin_path or path) if path == STDIN else path
        content = self._content(path)
        if isinstance(content, str):
            return LintedFile(shown, Lines(""), faults=(TemplateFault(shown, content),))
        settings = settings_of(shown, self.config)
        only = None if self.changes is None or path == STDIN else self.changes.before(path)
        # What was there before decides which templates count: such results are not kept.
        key = self._cache.key(content, f"{_about(shown, content)}\0{settings!r}") if only is None else None
        known = self._cache.load(key, shown, Lines(_text(content))) if key else None
        linted = known or self._judge.judge(self._wanted(content, shown, settings, only))
        for doubt in linted.doubts:
            self._tell(doubt)
        # What is wrong in a rule is told where the rules are loaded: in each run, as long as nothing is remembered.
        if key and known is None and not self.rule_errors:
            self._cache.store(key, linted)
        return linted

    def _wanted(self, content: bytes, path: str, settings: TemplateSettings, before: bytes | None) -> TemplateFile:
        """Return the templates of a file that are to be judged: if it was there before, those that are new in it."""
        file = self._read(content, path, settings)
        if before is None:
            return file
        old = _opened(path, io.BytesIO(before))
        if isinstance(old, str):
            self._tell(f"{path}: its old version {old}; all that is in it counts as changed")
            return file
        return _changed_only(file, self._read(old, path, settings))

    def _read(self, content: bytes, path: str, settings: TemplateSettings) -> TemplateFile:
        limits = self.config.max_record_bytes, self.config.max_utterance_chars
        known = self.config.placeholders
        return read_template_file(content, path, settings, max_bytes=limits[0], max_chars=limits[1], placeholders=known)

    def _content(self, path: str) -> bytes | str:
        """Return what a file holds, or why it cannot be read."""
        try:
            if path == STDIN:
                return _opened(path, self.stdin or sys.stdin.buffer, self.config.max_record_bytes)
            with Path(path).open("rb") as stream:
                return _opened(path, stream, self.config.max_record_bytes)
        except OSError as error:
            return explain_os_error(path, error)


def _opened(path: str, stream: BinaryIO, limit_bytes: int = -2) -> bytes | str:
    """Return what a stream holds, or why it cannot be read; of more than the limit, one byte more, so that it shows."""
    try:
        return open_input(stream).stream.read(limit_bytes + 1)
    except TranscriptError as error:
        return str(error)
    except STREAM_FAILURES as error:
        return explain_os_error(path, error) if isinstance(error, OSError) else f"is damaged ({error})"


def _basis(config: Config, rules: str) -> str:
    """Return what all that is remembered depends on beside the files."""
    read_with = digest_on_disk(config.model or ModelChoice.NONE, config.fast_model)
    return f"{code_digest()}\0{rules}\0{read_with}\0{_judging(config)}"


def _text(content: bytes) -> str:
    from convscan.readers.text_encoding import decode_text

    return decode_text(content).text


def _about(path: str, content: bytes) -> str:
    return shape_of(path, content[:65536].decode("utf-8", "replace"))


def _with_unjudged_told(file: LintedFile) -> LintedFile:
    """Return a file with a notice if some of it was not judged: what is not English, or has no words, is not clean."""
    unjudged = [one for one in file.templates if one.result.status is Status.NOT_JUDGED]
    if not unjudged:
        return file
    first = unjudged[0]
    languages = sorted({one.result.language for one in unjudged if one.result.language})
    count = "1 template" if len(unjudged) == 1 else f"{len(unjudged)} templates"
    why = f"in language {', '.join(languages)}; if it is English, declare `language: en`"
    message = f"{count} not judged, {why if languages else 'for there are no words in it'}"
    notice = PlacedNotice(file.path, first.start.line, first.start.column, message)
    return replace(file, notices=(*file.notices, notice))


def _judging(config: Config) -> str:
    neutral = Config()
    return repr(replace(config, **{name: getattr(neutral, name) for name in _NOT_JUDGING}))


def _changed_only(file: TemplateFile, old: TemplateFile) -> TemplateFile:
    """Return a file without the templates that were there already, word for word."""
    known = {(template.name, template.text, template.conversation.scenario) for template in old.templates}
    kept = tuple(
        template
        for template in file.templates
        if (template.name, template.text, template.conversation.scenario) not in known
    )
    return replace(file, templates=kept)
