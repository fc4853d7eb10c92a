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
from convscan.errors import ConvscanError
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
    """Accept all findings that are there now in the files that are named.

    Of an old baseline the reasons are kept, and what it accepts in files that were not looked at.

    Example: convscan baseline write templates/
    """
    config = settings(config_path=config_path, isolated=isolated, given={"rules-paths": rules_paths})
    target = path or config.baseline or BASELINE_NAME
    old = load_baseline(target) if Path(target).exists() else Baseline(Path(target))
    report = _linted(paths, config, target)
    entries = old.renewed(report)
    _put(entries, target)
    accepted = len(list(report.shown))
    kept = len(entries) - accepted
    more = f", {kept} of files that were not looked at kept" if kept else ""
    click.echo(f"{target}: {counted(accepted, 'finding')} accepted{more}", err=True)
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
    stale = list(old.stale(_linted(paths, config, target)))
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


def _linted(paths: tuple[str, ...], config: Config, target: str) -> LintReport:
    """Return what was found.

    Raises:
        ConvscanError: If not all could be read: what was not looked at would count as clean.
    """
    from convscan.lint.running import Linter

    report = Linter(config, notify=tell).lint(paths)
    faults = "\n".join(str(fault) for fault in report.faults)
    if faults:
        what = "stays as it was" if Path(target).exists() else "not written"
        raise ConvscanError(f"{target}: {what}, for not all could be read:\n{faults}")
    return report


def _put(entries: Iterable[BaselineEntry], target: str) -> None:
    with open_output(target) as stream:
        stream.write(json.dumps(baseline_to_json(entries), indent=2, ensure_ascii=False) + "\n")
