"""One mail as a value, from the bytes of an RFC 5322 message."""

import re
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import Compat32

from convscan.errors import TranscriptError
from convscan.readers.mail.body import MailBody, read_body
from convscan.readers.mail.header import (
    Address,
    Moment,
    addresses,
    answered_ids,
    header,
    header_text,
    message_id,
    sent_at,
    thread_marks,
)

# What the email package fails with on messages that somebody bent; `RecursionError` for deep nesting.
EMAIL_FAILURES = (RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError)
# Longer headers are no words; parameters of some take time that grows with the square of their number.
_MAX_HEADER_CHARS = 64 * 1024
_FIRST_HEADER = re.compile(rb"[!-9;-~]{1,76}:[ \t]?")
_MAIL_HEADERS = frozenset(
    b"received return-path delivered-to message-id mime-version x-mailer dkim-signature references in-reply-to "
    b"content-type content-transfer-encoding x-received arc-seal authentication-results envelope-to "
    b"x-gm-thrid x-gmail-labels x-mozilla-status x-originating-ip reply-to x-spam-status user-agent".split()
)
_PEOPLE_HEADERS = frozenset({b"from", b"to", b"subject", b"date", b"cc", b"sender"})
_BOUNCERS = frozenset({"mailer-daemon", "postmaster", "mail-daemon", "mailer_daemon"})
_AUTOMATIC = frozenset({"auto_reply", "auto-reply", "bulk", "junk"})
_AUTOREPLY_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "X-Failed-Recipients")
# Not "Out of office supplies".
_AUTOREPLY_SUBJECT = re.compile(
    r"(?:automatic reply|auto(?:matic|mated)?[- ]?(?:reply|response)|out of (?:the )?office|automatische antwort"
    r"|abwesenheitsnotiz|r\xe9ponse automatique|respuesta autom\xe1tica|risposta automatica"
    r"|automatisch antwoord|resposta autom\xe1tica|odpowied\u017a automatyczna)\s{0,3}(?:[:(\[\u2013-]|$)",
    re.IGNORECASE,
)


