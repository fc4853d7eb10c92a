"""Find the readers: every module of `readers.formats` that has one."""

import functools
import importlib
import pkgutil
from types import ModuleType

from convscan.errors import ConfigError
from convscan.readers.base import Reader

ANY_TEXT_RANK = 90
TABLE_SUFFIXES = (".csv", ".tsv", ".tab", ".psv")


@functools.cache
def all_readers() -> tuple[Reader, ...]:
    """Return the readers in the order in which they are asked: by rank, then by name."""
    package = importlib.import_module(f"{__name__.rpartition('.')[0]}.formats")
    modules = (
        importlib.import_module(f"{package.__name__}.{info.name}") for info in pkgutil.iter_modules(package.__path__)
    )
    found = [reader for module in modules if (reader := _reader_of(module)) is not None]
    return tuple(sorted(found, key=lambda reader: (reader.rank, reader.name)))


def _reader_of(module: ModuleType) -> Reader | None:
    """Return the reader of a module; one that lacks something must not be absent in silence."""
    found = getattr(module, "READER", None)
    if found is None or isinstance(found, Reader):
        return found
    raise TypeError(f"{module.__name__}.READER is no reader: it lacks {', '.join(_lacks(found))}")


def _lacks(found: object) -> list[str]:
    parts = ("name", "description", "suffixes", "rank", "recognises", "read")
    return [part for part in parts if not hasattr(found, part)]


def reader_named(name: str) -> Reader:
    """Return the reader of a name.

    Raises:
        ConfigError: If there is none.
    """
    for reader in all_readers():
        if reader.name == name.casefold():
            return reader
    known = ", ".join(sorted(reader.name for reader in all_readers()))
    raise ConfigError(f"unknown input format {name!r}; expected one of {known}")


def reader_for(head: bytes, path: str) -> Reader | None:
    """Return the reader for a file: by how it begins, else by its suffix, else None.

    Content goes first because exports are often named `.txt` whatever is in them. A file
    that only could be any text goes by its suffix: a table of chats has `Agent:` in its cells.
    """
    plain: Reader | None = None
    for reader in all_readers():
        if reader.rank >= ANY_TEXT_RANK and not has_suffix(path, TABLE_SUFFIXES):
            plain = plain or (reader if reader.recognises(head) else None)
        elif reader.rank < ANY_TEXT_RANK and reader.recognises(head):
            return reader
    return plain or next((reader for reader in all_readers() if has_suffix(path, reader.suffixes)), None)


def has_suffix(path: str, suffixes: tuple[str, ...]) -> bool:
    """Tell whether a file name ends so, apart from case and a final `.gz` or `.zst`."""
    return path.casefold().removesuffix(".gz").removesuffix(".zst").endswith(suffixes)
