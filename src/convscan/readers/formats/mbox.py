"""A mailbox as one file (mbox), in two passes: what answers what, then the words, a mail at a time."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import BinaryIO, cast

from convscan.conversation import Source
from convscan.errors import TranscriptError
from convscan.readers.base import Notice, ReadOptions, Record, bad_record
from convscan.readers.description import Description, Family
from convscan.readers.mail.conversation import StoredMail, ThreadReader, check_size, stored_mail
from convscan.readers.mail.message import parse_headers
from convscan.readers.mail.threads import Entry, entry_of

# A line of the text may begin "From here on" too: only one with a date as mail servers write it parts two mails.
_SEPARATOR = re.compile(
    rb"From [^\r\n]{0,200}\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? {1,2}(?:\d{1,2} )?"
    rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    rb"\b[^\r\n]{0,10}\b\d\d?:\d\d[^\r\n]{0,30}\b(?:19|20)\d\d\b[^\r\n]{0,20}\r?\n?$"
    rb"|From [^\r\n]{0,200}\d{4} \d\d?:\d\d:\d\d [+-]\d{4}\r?\n?$"
)
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_LINE_BYTES = 64 * 1024
_HEAD_BYTES = 256 * 1024
# What cannot be searched (a pipe, a compressed file) is kept in memory up to here, then in a file that only we see.
_SPOOL_BYTES = 32 * 1024 * 1024

_DESCRIPTION = Description(
    title="Mailboxes (mbox)",
    family=Family.MAIL,
    versions="mboxo and mboxrd, as Thunderbird, Apple Mail, Google Takeout and mail servers write them",
    reads=(
        "all mails, joined to threads as in a folder of .eml files, a thread a conversation",
        "a mailbox of any size: only the headers are held, the words are read a thread at a time",
        "`>From ` at the start of a line, as `From `",
    ),
    ignores=("attachments (their names are kept) and attached mails", "copies of one mail"),
    roles="as in .eml files",
    example="convscan scan support.mbox --agent-domain example.com",
)


@dataclass(frozen=True, slots=True)
class MboxReader:
    """Reads mailboxes in memory that does not grow with what the mails say."""

    name: str = "mbox"
    suffixes: tuple[str, ...] = (".mbox", ".mbx")
    rank: int = 15
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether it begins with the line that stands above each mail, and headers below it."""
        first, _, rest = head.partition(b"\n")
        return _SEPARATOR.match(first) is not None and re.match(rb">?[!-9;-~]{1,76}[: ]", rest) is not None

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the threads in the order in which they begin; see `Reader.read`."""
        with _searchable(stream) as mailbox:
            entries: list[Entry] = []
            for found in _mails(mailbox):
                try:
                    entries.append(
                        entry_of(parse_headers(found.head), start=found.start, size=found.size, line=found.line)
                    )
                except TranscriptError as error:
                    yield bad_record(Source(path, found.line), str(error))

            def load(entry: Entry) -> StoredMail:
                source = Source(path, entry.line)
                check_size(entry.size, source, limit_bytes=options.max_record_bytes)
                mailbox.seek(entry.start)
                return stored_mail(_without_separator(mailbox.read(entry.size)), source)

            yield from ThreadReader(path, options, notify).read(entries, load)


@dataclass(slots=True)
class _Found:
    """A mail in the file; `head` holds its first bytes, down to the end of the headers."""

    start: int
    line: int
    size: int = 0
    head: bytes = b""


def _mails(stream: BinaryIO) -> Iterator[_Found]:
    """Yield where each mail stands, reading on from here; long lines come in pieces."""
    at = stream.tell()
    found: _Found | None = None
    head = bytearray()
    number, in_head = 1, False
    after_blank = begins_line = True
    while chunk := stream.readline(_LINE_BYTES):
        is_separator = (
            begins_line and after_blank and chunk.startswith(b"From ") and _SEPARATOR.match(chunk) is not None
        )
        is_blank = begins_line and not chunk.strip()
        if is_separator or (found is None and not is_blank):
            if found is not None:
                yield _closed(found, at, head)
            found, in_head = _Found(at, number), True
            head.clear()
        if not is_separator and in_head and found is not None:
            head += chunk
            in_head = not is_blank and len(head) < _HEAD_BYTES
        at += len(chunk)
        begins_line = chunk.endswith(b"\n")
        number += begins_line
        after_blank = is_blank
    if found is not None:
        yield _closed(found, at, head)


def _closed(found: _Found, end: int, head: bytearray) -> _Found:
    found.size = end - found.start
    found.head = bytes(head)
    return found


def _without_separator(content: bytes) -> bytes:
    if content.startswith(b"From "):
        content = content[content.find(b"\n") + 1 or len(content) :]
    return _ESCAPED.sub(rb"\1", content)


def _searchable(stream: BinaryIO) -> AbstractContextManager[BinaryIO]:
    """Return a stream that can be read twice."""
    if stream.seekable():
        return nullcontext(stream)
    spool = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES))  # noqa: SIM115 - the caller closes it
    try:
        while chunk := stream.read(_LINE_BYTES):
            spool.write(chunk)
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return spool


READER = MboxReader()
