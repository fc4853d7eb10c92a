"""Google: conversations of Customer Experience Insights (CCAI), Agent Assist and Dialogflow."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from convscan.conversation import Channel, Role
from convscan.errors import TranscriptError
from convscan.readers.description import Description, Family
from convscan.readers.speech.clocks import clock_time, whole
from convscan.readers.speech.json_fields import Fields, as_fields, label_of, number_of, objects_of, pick, text_of
from convscan.readers.speech.segments import Segment
from convscan.readers.speech.spoken import NOBODY, Call, Speaker, SpeechReader, by_clock
from convscan.readers.trace import Trace

_DESCRIPTION = Description(
    title="Google CCAI Insights, Agent Assist, Dialogflow",
    family=Family.SPEECH,
    versions=(
        "Insights transcript files (`entries`), Insights conversations v1 (`transcript.transcriptSegments`),"
        " messages of Dialogflow v2 conversations (`participantRole`); camelCase or snake_case keys"
    ),
    reads=(
        "`entries[]`: `text`, `role`, `user_id`, `start_timestamp_usec`",
        "`transcriptSegments[]`: `text`, `messageTime`, first and last of `words`",
        "`messages[]`: `content`, `createTime`, grouped by the conversation in `name`",
    ),
    ignores=("sentiment, annotations, runtime data", "a `start_timestamp_usec` before 1973: an offset, no date"),
    roles=(
        "`role` or `participantRole`: HUMAN_AGENT and AGENT, AUTOMATED_AGENT (bot), END_USER and CUSTOMER; else"
        " `callMetadata.agentChannel`; else how two speakers talk, or an error that names --role"
    ),
    example="convscan scan conversation.json",
)
# Source: Role of ConversationParticipant (Insights v1), Participant.Role (Dialogflow v2), the transcript file format.
_ROLES: Mapping[str, Role] = {
    "HUMAN_AGENT": Role.AGENT,
    "AGENT": Role.AGENT,
    "AUTOMATED_AGENT": Role.BOT,
    "END_USER": Role.CUSTOMER,
    "CUSTOMER": Role.CUSTOMER,
}
_MESSAGES = "messages"
_ENTRY_KEYS = frozenset({"start_timestamp_usec", "startTimestampUsec", "user_id", "userId"})


def _is_document(fields: Fields) -> bool:
    return _has_entries(fields.get("entries")) or _segments_of(fields) is not None or _is_messages(fields)


def _is_messages(fields: Fields) -> bool:
    messages = fields.get(_MESSAGES)
    return isinstance(messages, list) and any(isinstance(item, dict) and _is_message(item) for item in messages)


def _is_message(fields: Fields) -> bool:
    return "content" in fields and bool({"participantRole", "participant_role"} & fields.keys())


def _segments_of(fields: Fields) -> object:
    transcript = fields.get("transcript")
    return pick(transcript, "transcriptSegments", "transcript_segments") if isinstance(transcript, dict) else None


def _has_entries(entries: object) -> bool:
    # Text and role alone stand in many formats.
    return isinstance(entries, list) and any(
        isinstance(item, dict) and {"text", "role"} <= item.keys() and _ENTRY_KEYS & item.keys() for item in entries
    )


def _calls(fields: Fields, _trace: Trace) -> Iterator[Call | TranscriptError]:
    if "entries" in fields:
        yield _from_entries(fields)
    elif _MESSAGES in fields:
        yield from _from_messages(fields)
    else:
        yield _from_segments(fields)


def _from_entries(fields: Fields) -> Call:
    speakers: dict[str, Speaker] = {}
    segments: list[Segment] = []
    for where, entry in objects_of(fields["entries"], "entries"):
        key, speaker = _speaker(label_of(entry, "role"), label_of(entry, "user_id", "userId"), "`entries[].role`")
        speakers[key] = speaker
        micros = number_of(entry, "start_timestamp_usec", "startTimestampUsec")
        start = None if micros is None else micros / 1000
        clock = clock_time(start)
        segments.append(
            Segment(
                speaker=key,
                text=text_of(entry, where, "text"),
                start_ms=whole(start) if clock is None else None,
                timestamp=clock,
            )
        )
    # The format is the same for calls and chats, and does not say which.
    return Call(segments=segments, speakers=speakers, channel=None)


def _speaker(word: str | None, user: str | None, told_by: str) -> tuple[str, Speaker]:
    role = _ROLES.get((word or "").upper())
    # One number may be used for customer and agent both: the role belongs to the key.
    key = " ".join(part for part in (word, user) if part) or NOBODY
    return key, Speaker(role, None, user, told_by)


def _from_messages(fields: Fields) -> Iterator[Call | TranscriptError]:
    conversations: dict[str, list[tuple[str, Fields]]] = {}
    for where, message in objects_of(fields[_MESSAGES], _MESSAGES):
        parent, _, _ = (label_of(message, "name") or "").partition("/messages/")
        conversations.setdefault(parent, []).append((where, message))
    for parent, messages in conversations.items():
        try:
            yield _from_group(parent, messages)
        except TranscriptError as error:
            yield error


def _from_group(parent: str, messages: list[tuple[str, Fields]]) -> Call:
    speakers: dict[str, Speaker] = {}
    segments: list[Segment] = []
    for where, message in messages:
        word = label_of(message, "participantRole", "participant_role")
        key, speaker = _speaker(word, label_of(message, "participant"), "`participantRole`")
        # A participant is one of this conversation only, and so names nobody.
        speakers[key] = replace(speaker, id=None)
        segments.append(
            Segment(
                speaker=key,
                text=text_of(message, where, "content"),
                timestamp=label_of(message, "sendTime", "send_time", "createTime", "create_time"),
                id=(label_of(message, "name") or "").rpartition("/")[2] or None,
            )
        )
    language = label_of(messages[0][1], "languageCode", "language_code")
    name = parent.rpartition("/")[2]
    # The API lists the newest first or last, as it was asked.
    return Call(id=name, segments=by_clock(segments), speakers=speakers, channel=Channel.CHAT, language=language)


def _from_segments(fields: Fields) -> Call:
    speakers: dict[str, Speaker] = {}
    segments: list[Segment] = []
    agent_channel = _agent_channel(fields)
    for where, item in objects_of(_segments_of(fields), "transcript.transcriptSegments"):
        key, speaker = _participant(item, where, agent_channel)
        speakers[key] = speaker
        start, end = _word_times(item)
        segments.append(
            Segment(
                speaker=key,
                text=text_of(item, where, "text"),
                start_ms=start,
                end_ms=end,
                timestamp=label_of(item, "messageTime", "message_time"),
            )
        )
    return Call(
        id=(label_of(fields, "name") or "").rpartition("/")[2],
        segments=segments,
        speakers=speakers,
        channel=Channel.CHAT if fields.get("medium") == "CHAT" else Channel.CALL,
        language=label_of(fields, "languageCode", "language_code"),
    )


def _participant(item: Fields, where: str, agent_channel: str | None) -> tuple[str, Speaker]:
    given = pick(item, "segmentParticipant", "segment_participant")
    tag = label_of(item, "channelTag", "channel_tag")
    if given is not None:
        person = as_fields(given, f"{where}.segmentParticipant")
        user = label_of(person, "userId", "user_id", "obfuscatedExternalUserId", "obfuscated_external_user_id")
        if label_of(person, "role") is not None:
            return _speaker(label_of(person, "role"), user, "`segmentParticipant.role`")
    if tag is None:
        return NOBODY, Speaker()
    role = None if agent_channel is None else Role.AGENT if tag == agent_channel else Role.CUSTOMER
    return f"channel {tag}", Speaker(role, told_by="`callMetadata.agentChannel`")


def _agent_channel(fields: Fields) -> str | None:
    known = pick(fields, "callMetadata", "call_metadata")
    return label_of(known, "agentChannel", "agent_channel") if isinstance(known, dict) else None


def _word_times(item: Fields) -> tuple[int | None, int | None]:
    words = item.get("words")
    if not isinstance(words, list) or not words:
        return None, None
    first, last = words[0], words[-1]
    start = _seconds_ms(pick(first, "startOffset", "start_offset")) if isinstance(first, dict) else None
    end = _seconds_ms(pick(last, "endOffset", "end_offset")) if isinstance(last, dict) else None
    return start, end


def _seconds_ms(value: object) -> int | None:
    """Return a duration of Google's JSON, such as `1.200s`, in milliseconds."""
    seconds = number_of({"s": value.removesuffix("s")}, "s") if isinstance(value, str) else None
    return None if seconds is None else round(seconds * 1000)


READER = SpeechReader(
    name="google-conversation",
    description=_DESCRIPTION,
    is_document=_is_document,
    calls=_calls,
    is_item=_is_message,
    gathered_as=_MESSAGES,
)
