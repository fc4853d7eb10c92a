"""What the readers of contact-centre and speech formats share: a call, and its way to a conversation.

Such a reader says how an object of its format looks and what calls are in one;
finding the objects, joining split sentences and settling roles is the same for all.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, TypeAlias

from convscan.conversation import Channel, Conversation, Role, Source, Utterance
from convscan.errors import TranscriptError
from convscan.readers import chronology
from convscan.readers.base import BadRecord, Notice, ReadOptions, Record, bad_record
from convscan.readers.description import Description
from convscan.readers.json_head import json_head, objects_in
from convscan.readers.json_values import documents
from convscan.readers.role_guess import EVIDENCE_CHARS
from convscan.readers.speakers import parse_label
from convscan.readers.speech.cast import Voice, check_sides, settle_roles
from convscan.readers.speech.json_fields import Fields
from convscan.readers.speech.segments import Segment, Spoken, in_order, join_segments, source_of
from convscan.readers.trace import Trace

# What a file calls somebody of whom it says nothing at all; the user can name it in --role.
NOBODY = "unknown"


@dataclass(frozen=True, slots=True)
class Speaker:
    """One speaker, as the file tells.

    Attributes:
        role: What the file says they are; None if it does not say.
        told_by: Which of its fields says so.
    """

    role: Role | None = None
    name: str | None = None
    id: str | None = None
    told_by: str = "role"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One conversation as the file has it, before roles are settled and segments joined.

    Attributes:
        speakers: What is known of the speakers, by the key that segments name.
        channel: A call is cut into segments; what was written was sent as it stands.
        language: As the file writes it, such as `en-US`.
    """

    segments: Iterable[Segment]
    speakers: Mapping[str, Speaker] = field(default_factory=dict)
    id: str = ""
    channel: Channel | None = Channel.CALL
    language: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)


