"""The content of vCon objects: bodies in their encodings, and the transcripts inside them."""

import base64
import binascii
import email
import email.policy
from collections.abc import Iterator
from email.message import Message

from convscan.conversation import kind_of
from convscan.errors import TranscriptError
from convscan.readers.formats import (
    amazon_transcribe,
    azure_speech,
    contact_lens,
    deepgram,
    fireflies,
    genesys,
    google_conversation,
    google_speech,
    speaker_list,
    twilio,
)
from convscan.readers.helpdesk_html import words_of_html
from convscan.readers.speech.json_fields import Fields, find_objects, label_of
from convscan.readers.speech.segments import Segment
from convscan.readers.speech.spoken import NOBODY, Call, SpeechReader
from convscan.readers.strict_json import parse_json
from convscan.readers.trace import NO_TRACE

# Whoever transcribes for a vCon puts the answer of their recogniser into it as it came.
_TRANSCRIPTS: tuple[SpeechReader, ...] = (
    contact_lens.READER,
    amazon_transcribe.READER,
    azure_speech.READER,
    google_conversation.READER,
    google_speech.READER,
    deepgram.READER,
    fireflies.READER,
    genesys.READER,
    twilio.READER,
    speaker_list.READER,
)
_PLAIN = frozenset({"", "text/plain"})


def body_of(part: Fields, where: str) -> object:
    """Return the inline content of a dialog, an analysis or an attachment.

    Args:
        part: The object with `body` and `encoding`; drafts before the third say nothing
            of the encoding of plain text.
        where: Its place, for errors.

    Returns:
        Text or a JSON value; None if the content is elsewhere.

    Raises:
        TranscriptError: If the body is not what its encoding says.
    """
    body = part.get("body")
    encoding = (label_of(part, "encoding") or "none").casefold()
    if body is None:
        return None
    if encoding == "json" and isinstance(body, str):
        return _json_or_text(body)
    if encoding == "base64url":
        return _decoded(body, where)
    if encoding in {"none", "json"}:
        return body
    raise TranscriptError(f"{where}.encoding: unknown value {encoding!r}; expected base64url, json or none")


def text_of_dialog(part: Fields, where: str) -> str | None:
    """Return the words of a text dialog; None if they are elsewhere.

    Raises:
        TranscriptError: If the body holds no text.
    """
    body = body_of(part, where)
    if body is None:
        return None
    if isinstance(body, dict):
        # Some put the message of a platform in, with its words under one of these.
        body = next(
            (value for key in ("text", "body", "content", "message") if isinstance(value := body.get(key), str)), body
        )
    if not isinstance(body, str):
        raise TranscriptError(f"{where}.body: expected text, found {kind_of(body)}")
    return _plain(body, media_type(part))


def media_type(part: Fields) -> str:
    """Return the media type without parameters; `mimetype` in the first drafts."""
    return (label_of(part, "mediatype", "mimetype") or "").partition(";")[0].strip().casefold()


def is_plain(part: Fields) -> bool:
    """Tell whether a text dialog's body is its words and nothing else."""
    return (
        isinstance(part.get("body"), str)
        and media_type(part) in _PLAIN
        and (label_of(part, "encoding") or "none").casefold() == "none"
    )


def calls_in(body: object) -> Iterator[Call | TranscriptError]:
    """Yield what was said, from the body of a transcript by any recogniser that is known.

    A text alone becomes a call of one speaker nobody knows.
    """
    if isinstance(body, str):
        yield Call(segments=[Segment(NOBODY, body)])
        return
    if isinstance(body, dict) and isinstance(body.get("transcript"), str) and {"words", "paragraphs"} & body.keys():
        # One alternative of Deepgram's answer, as the vCon server keeps it.
        body = {"results": {"channels": [{"alternatives": [body]}]}}
    for reader in _TRANSCRIPTS:
        found = list(find_objects(body, reader.is_document))
        parts = list(find_objects(body, reader.is_item)) if reader.is_item and not found else []
        for fields in found or ([{reader.gathered_as: parts}] if parts else []):
            yield from reader.calls(fields, NO_TRACE)
        if found or parts:
            return
    words = body.get("text", body.get("transcript")) if isinstance(body, dict) else None
    if isinstance(words, str):
        yield Call(segments=[Segment(NOBODY, words)])


def _json_or_text(body: str) -> object:
    """Return the value of a JSON body; tools also write a bare text and call it JSON."""
    try:
        return parse_json(body)
    except TranscriptError:
        return body


def _decoded(body: object, where: str) -> object:
    if not isinstance(body, str):
        raise TranscriptError(f"{where}.body: expected base64url text, found {kind_of(body)}")
    padded = body + "=" * (-len(body) % 4)
    try:
        content = base64.b64decode(padded.replace("-", "+").replace("_", "/"), validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise TranscriptError(f"{where}.body: no base64url of UTF-8 text ({error})") from None
    return content


def _plain(body: str, kind: str) -> str:
    if kind == "text/html":
        return words_of_html(body)
    if kind.startswith("multipart/") or kind == "message/rfc822":
        return _text_part(body, kind)
    return body


def _text_part(body: str, kind: str) -> str:
    """Return the first text of a MIME message, of which a dialog may leave out the headers."""
    has_headers = not body.lstrip("\r\n").startswith("--")
    boundary = "" if has_headers else body.lstrip("\r\n").split("\n", 1)[0].strip()[2:]
    head = "" if has_headers else f'Content-Type: {kind}; boundary="{boundary}"\r\n\r\n'
    message = email.message_from_string(head + body.lstrip("\r\n"), policy=email.policy.compat32)
    parts = [part for part in message.walk() if not part.is_multipart()]
    for wanted in ("text/plain", "text/html"):
        found = next((part for part in parts if part.get_content_type() == wanted), None)
        if found is not None:
            text = _content(found)
            return words_of_html(text) if wanted == "text/html" else text
    raise TranscriptError("a message in several parts has no part with text")


def _content(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")


def is_transcript(analysis: Fields) -> bool:
    """Tell whether an analysis writes down what was said."""
    return (label_of(analysis, "type") or "").casefold().replace("-", "_") in _TRANSCRIPT_TYPES


# `transcript` in the core drafts, the others in the World Transcription Format and in older tools.
_TRANSCRIPT_TYPES = frozenset({"transcript", "transcription", "wtf_transcription"})
