"""What all readers share: their interface, their options, and records they could not read."""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol, TypeAlias, runtime_checkable

from convscan.config import MappingSettings
from convscan.conversation import Channel, Conversation, Role, Source
from convscan.readers.description import Description
from convscan.readers.given_roles import GivenRoles, as_given
from convscan.readers.trace import NO_TRACE, Trace

Notice: TypeAlias = Callable[[str], None]

# Larger than any conversation people have held (about five million words), small
# enough that one hostile line cannot fill the memory of a small machine.
MAX_RECORD_BYTES = 32 * 1024 * 1024

# Some six lines of a terminal; both ends are kept, for the advice stands at the end.
_MOST_MESSAGE_CHARS = 500
# A size of three figures before the point needs none behind it.
_WHOLE_FROM = 100


def ignore(_message: str) -> None:
    """Take a notice and do nothing with it."""


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that could not be read.

    It is a value and not an error, so that the rest of the stream goes on.

    Attributes:
        message: Where it stands, what was found, what to do.
        id: The record's own id, if it could be made out.
    """

    source: Source
    message: str
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the user says about the files.

    Attributes:
        roles: Speaker names or labels, in any case, and what they are.
        agent_domains: Domains of the company; who writes from them is an agent.
        agent_addresses: Addresses of agents, or of the team.
        channel: Channel of conversations that do not say theirs.
        format: Name of the reader to use for everything; None to tell by content, then suffix.
        max_record_bytes: Largest conversation that is read, after decompression.
        mappings: Settings for files of the user's own shapes, by name; `format` is then `mapping:NAME`.
        trace: Told what is left out and by which evidence roles are told.
        columns: What a column of a table holds, such as `text`, to the column's name.
        met: Takes the names of `roles` of which somebody was found, while files are read.
    """

    roles: Mapping[str, Role] = field(default_factory=dict)
    agent_domains: tuple[str, ...] = ()
    agent_addresses: tuple[str, ...] = ()
    channel: Channel | None = None
    format: str | None = None
    max_record_bytes: int = MAX_RECORD_BYTES
    mappings: Mapping[str, MappingSettings] = field(default_factory=dict)
    trace: Trace = NO_TRACE
    columns: Mapping[str, str] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)

    def folded_roles(self) -> GivenRoles:
        """Return the roles by name without case, and by `@domain`."""
        return GivenRoles(self.roles, self.met)

    def has_met(self, name: str) -> bool:
        """Tell whether somebody of this name, one of `roles`, was found in what was read until now."""
        return as_given(name) in self.met


Record: TypeAlias = Conversation | BadRecord


@runtime_checkable
class Reader(Protocol):
    """One file format.

    A module of `readers.formats` that has a reader named `READER` is found by itself;
    adding a format is adding a file.
    """

    @property
    def name(self) -> str:
        """What `--from` calls it."""

    @property
    def description(self) -> Description:
        """What it reads, in words; the docs are made of it."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings it claims where content does not tell, lower case, with the dot.

        None if others have a better claim: a platform's JSON is known by content alone.
        """

    @property
    def rank(self) -> int:
        """When it is asked whether it recognises a file: low first.

        10 for formats with a signature of their own, 50 for any JSON, 90 for any text.
        """

    def recognises(self, head: bytes) -> bool:
        """Tell whether a file that begins so is of this format."""

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversations of one file, in order.

        Args:
            stream: The content: decompressed, and as UTF-8 if it began with a byte order mark;
                it can be searched (`seekable`) if it is a plain file.
            path: The file as the user named it.
            options: What the user says about the files.
            notify: Told of everything that was guessed.

        Yields:
            A conversation, or a bad record in its place. An id may be empty and a
            channel None: `readers.read` fills them in.

        Raises:
            TranscriptError: If the rest of the file cannot be read; the message
                names no file, the caller adds it.
        """


class FileSet(Protocol):
    """Files that belong together: a folder, or a folder inside an archive."""

    @property
    def path(self) -> str:
        """The whole, as the user knows it."""

    @property
    def names(self) -> tuple[str, ...]:
        """Paths of the files inside, with `/`, in a fixed order; hidden ones left out."""

    def show(self, name: str) -> str:
        """Return the path of a file as it is shown to the user."""

    def open(self, name: str) -> BinaryIO:
        """Open one of the files.

        Raises:
            TranscriptError: If it cannot be opened; the message names no file.
        """


@runtime_checkable
class FileSetReader(Protocol):
    """A format in which several files together are one input; a `Reader` may be one too."""

    @property
    def name(self) -> str:
        """What `--from` calls it."""

    def recognises_files(self, names: AbstractSet[str]) -> bool:
        """Tell whether a folder with these files and folders, of its first level, is of this format."""

    def read_files(self, files: FileSet, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversations of the files together; else as `Reader.read`."""


def bad_record(source: Source, what: str, *, record_id: str | None = None) -> BadRecord:
    """Return a bad record whose message begins with its place."""
    return BadRecord(source, f"{show_place(source)}: {shorten(what)}", record_id)


def shorten(words: str) -> str:
    """Return words short enough for a message; a hostile record can quote itself without end."""
    if len(words) <= _MOST_MESSAGE_CHARS:
        return words
    half = _MOST_MESSAGE_CHARS // 2
    return f"{words[:half]} … {words[-half:]}"


def show_place(source: Source) -> str:
    """Return `path:line` with characters that would upset a terminal or a log escaped."""
    place = str(source)
    if place.isprintable():
        return place
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in place)


def show_size(size_bytes: int) -> str:
    """Return a size for people, such as `32 MiB`."""
    for unit, factor in (("GiB", 1024**3), ("MiB", 1024**2), ("KiB", 1024)):
        if size_bytes >= factor:
            size = size_bytes / factor
            # `g` alone would write 1000 as 1e+03.
            return f"{size:.0f} {unit}" if size >= _WHOLE_FROM else f"{size:.3g} {unit}"
    return f"{size_bytes} bytes"