Calls: TypeAlias = Callable[[Fields, Trace], Iterator["Call | TranscriptError"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechReader:
    """Reads the JSON of one platform, wherever it stands in a file.

    Attributes:
        is_document: Tells an object that holds whole conversations.
        calls: Returns the conversations of such an object; may raise `TranscriptError`.
        is_item: Tells an object that is one part of a conversation, if such objects
            stand in files without anything around them.
        depth: How many levels down the format is looked for in a file.
        gathered_as: Key of `is_document`'s list to which such parts are put together.
    """

    name: str
    description: Description
    is_document: Callable[[Fields], bool]
    calls: Calls
    is_item: Callable[[Fields], bool] | None = None
    gathered_as: str = ""
    suffixes: tuple[str, ...] = ()
    rank: int = 10
    depth: int = 10

    def recognises(self, head: bytes) -> bool:
        """Tell whether an object of the platform stands in the beginning."""
        values = json_head(head)
        return not is_our_own(values) and any(self._is_wanted(item) for item in objects_in(values, self.depth))

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversations of the file; see `Reader.read`."""
        parts: list[Fields] = []
        source: Source | None = None
        for found in documents(stream, path, options, self._is_wanted):
            if isinstance(found, BadRecord):
                yield found
            elif self.is_document(found.value):
                yield from self._records(found.value, found.source, options, notify)
            else:
                source = source or found.source
                parts.append(found.value)
        if source is not None:
            yield from self._records({self.gathered_as: parts}, source, options, notify)

    def _is_wanted(self, item: Fields) -> bool:
        return self.is_document(item) or (self.is_item is not None and self.is_item(item))

    def _records(self, fields: Fields, source: Source, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        try:
            for call in self.calls(fields, options.trace):
                if isinstance(call, TranscriptError):
                    yield bad_record(source, str(call))
                else:
                    yield record_of(call, source, options, notify)
        except TranscriptError as error:
            yield bad_record(source, str(error))


def is_our_own(values: object) -> bool:
    """Tell whether JSON is a conversation or a result of convscan; whatever is inside, it is ours."""
    return any(
        "findings" in item or (isinstance(turns := item.get("utterances"), list) and _is_native(turns))
        for item in objects_in(values, depth=3)
    )


def _is_native(utterances: list[object]) -> bool:
    return any(isinstance(item, dict) and "role" in item for item in utterances)


def record_of(call: Call, source: Source, options: ReadOptions, notify: Notice) -> Record:
    """Return the conversation of a call, or a bad record if its roles cannot be told."""
    try:
        return conversation_of(call, source, options, notify)
    except TranscriptError as error:
        return bad_record(source, str(error), record_id=call.id or None)


def conversation_of(call: Call, source: Source, options: ReadOptions, notify: Notice) -> Conversation:
    """Return the conversation of a call.

    Args:
        call: What the file holds.
        source: Where it stands.
        options: Names given by the user; the trace.
        notify: Told of roles that were guessed.

    Raises:
        TranscriptError: If nobody speaks, or somebody's role cannot be told.
    """
    return conversation_from(spoken_in(call), call, source, options, notify)


def spoken_in(call: Call) -> list[Spoken]:
    """Return the utterances of a call: of speech joined, of messages as they were sent."""
    if call.channel is not Channel.CALL:
        return list(_as_sent(call.segments))
    return list(join_segments(in_order(call.segments)))


def conversation_from(
    spoken: Sequence[Spoken], call: Call, source: Source, options: ReadOptions, notify: Notice
) -> Conversation:
    """Return the conversation of utterances whose roles are still to be settled.

    Args:
        spoken: The utterances, in order.
        call: All else that is known; its segments are not looked at.
        source: Where it stands.
        options: Names given by the user; the trace.
        notify: Told of roles that were guessed.

    Raises:
        TranscriptError: If nobody speaks, somebody's role cannot be told, or one side alone
            speaks in a call.
    """
    if not spoken:
        raise TranscriptError("has no words in it; a conversation needs at least one utterance")
    voices = list(_voices(spoken, call.speakers))
    cast = settle_roles(voices, options.folded_roles(), source)
    if call.channel is Channel.CALL and len(spoken) > 1:
        check_sides(voices, cast)
    if cast.notice is not None:
        notify(cast.notice)
    for item in spoken:
        options.trace.told(cast.roles[item.speaker], cast.evidence[item.speaker])
    return Conversation(
        id=call.id,
        utterances=tuple(
            _utterance(item, cast.roles[item.speaker], call.speakers.get(item.speaker)) for item in spoken
        ),
        channel=call.channel,
        language=language_code(call.language),
        metadata=call.metadata,
        source=source,
    )


def _as_sent(segments: Iterable[Segment]) -> Iterator[Spoken]:
    """Yield messages: nobody cut them, so nothing is joined, and one without words is kept."""
    for segment in segments:
        yield Spoken(segment.speaker, segment.text, segment.timestamp, source_of(segment))


def _voices(spoken: Iterable[Spoken], speakers: Mapping[str, Speaker]) -> Iterator[Voice]:
    words: dict[str, list[str]] = {}
    chars: dict[str, int] = {}
    for item in spoken:
        said = words.setdefault(item.speaker, [])
        if chars.get(item.speaker, 0) <= EVIDENCE_CHARS:
            said.append(item.text)
            chars[item.speaker] = chars.get(item.speaker, 0) + len(item.text) + 1
    for key, said in words.items():
        speaker = speakers.get(key, Speaker())
        names = tuple(name for name in (speaker.name, speaker.id) if name and name != key)
        yield Voice(key, names, speaker.role, speaker.told_by, "\n".join(said), is_somebody=key != NOBODY)


def _utterance(spoken: Spoken, role: Role, speaker: Speaker | None) -> Utterance:
    return Utterance(
        role=role,
        text=spoken.text,
        author=speaker.name if speaker else None,
        author_id=speaker.id if speaker else None,
        timestamp=spoken.timestamp,
        metadata=spoken.metadata,
    )


def language_code(language: str | None) -> str | None:
    """Return the ISO 639-1 code of a language tag such as `en-US`; None if it is no such tag."""
    code = (language or "").replace("_", "-").partition("-")[0].casefold()
    return code if len(code) == 2 and code.isalpha() and code.isascii() else None  # noqa: PLR2004 - as in the standard


# What recognisers call speakers whom they cannot name: `speaker 1`, `spk_0`, `Guest-1`, `A`.
_NUMBERED = re.compile(r"(?:speaker|spk|guest|channel|ch)?[ _-]*(?:\d+|[a-z])|unknown", re.IGNORECASE)


def name_in(label: str) -> str | None:
    """Return the name in a speaker's label; None if it only names a role or a number.

    Example:
        >>> name_in("Jo (Support)"), name_in("Agent"), name_in("spk_0")
        ('Jo', None, None)
    """
    return None if _NUMBERED.fullmatch(label.strip()) else parse_label(label).name or None


def by_clock(segments: Sequence[Segment]) -> Sequence[Segment]:
    """Return messages as they were sent."""
    return chronology.in_order(segments, lambda segment: segment.timestamp)
