"""`convscan doctor`: is this installation in order?"""

import platform
import sys
import time
from importlib.metadata import PackageNotFoundError, version

import click

from convscan.cli.main import EXIT_FAILED
from convscan.errors import ConvscanError

_PACKAGES = ("convscan", "spacy", "numpy", "google-re2", "PyYAML", "click", "jsonlines")
_SMOKE_TEST = (("customer", "The kettle I bought leaks."), ("agent", "You should have read the manual."))


@click.command(short_help="Say whether this installation is in order.")
def doctor() -> int:
    """Say whether this installation is in order, and what to do if it is not.

    The rules and the fast model of your own that the settings name are looked at too.

    Example: convscan doctor
    """
    click.echo(f"python       {platform.python_version()} at {sys.executable}")
    for package in _PACKAGES:
        click.echo(f"{package:12} {_version(package)}")
    try:
        return _try_out()
    except ConvscanError as error:
        click.echo(f"convscan: error: {error}", err=True)
        return EXIT_FAILED


def _try_out() -> int:
    started = time.perf_counter()
    from convscan.cli.settings import settings
    from convscan.config import Config
    from convscan.resources import rules_folder
    from convscan.scanner import Scanner

    given = settings(config_path=None, isolated=False, given={})
    own = given.rules_paths
    scanner = Scanner(Config(rules_paths=own, fast_model=given.fast_model))
    result = scanner.scan(_SMOKE_TEST)
    counts = f"{len(scanner.catalogue.rules)} rules, {len(scanner.catalogue.acts)} acts"
    click.echo(f"rules        {counts} in {', '.join([str(rules_folder()), *own])}")
    click.echo(f"rule hash    {scanner.tool.rules}")
    click.echo(f"model        {scanner.tool.model or 'none (rules only)'}")
    click.echo(
        f"first result after {time.perf_counter() - started:.1f} s, {len(result.findings)} findings in a test chat"
    )
    for error in scanner.rule_errors:
        click.echo(f"convscan: error: rule left out: {error}", err=True)
    if scanner.rule_errors or not result.findings:
        click.echo("not in order: install convscan again, or mend the rules named above", err=True)
        return EXIT_FAILED
    click.echo("all in order")
    return 0


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing: install convscan again"
