"""Plain lists of who said what: `[{"speaker": "Agent", "text": …}]`, and segments of speech tools.

The shape that scripts and small tools write: a list, or an object with the list under
`segments` (Whisper with diarisation, the World Transcription Format of vCon),
`utterances` (AssemblyAI) or `transcript`.
"""

import re
from collections.abc import Iterator

from convscan.conversation import Channel
from convscan.errors import TranscriptError
from convscan.readers.description import Description, Family
from convscan.readers.speakers import fold
from convscan.readers.speech.clocks import offset_ms, whole
from convscan.readers.speech.json_fields import Fields, label_of, number_of, objects_of, pick, text_of
from convscan.readers.speech.segments import Segment
from convscan.readers.speech.spoken import NOBODY, Call, Speaker, SpeechReader, name_in
from convscan.readers.trace import Trace

_DESCRIPTION = Description(
    title="List of speakers and texts",
    family=Family.SPEECH,
    versions=(
        "`[{speaker, text, timestamp}]`; an object with such a list as `segments` (WhisperX, World Transcription"
        " Format), `utterances` (AssemblyAI) or `transcript`"
    ),
    reads=(
        "`speaker` (else `speaker_label`, `speaker_name`), `text` (else `message`, `content`), `start` and `end`",
        "`timestamp`, as a date if it is one, else as a time in the call",
    ),
    ignores=("words, confidence, language of each segment",),
    roles=(
        "--role, else the speaker's label (`Agent`, `Caller`), else how two speakers talk; with weak evidence an error"
        " that names --role"
    ),
    example='convscan scan calls.json --role "SPEAKER_00=agent"',
)
_LISTS = ("segments", "utterances", "transcript")
_SPEAKER = ("speaker", "speaker_label", "speaker_name", "speakerLabel", "speakerName")
_TEXT = ("text", "message", "content")
# With a role it is ours; ConvoKit and the exports of platforms name a conversation or what is replied to.
_ELSEWHERE = frozenset({"role", "conversation_id", "root", "reply-to", "reply_to"})
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CALL_LABELS = frozenset({"caller", "callee"})


def _is_document(fields: Fields) -> bool:
    return any(isinstance(items := fields.get(key), list) and _has_line(items) for key in _LISTS)


def _has_line(items: list[object]) -> bool:
    return any(isinstance(item, dict) and _is_line(item) for item in items)


def _is_line(fields: Fields) -> bool:
    """Tell an item that is of no format of its own."""
    return (
        any(key in fields for key in _SPEAKER)
        and any(isinstance(fields.get(key), str) for key in _TEXT)
        and not _ELSEWHERE & fields.keys()
    )


def _calls(fields: Fields, _trace: Trace) -> Iterator[Call | TranscriptError]:
    key = next((key for key in _LISTS if isinstance(fields.get(key), list)), _LISTS[0])
    items = list(objects_of(fields.get(key), key))
    # AssemblyAI counts milliseconds in whole numbers; the others count seconds.
    in_ms = key == "utterances"
    speakers = _names(fields)
    segments: list[Segment] = []
    for where, item in items:
        speaker = label_of(item, *_SPEAKER) or NOBODY
        segments.append(_segment(item, where, speaker, in_ms=in_ms))
        speakers.setdefault(speaker, Speaker(name=name_in(speaker)))
    is_call = any(item.start_ms is not None for item in segments) or any(
        fold(name) in _CALL_LABELS for name in speakers
    )
    yield Call(
        id=label_of(fields, "id", "conversation_id", "call_id") or "",
        segments=segments,
        speakers=speakers,
        channel=Channel.CALL if is_call else None,
        language=_language(fields),
    )


def _segment(item: Fields, where: str, speaker: str, *, in_ms: bool) -> Segment:
    stamp = pick(item, "timestamp", "time", "start_time")
    is_date = isinstance(stamp, str) and _ISO_DATE.match(stamp) is not None
    start, end = pick(item, "start", "start_time"), pick(item, "end", "end_time")
    if start is None and not is_date:
        start = stamp
    return Segment(
        speaker=speaker,
        text=text_of(item, where, *_TEXT),
        start_ms=whole(number_of(item, "start")) if in_ms else offset_ms(start),
        end_ms=whole(number_of(item, "end")) if in_ms else offset_ms(end),
        timestamp=stamp if is_date and isinstance(stamp, str) else None,
        id=label_of(item, "id"),
    )


def _names(fields: Fields) -> dict[str, Speaker]:
    """Return the names that the World Transcription Format gives its speakers."""
    listed = fields.get("speakers")
    if not isinstance(listed, dict):
        return {}
    return {
        str(key): Speaker(name=label_of(person, "label", "name"))
        for key, person in listed.items()
        if isinstance(person, dict)
    }


def _language(fields: Fields) -> str | None:
    inner = fields.get("transcript")
    of_inner = label_of(inner, "language") if isinstance(inner, dict) else None
    return label_of(fields, "language", "language_code") or of_inner


READER = SpeechReader(
    name="speaker-list",
    description=_DESCRIPTION,
    is_document=_is_document,
    calls=_calls,
    is_item=_is_line,
    gathered_as=_LISTS[0],
    rank=20,
    # Speaker and text are common words: deep inside something else they are no transcript.
    depth=3,
)
