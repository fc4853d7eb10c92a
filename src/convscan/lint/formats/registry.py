"""Find the formats of a lint."""

import functools

from convscan.lint.formats.base import LintFormat
from convscan.writers.found_formats import formats_in, named


@functools.cache
def all_formats() -> tuple[LintFormat, ...]:
    """Return the formats in alphabetical order."""
    return formats_in(__name__.rpartition(".")[0], LintFormat)


def format_named(name: str) -> LintFormat:
    """Return the format of a name.

    Raises:
        ConfigError: If there is none.
    """
    return named(name, all_formats())
