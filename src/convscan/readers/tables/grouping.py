"""Bring together what belongs to one conversation, from a file in which it may be scattered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from convscan.conversation import Source
from convscan.errors import TranscriptError
from convscan.readers.base import BadRecord, Notice, bad_record, shorten, show_place, show_size
from convscan.readers.short_hash import short_hash

_Value = TypeVar("_Value")

# So far is looked for conversations that are scattered before the first one is given out.
LOOK_AHEAD_PIECES = 10_000
# What may be held of a file whose conversations are scattered.
MAX_HELD_BYTES = 256 * 1024 * 1024
# Python's own part of a message: the object, its fields, their places in lists.
_OBJECT_BYTES = 700


@dataclass(frozen=True, slots=True)
class Piece(Generic[_Value]):
    """One row or message.

    Attributes:
        key: Id of its conversation.
        line: Where it stands, counted from 1.
        size_bytes: How much text it holds, roughly.
    """

    key: str
    line: int
    value: _Value
    size_bytes: int


@dataclass(slots=True)
class Group(Generic[_Value]):
    """The pieces of one conversation, in the order of the file.

    Attributes:
        line: Line of the first.
        size_bytes: Of all pieces that came, whether they are kept or not.
    """

    key: str
    line: int
    values: list[_Value] = field(default_factory=list)
    size_bytes: int = 0


def grouped(
    pieces: Iterable[Piece[_Value] | BadRecord], *, path: str, by: str, limit_bytes: int, notify: Notice
) -> Iterator[Group[_Value] | BadRecord]:
    """Yield whole conversations in the order of their first pieces.

    While conversations stand together, only the last one is held. If they are
    scattered among the first ten thousand pieces, the whole file is held, up to a
    limit. A conversation that goes on after it was given out is a bad record.

    Args:
        pieces: In the order of the file; a bad record passes through at once.
        path: The file, for messages.
        by: What the pieces are grouped by, as the user knows it ("column 'Ticket ID'").
        limit_bytes: A larger conversation is a bad record.
        notify: Told that conversations are scattered.

    Raises:
        TranscriptError: If the file would have to be held and is too large for that.
    """
    state = _State[_Value](path, by, limit_bytes, notify)
    for piece in pieces:
        if isinstance(piece, BadRecord):
            yield piece
        else:
            yield from state.add(piece)
    yield from state.rest()


@dataclass(slots=True)
class _State(Generic[_Value]):
    path: str
    by: str
    limit_bytes: int
    notify: Notice
    held: dict[str, Group[_Value]] = field(default_factory=dict)
    held_bytes: int = 0
    pieces: int = 0
    last: str | None = None
    is_scattered: bool = False
    given_out: set[int] = field(default_factory=set)

    def add(self, piece: Piece[_Value]) -> Iterator[Group[_Value] | BadRecord]:
        self.pieces += 1
        if piece.key != self.last:
            yield from self._change_to(piece)
        self.last = piece.key
        group = self.held.get(piece.key)
        if group is None:
            return
        group.size_bytes += piece.size_bytes
        if group.size_bytes <= self.limit_bytes:
            group.values.append(piece.value)
            self.held_bytes += piece.size_bytes + _OBJECT_BYTES
        if self.is_scattered and self.held_bytes > MAX_HELD_BYTES:
            raise TranscriptError(
                f"its conversations are scattered and need more than {show_size(MAX_HELD_BYTES)} to be put"
                f" together; sort the file by {self.by} first"
            )

    def rest(self) -> Iterator[Group[_Value] | BadRecord]:
        for key in list(self.held):
            yield self._give_out(key)

    def _change_to(self, piece: Piece[_Value]) -> Iterator[Group[_Value] | BadRecord]:
        if piece.key in self.held:
            self._note_scattered(piece)
            return
        if not self.is_scattered and self.pieces > LOOK_AHEAD_PIECES:
            for key in list(self.held):
                yield self._give_out(key)
        if short_hash(piece.key) in self.given_out:
            source = Source(self.path, piece.line)
            what = (
                f"goes on with conversation {piece.key!r}, which ended above, where others stand between;"
                f" that part was read without this one: sort the file by {self.by}"
            )
            yield bad_record(source, what, record_id=piece.key)
            return
        self.held[piece.key] = Group(piece.key, piece.line)

    def _note_scattered(self, piece: Piece[_Value]) -> None:
        if not self.is_scattered:
            self.is_scattered = True
            place = show_place(Source(self.path, piece.line))
            self.notify(f"{place}: conversations are scattered over the file; it is held in memory to join them")

    def _give_out(self, key: str) -> Group[_Value] | BadRecord:
        group = self.held.pop(key)
        self.held_bytes -= group.size_bytes
        self.given_out.add(short_hash(key))
        if group.size_bytes <= self.limit_bytes:
            return group
        what = (
            f"conversation {shorten(repr(key))} is larger than {show_size(self.limit_bytes)},"
            " the most a conversation may have; split it"
        )
        return bad_record(Source(self.path, group.line), what, record_id=key)
