"""Twilio: messages of Conversations, and sentences of Voice Intelligence."""

import re
from collections.abc import Iterator, Mapping

from convscan.conversation import Channel, Role
from convscan.errors import TranscriptError
from convscan.readers.description import Description, Family
from convscan.readers.speech.clocks import clock_time_after, offset_ms
from convscan.readers.speech.json_fields import Fields, label_of, number_of, objects_of, pick, text_of
from convscan.readers.speech.segments import Segment
from convscan.readers.speech.spoken import NOBODY, Call, Speaker, SpeechReader
from convscan.readers.trace import Trace

_DESCRIPTION = Description(
    title="Twilio Conversations and Voice Intelligence",
    family=Family.SPEECH,
    versions="Conversations API v1 messages, Intelligence API v2 sentences; answers, pages, plain lists, JSON Lines",
    reads=(
        "`messages[]`: `body`, `author`, `date_created`, in the order of `index`, by `conversation_sid`",
        "messages without a body (media), as utterances without words",
        "`sentences[]`: `transcript`, `media_channel`, `start_time`, `end_time`",
    ),
    ignores=("media, delivery receipts, attributes", "a message that stands in the file twice (same `sid`)"),
    roles=(
        "author `system` is the system; --role by author; an author that is a phone number or a messaging address is"
        " the customer; of calls `participants[].role` by channel; else how two speakers talk, or an error that names"
        " --role"
    ),
    example='convscan scan messages.json --role "jo@example.com=agent"',
)
_MESSAGES, _SENTENCES = "messages", "sentences"
# Addresses of the bindings of the Conversations API; an agent writes under an identity.
_ADDRESS = re.compile(r"(?:(?:whatsapp|messenger|rcs|sms|tel):.+|\+[0-9 ()-]{6,20})", re.IGNORECASE)
_PARTICIPANT_ROLES: Mapping[str, Role] = {"agent": Role.AGENT, "customer": Role.CUSTOMER}


def _is_document(fields: Fields) -> bool:
    messages, sentences = fields.get(_MESSAGES), fields.get(_SENTENCES)
    if isinstance(messages, list) and any(isinstance(item, dict) and _is_message(item) for item in messages):
        return True
    return isinstance(sentences, list) and any(isinstance(item, dict) and _is_sentence(item) for item in sentences)


def _is_message(fields: Fields) -> bool:
    return bool({"conversation_sid", "conversationSid"} & fields.keys()) and {"author", "body"} <= fields.keys()


def _is_sentence(fields: Fields) -> bool:
    return "transcript" in fields and bool({"media_channel", "mediaChannel"} & fields.keys())


def _calls(fields: Fields, trace: Trace) -> Iterator[Call | TranscriptError]:
    parts = fields.get(_MESSAGES) if _MESSAGES in fields else fields.get(_PARTS)
    if isinstance(parts, list) and not any(isinstance(item, dict) and _is_sentence(item) for item in parts):
        yield from _written(parts, trace)
    else:
        yield _spoken(fields, parts if isinstance(parts, list) else fields.get(_SENTENCES))


def _written(messages: list[object], trace: Trace) -> Iterator[Call | TranscriptError]:
    conversations: dict[str, list[tuple[str, Fields]]] = {}
    seen: set[str] = set()
    for where, message in objects_of(messages, _MESSAGES):
        sid = label_of(message, "sid")
        if sid in seen:
            trace.left_out("message that stands in the file twice")
            continue
        seen |= {sid} if sid else set()
        name = label_of(message, "conversation_sid", "conversationSid") or ""
        conversations.setdefault(name, []).append((where, message))
    for name, parts in conversations.items():
        try:
            yield _conversation(name, parts)
        except TranscriptError as error:
            yield error


def _conversation(name: str, parts: list[tuple[str, Fields]]) -> Call:
    numbered = [(number_of(message, "index"), where, message) for where, message in parts]
    if all(index is not None for index, _, _ in numbered):
        numbered.sort(key=lambda item: item[0] or 0)
    speakers: dict[str, Speaker] = {}
    segments: list[Segment] = []
    for _, where, message in numbered:
        author = label_of(message, "author") or NOBODY
        speakers[author] = _author(author)
        segments.append(
            Segment(
                speaker=author,
                # A message that is a picture has no body.
                text="" if message.get("body") is None else text_of(message, where, "body"),
                timestamp=label_of(message, "date_created", "dateCreated"),
                id=label_of(message, "sid"),
            )
        )
    return Call(id=name, segments=segments, speakers=speakers, channel=Channel.CHAT)


def _author(author: str) -> Speaker:
    role = None
    if author.casefold() == "system":
        role = Role.SYSTEM
    elif _ADDRESS.fullmatch(author):
        role = Role.CUSTOMER
    # The identity stays the same between conversations; `participant_sid` does not.
    return Speaker(role, name=None if author == NOBODY else author, told_by="`author`")


def _spoken(fields: Fields, sentences: object) -> Call:
    items = list(objects_of(sentences, _SENTENCES))
    numbers = [number_of(item, "sentence_index", "sentenceIndex") for _, item in items]
    if all(number is not None for number in numbers):
        items = [item for _, item in sorted(zip(numbers, items, strict=True), key=lambda pair: pair[0] or 0)]
    begun = label_of(fields, "media_start_time", "mediaStartTime")
    segments: list[Segment] = []
    for where, item in items:
        start = offset_ms(pick(item, "start_time", "startTime"))
        segments.append(
            Segment(
                speaker=f"channel {label_of(item, 'media_channel', 'mediaChannel') or NOBODY}",
                text=text_of(item, where, "transcript"),
                start_ms=start,
                end_ms=offset_ms(pick(item, "end_time", "endTime")),
                timestamp=clock_time_after(begun, start),
                id=label_of(item, "sid"),
            )
        )
    return Call(
        id=label_of(fields, "sid", "transcript_sid", "transcriptSid") or "",
        segments=segments,
        speakers=_participants(fields.get("channel")),
        language=label_of(fields, "language_code", "languageCode"),
    )


def _participants(channel: object) -> dict[str, Speaker]:
    listed = channel.get("participants") if isinstance(channel, dict) else None
    if listed is None:
        return {}
    found: dict[str, Speaker] = {}
    for _, person in objects_of(listed, "channel.participants"):
        number = label_of(person, "channel_participant", "channelParticipant")
        role = _PARTICIPANT_ROLES.get((label_of(person, "role") or "").casefold())
        name = label_of(person, "full_name", "fullName")
        identity = label_of(person, "user_id", "userId", "email")
        found[f"channel {number}"] = Speaker(role, name, identity, "`participants[].role`")
    return found


_PARTS = "parts"
READER = SpeechReader(
    name="twilio",
    description=_DESCRIPTION,
    is_document=_is_document,
    calls=_calls,
    is_item=lambda fields: _is_message(fields) or _is_sentence(fields),
    gathered_as=_PARTS,
)
