"""Where results go: stdout, or a file that is whole or not there."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO


@contextmanager
def open_output(path: str | None) -> Iterator[TextIO]:
    """Open where to write, UTF-8 with plain line feeds.

    A file is written beside its place and moved there when the block ends, also
    when it ends by an interrupt: what was written until then is valid. After any
    other error the old file is as it was.
    """
    if path is None or path == "-":
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")  # type: ignore[union-attr] # a TextIOWrapper unless a test replaced it
        yield sys.stdout
        sys.stdout.flush()
        return
    target = Path(path)
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from error  # the name that the user knows
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            try:
                yield stream
            except KeyboardInterrupt:
                _move(stream, temporary, target)
                raise
            _move(stream, temporary, target)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise


def _move(stream: TextIO, temporary: str, target: Path) -> None:
    """Put a finished file in its place, with the rights that a new file would have."""
    stream.flush()
    os.fsync(stream.fileno())
    mask = os.umask(0)
    os.umask(mask)
    Path(temporary).chmod(0o666 & ~mask)
    Path(temporary).replace(target)
