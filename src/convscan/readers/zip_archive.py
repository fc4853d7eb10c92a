"""Zip archives, read in place: nothing is written to disk, and what is no honest archive is refused."""

import contextlib
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from convscan.errors import TranscriptError
from convscan.readers.base import show_size
from convscan.readers.bombs import bomb, is_bomb

MAX_MEMBERS = 20_000
MAX_TOTAL_BYTES = 8 * 1024 * 1024 * 1024
# Twenty thousand long names take less; it is read into memory before anything else.
_MAX_DIRECTORY_BYTES = 8 * 1024 * 1024
_LOCAL_HEADER_BYTES = 30
_IS_ENCRYPTED = 0x1
_END = struct.Struct("<4s4H2LH")
_END_MAGIC = b"PK\x05\x06"
_LONGEST_COMMENT_BYTES = 65_535
_NOT_TOLD = 0xFFFFFFFF
# What zipfile raises for an archive or member that is damaged, or packed in a way it does not know.
_FAILURES = (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, ValueError, struct.error)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive.

    Attributes:
        name: Its path inside, with `/`.
        refusal: Why it is not read; None if it may be.
    """

    name: str
    info: zipfile.ZipInfo
    refusal: str | None = None


class ZipArchive:
    """An archive that has been looked over and holds no bomb.

    Attributes:
        members: Its files, in the order of their names; no folders.
        by_name: The same; the last one of a name.
    """

    def __init__(self, stream: BinaryIO) -> None:
        """Open it.

        Raises:
            TranscriptError: If it is damaged, or larger in some way than an honest archive.
        """
        _check_directory(stream)
        try:
            self._zip = zipfile.ZipFile(stream)
        except _FAILURES as error:
            raise TranscriptError(f"is a damaged zip archive ({error}); copy or export it again") from None
        infos = [info for info in self._zip.infolist() if not info.is_dir()]
        _check_sizes(infos)
        _check_overlap(infos)
        self.members = tuple(
            Member(info.filename, info, _refusal(info)) for info in sorted(infos, key=lambda info: info.filename)
        )
        self.by_name = {member.name: member for member in self.members}

    def open(self, member: Member) -> BinaryIO:
        """Open a file of it; a damaged one fails with OSError while it is read.

        Raises:
            TranscriptError: If it is refused, or cannot be opened.
        """
        if member.refusal is not None:
            raise TranscriptError(member.refusal)
        try:
            return _Mended(cast("BinaryIO", self._zip.open(member.info))).buffered()
        except _FAILURES as error:
            raise TranscriptError(f"cannot be taken out of the archive ({error})") from None


def _check_directory(stream: BinaryIO) -> None:
    """Refuse a list of contents that is too long to be read.

    Raises:
        TranscriptError: Likewise.
    """
    end = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, end - _END.size - _LONGEST_COMMENT_BYTES))
    tail = stream.read()
    stream.seek(0)
    at = tail.rfind(_END_MAGIC)
    if at < 0 or at + _END.size > len(tail):
        raise TranscriptError("is a zip archive that is cut off; copy or export it again")
    _, _, _, _, members, size_bytes, _, _ = _END.unpack_from(tail, at)
    if size_bytes == _NOT_TOLD or size_bytes > _MAX_DIRECTORY_BYTES:
        raise TranscriptError(_too_many(None))
    if members > MAX_MEMBERS:
        raise TranscriptError(_too_many(members))


def _check_sizes(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_MEMBERS:
        raise TranscriptError(_too_many(len(infos)))
    total = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if total > MAX_TOTAL_BYTES:
        raise TranscriptError(
            f"would unpack to more than {show_size(MAX_TOTAL_BYTES)}, the most that is read of one archive; split it"
        )
    if is_bomb(total, packed):
        raise TranscriptError(bomb(total))


def _check_overlap(infos: list[zipfile.ZipInfo]) -> None:
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise TranscriptError(
                "is a zip archive in which files overlap, as only bombs have it; pack the files anew if you trust them"
            )
        end = info.header_offset + _LOCAL_HEADER_BYTES + info.compress_size


def _refusal(info: zipfile.ZipInfo) -> str | None:
    name = info.orig_filename
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0] or "\0" in name:
        return "is not read: its name leads out of the archive; pack the files anew"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is not read: it is a link; pack the file that it leads to"
    if info.flag_bits & _IS_ENCRYPTED:
        return "is encrypted and not read; unpack the archive with its password"
    if is_bomb(info.file_size, info.compress_size):
        return bomb(info.file_size)
    return None


def _too_many(count: int | None) -> str:
    found = f"has {count:,} files in it," if count is not None else "has a list of contents that is too long,"
    return f"{found} more than {MAX_MEMBERS:,}, the most that is read of one archive; split it, or unpack it"


class _Mended(io.RawIOBase):
    """A member whose damage is an OSError to whoever reads it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def buffered(self) -> BinaryIO:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed wants any buffer; BufferedReader gives a memoryview
        try:
            chunk = self._stream.read(len(buffer))
        except _FAILURES as error:
            raise OSError(str(error)) from error
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        with contextlib.suppress(*_FAILURES):
            self._stream.close()
        super().close()


@dataclass(frozen=True, slots=True)
class ZipFolder:
    """A folder inside an archive, as a `FileSet`."""

    path: str
    prefix: str
    archive: ZipArchive
    names: tuple[str, ...]

    def show(self, name: str) -> str:
        """Return `archive.zip!folder/name`."""
        return f"{self.path}!{self.prefix}{name}"

    def open(self, name: str) -> BinaryIO:
        """Open one of the files; see `FileSet.open`."""
        return self.archive.open(self.archive.by_name[self.prefix + name])


def folders_of(archive: ZipArchive, path: str, is_set: Callable[[frozenset[str]], bool]) -> Iterator[ZipFolder]:
    """Yield the folders whose files form one input, an outer one instead of those inside it.

    Args:
        path: The archive as the user named it.
        is_set: Tells it by the names in a folder's first level.
    """
    levels: dict[str, set[str]] = {}
    names = [member.name for member in archive.members if member.refusal is None and not is_hidden(member.name)]
    for name in names:
        parts = name.split("/")
        for depth in range(len(parts)):
            levels.setdefault("".join(part + "/" for part in parts[:depth]), set()).add(parts[depth])
    taken: list[str] = []
    for prefix in sorted(levels):
        if not prefix.startswith(tuple(taken)) and is_set(frozenset(levels[prefix])):
            taken.append(prefix)
            inside = tuple(name.removeprefix(prefix) for name in names if name.startswith(prefix))
            yield ZipFolder(path, prefix, archive, inside)


def is_hidden(name: str) -> bool:
    """Tell whether a path in an archive is one that people do not see, such as those a Mac adds."""
    return any(part.startswith((".", "__MACOSX")) and part != ".." for part in name.split("/"))
