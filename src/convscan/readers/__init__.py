"""Readers turn files into conversations and change no character of what was said.

One module a format, in `formats`: it recognises its files and yields conversations,
and for what it cannot read a `BadRecord` that says where, what and what to do. `read`
is the one way in: it walks folders, tells formats apart, and gives every conversation
an id. What several formats share stands in `mail`, `speech`, `tables`, and here.
"""

from convscan.readers.base import BadRecord, Notice, Reader, ReadOptions, ignore
from convscan.readers.ids import content_id, with_unique_ids
from convscan.readers.reading import read
from convscan.readers.registry import all_readers

__all__ = [
    "BadRecord",
    "Notice",
    "ReadOptions",
    "Reader",
    "all_readers",
    "content_id",
    "ignore",
    "read",
    "with_unique_ids",
]
