"""Amazon Connect Contact Lens and Amazon Transcribe Call Analytics: turns with participants.

Analysis files of calls and chats, the raw chat transcripts of Amazon Connect, and the
segments of real-time analysis, as an answer of the API or as events one a line.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from convscan.conversation import Channel, Role
from convscan.errors import TranscriptError
from convscan.readers.description import Description, Family
from convscan.readers.speech.clocks import whole
from convscan.readers.speech.json_fields import (
    Fields,
    as_fields,
    items_of,
    label_of,
    number_of,
    objects_of,
    pick,
    text_of,
)
from convscan.readers.speech.segments import Segment
from convscan.readers.speech.spoken import NOBODY, Call, Speaker, SpeechReader
from convscan.readers.trace import Trace

_DESCRIPTION = Description(
    title="Amazon Connect Contact Lens, Transcribe Call Analytics",
    family=Family.SPEECH,
    versions=(
        "post-call and chat analysis files 1.x, chat transcripts of Amazon Connect (2019-08-26), Call Analytics"
        " job output, real-time segments (API answer, or SEGMENTS and UtteranceEvent events as JSON Lines)"
    ),
    reads=(
        "`Transcript[]`: `Content`, times (`BeginOffsetMillis`, `AbsoluteTime`), `Id`",
        "`Segments[].Transcript` of real-time analysis, joined by `ContactId`",
        "redaction marks such as `[PII]`, as words like any other",
    ),
    ignores=(
        "`Items`, sentiment, loudness, categories: no words of the conversation",
        "`Segments[].Utterance`: unfinished text that a `Transcript` segment repeats whole",
        "chat events (joined, left), menus (interactive messages) and attachments without text",
    ),
    roles=(
        "`ParticipantRole` of the turn, else `Participants[]` by `ParticipantId`, else a `ParticipantId` that is a role"
        " itself (`AGENT`); a supervisor is an agent; else how two speakers talk, or an error that names --role"
    ),
    example="convscan scan analysis.json",
)
# Source: ParticipantRole in the API reference of Amazon Connect.
_ROLES: Mapping[str, Role] = {
    "AGENT": Role.AGENT,
    "SUPERVISOR": Role.AGENT,
    "CUSTOMER": Role.CUSTOMER,
    "CUSTOM_BOT": Role.BOT,
    "SYSTEM": Role.SYSTEM,
}
_EVENTS = "events"
# An event of real-time Call Analytics, and what stands in its stream beside such events.
_UTTERANCE = "UtteranceEvent"
_CATEGORY = "CategoryEvent"
# A menu or a choice from one: JSON that programs show as buttons.
_INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive"
_SEGMENT_KINDS = ("Utterance", "Categories", "Event", "Attachments", "PostContactSummary")
_TURN_KEYS = frozenset({"ParticipantId", "ParticipantRole"})


def _is_document(fields: Fields) -> bool:
    if _is_event(fields) or _UTTERANCE in fields:
        return False
    if isinstance(turns := fields.get("Transcript"), list):
        return _has_participant(turns) or "Participants" in fields
    if isinstance(segments := fields.get("Segments"), list):
        return any(isinstance(item, dict) and {"Transcript", "Utterance"} & item.keys() for item in segments) or (
            "ContactId" in fields
        )
    return "Participants" in fields and ("ContentMetadata" in fields or "JobStatus" in fields)


def _has_participant(turns: list[object]) -> bool:
    return any(isinstance(turn, dict) and turn.keys() & _TURN_KEYS for turn in turns)


def _is_event(fields: Fields) -> bool:
    """Tell an event of real-time analysis; several of them make one conversation."""
    return (
        ("EventType" in fields and "ContactId" in fields)
        or isinstance(fields.get(_UTTERANCE), dict)
        or isinstance(fields.get(_CATEGORY), dict)
    )


def _calls(fields: Fields, trace: Trace) -> Iterator[Call | TranscriptError]:
    if _EVENTS in fields:
        yield from _live_calls(items_of(fields[_EVENTS], _EVENTS), trace)
    elif "Segments" in fields:
        turns = list(_finished([fields["Segments"]], trace))
        yield _call(fields, turns, trace)
    else:
        turns = list(objects_of(fields.get("Transcript"), "Transcript"))
        yield _call(fields, turns, trace)


def _live_calls(events: list[object], trace: Trace) -> Iterator[Call | TranscriptError]:
    """Yield the conversation of each contact; events of several stand in one stream."""
    contacts: dict[str, list[Fields]] = {}
    for _, event in objects_of(events, _EVENTS):
        contacts.setdefault(label_of(event, "ContactId") or "", []).append(event)
    for parts in contacts.values():
        try:
            turns = list(_finished((_segments_of(part) for part in parts), trace))
            yield _call(parts[0], turns, trace)
        except TranscriptError as error:
            yield error


def _segments_of(event: Fields) -> object:
    """Return the segments of an event; an utterance of Call Analytics as one, once it is finished."""
    if not isinstance(said := event.get(_UTTERANCE), dict):
        return event.get("Segments") or []
    if said.get("IsPartial") is True:
        return [{"Utterance": said}]
    return [{"Transcript": {**said, "Id": said.get("UtteranceId"), "Content": said.get("Transcript")}}]


def _finished(batches: Iterable[object], trace: Trace) -> Iterator[tuple[str, Fields]]:
    """Yield the finished turns of one contact; a poll repeats what the one before it gave."""
    seen: set[str] = set()
    for where, segment in chain.from_iterable(objects_of(batch, "Segments") for batch in batches):
        if "Transcript" not in segment:
            kind = next((key for key in _SEGMENT_KINDS if key in segment), "other")
            trace.left_out(f"segment that is no finished transcript: {kind}")
            continue
        turn = as_fields(segment["Transcript"], f"{where}.Transcript")
        name = label_of(turn, "Id")
        if name is not None and name in seen:
            trace.left_out("real-time segment that stands in the file twice")
            continue
        seen |= {name} if name else set()
        yield f"{where}.Transcript", turn


def _call(fields: Fields, turns: list[tuple[str, Fields]], trace: Trace) -> Call:
    is_chat = str(fields.get("Channel", "")).upper() == "CHAT" or any(_clock(turn) for _, turn in turns)
    participants = _participants(fields)
    speakers: dict[str, Speaker] = {}
    segments: list[Segment] = []
    for where, turn in turns:
        if _is_event_turn(turn):
            trace.left_out(f"chat item without text: {label_of(turn, 'ContentType', 'Type') or 'event'}")
            continue
        key, speaker = _speaker(turn, participants)
        # In a chat everybody has a new id in every contact, and so it names nobody.
        speakers.setdefault(key, replace(speaker, id=None) if is_chat else speaker)
        segments.append(_segment(key, turn, where))
    customer = pick(fields, "CustomerMetadata")
    contact = label_of(customer, "ContactId") if isinstance(customer, dict) else None
    return Call(
        id=contact or label_of(fields, "ContactId", "InitialContactId", "JobName", "SessionId") or "",
        segments=segments,
        speakers=speakers,
        channel=Channel.CHAT if is_chat else Channel.CALL,
        language=label_of(fields, "LanguageCode"),
    )


def _is_event_turn(turn: Fields) -> bool:
    if str(turn.get("ContentType", "")).startswith(_INTERACTIVE):
        return True
    kind = str(turn.get("Type", "MESSAGE")).upper()
    return kind != "MESSAGE" and not turn.get("Content")


def _participants(fields: Fields) -> dict[str, str]:
    """Return the role words by participant id."""
    listed = fields.get("Participants")
    if listed is None:
        return {}
    pairs = (
        (label_of(item, "ParticipantId"), label_of(item, "ParticipantRole"))
        for _, item in objects_of(listed, "Participants")
    )
    return {name: role for name, role in pairs if name and role}


def _speaker(turn: Fields, participants: Mapping[str, str]) -> tuple[str, Speaker]:
    """Return the speaker of a turn and their key: the role word where there is no better name."""
    identity = label_of(turn, "ParticipantId")
    word = label_of(turn, "ParticipantRole")
    by = "`ParticipantRole` of the turn"
    if word is None and identity in participants:
        word, by = participants[identity or ""], "`Participants[]`"
    elif word is None:
        word, by = identity, "`ParticipantId` that is a role"
    role = _ROLES.get((word or "").upper())
    name = label_of(turn, "DisplayName")
    # Files mix ids and role words for one person. "AGENT" says nothing of who it is, and
    # stands in every file: it is the one participant with that role, or has no id.
    if identity is None or identity.upper() in _ROLES:
        same = [key for key, other in participants.items() if _ROLES.get(other.upper()) is role and key != identity]
        identity = same[0] if len(same) == 1 and role is not None else None
    return identity or word or NOBODY, Speaker(role, name, identity, by)


def _segment(key: str, turn: Fields, where: str) -> Segment:
    return Segment(
        speaker=key,
        text=text_of(turn, where, "Content"),
        start_ms=whole(number_of(turn, "BeginOffsetMillis")),
        end_ms=whole(number_of(turn, "EndOffsetMillis")),
        timestamp=_clock(turn),
        id=label_of(turn, "Id"),
    )


def _clock(turn: Fields) -> str | None:
    time = turn.get("Time")
    return label_of(turn, "AbsoluteTime") or (label_of(time, "AbsoluteTime") if isinstance(time, dict) else None)


READER = SpeechReader(
    name="contact-lens",
    description=_DESCRIPTION,
    is_document=_is_document,
    calls=_calls,
    is_item=_is_event,
    gathered_as=_EVENTS,
)
