"""Find the formats: every module of this package that has one."""

import functools
import importlib
import pkgutil
from typing import TextIO

from convscan.errors import ConfigError
from convscan.writers.base import Format, WriteOptions, Writer

_DEFAULTS = WriteOptions()


@functools.cache
def all_formats() -> tuple[Format, ...]:
    """Return the output formats by name, in alphabetical order."""
    package = importlib.import_module(__name__.rpartition(".")[0])
    modules = (
        importlib.import_module(f"{package.__name__}.{info.name}") for info in pkgutil.iter_modules(package.__path__)
    )
    found = (getattr(module, "FORMAT", None) for module in modules)
    return tuple(sorted((item for item in found if isinstance(item, Format)), key=lambda item: item.name))


def writer_for(name: str, stream: TextIO, *, options: WriteOptions = _DEFAULTS) -> Writer:
    r"""Return a writer for a format.

    Args:
        name: The format, as `--format` calls it.
        stream: Takes the text; UTF-8 with plain line feeds if it is a file.
        options: How results are shown.

    Raises:
        ConfigError: If there is no such format.

    Example:
        >>> import io
        >>> stream = io.StringIO()
        >>> writer = writer_for("json", stream)
        >>> writer.open()
        >>> writer.close()
        >>> stream.getvalue()
        '[]\n'
    """
    for format_ in all_formats():
        if format_.name == name:
            return format_.make(stream, options)
    known = ", ".join(format_.name for format_ in all_formats())
    raise ConfigError(f"unknown output format {name!r}; expected one of {known}")
