"""Find the formats: every module of this package that has one."""

import functools
import importlib
import pkgutil

from convscan.errors import ConfigError
from convscan.lint.formats.base import LintFormat


@functools.cache
def all_formats() -> tuple[LintFormat, ...]:
    """Return the formats by name, in alphabetical order."""
    package = importlib.import_module(__name__.rpartition(".")[0])
    modules = (
        importlib.import_module(f"{package.__name__}.{info.name}") for info in pkgutil.iter_modules(package.__path__)
    )
    found = (getattr(module, "FORMAT", None) for module in modules)
    return tuple(sorted((item for item in found if isinstance(item, LintFormat)), key=lambda item: item.name))


def format_named(name: str) -> LintFormat:
    """Return the format of a name.

    Raises:
        ConfigError: If there is none.
    """
    for item in all_formats():
        if item.name == name:
            return item
    raise ConfigError(f"unknown format {name!r}; expected one of {', '.join(item.name for item in all_formats())}")
