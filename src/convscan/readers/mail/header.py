"""Headers of a mail: who wrote to whom, when, about what, in answer to which mail.

The headers are read raw and taken apart here: `email.policy.default` parses each with a
grammar that needs seconds, or more stack than there is, for some that arrive in real
mailboxes. None of the functions here fails, whatever the header holds.
"""

import re
from dataclasses import dataclass
from datetime import UTC
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from convscan.readers.mail.charset import decode_charset
from convscan.readers.text_encoding import decode_text

_FOLD = re.compile(r"\r?\n[ \t]*")
_ID = re.compile(r"<([^<>\s]{1,998})>")
_ENCODED = re.compile(r"=\?[^?\s]{1,75}\?[bq]\?", re.IGNORECASE)
_PLAIN_ADDRESS = re.compile(r"[^\s<>@,;:\"()]{1,64}@[^\s<>@,;:\"()]{1,255}")
_MAX_VALUE_CHARS = 1000
_MAX_ADDRESSES_CHARS = 16_000
# A thread's newest mail names all before it; those next to it are enough to join them.
_MAX_IDS = 50
_MAX_DATE_CHARS = 100
# The part of Outlook's Thread-Index that all mails of a thread share: 21 bytes in base64.
_THREAD_INDEX_CHARS = 28


@dataclass(frozen=True, slots=True)
class Address:
    """Who wrote or got a mail.

    Attributes:
        name: As shown; empty if none is.
        address: In lower case; empty if there is none.
    """

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What stands behind the `@`."""
        return self.address.rpartition("@")[2]

    @property
    def local(self) -> str:
        """What stands before the `@`."""
        return self.address.rpartition("@")[0]


@dataclass(frozen=True, slots=True)
class Moment:
    """When a mail was written.

    Attributes:
        written: In ISO 8601 with the zone of the writer, if the mail tells one.
        seconds: Since 1970, to put mails in order.
    """

    written: str
    seconds: float


def header(message: Message, name: str) -> str:
    """Return a header as it stands in the mail, unfolded; empty if there is none."""
    wanted = name.lower()
    for key, value in message.raw_items():
        if key.lower() == wanted:
            return _FOLD.sub(" ", str(value)).strip()
    return ""


def header_text(value: str) -> str:
    """Decode encoded words and bytes beyond ASCII; a longer header is cut."""
    value = value[:_MAX_VALUE_CHARS]
    if not value.isascii():
        value = decode_text(value.encode("utf-8", "surrogateescape")).text
    if not _ENCODED.search(value):
        return _printable(value)
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError, LookupError):
        return _printable(value)
    return _printable("".join(_word(part, charset) for part, charset in parts))


def _word(part: object, charset: str | None) -> str:
    if isinstance(part, bytes):
        return decode_charset(part, charset).text
    return str(part)


def _printable(value: str) -> str:
    return " ".join(value.replace("\0", "").split())


def addresses(message: Message, *names: str) -> tuple[Address, ...]:
    """Return the people of some headers, in order, each once."""
    values = [header(message, name)[:_MAX_ADDRESSES_CHARS] for name in names]
    found: dict[str, Address] = {}
    for value in filter(None, values):
        for person in _people(value):
            found.setdefault(person.address or person.name, person)
    return tuple(found.values())


def _people(value: str) -> list[Address]:
    try:
        pairs = getaddresses([value])
    except (RecursionError, ValueError, IndexError, TypeError, AttributeError):
        pairs = []
    people = [Address(header_text(name), _clean(address)) for name, address in pairs if "@" in address]
    if people:
        return people
    # What is no address to the parser ("Ana Okafor <ana@mail.example", "((((ana@mail.example") may still hold one.
    bare = _PLAIN_ADDRESS.search(value)
    name = header_text(value if bare is None else value[: bare.start()].rstrip("<( ").strip("\"'"))
    return [Address(name, bare[0].lower() if bare else "")] if bare or name else []


def _clean(address: str) -> str:
    return _printable(address).lower().strip("<>'\"")[:320]


def message_id(message: Message) -> str:
    """Return the id of a mail without its brackets; empty if it has none."""
    value = header(message, "Message-ID")
    found = _ID.search(value)
    return found[1] if found else _printable(value)[:200]


def answered_ids(message: Message) -> tuple[str, ...]:
    """Return the ids of the mails that this one answers, the nearest last."""
    ids = [*_ID.findall(header(message, "References")), *_ID.findall(header(message, "In-Reply-To"))[:1]]
    return tuple(dict.fromkeys(ids))[-_MAX_IDS:]


def thread_marks(message: Message) -> tuple[str, ...]:
    """Return what mail programs give to all mails of one thread."""
    index = "".join(header(message, "Thread-Index").split())
    gmail = header(message, "X-GM-THRID")
    marks = (f"thread-index {index[:_THREAD_INDEX_CHARS]}" if len(index) >= _THREAD_INDEX_CHARS else "",)
    return tuple(filter(None, (*marks, f"gmail {gmail[:40]}" if gmail else "")))


def moment(value: str) -> Moment | None:
    """Return when a mail says that it was written; None if that is no date."""
    try:
        when = parsedate_to_datetime(value[:_MAX_DATE_CHARS])
        seconds = (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return Moment(when.isoformat(), seconds)


def sent_at(message: Message) -> Moment | None:
    """Return when a mail was sent: its own date, else that of the server that took it last."""
    own = moment(header(message, "Date"))
    return own or moment(header(message, "Received").rpartition(";")[2])
