"""Readers turn files into conversations and change no character of what was said.

One module a format, in `formats`: it recognises its files and yields conversations,
and for what it cannot read a `BadRecord` that says where, what and what to do. `read`
is the one way in: it walks folders, tells formats apart, and gives every conversation
an id. What several formats share stands in `mail`, `speech`, `tables`, and here.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convscan.readers.base import BadRecord, Notice, Reader, ReadOptions, ignore
    from convscan.readers.ids import content_id, with_unique_ids
    from convscan.readers.reading import files_of, read
    from convscan.readers.registry import all_readers

__all__ = [
    "BadRecord",
    "Notice",
    "ReadOptions",
    "Reader",
    "all_readers",
    "content_id",
    "files_of",
    "ignore",
    "read",
    "with_unique_ids",
]

_MODULES = {
    "BadRecord": "base",
    "Notice": "base",
    "ReadOptions": "base",
    "Reader": "base",
    "all_readers": "registry",
    "content_id": "ids",
    "files_of": "reading",
    "ignore": "base",
    "read": "reading",
    "with_unique_ids": "ids",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: a linter needs the words of a page and no format of transcripts."""
    import importlib

    if name not in _MODULES:
        raise AttributeError(f"module 'convscan.readers' has no attribute {name!r}")
    return getattr(importlib.import_module(f"convscan.readers.{_MODULES[name]}"), name)
