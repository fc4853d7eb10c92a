"""Find formats: every module of a package that has one, so that adding a format is adding a file."""

import importlib
import pkgutil
from collections.abc import Iterable
from typing import Protocol, TypeVar

from convscan.errors import ConfigError


class Named(Protocol):
    """Something that `--format` can name."""

    @property
    def name(self) -> str:
        """What it is called."""


_Named = TypeVar("_Named", bound=Named)


def formats_in(package: str, kind: type[_Named]) -> tuple[_Named, ...]:
    """Return what the modules of a package hold as `FORMAT`, in alphabetical order.

    Args:
        package: Its full name.
        kind: What a `FORMAT` must be to count.
    """
    path = importlib.import_module(package).__path__
    modules = (importlib.import_module(f"{package}.{info.name}") for info in pkgutil.iter_modules(path))
    found = (getattr(module, "FORMAT", None) for module in modules)
    return tuple(sorted((item for item in found if isinstance(item, kind)), key=lambda item: item.name))


def named(name: str, formats: Iterable[_Named]) -> _Named:
    """Return the format of a name.

    Raises:
        ConfigError: If there is none.
    """
    known = {item.name: item for item in formats}
    if name not in known:
        raise ConfigError(f"unknown output format {name!r}; expected one of {', '.join(known)}")
    return known[name]
