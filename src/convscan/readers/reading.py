"""Read conversations from whatever the user names."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO

from convscan.conversation import Channel, Source
from convscan.errors import ConfigError, TranscriptError
from convscan.readers.base import BadRecord, Notice, Reader, ReadOptions, Record, bad_record, ignore
from convscan.readers.ids import with_unique_ids
from convscan.readers.mapping import PREFIX, MappingReader
from convscan.readers.opening import STREAM_FAILURES, looks_binary, open_input
from convscan.readers.registry import all_readers, reader_for, reader_named
from convscan.readers.selection import STDIN, explain_os_error, select_files

_DEFAULTS = ReadOptions()


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
    # A platform's JSON has no suffix of its own: of a folder, all that is usually read is read as it.
    readers = (chosen,) if chosen is not None and chosen.suffixes else all_readers()
    suffixes = tuple(suffix for reader in readers for suffix in reader.suffixes)
    for path in select_files(paths, suffixes, notify=notify):
        if isinstance(path, BadRecord):
            yield path
        elif path == STDIN:
            yield from _read_stream(stdin or sys.stdin.buffer, path, chosen, options, notify)
        else:
            yield from _read_file(path, chosen, options, notify)


def _read_file(path: str, chosen: Reader | None, options: ReadOptions, notify: Notice) -> Iterator[Record]:
    try:
        raw = open(path, "rb")  # noqa: PTH123, SIM115 - closed below; an error of opening is told apart from one of reading
    except OSError as error:
        yield bad_record(Source(path), explain_os_error(path, error))
        return
    with raw:
        yield from _read_stream(raw, path, chosen, options, notify)


def _read_stream(
    raw: BinaryIO, path: str, chosen: Reader | None, options: ReadOptions, notify: Notice
) -> Iterator[Record]:
    count = 0
    try:
        opened = open_input(raw)
        # A cut gzip file may fail before its first byte; that is not emptiness, and read() says so.
        if not opened.head and not opened.stream.read(1):
            raise TranscriptError("is empty; a file needs at least one conversation")
        reader = chosen or _reader_of(opened.head, path)
        by = "--from" if chosen else "content" if reader.recognises(opened.head) else "suffix"
        options.trace.recognised(path, reader.name, by)
        for record in reader.read(opened.stream, path, options, notify):
            count += 1
            yield record
        if count == 0:
            yield bad_record(Source(path), "has no conversation in it")
    except TranscriptError as error:
        yield bad_record(Source(path), str(error))
    except STREAM_FAILURES as error:
        yield bad_record(Source(path), _explain_failure(error, count))


def _reader_of(head: bytes, path: str) -> Reader:
    reader = reader_for(head, path)
    if looks_binary(head) and not (reader and reader.recognises(head)):
        raise TranscriptError(
            "is no text (a binary file, or UTF-16 without a byte order mark);"
            " export the conversations as text or JSON Lines in UTF-8"
        )
    if reader is None:
        names = ", ".join(item.name for item in all_readers())
        raise TranscriptError(f"is in no format that was recognised; say which with --from ({names})")
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
