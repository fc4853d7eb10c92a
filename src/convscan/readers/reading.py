"""Read conversations from whatever the user names."""

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import BinaryIO

from convscan.conversation import Channel, Source
from convscan.errors import ConfigError, TranscriptError
from convscan.readers.base import (
    BadRecord,
    FileSet,
    FileSetReader,
    Notice,
    Reader,
    ReadOptions,
    Record,
    bad_record,
    ignore,
)
from convscan.readers.formats.mapping import PREFIX, MappingReader
from convscan.readers.ids import with_unique_ids
from convscan.readers.opening import STREAM_FAILURES, ZIP_MAGICS, Input, looks_binary, open_input, read_whole
from convscan.readers.registry import all_readers, reader_for, reader_named
from convscan.readers.selection import STDIN, Folder, explain_os_error, is_wanted, select_inputs, tell_left_out
from convscan.readers.zip_archive import Member, ZipArchive, folders_of, is_hidden

_DEFAULTS = ReadOptions()
_ARCHIVE_SUFFIX = ".zip"
_EXPORT = "export the conversations as text or JSON Lines in UTF-8"
# What people have conversations in, and no export is.
_DOCUMENTS = ((b"%PDF-", "a PDF"), (b"{\\rtf", "an RTF document"))
_NESTED = "is an archive inside an archive, which is not opened; unpack the outer one"


def read(
    paths: Iterable[str],
    options: ReadOptions = _DEFAULTS,
    *,
    notify: Notice = ignore,
    stdin: BinaryIO | None = None,
) -> Iterator[Record]:
    r"""Read conversations, one after the other, in constant memory.

    Args:
        paths: Files, folders (read with all that is in them), `-` for standard input.
        options: What the user says about the files.
        notify: Told what was guessed or left out, one line at a time.
        stdin: What `-` stands for; the process's own if None.

    Returns:
        The conversations in the order of the paths, each with an id of its own,
        and a bad record in the place of each that could not be read.

    Raises:
        ConfigError: If `options.format` is no known format.

    Example:
        >>> import io
        >>> chat = io.BytesIO(b"Customer: My fridge is warm.\nAgent: Since when?\n")
        >>> [utterance.text for utterance in next(read(["-"], stdin=chat)).utterances]
        ['My fridge is warm.', 'Since when?']
    """
    chosen = None if options.format is None else _named(options.format, options)
    named = (paths,) if isinstance(paths, str) else paths
    records = _records(named, chosen, options, notify, stdin)
    return _with_channel(with_unique_ids(records, notify=notify), options.channel)


def files_of(paths: Iterable[str], options: ReadOptions = _DEFAULTS) -> Iterator[str]:
    """Yield the files that `read` would open, `-` for standard input; what cannot be reached is left out.

    Raises:
        ConfigError: If `options.format` is no known format.
    """
    chosen = None if options.format is None else _named(options.format, options)
    for item in select_inputs(paths, _suffixes(chosen), notify=ignore, is_set=_tells_sets(chosen)):
        if isinstance(item, Folder):
            yield from map(item.show, item.names)
        elif isinstance(item, str):
            yield item


def _named(name: str, options: ReadOptions) -> Reader:
    if not name.startswith(PREFIX):
        return reader_named(name)
    mapping = name.removeprefix(PREFIX)
    if mapping not in options.mappings:
        known = ", ".join(sorted(options.mappings)) or "none"
        raise ConfigError(
            f"no mapping {mapping!r} in the settings (known: {known}); write [tool.convscan.mapping.{mapping}]"
        )
    return MappingReader(name, options.mappings[mapping])


def _with_channel(records: Iterable[Record], channel: Channel | None) -> Iterator[Record]:
    # After the ids: they must not depend on what the user says on the command line.
    for record in records:
        if channel is None or isinstance(record, BadRecord) or record.channel is not None:
            yield record
        else:
            yield replace(record, channel=channel)


def _records(
    paths: Iterable[str], chosen: Reader | None, options: ReadOptions, notify: Notice, stdin: BinaryIO | None
) -> Iterator[Record]:
    for item in select_inputs(paths, _suffixes(chosen), notify=notify, is_set=_tells_sets(chosen)):
        if isinstance(item, BadRecord):
            yield item
        elif isinstance(item, Folder):
            yield from _read_set(item, chosen, options, notify)
        elif item == STDIN:
            yield from _read_stream(stdin or sys.stdin.buffer, item, chosen, options, notify)
        else:
            yield from _read_file(item, chosen, options, notify)


def _suffixes(chosen: Reader | None) -> tuple[str, ...]:
    # A platform's JSON has no suffix of its own: of a folder, all that is usually read is read as it.
    readers = (chosen,) if chosen is not None and chosen.suffixes else all_readers()
    return (*(suffix for reader in readers for suffix in reader.suffixes), _ARCHIVE_SUFFIX)


def _set_reader(names: AbstractSet[str], chosen: Reader | None) -> FileSetReader | None:
    """Return the reader that reads a folder with these names as one input."""
    readers = all_readers() if chosen is None else (chosen,)
    return next((item for item in readers if isinstance(item, FileSetReader) and item.recognises_files(names)), None)


def _tells_sets(chosen: Reader | None) -> Callable[[frozenset[str]], bool]:
    return lambda names: _set_reader(names, chosen) is not None


