"""`convscan lint`: template replies, before a customer reads them."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import click

from convscan.cli.left_out import left_out_in_words
from convscan.cli.main import EXIT_FAILED
from convscan.cli.output import open_output, refuse_overwriting
from convscan.cli.settings import settings, split_list
from convscan.cli.shared_options import rules_option, settings_options
from convscan.cli.speaking import is_colourful, line_width, tell
from convscan.config import Config, FailOn, ModelChoice
from convscan.errors import ConfigError
from convscan.finding import Severity, Status
from convscan.lint.report import Hidden, LintReport
from convscan.resources import cache_folder
from convscan.rules.rule import Rule
from convscan.writers.counting import counted
from convscan.writers.printable import printable


@click.command(short_help="Lint template replies before a customer reads them.")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="NAME[=FILE]",
    help="text, concise, github, sarif, gitlab, junit, rdjsonl, json or jsonl; several with FILEs."
    "  [default: text; github inside GitHub Actions]",
)
@click.option("--output", metavar="FILE", help="Write the format that has no FILE here, not to stdout.")
@click.option(
    "--select", multiple=True, callback=split_list, metavar="RULES", help="Look for these rules or families only."
)
@click.option(
    "--ignore", multiple=True, callback=split_list, metavar="RULES", help="Leave out these rules or families."
)
@click.option("--min-confidence", type=float, metavar="0..1", help="Show only findings that are at least so sure.")
@click.option(
    "--fail-on",
    type=click.Choice([choice.value for choice in FailOn]),
    help="Exit with 1 from this severity on.  [default: warning]",
)
@click.option("--baseline", metavar="FILE", help="Accept the findings in this file; see `convscan baseline`.")
@click.option("--changed-since", metavar="REV", help="Lint only what differs from this Git revision.")
@click.option("--stdin-filename", metavar="PATH", help="Read standard input as this file, for editors.")
@click.option("--no-cache", is_flag=True, help="Judge every file anew and remember nothing.")
@click.option(
    "--strict",
    is_flag=True,
    help="Exit with 2 if any file could not be read or was judged only in part, if any suppression is wrong,"
    " or any rule not loaded.",
)
@click.option("--watch", is_flag=True, help="Lint again whenever a file changes, until interrupted.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@rules_option
@settings_options
def lint(
    *,
    paths: tuple[str, ...],
    formats: tuple[str, ...],
    output: str | None,
    baseline: str | None,
    changed_since: str | None,
    stdin_filename: str | None,
    no_cache: bool,
    strict: bool,
    watch: bool,
    color: str,
    config_path: str | None,
    isolated: bool,
    **given: object,
) -> int:
    """Lint template replies before a customer reads them.

    PATH is a file, a folder, a pattern, or - for standard input: Markdown, text, HTML,
    Jinja, Liquid, and exports of macros in JSON, YAML and CSV. Findings go to stdout,
    all else to stderr.

    \b
    Exit codes: 0 nothing at or above --fail-on, 1 findings at or above it,
    2 the job could not be done, 130 interrupted.

    \b
    Examples:
      convscan lint templates/
      convscan lint macros.json --format sarif=out.sarif --format text
      convscan lint - --stdin-filename templates/refund.md < draft.md
    """  # noqa: D301 # \b is click's mark for "do not re-wrap"
    config = settings(
        config_path=config_path,
        isolated=isolated,
        given={**{k.replace("_", "-"): v for k, v in given.items()}, "baseline": baseline, "format": formats},
    )
    run = LintRun(
        config=config,
        outputs=tuple(_outputs(config.format, output)),
        colour=color,
        changed_since=changed_since,
        use_cache=not no_cache,
        strict=strict,
        stdin_path=stdin_filename,
    )
    wanted = paths or (("-",) if stdin_filename else ())
    if not wanted:
        raise click.UsageError("name files or folders of templates, or - for standard input")
    if watch:
        from convscan.cli.watching import watched

        for _ in watched(wanted, config):
            run.once(wanted)
    return run.once(wanted)


@dataclass(frozen=True, slots=True)
class Output:
    """One format and where it goes: None for stdout."""

    format: str
    path: str | None


def _outputs(formats: tuple[str, ...], output: str | None) -> list[Output]:
    """Return what is written where.

    Raises:
        ConfigError: If two formats would go to one place.
    """
    default = "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"
    found = []
    for entry in formats or (default,):
        name, equals, path = entry.partition("=")
        found.append(Output(name, path if equals else output))
    places = [one.path or "-" for one in found]
    for place in places:
        if places.count(place) > 1:
            where = "stdout" if place == "-" else place
            raise ConfigError(f"two formats go to {where}; write one of them to a file: --format sarif=out.sarif")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class LintRun:
    """One call of `convscan lint`, which may lint many times."""

    config: Config
    outputs: tuple[Output, ...]
    colour: str
    changed_since: str | None
    use_cache: bool
    strict: bool
    stdin_path: str | None

    def once(self, paths: tuple[str, ...]) -> int:
        """Lint, write, and return the exit code."""
        from convscan.lint.baseline import load_baseline
        from convscan.lint.changes import changes_since
        from convscan.lint.formats import format_named
        from convscan.lint.paths import files_in
        from convscan.lint.running import Linter, ignore
        from convscan.lint.suppressing import renaming_notices

        for one in self.outputs:
            format_named(one.format)  # a name that is none is told before anything is read
        refuse_overwriting(
            {f"--format {one.format}": one.path for one in self.outputs},
            lambda: chain(
                filter(None, [self.config.baseline]),
                (item for item in files_in(paths, self.config, notify=ignore) if isinstance(item, str)),
            ),
        )
        linter = Linter(
            self.config,
            baseline=load_baseline(self.config.baseline) if self.config.baseline else None,
            changes=changes_since(self.changed_since) if self.changed_since else None,
            use_cache=self.use_cache,
            notify=tell,
            stdin_path=self.stdin_path,
        )
        if self.config.min_confidence and (self.config.model or ModelChoice.NONE) is ModelChoice.NONE:
            tell(
                f"min-confidence = {self.config.min_confidence:g} leaves out every finding, for without a model none"
                ' has a measured confidence; set model = "fast" or "full", or take min-confidence out'
            )
        for notice in renaming_notices(self.config, linter.rules.renamed):
            tell(notice)
        report = linter.lint(paths)
        for fault in report.faults:
            click.echo(f"{printable(fault.place)}: error: {printable(fault.message)}", err=True)
        for notice_of_file in report.notices:
            click.echo(printable(str(notice_of_file)), err=True)
        self._write(report, linter.config)
        tell(_summary(report))
        return self._exit_code(report, left_out_rules=len(linter.rule_errors))

    def _write(self, report: LintReport, config: Config) -> None:
        from convscan.lint.formats import LintWriteOptions, format_named

        for item, one in [(format_named(one.format), one) for one in self.outputs]:
            with ExitStack() as stack:
                stream = stack.enter_context(open_output(one.path))
                options = LintWriteOptions(
                    width=line_width(),
                    colour=is_colourful(self.colour, stream),
                    fail_on=self._fail_on,
                    version=version("convscan"),
                    rules=lambda: _rules(config, folder=cache_folder() if self.use_cache else None),
                    has_baseline=bool(config.baseline),
                )
                item.write(report, stream, options)

    @property
    def _fail_on(self) -> FailOn:
        return self.config.fail_on or FailOn.WARNING

    def _exit_code(self, report: LintReport, *, left_out_rules: int) -> int:
        faults = list(report.faults)
        nothing_read = faults and not report.template_count
        errors = faults or left_out_rules or any(notice.is_error for notice in report.notices)
        if nothing_read or any(fault.is_setting for fault in faults) or (self.strict and errors):
            return EXIT_FAILED
        if self._fail_on is FailOn.NEVER:
            return 0
        threshold = Severity(self._fail_on.value).rank
        return int(any(one.finding.severity.rank >= threshold for one in report.shown))


def _rules(config: Config, *, folder: Path | None) -> Sequence[Rule]:
    """Return the rules that were looked for, by id.

    Args:
        folder: Where they are kept ready; None to keep nothing.
    """
    from convscan.resources import ready_rules_folder, rules_folder
    from convscan.rules.index import packs_in_force
    from convscan.rules.kept import load_rules

    packs = packs_in_force(config.rules_paths)
    catalogue = load_rules(rules_folder(), packs, folder=folder, shipped=ready_rules_folder()).catalogue
    return [rule for rule in catalogue.rules.values() if config.wants(rule.id)]


def _summary(report: LintReport) -> str:
    """Return the closing line."""
    counts = [counted(report.count(severity), severity.value) for severity in reversed(Severity)]
    hidden = [one.hidden for one in report.findings]
    more = [
        f"{hidden.count(reason)} {words}"
        for reason, words in ((Hidden.SUPPRESSION, "suppressed"), (Hidden.BASELINE, "in the baseline"))
        if reason in hidden
    ]
    unjudged = sum(one.result.status is Status.NOT_JUDGED for file in report.files for one in file.templates)
    more += [f"{unjudged} not judged"] if unjudged else []
    unread = len(list(report.faults))
    more += [f"{unread} not read in full"] if unread else []
    unsure, unmeasured = report.unsure_left_out, report.unmeasured_left_out
    if unsure + unmeasured:
        more.append(f"{unsure + unmeasured} {left_out_in_words(unsure=unsure, unmeasured=unmeasured)}")
    templates = counted(report.template_count, "template")
    return f"{templates} in {counted(len(report.files), 'file')}: {', '.join([*counts, *more])}"
