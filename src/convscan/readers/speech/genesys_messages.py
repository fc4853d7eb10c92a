"""Written conversations of Genesys Cloud: messages of its API, and recordings of chats."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from convscan.conversation import Channel, Role
from convscan.readers.speech.json_fields import Fields, label_of, objects_of, text_of
from convscan.readers.speech.segments import Segment
from convscan.readers.speech.spoken import NOBODY, Call, Speaker, by_clock
from convscan.readers.trace import Trace

# Source: participantPurpose of transcripts, purpose of conversation participants, in the API reference.
ROLES: Mapping[str, Role] = {
    **dict.fromkeys(("internal", "agent", "user"), Role.AGENT),
    **dict.fromkeys(("external", "customer"), Role.CUSTOMER),
    **dict.fromkeys(("acd", "ivr", "bot", "botflow", "workflow", "voicemail", "fax", "campaign"), Role.BOT),
    "system": Role.SYSTEM,
}
_DIRECTIONS: Mapping[str, Role] = {"inbound": Role.CUSTOMER, "outbound": Role.AGENT}


@dataclass(frozen=True, slots=True)
class _Shape:
    """How one kind of message names its parts.

    Attributes:
        words: The field with the words.
        speaker: Returns the key of the speaker, and the speaker.
    """

    words: str
    time: str
    speaker: Callable[[Fields], tuple[str, Speaker]]


def is_message(item: Fields) -> bool:
    """Tell a message of a web chat, or of messaging (`/messages/bulk`)."""
    is_chat = "bodyType" in item and isinstance(item.get("sender"), dict)
    return is_chat or ("direction" in item and ("textBody" in item or "normalizedMessage" in item))


def is_recorded_message(item: Fields) -> bool:
    """Tell a message in the recording of a chat."""
    return "utc" in item and "body" in item


def message_calls(listed: object, where: str, trace: Trace) -> Iterator[Call]:
    """Yield the conversations of messages that stand in one list."""
    found: dict[str, list[tuple[str, Fields]]] = {}
    for place, item in objects_of(listed, where):
        about = item.get("conversation")
        name = label_of(item, "conversationId") or (label_of(about, "id") if isinstance(about, dict) else None)
        found.setdefault(name or "", []).append((place, item))
    for name, items in found.items():
        yield _call(name, items, trace)


def recorded_call(name: str, listed: object, trace: Trace) -> Call:
    """Return the conversation of a recorded chat."""
    return _call(name, list(objects_of(listed, "transcript")), trace)


def _call(name: str, items: list[tuple[str, Fields]], trace: Trace) -> Call:
    speakers: dict[str, Speaker] = {}
    segments: list[Segment] = []
    for where, item in items:
        shape = _shape_of(item)
        if not item.get(shape.words):
            trace.left_out("message without text")
            continue
        key, speaker = shape.speaker(item)
        speakers[key] = speaker
        segments.append(
            Segment(
                key, text_of(item, where, shape.words), timestamp=label_of(item, shape.time), id=label_of(item, "id")
            )
        )
    return Call(id=name, segments=by_clock(segments), speakers=speakers, channel=Channel.CHAT)


def _shape_of(item: Fields) -> _Shape:
    if "utc" in item:
        return _Shape("body", "utc", _recorded_speaker)
    return _Shape("body", "timestamp", _chatter) if "bodyType" in item else _Shape("textBody", "timestamp", _writer)


def _recorded_speaker(item: Fields) -> tuple[str, Speaker]:
    user = item.get("user")
    purpose = label_of(item, "participantPurpose") or ("user" if isinstance(user, dict) else "")
    name = label_of(user, "name") if isinstance(user, dict) else None
    identity = label_of(user, "id") if isinstance(user, dict) else None
    key = identity or label_of(item, "from") or purpose or NOBODY
    return key, Speaker(ROLES.get(purpose.casefold()), name, identity, "`participantPurpose` or `user`")


def _chatter(item: Fields) -> tuple[str, Speaker]:
    # The member of one chat: the API tells elsewhere who that is.
    sender = item.get("sender")
    return (label_of(sender, "id") if isinstance(sender, dict) else None) or NOBODY, Speaker()


def _writer(item: Fields) -> tuple[str, Speaker]:
    direction = (label_of(item, "direction") or "").casefold()
    content, author = item.get("normalizedMessage"), item.get("createdBy")
    entity = label_of(content, "originatingEntity") if isinstance(content, dict) else None
    identity = label_of(author, "id") if isinstance(author, dict) else None
    if direction == "outbound" and (entity or "").casefold() == "bot":
        return "bot", Speaker(Role.BOT, told_by="`originatingEntity`")
    key = identity or direction or NOBODY
    return key, Speaker(_DIRECTIONS.get(direction), None, identity, "`direction`")
