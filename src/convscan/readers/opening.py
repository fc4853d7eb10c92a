"""Open bytes of unknown kind: undo gzip, Zstandard and UTF-16, and look at how they begin."""

import codecs
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from convscan.errors import TranscriptError
from convscan.readers.base import show_size
from convscan.readers.bombs import bomb, is_bomb
from convscan.readers.zstd import open_zstd

HEAD_BYTES = 64 * 1024
_CHUNK_BYTES = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
# A tar archive says what it is behind the name of its first file.
_TAR_MAGIC, _TAR_MAGIC_AT = b"ustar", 257
# UTF-32 first: its little-endian mark begins with that of UTF-16.
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# What a stream can fail with half way: a broken disk, a cut or damaged gzip file, half a UTF-16 character.
STREAM_FAILURES = (OSError, EOFError, zlib.error, UnicodeError)


@dataclass(frozen=True, slots=True)
class Input:
    """An open file and how it begins.

    Attributes:
        head: The first bytes, at most 64 KiB; the stream yields them again.
        is_unpacked: Whether the stream gives what was compressed.
    """

    head: bytes
    stream: BinaryIO
    is_unpacked: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, without its line feed.

    Attributes:
        number: Counted from 1.
        content: The bytes; None if there are more than the limit.
    """

    number: int
    content: bytes | None


def open_input(raw: BinaryIO) -> Input:
    """Return the content of a file: decompressed, marked UTF-16 and UTF-32 as UTF-8.

    The stream of a plain file that can be searched is the file itself.

    Raises:
        TranscriptError: If it is compressed twice, in a way that nothing here undoes, or a tar archive.
    """
    start = raw.tell() if raw.seekable() else None
    source = _Replayed(raw)
    unpacked = _unpack(source)
    source = unpacked or source
    if unpacked is not None and source.head.startswith((_GZIP_MAGIC, _ZSTD_MAGIC, *ZIP_MAGICS)):
        raise TranscriptError("is an archive inside an archive, which is not opened; unpack the outer one")
    if source.head.startswith(_TAR_MAGIC, _TAR_MAGIC_AT):
        raise TranscriptError("is a tar archive, which is not opened; unpack it and name the folder")
    codec = next((codec for mark, codec in _WIDE_MARKS if source.head.startswith(mark)), None)
    if codec is not None:
        source = _Replayed(_buffered(_Transcoded(_buffered(source), codec)))
    mark_bytes = source.drop_mark()
    if start is not None and unpacked is None and codec is None:
        raw.seek(start + mark_bytes)
        return Input(source.head, raw)
    return Input(source.head, _buffered(source), is_unpacked=unpacked is not None)


def _unpack(source: "_Replayed") -> "_Replayed | None":
    if source.head.startswith(_GZIP_MAGIC):
        return _Replayed(_Guarded(gzip.GzipFile(fileobj=_buffered(source), mode="rb"), source))
    if source.head.startswith(_ZSTD_MAGIC):
        return _Replayed(_Guarded(open_zstd(_buffered(source)), source))
    return None


def looks_binary(head: bytes) -> bool:
    """Tell whether bytes are no text: NUL characters, or many control characters."""
    if b"\0" in head:
        return True
    controls = sum(head.count(code) for code in _CONTROLS)
    return controls > len(head) * _MAX_CONTROL_SHARE


# Not tab, line feed, vertical tab, form feed, carriage return, escape: they occur in text and logs.
_CONTROLS = tuple(bytes([code]) for code in range(32) if code not in {9, 10, 11, 12, 13, 27})
# A stray control character occurs in pasted text; in compressed data they are one byte in ten.
_MAX_CONTROL_SHARE = 0.02


def read_lines(stream: BinaryIO, *, limit_bytes: int) -> Iterator[Line]:
    r"""Yield lines in constant memory, split at `\n` only.

    `str.splitlines` would also split at U+2028 and the like, which are text inside a JSON string.

    Args:
        stream: Any binary stream.
        limit_bytes: Longest line that is kept; longer ones come without content.
    """
    number = 0
    while chunk := stream.readline(limit_bytes + 1):
        number += 1
        if chunk.endswith(b"\n"):
            yield Line(number, chunk[:-1])
        elif len(chunk) <= limit_bytes:
            yield Line(number, chunk)
        else:
            _skip_line(stream)
            yield Line(number, None)


def read_whole(stream: BinaryIO, *, limit_bytes: int) -> bytes:
    """Return all that is left of a stream.

    Raises:
        TranscriptError: If that is more than the limit.
    """
    content = stream.read(limit_bytes + 1)
    if len(content) > limit_bytes:
        raise TranscriptError(
            f"is larger than {show_size(limit_bytes)}, the most that is read at once;"
            " split it, or use JSON Lines (one conversation a line)"
        )
    return content


def _skip_line(stream: BinaryIO) -> None:
    while (chunk := stream.readline(_CHUNK_BYTES)) and not chunk.endswith(b"\n"):
        pass


def _buffered(raw: io.RawIOBase) -> io.BufferedReader:
    return io.BufferedReader(raw, _CHUNK_BYTES)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _read_some(stream: _Readable) -> Callable[[int], bytes]:
    """Return the stream's method that hands out what it has before it fails.

    `read` on a cut gzip file would lose the last good bytes before the cut.
    """
    method: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
    return method


class _Replayed(io.RawIOBase):
    """A stream whose beginning has been looked at and is yielded again."""

    def __init__(self, stream: _Readable) -> None:
        self._read_some = _read_some(stream)
        self._failure: Exception | None = None
        self.given_bytes = 0
        self.head = self._look()
        self._pending = self.head

    def _look(self) -> bytes:
        head = bytearray()
        try:
            while len(head) < HEAD_BYTES and (chunk := self._read_some(HEAD_BYTES - len(head))):
                head += chunk
        except STREAM_FAILURES as failure:
            # What came before is good: it is yielded first, the failure after it.
            self._failure = failure
        return bytes(head)

    def drop_mark(self) -> int:
        """Leave out a UTF-8 byte order mark; return how many bytes that were."""
        before = len(self.head)
        self.head = self._pending = self.head.removeprefix(codecs.BOM_UTF8)
        return before - len(self.head)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed wants any buffer; BufferedReader gives a memoryview
        chunk = self._next(len(buffer))
        buffer[: len(chunk)] = chunk
        self.given_bytes += len(chunk)
        return len(chunk)

    def _next(self, size_bytes: int) -> bytes:
        if self._pending:
            chunk, self._pending = self._pending[:size_bytes], self._pending[size_bytes:]
            return chunk
        if self._failure is not None:
            raise self._failure
        return self._read_some(size_bytes)


class _Guarded:
    """What a compressed stream holds, until it is too much to be text."""

    def __init__(self, unpacked: _Readable, packed: _Replayed) -> None:
        self._read_some = _read_some(unpacked)
        self._packed = packed
        self._bytes = 0

    def read1(self, size: int) -> bytes:
        chunk = self._read_some(size)
        self._bytes += len(chunk)
        if is_bomb(self._bytes, self._packed.given_bytes):
            raise TranscriptError(bomb(self._bytes))
        return chunk

    read = read1


class _Transcoded(io.RawIOBase):
    """A UTF-16 or UTF-32 stream as UTF-8."""

    def __init__(self, stream: BinaryIO, codec: str) -> None:
        self._read_some = _read_some(stream)
        self._decoder = codecs.getincrementaldecoder(codec)()
        self._pending = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # see _Replayed.readinto
        while not self._pending and not self._ended:
            chunk = self._read_some(_CHUNK_BYTES)
            self._ended = not chunk
            self._pending = self._decoder.decode(chunk, final=self._ended).encode()
        chunk, self._pending = self._pending[: len(buffer)], self._pending[len(buffer) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)
