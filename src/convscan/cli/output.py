"""Where results go: stdout, or a file that is whole or not there."""

import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import click

_STDOUT = "-"


def refuse_overwriting(outputs: Mapping[str, str | None], inputs: Callable[[], Iterable[str]]) -> None:
    """Refuse outputs that would overwrite what is read, or one another.

    Args:
        outputs: What writes, such as `--stats`, and where; None if it does not write.
        inputs: Gives the files that are read, `-` for standard input; asked only if an output is there already.

    Raises:
        UsageError: If two outputs are one file, or one of them is read, by whatever link.
    """
    named = {option: path for option, path in outputs.items() if path is not None and not _is_special(path)}
    takers: dict[object, str] = {}
    for option, path in named.items():
        taker = takers.setdefault(_identity(path) or os.path.realpath(path), option)
        if taker != option:
            where = "stdout" if path == _STDOUT else path
            raise click.UsageError(f"{taker} and {option} both write to {where}; give each a file of its own")
    there = {identity: option for option, path in named.items() if (identity := _identity(path)) is not None}
    for path in inputs() if there else ():
        identity = _identity(path, standing_for=0)
        if identity in there:
            raise click.UsageError(
                f"{there[identity]} {named[there[identity]]} would overwrite what is read ({path}); name another file,"
                " or, if it is an old result in a folder that is read, take it out first"
            )


def _is_special(path: str) -> bool:
    """Tell whether something is there that is no file: a device, a pipe, or a folder, which cannot be written to."""
    return path != _STDOUT and Path(path).exists() and not Path(path).is_file()


def _identity(path: str, *, standing_for: int | None = None) -> tuple[int, int] | None:
    """Return what a file is known by under all its names; None if there is none that could be lost.

    Args:
        standing_for: The file descriptor that `-` stands for; None if it stands for no file.
    """
    target = standing_for if path == _STDOUT else path
    try:
        found = None if target is None else os.stat(target)  # noqa: PTH116 - a descriptor is no path
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino) if found and stat.S_ISREG(found.st_mode) else None


@contextmanager
def open_output(path: str | None) -> Iterator[TextIO]:
    """Open where to write, UTF-8 with plain line feeds.

    A link is followed. A file is written beside its place and moved there when the block ends, also
    when it ends by an interrupt: what was written until then is valid. After any
    other error the old file is as it was. What is no file, such as a device or a pipe, is
    written to as it is.
    """
    if path is None or path == _STDOUT:
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")  # type: ignore[union-attr] # a TextIOWrapper unless a test replaced it
        yield sys.stdout
        sys.stdout.flush()
        return
    if _is_special(path):
        with Path(path).open("w", encoding="utf-8", newline="\n") as stream:
            yield stream
        return
    target = Path(os.path.realpath(path))
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
    """Put a finished file in its place, with the rights of the one that was there, else with those of a new one."""
    stream.flush()
    os.fsync(stream.fileno())
    Path(temporary).chmod(stat.S_IMODE(target.stat().st_mode) if target.exists() else _rights_of_new_files())
    Path(temporary).replace(target)


def _rights_of_new_files() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