def _read_set(files: FileSet, chosen: Reader | None, options: ReadOptions, notify: Notice) -> Iterator[Record]:
    count = 0
    try:
        reader = _set_reader({name.split("/", 1)[0] for name in files.names}, chosen)
        if reader is None:
            raise TranscriptError("changed while it was read; read it again")
        options.trace.recognised(files.path, reader.name, "--from" if chosen else "content")
        for record in reader.read_files(files, options, notify):
            count += 1
            yield record
        if count == 0:
            yield bad_record(Source(files.path), "has no conversation in it")
    except TranscriptError as error:
        yield bad_record(Source(files.path), str(error))
    except STREAM_FAILURES as error:
        yield bad_record(Source(files.path), _explain_failure(error, count))


def _read_file(path: str, chosen: Reader | None, options: ReadOptions, notify: Notice) -> Iterator[Record]:
    try:
        raw = open(path, "rb")  # noqa: PTH123, SIM115 - closed below; an error of opening is told apart from one of reading
    except OSError as error:
        yield bad_record(Source(path), explain_os_error(path, error))
        return
    with raw:
        yield from _read_stream(raw, path, chosen, options, notify)


def _read_stream(
    raw: BinaryIO, path: str, chosen: Reader | None, options: ReadOptions, notify: Notice, *, is_member: bool = False
) -> Iterator[Record]:
    count = 0
    try:
        opened = open_input(raw)
        if is_member and opened.is_unpacked:
            raise TranscriptError(_NESTED)
        for record in _read_opened(opened, path, chosen, options, notify, is_member=is_member):
            count += 1
            yield record
        if count == 0:
            yield bad_record(Source(path), "has no conversation in it")
    except TranscriptError as error:
        yield bad_record(Source(path), str(error))
    except STREAM_FAILURES as error:
        yield bad_record(Source(path), _explain_failure(error, count))


def _read_opened(
    opened: Input, path: str, chosen: Reader | None, options: ReadOptions, notify: Notice, *, is_member: bool
) -> Iterator[Record]:
    # A cut gzip file may fail before its first byte; that is not emptiness, and read() says so.
    if not opened.head and not opened.stream.read(1):
        raise TranscriptError("is empty; a file needs at least one conversation")
    if opened.head.startswith(ZIP_MAGICS) and not any(reader.recognises(opened.head) for reader in all_readers()):
        if is_member:
            raise TranscriptError(_NESTED)
        return _read_archive(opened.stream, path, chosen, options, notify)
    reader = chosen or _reader_of(opened.head, path)
    by = "--from" if chosen else "content" if reader.recognises(opened.head) else "suffix"
    options.trace.recognised(path, reader.name, by)
    return reader.read(opened.stream, path, options, notify)


def _read_archive(
    stream: BinaryIO, path: str, chosen: Reader | None, options: ReadOptions, notify: Notice
) -> Iterator[Record]:
    """Yield what is in a zip archive, each file as if it were one by itself."""
    if not stream.seekable():
        stream = io.BytesIO(read_whole(stream, limit_bytes=options.max_record_bytes))
    archive = ZipArchive(stream)
    folders = tuple(folders_of(archive, path, _tells_sets(chosen)))
    for folder in folders:
        yield from _read_set(folder, chosen, options, notify)
    suffixes = _suffixes(chosen)
    prefixes = tuple(folder.prefix for folder in folders)
    others = [m for m in archive.members if not m.name.startswith(prefixes) and not is_hidden(m.name)]
    left_out = []
    for member in others:
        if not (is_wanted(member.name, suffixes) or member.refusal):
            left_out.append(member.name)
        else:
            yield from _read_member(archive, member, path, chosen, options=options, notify=notify)
    if left_out:
        notify(tell_left_out(path, left_out, suffixes))


def _read_member(
    archive: ZipArchive,
    member: Member,
    archive_path: str,
    chosen: Reader | None,
    *,
    options: ReadOptions,
    notify: Notice,
) -> Iterator[Record]:
    path = f"{archive_path}!{member.name}"
    try:
        stream = archive.open(member)
    except TranscriptError as error:
        yield bad_record(Source(path), str(error))
        return
    with stream:
        yield from _read_stream(stream, path, chosen, options, notify, is_member=True)


def _reader_of(head: bytes, path: str) -> Reader:
    reader = reader_for(head, path)
    is_recognised = reader is not None and reader.recognises(head)
    document = next((kind for magic, kind in _DOCUMENTS if head.startswith(magic)), None)
    if document is not None and not is_recognised:
        raise TranscriptError(f"is {document}, which is not read; {_EXPORT}")
    if looks_binary(head) and not is_recognised:
        raise TranscriptError(f"is no text (a binary file, or UTF-16 without a byte order mark); {_EXPORT}")
    if reader is None:
        raise TranscriptError("is in no format that was recognised; say which with --from (see: convscan formats list)")
    return reader


def _explain_failure(error: Exception, count: int) -> str:
    if isinstance(error, EOFError):
        what = "the compressed file is cut off"
    elif isinstance(error, UnicodeError):
        what = "the UTF-16 text is damaged"
    elif isinstance(error, OSError) and error.errno is not None:
        what = f"reading failed ({error.strerror})"
    else:
        what = f"the compressed file is damaged ({error})"
    rest = "nothing" if count == 0 else f"nothing after the first {count}"
    return f"{what}; {rest} could be read from it: copy or export it again"
