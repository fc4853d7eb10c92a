"""`convscan baseline`: findings that are accepted, so that only new ones fail."""

import json
from collections.abc import Iterable
from pathlib import Path

import click

from convscan.cli.output import open_output
from convscan.cli.settings import settings
from convscan.cli.shared_options import rules_option, settings_options
from convscan.cli.speaking import tell
from convscan.config import Config
from convscan.lint.baseline import BASELINE_NAME, Baseline, BaselineEntry, baseline_to_json, load_baseline
from convscan.lint.report import LintReport
from convscan.writers.counting import counted


@click.group(short_help="Write down the findings that are accepted.")
def baseline() -> None:
    """Write down the findings that are accepted.

    `convscan lint --baseline FILE` fails on new ones only.

    Example: convscan baseline write templates/
    """


_PATHS = click.argument("paths", nargs=-1, required=True, metavar="PATH...")
_BASELINE = click.option("--baseline", "path", metavar="FILE", help=f"The baseline.  [default: {BASELINE_NAME}]")


@baseline.command()
@_PATHS
@_BASELINE
@rules_option
@settings_options
def write(
    *, paths: tuple[str, ...], path: str | None, rules_paths: tuple[str, ...], config_path: str | None, isolated: bool
) -> int:
    """Accept all findings that are there now; reasons in an old baseline are kept.

    Example: convscan baseline write templates/
    """
    config = settings(config_path=config_path, isolated=isolated, given={"rules-paths": rules_paths})
    target = path or config.baseline or BASELINE_NAME
    old = load_baseline(target) if Path(target).exists() else Baseline(Path(target))
    report = _linted(paths, config)
    entries = [old.entry_of(one) for one in report.shown]
    _put(entries, target)
    click.echo(f"{target}: {counted(len(entries), 'finding')} accepted", err=True)
    return 0


@baseline.command()
@_PATHS
@_BASELINE
@rules_option
@settings_options
def prune(
    *, paths: tuple[str, ...], path: str | None, rules_paths: tuple[str, ...], config_path: str | None, isolated: bool
) -> int:
    """Take out what is not found any more in the files that are named, or whose file is gone.

    Example: convscan baseline prune templates/
    """
    config = settings(config_path=config_path, isolated=isolated, given={"rules-paths": rules_paths})
    target = path or config.baseline or BASELINE_NAME
    old = load_baseline(target)
    stale = list(old.stale(_linted(paths, config)))
    kept: list[BaselineEntry] = []
    for entry in old.entries:
        if entry in stale:
            stale.remove(entry)
        else:
            kept.append(entry)
    if len(kept) < len(old.entries):
        _put(kept, target)
    click.echo(f"{target}: {counted(len(old.entries) - len(kept), 'finding')} taken out, {len(kept)} left", err=True)
    return 0


def _linted(paths: tuple[str, ...], config: Config) -> LintReport:
    from convscan.lint.running import Linter

    report = Linter(config, notify=tell).lint(paths)
    faults = [str(fault) for fault in report.faults]
    if faults:
        raise click.ClickException("the baseline stays as it was, for not all could be read:\n" + "\n".join(faults))
    return report


def _put(entries: Iterable[BaselineEntry], target: str) -> None:
    with open_output(target) as stream:
        stream.write(json.dumps(baseline_to_json(entries), indent=2, ensure_ascii=False) + "\n")
