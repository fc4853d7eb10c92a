"""What `convscan lint`, `convscan baseline` and `convscan rules` are told alike, and how they speak."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--rules", "rules_paths", multiple=True, metavar="FOLDER", help="Use the rules in this folder too."),
    click.option(
        "--config", "config_path", metavar="FILE", help="Settings; else the nearest convscan.toml or pyproject.toml."
    ),
    click.option("--isolated", is_flag=True, help="Pass over all configuration files."),
)


def setting_options(command: _Command) -> _Command:
    """Add the options that say which rules and settings are in force."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def tell(message: str) -> None:
    """Say something that is no finding."""
    click.echo(f"convscan: {message}", err=True)


def counted(count: int, noun: str) -> str:
    """Return a number and what is counted."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
