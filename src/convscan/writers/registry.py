"""Find the formats of a scan."""

import functools
from typing import TextIO

from convscan.writers.base import Format, WriteOptions, Writer
from convscan.writers.found_formats import formats_in, named

_DEFAULTS = WriteOptions()


@functools.cache
def all_formats() -> tuple[Format, ...]:
    """Return the output formats in alphabetical order."""
    return formats_in(__name__.rpartition(".")[0], Format)


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
    return named(name, all_formats()).make(stream, options)