class _Bounded(Compat32):
    """The policy that parses no header by itself, with a limit on the length of each."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return name and value, the value cut at the limit."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MAX_HEADER_CHARS]


# The policy of every message here.
BOUNDED = _Bounded()


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers of a mail say.

    Attributes:
        id: Without brackets; empty if there is none.
        answers: Ids of the mails before it, the nearest last.
        marks: What mail programs give to all mails of one thread.
        is_bounce: Whether a mail server wrote it.
        is_automatic: Whether a program sent it, for itself or for somebody who is away.
        is_from_helpdesk: Whether its headers name a program for support teams.
    """

    id: str
    answers: tuple[str, ...]
    marks: tuple[str, ...]
    subject: str
    sender: Address | None
    recipients: tuple[Address, ...]
    moment: Moment | None
    date: str = ""
    is_bounce: bool = False
    is_automatic: bool = False
    is_from_helpdesk: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail."""

    envelope: Envelope
    body: MailBody = field(default_factory=MailBody)


def looks_like_mail(head: bytes) -> bool:
    """Tell whether bytes begin with the headers of a mail.

    A transcript may begin with "From: …" and "Subject: …" too; so one header that only
    mail servers and programs write is asked for, or four that people know.
    """
    names: list[bytes] = []
    for line in head.split(b"\n", 400)[:400]:
        if line[:1] in b" \t" and line.strip() and names:
            continue
        found = _FIRST_HEADER.match(line)
        if found is None:
            if not names and line.startswith((b"From ", b">From ")):
                continue
            is_cut = line.strip() != b""
            return _are_mail_headers(names, is_cut=is_cut)
        names.append(line[: line.index(b":")].lower())
    return _are_mail_headers(names, is_cut=False)


def _are_mail_headers(names: list[bytes], *, is_cut: bool) -> bool:
    found = set(names)
    people = len(found & _PEOPLE_HEADERS)
    programs = len(found & _MAIL_HEADERS)
    if is_cut and programs < 2:  # noqa: PLR2004 - a line that is no header follows: then two are needed
        return False
    return (people > 0 and programs > 0) or programs > 1 or people >= 4  # noqa: PLR2004 - as the docstring says


def parse_headers(content: bytes) -> Envelope:
    """Return what the headers of a message say.

    Raises:
        TranscriptError: If it has none that can be read.
    """
    try:
        return envelope_of(BytesHeaderParser(policy=BOUNDED).parsebytes(content))
    except EMAIL_FAILURES as error:
        raise TranscriptError(_unreadable(error)) from error


def parse_mail(content: bytes) -> Mail:
    """Return a message as a value.

    Raises:
        TranscriptError: If it cannot be read.
    """
    try:
        message = BytesParser(policy=BOUNDED).parsebytes(content)
        if message.get_content_type() == "message/rfc822" and isinstance(message.get_payload(), list):
            inner = message.get_payload(0)
            message = inner if isinstance(inner, Message) and inner.keys() else message
        return Mail(envelope_of(message), read_body(message))
    except EMAIL_FAILURES as error:
        raise TranscriptError(_unreadable(error)) from error


def _unreadable(error: Exception) -> str:
    what = "its parts are nested too deeply" if isinstance(error, RecursionError) else "its MIME structure is damaged"
    return f"the mail cannot be read ({what}); export it again, or save its text as a file"


def envelope_of(message: Message) -> Envelope:
    """Return what the headers of a parsed message say."""
    senders = addresses(message, "From") or addresses(message, "Sender") or addresses(message, "Reply-To")
    sender = senders[0] if senders else None
    subject = header_text(header(message, "Subject"))
    return Envelope(
        id=message_id(message),
        answers=answered_ids(message),
        marks=thread_marks(message),
        subject=subject,
        sender=sender,
        recipients=addresses(message, "To", "Cc", "Delivered-To", "X-Original-To"),
        moment=sent_at(message),
        date=header_text(header(message, "Date")),
        is_bounce=_is_bounce(message, sender),
        is_automatic=_is_automatic(message, subject),
        is_from_helpdesk=_is_from_helpdesk(message),
    )


def _is_bounce(message: Message, sender: Address | None) -> bool:
    if sender is not None and sender.local in _BOUNCERS:
        return True
    if message.get_content_type() == "multipart/report" and message.get_param("report-type") == "delivery-status":
        return True
    return header(message, "X-Failed-Recipients") != ""


def _is_automatic(message: Message, subject: str) -> bool:
    submitted = header(message, "Auto-Submitted").lower()
    if submitted and not submitted.startswith("no"):
        return True
    if header(message, "Precedence").lower() in _AUTOMATIC or header(message, "Return-Path") == "<>":
        return True
    return any(header(message, name) for name in _AUTOREPLY_HEADERS) or _AUTOREPLY_SUBJECT.match(subject) is not None


_HELPDESK_HEADERS = re.compile(
    r"x-(?:zendesk|freshdesk|helpscout|front|gorgias|intercom|kayako|hubspot|otrs|zammad|jira|desk|kustomer|reamaze)\b",
    re.IGNORECASE,
)
_HELPDESK_HOSTS = re.compile(
    r"@[^@]{0,100}\b(?:zendesk\.com|freshdesk\.com|helpscout\.net|frontapp\.com|gorgias\.(?:com|io)|intercom[a-z-]*\.(?:com|io)"
    r"|hubspot[a-z]*\.com|zohodesk\.com|kayako\.com|groovehq\.com|reamaze\.com|kustomerapp\.com)$",
    re.IGNORECASE,
)


def _is_from_helpdesk(message: Message) -> bool:
    if any(_HELPDESK_HEADERS.match(key) for key in message.keys()):  # noqa: SIM118 - a mapping of values by name it is not
        return True
    return _HELPDESK_HOSTS.search(message_id(message)) is not None
