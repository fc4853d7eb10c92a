"""How commands speak: what they say beside their results, and how wide and in which colours they write."""

import os
import shutil
from typing import TextIO

import click

# Lines longer than this are hard to read on any screen.
_MAX_WIDTH = 110
_LINES = 24


def tell(message: str) -> None:
    """Say something that is no result."""
    click.echo(f"convscan: {message}", err=True)


def line_width() -> int:
    """Return how many cells a line may take on this terminal."""
    return min(_MAX_WIDTH, shutil.get_terminal_size((_MAX_WIDTH, _LINES)).columns)


def is_colourful(choice: str, stream: TextIO) -> bool:
    """Tell whether to write in colours; `auto` does so on a terminal, unless `NO_COLOR` is set."""
    return choice == "always" or (choice == "auto" and stream.isatty() and "NO_COLOR" not in os.environ)
