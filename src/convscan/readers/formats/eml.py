"""One mail as a file (`.eml`), and folders of them: Maildir, or the mails themselves."""

import os
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import BinaryIO

from convscan.conversation import Source
from convscan.errors import TranscriptError
from convscan.readers.base import FileSet, Notice, ReadOptions, Record, bad_record, show_place
from convscan.readers.description import Description, Family
from convscan.readers.mail.conversation import BadMailError, StoredMail, ThreadReader, check_size, stored_mail
from convscan.readers.mail.message import looks_like_mail, parse_headers
from convscan.readers.mail.threads import Entry, entry_of
from convscan.readers.opening import read_whole

_SUFFIXES = (".eml", ".emlx")
_MAILDIR = frozenset({"cur", "new"})
_IN_MAILDIR = ("cur", "new")
# Headers end long before.
_HEAD_BYTES = 256 * 1024

_DESCRIPTION = Description(
    title="Mail files (.eml) and Maildir",
    family=Family.MAIL,
    versions="RFC 5322 and MIME messages; Maildir and Maildir++; folders that hold nothing but .eml files",
    reads=(
        "one file by itself as a conversation of one mail; the mails of a folder as threads",
        "threads by Message-ID, In-Reply-To, References, Thread-Index and X-GM-THRID, else subject and people (told)",
        "the plain part, else the HTML part as text, with quoted mail marked by `> `; any charset",
        "From as author, Date as time with the writer's zone",
        "quoted history, signatures and disclaimers stay in the text and are marked, never judged",
    ),
    ignores=(
        "attachments (their names are kept) and attached mails",
        "copies of one mail",
        "calendar invitations",
    ),
    roles="--agent-domain, --agent-address or --role; else team addresses (support@…), helpdesk headers, the domain"
    " that is in nearly all threads, free mailboxes, who wrote first, how they talk; with weak evidence an error that"
    " names the option; bounces are system, automatic replies bot or system",
    example="convscan scan maildir/ --agent-domain example.com",
)


@dataclass(frozen=True, slots=True)
class EmlReader:
    """Reads single mails, and folders of them as threads."""

    name: str = "eml"
    suffixes: tuple[str, ...] = _SUFFIXES
    rank: int = 20
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether it begins with the headers of a mail."""
        return looks_like_mail(_without_apple_count(head))

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the one mail as a conversation; see `Reader.read`."""
        content = _without_apple_count(read_whole(stream, limit_bytes=options.max_record_bytes))
        entry = entry_of(parse_headers(content[:_HEAD_BYTES]), start=0, size=len(content), line=1)
        mail = stored_mail(content, Source(path))
        yield from ThreadReader(path, options, notify).read([entry], lambda _entry: mail)

    def recognises_files(self, names: AbstractSet[str]) -> bool:
        """Tell whether a folder is a Maildir or holds mails and nothing else."""
        if names >= _MAILDIR:
            return True
        return bool(names) and all(name.lower().endswith(_SUFFIXES) for name in names)

    def read_files(self, files: FileSet, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the threads of all mails of the folder."""
        folder = _Mails(files, options)
        entries: list[Entry] = []
        for record in folder.entries():
            if isinstance(record, Entry):
                entries.append(record)
            else:
                yield record
        if folder.others:
            notify(f"{show_place(Source(files.path))}: {folder.others} files that are no mails left out")
        yield from ThreadReader(files.path, options, notify).read(entries, folder.load)


class _Mails:
    """The mails of a folder, by number."""

    def __init__(self, files: FileSet, options: ReadOptions) -> None:
        self._files = files
        self._limit = options.max_record_bytes
        self._names = (*files.names, *_sent_folders(files.path))
        self.others = 0

    def entries(self) -> Iterator[Entry | Record]:
        """Yield an entry for each mail, a bad record for each that cannot be opened."""
        for number, name in enumerate(self._names):
            if not self._is_mail(name):
                self.others += 1
                continue
            try:
                with self._files.open(name) as stream:
                    head = _without_apple_count(stream.read(_HEAD_BYTES))
                yield entry_of(parse_headers(head), start=number, size=len(head), line=0)
            except TranscriptError as error:
                yield bad_record(Source(self._files.show(name)), str(error))
            except OSError as error:
                yield bad_record(Source(self._files.show(name)), f"reading failed ({error.strerror})")

    def load(self, entry: Entry) -> StoredMail:
        """Return the mail of an entry; see `stored_mail`."""
        name = self._names[entry.start]
        source = Source(self._files.show(name))
        try:
            with self._files.open(name) as stream:
                content = stream.read(self._limit + 1)
        except TranscriptError as error:
            raise BadMailError(source, str(error)) from error
        except OSError as error:
            raise BadMailError(source, f"reading failed ({error.strerror})") from error
        check_size(len(content), source, limit_bytes=self._limit)
        return stored_mail(_without_apple_count(content), source)

    def _is_mail(self, name: str) -> bool:
        folders = name.split("/")[:-1]
        return (bool(folders) and folders[-1] in _IN_MAILDIR) or name.lower().endswith(_SUFFIXES)


def _sent_folders(path: str) -> Iterator[str]:
    """Yield the mails of the folders inside a Maildir, `.Sent` before all: their names begin with a dot.

    They are hidden to who lists files, and hold all answers of the company.
    """
    if not os.path.isdir(path):  # noqa: PTH112 - paths stay as the user wrote them; in an archive there is no such path
        return
    for name in sorted(os.listdir(path)):  # noqa: PTH208 - as above
        for part in _IN_MAILDIR:
            folder = os.path.join(path, name, part)  # noqa: PTH118 - as above
            if name.startswith(".") and os.path.isdir(folder):  # noqa: PTH112 - as above
                yield from (f"{name}/{part}/{mail}" for mail in sorted(os.listdir(folder)) if mail[0] != ".")  # noqa: PTH208 - as above


def _without_apple_count(content: bytes) -> bytes:
    """Leave out the line with the size that Apple Mail puts above a mail (`.emlx`), and its own data below."""
    first, line_break, _ = content[:20].partition(b"\n")
    if not line_break or not first.strip().isdigit():
        return content
    start = len(first) + 1
    return content[start : start + int(first)]


READER = EmlReader()
