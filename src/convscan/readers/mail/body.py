"""The words of a MIME message: which of its parts a reader of the mail sees first, as text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import CloseBoundaryNotFoundDefect, MultipartInvariantViolationDefect, StartBoundaryNotFoundDefect
from email.message import Message

from convscan.errors import TranscriptError
from convscan.readers.html_text import html_to_text
from convscan.readers.mail.charset import decode_charset, is_known_charset
from convscan.readers.mail.header import header_text

# Real mail nests five deep at most (signed, mixed, related, alternative); Tika stops at 10 packages.
_MAX_DEPTH = 50
_MAX_PARTS = 10_000
_MAX_NAMES = 50
# What programs put in the plain part of a mail whose words are in the HTML part only.
_PLACEHOLDER = re.compile(
    r"(?:html|browser|online|e-?mail|mail (?:client|program|reader))\b.{0,200}"
    r"\b(?:support|view|enable|display|see|read)"
    r"|\b(?:view|read|see|support|display|show)\b.{0,60}\b(?:html|browser|online)\b",
    re.IGNORECASE | re.DOTALL,
)
_MAX_PLACEHOLDER_CHARS = 400
_CUT = (CloseBoundaryNotFoundDefect, MultipartInvariantViolationDefect, StartBoundaryNotFoundDefect)
_DAMAGE = "the mail is cut off, or its MIME structure is damaged; what there is was read"


@dataclass(slots=True)
class MailBody:
    """The words of a mail and what else is in it.

    Attributes:
        texts: Its parts in order.
        attachments: Names of the files, empty ones as their type.
        doubts: What was uncertain about the decoding.
    """

    texts: list[str] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    attached_mails: int = 0

    @property
    def text(self) -> str:
        """All words, without blank lines around them."""
        return "\n".join(self.texts)


def read_body(message: Message) -> MailBody:
    """Collect the words of a message.

    Of alternatives the plain one is taken, unless it has no words; HTML becomes text
    with marks before quoted lines. Mails that are attached are others' words.

    Raises:
        TranscriptError: If the message is nested too deeply or has too many parts.
    """
    body = MailBody()
    for part in _parts(message, body):
        kind = part.get_content_maintype()
        if kind == "multipart" or (kind == "text" and not _is_file(part)):
            _add_text(part, body)
        elif part.get_content_type() in {"message/rfc822", "message/global"}:
            body.attached_mails += 1
        elif part.get_content_type() not in {"message/delivery-status", "text/rfc822-headers"}:
            _add_name(part, body)
    return body


def _parts(message: Message, body: MailBody) -> Iterator[Message]:
    """Yield the parts that hold something, in order; of alternatives the best."""
    waiting = [(message, 0)]
    count = 0
    while waiting:
        part, depth = waiting.pop()
        count += 1
        if depth > _MAX_DEPTH or count > _MAX_PARTS:
            raise TranscriptError("its parts are nested too deeply or too many for a mail; save its text as a file")
        if _DAMAGE not in body.doubts and any(isinstance(defect, _CUT) for defect in part.defects):
            body.doubts.append(_DAMAGE)
        inner = part.get_payload() if part.is_multipart() else None
        # What says it has parts and has none is read as text.
        if part.get_content_maintype() != "multipart" or not isinstance(inner, list):
            yield part
            continue
        parts = [item for item in inner if isinstance(item, Message)]
        chosen = [_best(parts)] if parts and part.get_content_type() == "multipart/alternative" else parts
        waiting.extend((item, depth + 1) for item in reversed(chosen))


def _best(alternatives: list[Message]) -> Message:
    """Return the alternative to read: plain words, else the richest."""
    plain = [item for item in alternatives if item.get_content_type() == "text/plain"]
    others = [item for item in alternatives if item.get_content_type() != "text/plain"]
    if not plain:
        html = [item for item in others if item.get_content_type() in {"text/html", "multipart/related"}]
        return (html or others)[-1]
    if not others:
        return plain[0]
    words = _decoded(plain[0])[0].strip()
    is_empty = not words or (len(words) < _MAX_PLACEHOLDER_CHARS and _PLACEHOLDER.search(words) is not None)
    readable = [item for item in others if item.get_content_maintype() in {"text", "multipart"}]
    readable = [item for item in readable if item.get_content_type() != "text/calendar"]
    return readable[-1] if is_empty and readable else plain[0]


def _add_text(part: Message, body: MailBody) -> None:
    kind = "text/plain" if part.get_content_maintype() == "multipart" else part.get_content_type()
    if kind not in {"text/plain", "text/html", "text/enriched", "text/markdown"}:
        _add_name(part, body)
        return
    text, doubt = _decoded(part)
    if doubt is not None and doubt not in body.doubts:
        body.doubts.append(doubt)
    text = without_blank_ends(html_to_text(text, is_message=True).text if kind == "text/html" else text)
    if text:
        body.texts.append(text)


def without_blank_ends(text: str) -> str:
    """Leave out blank lines above and below, but not the blank that closes a signature mark."""
    start = len(text) - len(text.lstrip())
    start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    return text[start:].rstrip("\r\n\t ") if text.strip() else ""


def _decoded(part: Message) -> tuple[str, str | None]:
    charset = part.get_content_charset()
    if charset is not None and not is_known_charset(charset):
        # The email package decodes by this name, whatever it is, before it gives the bytes.
        part.del_param("charset")
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return "", None
    decoded = decode_charset(content, charset)
    return decoded.text, decoded.doubt


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_filename() is not None


def _add_name(part: Message, body: MailBody) -> None:
    if len(body.attachments) < _MAX_NAMES:
        body.attachments.append(header_text(part.get_filename() or "") or part.get_content_type())
