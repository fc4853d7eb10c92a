"""From the paths a user names to the files to read, in an order that never changes."""

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

from convscan.conversation import Source
from convscan.errors import TranscriptError
from convscan.readers.base import BadRecord, Notice, bad_record, show_place
from convscan.readers.registry import has_suffix

STDIN = "-"
# More endings than a line holds help nobody; the usual ones stand for all that platforms export.
_MOST_SUFFIXES_SHOWN = 12
_USUAL_SUFFIXES = (".json", ".jsonl", ".csv", ".xlsx", ".eml", ".mbox", ".vtt", ".txt", ".zip")

# Names of files that are left out: enough to see what kind they are of.
_MOST_NAMES_SHOWN = 3

# Such files stand beside transcripts and tell about them.
_IS_ABOUT = re.compile(r"(?:readme|license|changelog)\b", re.IGNORECASE)

_SPECIAL = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder whose files form one input, as a `FileSet`."""

    path: str

    @property
    def names(self) -> tuple[str, ...]:
        """Paths of all files inside, with `/`, sorted."""
        found = (item for item in _walk(self.path, _is_no_set) if isinstance(item, str))
        return tuple(os.path.relpath(item, self.path).replace(os.sep, "/") for item in found)

    def show(self, name: str) -> str:
        """Return the path of a file as the user would write it."""
        return os.path.join(self.path, *name.split("/"))  # noqa: PTH118 - paths stay as the user wrote them

    def open(self, name: str) -> BinaryIO:
        """Open one of the files; see `FileSet.open`."""
        path = self.show(name)
        refused = next((item for item in _regular(path) if isinstance(item, BadRecord)), None)
        if refused is not None:
            raise TranscriptError(refused.message.removeprefix(f"{show_place(refused.source)}: "))
        try:
            return open(path, "rb")  # noqa: PTH123 - closed by the caller
        except OSError as error:
            raise TranscriptError(explain_os_error(path, error)) from None


IsSet: TypeAlias = Callable[[frozenset[str]], bool]


def _is_no_set(_names: frozenset[str]) -> bool:
    return False


def select_files(paths: Iterable[str], suffixes: tuple[str, ...], *, notify: Notice) -> Iterator[str | BadRecord]:
    """Yield the files that the paths stand for, each by itself; see `select_inputs`."""
    for item in select_inputs(paths, suffixes, notify=notify, is_set=_is_no_set):
        if not isinstance(item, Folder):
            yield item


def select_inputs(
    paths: Iterable[str], suffixes: tuple[str, ...], *, notify: Notice, is_set: IsSet
) -> Iterator[str | Folder | BadRecord]:
    """Yield the files that the paths stand for.

    A file that is named is always read. In a folder only files with one of the
    suffixes are; hidden files and folders are left out.

    Args:
        paths: Files, folders, `-` for standard input.
        suffixes: Endings of the files that are read in folders, lower case.
        notify: Told how many files of a folder were left out, and which ones first.
        is_set: Tells by the names in a folder whether its files form one input.

    Yields:
        A file path or `-`; a folder whose files form one input; a bad record for
        a path that cannot be read.
    """
    for path in paths:
        if path == STDIN:
            yield path
            continue
        try:
            is_folder = stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116 - paths stay as the user wrote them
        except (OSError, ValueError) as error:
            yield _unreachable(path, error)
            continue
        yield from _select_in(path, suffixes, notify, is_set) if is_folder else _regular(path)


def explain_os_error(path: str, error: OSError | ValueError) -> str:
    """Return what is wrong with a path, in plain words, and what to do."""
    if isinstance(error, FileNotFoundError):
        if os.path.islink(path):  # noqa: PTH114 - paths stay as the user wrote them
            return "is a link to a file that does not exist; mend or remove the link"
        return "no such file or folder; check the name"
    if isinstance(error, PermissionError):
        return "may not be read by you; ask for permission to read it"
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return f"cannot be read ({reason})"


def _unreachable(path: str, error: OSError | ValueError) -> BadRecord:
    return bad_record(Source(path), explain_os_error(path, error))


def _regular(path: str) -> Iterator[str | BadRecord]:
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - paths stay as the user wrote them
    except OSError as error:
        yield _unreachable(path, error)
        return
    special = next((name for is_kind, name in _SPECIAL if is_kind(mode)), None)
    if special is None:
        yield path
    else:
        yield bad_record(
            Source(path), f"is {special}, not a file; save what it gives to a file, or pipe it in with `-`"
        )


def _select_in(
    folder: str, suffixes: tuple[str, ...], notify: Notice, is_set: IsSet
) -> Iterator[str | Folder | BadRecord]:
    read = 0
    left_out: list[str] = []
    for item in _walk(folder, is_set):
        if not isinstance(item, str):
            read += 1
            yield item
        elif is_wanted(item, suffixes):
            read += 1
            yield from _regular(item)
        else:
            left_out.append(os.path.relpath(item, folder).replace(os.sep, "/"))
    if read == 0:
        yield bad_record(Source(folder), _nothing_in_it(len(left_out), suffixes))
    elif left_out:
        notify(tell_left_out(folder, left_out, suffixes))


def tell_left_out(place: str, names: Sequence[str], suffixes: Sequence[str]) -> str:
    """Return what to tell of files of a folder or archive that are not read."""
    first = ", ".join(show_place(Source(name)) for name in names[:_MOST_NAMES_SHOWN])
    more = ", …" if len(names) > _MOST_NAMES_SHOWN else ""
    return (
        f"{show_place(Source(place))}: {_files(len(names))} left out ({first}{more}), for {_what_is_read(suffixes)};"
        " name a file itself to read it"
    )


def _what_is_read(suffixes: Sequence[str]) -> str:
    """Return which files of a folder are read: all suffixes if they are few, else the usual ones."""
    if len(suffixes) <= _MOST_SUFFIXES_SHOWN or not {*_USUAL_SUFFIXES} <= {*suffixes}:
        return f"files that end in {', '.join(suffixes)} are read"
    usual = ", ".join(_USUAL_SUFFIXES)
    return f"transcripts and exports ({usual}, …) are read; see: convscan formats list"


def is_wanted(path: str, suffixes: tuple[str, ...]) -> bool:
    """Tell whether a file that nobody named is one to read."""
    return has_suffix(path, suffixes) and not _IS_ABOUT.match(os.path.basename(path))  # noqa: PTH119 - as above


def _nothing_in_it(left_out: int, suffixes: Sequence[str]) -> str:
    found = "is an empty folder" if left_out == 0 else f"has no file to read, {_files(left_out)} of other kinds"
    return f"{found}; {_what_is_read(suffixes)}"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _walk(top: str, is_set: IsSet) -> Iterator[str | Folder | BadRecord]:
    """Yield all that is no folder, by name, depth first, each real folder once, and sets instead of their files."""
    seen: set[tuple[int, int]] = set()
    waiting = [top]
    while waiting:
        path = waiting.pop()
        identity = _folder_identity(path)
        if identity is None:
            yield path
        elif identity not in seen:
            # A link that leads back up is a folder already seen.
            seen.add(identity)
            try:
                names = sorted(os.listdir(path), reverse=True)  # noqa: PTH208 - paths stay as the user wrote them
            except OSError as error:
                yield _unreachable(path, error)
                continue
            seen_names = [name for name in names if not name.startswith(".")]
            if is_set(frozenset(seen_names)):
                yield Folder(path)
            else:
                waiting.extend(os.path.join(path, name) for name in seen_names)  # noqa: PTH118 - as above


def _folder_identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - paths stay as the user wrote them
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISDIR(found.st_mode) else None
