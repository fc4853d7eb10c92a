"""Genesys Cloud: speech transcripts with phrases, recorded messages and chats, messages of its API."""

from collections.abc import Iterator

from convscan.conversation import Channel, Role
from convscan.errors import TranscriptError
from convscan.readers.description import Description, Family
from convscan.readers.speech.clocks import clock_time, whole
from convscan.readers.speech.genesys_messages import (
    ROLES,
    is_message,
    is_recorded_message,
    message_calls,
    recorded_call,
)
from convscan.readers.speech.json_fields import Fields, label_of, number_of, objects_of, text_of
from convscan.readers.speech.segments import Segment
from convscan.readers.speech.spoken import NOBODY, Call, Speaker, SpeechReader
from convscan.readers.trace import Trace

_DESCRIPTION = Description(
    title="Genesys Cloud",
    family=Family.SPEECH,
    versions="speech and text analytics transcripts (`transcripts[].phrases`), recordings with `messagingTranscript`"
    " or the `transcript` of a chat, messages of the conversations API (`entities[]`)",
    reads=(
        "`phrases[]`: `decoratedText` (with punctuation and figures), else `text`; `startTimeMs` since 1970",
        "`messagingTranscript[]`: `messageText`, `timestamp`, `purpose`; of chats `transcript[]`: `body`, `utc`",
        "`entities[]`: `textBody` with `direction`, or `body` with `sender`",
    ),
    ignores=("words, confidence, analytics", "messages without text"),
    roles=(
        "`participantPurpose` or `purpose`: internal, agent and user are agents, external and customer the customer,"
        " acd, ivr, bot and workflow a bot; `direction` of messages: inbound is the customer, outbound an agent or,"
        " by `originatingEntity`, a bot; else how two speakers talk, or an error that names --role"
    ),
    example="convscan scan transcript.json",
)
_MESSAGES = "messagingTranscript"
_CHAT = "transcript"
_ENTITIES = "entities"


def _is_document(fields: Fields) -> bool:
    if isinstance(transcripts := fields.get("transcripts"), list):
        return any(isinstance(item, dict) and "phrases" in item for item in transcripts)
    return isinstance(fields.get(_MESSAGES), list) or _holds(fields, _CHAT) or _holds(fields, _ENTITIES)


def _holds(fields: Fields, key: str) -> bool:
    """Tell whether a list holds messages of the kind that stands under such a key."""
    test = is_recorded_message if key == _CHAT else is_message
    listed = fields.get(key)
    return isinstance(listed, list) and any(isinstance(item, dict) and test(item) for item in listed)


def _calls(fields: Fields, trace: Trace) -> Iterator[Call | TranscriptError]:
    if isinstance(fields.get(_MESSAGES), list):
        yield _messages(fields, trace)
    elif "transcripts" in fields:
        yield _phrases(fields)
    elif _holds(fields, _CHAT):
        yield recorded_call(label_of(fields, "conversationId", "id") or "", fields[_CHAT], trace)
    else:
        yield from message_calls(fields.get(_ENTITIES), _ENTITIES, trace)


def _phrases(fields: Fields) -> Call:
    speakers: dict[str, Speaker] = {}
    found: list[tuple[float | None, Segment]] = []
    language: str | None = None
    agent = _agent_id(fields)
    for where, transcript in objects_of(fields.get("transcripts"), "transcripts"):
        language = language or label_of(transcript, "language")
        for place, phrase in objects_of(transcript.get("phrases"), f"{where}.phrases"):
            key, speaker = _speaker(phrase, "participantPurpose")
            known_id = agent if speaker.role is Role.AGENT else None
            speakers[key] = Speaker(speaker.role, speaker.name, known_id, speaker.told_by)
            found.append(_phrase(key, phrase, place))
    begun = number_of(fields, "conversationStartTime", "startTime")
    return Call(
        id=label_of(fields, "conversationId") or "",
        segments=list(_from_start(found, begun)),
        speakers=speakers,
        language=language,
        channel=Channel.CHAT if _is_written(fields) else Channel.CALL,
    )


def _is_written(fields: Fields) -> bool:
    return str(fields.get("mediaType", "call")).casefold() in {"message", "chat", "webmessaging"}


def _agent_id(fields: Fields) -> str | None:
    """Return the user id of the agent, if there was one only."""
    listed = fields.get("participants")
    if listed is None:
        return None
    users = {label_of(item, "userId") for _, item in objects_of(listed, "participants")} - {None}
    return users.pop() if len(users) == 1 else None


def _speaker(item: Fields, purpose_key: str) -> tuple[str, Speaker]:
    purpose = label_of(item, purpose_key)
    user = item.get("fromUser")
    name = label_of(user, "name") if isinstance(user, dict) else None
    # A participant is one of this conversation only; a user is a person.
    identity = label_of(user, "id") if isinstance(user, dict) else None
    key = identity or name or label_of(item, "participantId") or purpose or NOBODY
    return key, Speaker(ROLES.get((purpose or "").casefold()), name, identity, f"`{purpose_key}`")


def _phrase(key: str, phrase: Fields, where: str) -> tuple[float | None, Segment]:
    start = number_of(phrase, "startTimeMs")
    length = phrase.get("duration")
    lasts = number_of(length, "milliseconds") if isinstance(length, dict) else None
    segment = Segment(
        speaker=key,
        text=text_of(phrase, where, "decoratedText", "text"),
        timestamp=clock_time(start),
        end_ms=whole(lasts),
        id=label_of(phrase, "phraseIndex"),
    )
    return start, segment


def _from_start(found: list[tuple[float | None, Segment]], begun: float | None) -> Iterator[Segment]:
    """Yield the phrases with their times from the start of the call.

    Phrases tell the time by the clock; the call began when the file says, else with the first of them.
    """
    starts = [start for start, _ in found if start is not None]
    origin = begun if begun is not None else min(starts, default=0)
    for start, segment in found:
        offset = None if start is None else whole(start - origin)
        end = None if offset is None or segment.end_ms is None else offset + segment.end_ms
        yield Segment(segment.speaker, segment.text, offset, end, segment.timestamp, segment.id)


def _messages(fields: Fields, trace: Trace) -> Call:
    speakers: dict[str, Speaker] = {}
    segments: list[Segment] = []
    for where, item in objects_of(fields.get(_MESSAGES), _MESSAGES):
        if not item.get("messageText"):
            trace.left_out("message without text")
            continue
        key, speaker = _speaker(item, "purpose")
        speakers[key] = speaker
        segments.append(
            Segment(
                speaker=key,
                text=text_of(item, where, "messageText"),
                timestamp=label_of(item, "timestamp"),
                id=label_of(item, "id"),
            )
        )
    return Call(
        id=label_of(fields, "conversationId", "id") or "",
        segments=segments,
        speakers=speakers,
        channel=Channel.CHAT,
    )


READER = SpeechReader(name="genesys", description=_DESCRIPTION, is_document=_is_document, calls=_calls)
