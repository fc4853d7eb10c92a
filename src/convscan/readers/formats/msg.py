"""A mail as Outlook saves it (`.msg`), through the `python-oxmsg` package."""

import io
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC
from email.message import Message
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING, BinaryIO

from convscan.conversation import Source
from convscan.errors import TranscriptError
from convscan.readers.base import Notice, ReadOptions, Record
from convscan.readers.description import Description, Family
from convscan.readers.html_text import html_to_text
from convscan.readers.mail.body import MailBody, without_blank_ends
from convscan.readers.mail.conversation import StoredMail, ThreadReader
from convscan.readers.mail.message import BOUNDED, EMAIL_FAILURES, Mail, envelope_of
from convscan.readers.mail.threads import entry_of
from convscan.readers.opening import read_whole

if TYPE_CHECKING:
    from oxmsg import Message as OutlookMessage

# All files of Office before 2007 begin so; what is in it tells later.
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Source: [MS-OXPROPS], the property ids of what `python-oxmsg` has no name for.
_MESSAGE_ID, _REFERENCES, _IN_REPLY_TO = 0x1035, 0x1039, 0x1042
_SENDER_NAME, _SENDER_ADDRESS, _SENDER_SMTP = 0x0C1A, 0x0C1F, 0x5D01
_RTF = 0x1009
# Source: [MS-CFB] 2.2, where the header counts sectors of the FAT, the mini FAT and the DIFAT; the smallest sector.
_SECTOR_COUNTS_AT = (0x2C, 0x40, 0x48)
_SECTOR_BYTES = 512
# Streams share no sectors; but the root holds those of all small ones.
_MOST_SHARED = 2
# What the two packages fail with on files that somebody bent.
_FAILURES = (*EMAIL_FAILURES, OSError, EOFError, struct.error, OverflowError, MemoryError)

_DESCRIPTION = Description(
    title="Outlook mails (.msg)",
    family=Family.MAIL,
    versions="Outlook's message files ([MS-OXMSG]); needs the extra convscan[mail]",
    reads=(
        "the plain body, else the HTML body as text",
        "the transport headers, or for sent mails the properties that stand for them",
    ),
    ignores=("attachments (their names are kept) and attached mails", "bodies that are in RTF only: an error says so"),
    roles="as in .eml files",
    example="convscan scan mail.msg --agent-domain example.com",
)


@dataclass(frozen=True, slots=True)
class MsgReader:
    """Reads single mails that were dragged out of Outlook."""

    name: str = "msg"
    suffixes: tuple[str, ...] = (".msg",)
    rank: int = 10
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether it begins as the container that Outlook writes."""
        return head.startswith(_OLE_MAGIC)

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the one mail as a conversation; see `Reader.read`."""
        content = read_whole(stream, limit_bytes=options.max_record_bytes)
        stored = StoredMail(_mail(content), Source(path))
        entry = entry_of(stored.mail.envelope, start=0, size=len(content), line=0)
        yield from ThreadReader(path, options, notify).read([entry], lambda _entry: stored)


def _mail(content: bytes) -> Mail:
    load = _loader()
    try:
        _check_sizes(content)
        found = load(io.BytesIO(content))
        mail = Mail(envelope_of(_headers(found)), _body(found))
    except _FAILURES as error:
        raise TranscriptError(
            "is no mail of Outlook, or a damaged one (Office files begin in the same way);"
            " open it in Outlook and save it as .msg or .eml again"
        ) from error
    if not mail.body.texts and found.properties.binary_prop_value(_RTF):
        raise TranscriptError("the words of the mail are in RTF only; save it as .eml, or as plain text in Outlook")
    if mail.envelope.sender is None:
        raise TranscriptError("the mail has no sender; it may be a draft: leave it out")
    return mail


def _loader() -> "Callable[[io.BytesIO], OutlookMessage]":
    try:
        from oxmsg import Message as Found
    except ImportError:
        raise TranscriptError(
            "is a mail of Outlook; to read it, install: pip install 'convscan[mail]', or save it as .eml"
        ) from None
    return Found.load


def _check_sizes(content: bytes) -> None:
    """Refuse a container that says it holds more than it can; `olefile` would follow its chains without end.

    Raises:
        ValueError: If it does.
    """
    from olefile import OleFileIO

    counts = (struct.unpack_from("<I", content, at)[0] for at in _SECTOR_COUNTS_AT)
    if any(count * _SECTOR_BYTES > len(content) for count in counts):
        raise ValueError("more sectors than the file has")
    with OleFileIO(io.BytesIO(content)) as container:
        sizes = [entry.size for entry in container.direntries if entry is not None]
    if sum(sizes) > _MOST_SHARED * len(content):
        raise ValueError("more content than the file has")


def _headers(found: "OutlookMessage") -> Message:
    """Return the headers of the mail as it travelled, completed from its properties."""
    message = Message(policy=BOUNDED)
    for name, value in found.message_headers.items():
        message[name] = value
    text = found.properties.str_prop_value
    for name, told in (
        ("From", _person(text(_SENDER_NAME), text(_SENDER_SMTP) or text(_SENDER_ADDRESS))),
        ("Subject", found.subject),
        ("To", ", ".join(_person(person.name, person.email_address) for person in found.recipients)),
        ("Message-ID", text(_MESSAGE_ID)),
        ("References", text(_REFERENCES)),
        ("In-Reply-To", text(_IN_REPLY_TO)),
        ("Date", _date(found)),
    ):
        if told and name not in message:
            message[name] = told
    return message


def _person(name: str | None, address: str | None) -> str:
    """Return somebody as in a header; inside a company Exchange knows people by a path, not an address."""
    if address and "@" in address:
        return formataddr((name or "", address)) if (name or "").isascii() else f"{_quoted(name)} <{address}>"
    return _quoted(name or address)


def _quoted(name: str | None) -> str:
    return '"' + (name or "").replace('"', "'").replace("\\", "/") + '"' if name else ""


def _date(found: "OutlookMessage") -> str:
    sent = found.sent_date
    return "" if sent is None else format_datetime(sent if sent.tzinfo else sent.replace(tzinfo=UTC))


def _body(found: "OutlookMessage") -> MailBody:
    body = MailBody()
    plain = found.body or ""
    text = plain if plain.strip() else html_to_text(found.html_body or "", is_message=True).text
    if text.strip():
        body.texts.append(without_blank_ends(text))
    body.attachments.extend(item.file_name or "attachment" for item in found.attachments)
    return body


READER = MsgReader()
