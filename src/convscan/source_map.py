"""Where each character of a text stands in the file that it was taken from.

Readers decode escapes, unfold lines and drop tags; with the map a finding still gets
the line and column that the author of the file sees.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from convscan.lazy import lazy_property

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that was taken from one run of the source.

    Attributes:
        text: Offset of its first character in the text.
        start: Where it begins in the source.
        end: Where it ends there; as many characters as the text has, or, for a decoded
            escape, those of the escape.
    """

    text: int
    start: int
    end: int


@dataclass(frozen=True)
class SourceMap:
    """Offsets of a text to offsets of its source, both in code points.

    Attributes:
        pieces: In the order of the text; the first begins at 0.
        length: Of the text.
    """

    pieces: tuple[Piece, ...]
    length: int

    @lazy_property
    def _starts(self) -> list[int]:
        return [piece.text for piece in self.pieces]

    def start(self, offset: int) -> int:
        """Return where the character at an offset begins in the source."""
        if not self.pieces:
            return 0
        if offset >= self.length > 0:
            return self.end(self.length)
        number = max(0, bisect_right(self._starts, offset) - 1)
        piece = self.pieces[number]
        if self._is_plain(number):
            return piece.start + offset - piece.text
        return piece.start

    def end(self, offset: int) -> int:
        """Return where the character before an offset ends in the source."""
        if offset <= 0 or not self.pieces:
            return self.start(0)
        last = min(offset, self.length) - 1
        number = max(0, bisect_right(self._starts, last) - 1)
        piece = self.pieces[number]
        if self._is_plain(number):
            return piece.start + last - piece.text + 1
        return piece.end

    def _is_plain(self, number: int) -> bool:
        """Whether each character of a piece is one character of the source."""
        piece = self.pieces[number]
        following = self.pieces[number + 1].text if number + 1 < len(self.pieces) else self.length
        return piece.end - piece.start == following - piece.text

    def through(self, outer: "SourceMap") -> "SourceMap":
        """Return the map of this text to the source of its source."""
        pieces: list[Piece] = []
        for number, piece in enumerate(self.pieces):
            following = self.pieces[number + 1].text if number + 1 < len(self.pieces) else self.length
            if not self._is_plain(number):
                pieces.append(Piece(piece.text, outer.start(piece.start), outer.end(piece.end)))
                continue
            pieces.extend(outer.pieces_between(piece.start, piece.start + following - piece.text, piece.text))
        return SourceMap(tuple(pieces), self.length)

    def pieces_between(self, start: int, end: int, text: int) -> Iterable[Piece]:
        """Yield the pieces of the characters from `start` to `end`, as pieces of a text that has them at `text`."""
        at = start
        while at < end:
            number = max(0, bisect_right(self._starts, at) - 1)
            following = self._starts[number + 1] if number + 1 < len(self._starts) else self.length
            until = max(at + 1, min(end, following))
            yield Piece(text + at - start, self.start(at), self.end(until))
            at = until


def identity(start: int, length: int) -> SourceMap:
    """Return the map of a text that stands in its source as it is.

    Args:
        start: Where it begins there.
    """
    return SourceMap((Piece(0, start, start + length),), length)


class MappedText:
    """Build a text from parts of a source, and its map beside it."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._pieces: list[Piece] = []
        self.length = 0

    def add(self, text: str, start: int, end: int) -> None:
        """Append text that `source[start:end]` stands for."""
        if not text:
            return
        self._parts.append(text)
        self._pieces.append(Piece(self.length, start, end))
        self.length += len(text)

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    def ending(self, chars: int) -> str:
        """Return the last code points of the text so far, at most this many; quicker than the whole."""
        parts: list[str] = []
        missing = chars
        for part in reversed(self._parts):
            if missing <= 0:
                break
            parts.append(part[-missing:])
            missing -= len(part)
        return "".join(reversed(parts))

    def map(self) -> SourceMap:
        """Return the map of the text so far; neighbours that go on in the source are one piece."""
        joined: list[Piece] = []
        lengths = [*(piece.text for piece in self._pieces[1:]), self.length][: len(self._pieces)]
        for piece, until in zip(self._pieces, lengths, strict=True):
            last = joined[-1] if joined else None
            is_plain = piece.end - piece.start == until - piece.text
            if last and is_plain and last.end == piece.start and last.end - last.start == piece.text - last.text:
                joined[-1] = Piece(last.text, last.start, piece.end)
            else:
                joined.append(piece)
        return SourceMap(tuple(joined), self.length)


@dataclass(frozen=True)
class Lines:
    """The lines of a file, to tell the place of an offset."""

    text: str

    @lazy_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in _LINE_BREAK.finditer(self.text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, both counted from 1, columns in code points."""
        number = bisect_right(self._starts, max(0, offset))
        return number, offset - self._starts[number - 1] + 1

    def line(self, number: int) -> str:
        """Return a line, counted from 1, without its line break."""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")
