"""Give every conversation of a scan an id of its own."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from convscan.conversation import Conversation, Source
from convscan.readers.base import BadRecord, Notice, Record, ignore, shorten, show_place
from convscan.readers.short_hash import short_hash

# Enough hex digits that a million different conversations share none (chance below 10^-7).
CONTENT_ID_DIGITS = 16
# A file joined with itself repeats every id; after a few the user has seen what is wrong.
_MAX_REPEAT_NOTICES = 3


def with_unique_ids(records: Iterable[Record], *, notify: Notice = ignore) -> Iterator[Record]:
    """Yield the records, every conversation with an id that no other has.

    An id that was given is kept; without one it is a hash of the content, so that
    it stays when files are renamed or reordered. The second conversation of an id
    gets `#2`, the third `#3`. Eight bytes are remembered for each id, not the text.

    Args:
        records: In the order in which they were read.
        notify: Told of ids that were given more than once.
    """
    issued = _IssuedIds()
    repeats = 0
    for record in records:
        if isinstance(record, BadRecord):
            yield record
            continue
        wanted = record.id or content_id(record)
        unique = issued.issue(wanted)
        if record.id and unique != wanted:
            repeats += 1
            if repeats <= _MAX_REPEAT_NOTICES:
                notify(_repeat_notice(record, unique))
        yield replace(record, id=unique)
    if repeats > _MAX_REPEAT_NOTICES:
        notify(f"{repeats - _MAX_REPEAT_NOTICES} more conversations had an id that was used before")


def content_id(conversation: Conversation) -> str:
    """Return a hash of what was said, by whom, when and how; not of where it was read."""
    said = [
        [item.role.value, item.author, item.author_id, item.timestamp, item.text] for item in conversation.utterances
    ]
    channel = None if conversation.channel is None else conversation.channel.value
    canonical = json.dumps([channel, said], separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()[:CONTENT_ID_DIGITS]


def _repeat_notice(record: Conversation, unique: str) -> str:
    place = show_place(record.source or Source("conversation"))
    return (
        f"{place}: the id {shorten(repr(record.id))} was used before;"
        f" this conversation is reported as {shorten(repr(unique))}"
    )


class _IssuedIds:
    """The ids that are taken, as hashes."""

    def __init__(self) -> None:
        self._taken: set[int] = set()
        self._repeated: dict[int, int] = {}

    def issue(self, wanted: str) -> str:
        """Return the id, or the id with the next free number, and remember it."""
        key = short_hash(wanted)
        if key not in self._taken:
            self._taken.add(key)
            return wanted
        number = self._repeated.get(key, 1)
        while True:
            number += 1
            candidate = f"{wanted}#{number}"
            if (candidate_key := short_hash(candidate)) not in self._taken:
                break
        self._repeated[key] = number
        self._taken.add(candidate_key)
        return candidate
