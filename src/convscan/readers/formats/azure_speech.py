"""Azure: speech transcription files, and conversations for its language service."""

import re
from collections.abc import Iterator

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
    title="Azure speech and conversations",
    family=Family.SPEECH,
    versions=(
        "batch transcription result files 3.x and 2024-11, fast transcription, conversation transcriber results as"
        " JSON Lines, Content Understanding (`transcriptPhrases`), conversations of the language service"
        " (`conversationItems`)"
    ),
    reads=(
        "`recognizedPhrases[].nBest[0].display`",
        "`text` of `phrases[]`, `transcriptPhrases[]`, `conversationItems[]`",
        "times from `offsetInTicks`, `offsetMilliseconds`, `offset` (ISO 8601), `startTimeMs`",
    ),
    ignores=(
        "`combinedRecognizedPhrases`, `combinedPhrases`: the same words without speakers",
        "lexical and masked forms, words, guesses after the first; phrases with `recognitionStatus` Failure",
        "`timestamp` of a result file: when it was transcribed, not when it was said",
    ),
    roles=(
        "`role` of an item (Agent, Customer), else the speaker's name (`Agent_1`); of numbered speakers or channels"
        " (`speaker 1`, `channel 0`) --role, else how two speakers talk; with weak evidence an error that names --role"
    ),
    example='convscan scan result.json --role "speaker 1=agent"',
)
_TICKS_PER_MS = 10_000
_ISO_DURATION = re.compile(
    r"PT(?:(?P<h>\d{1,9}(?:\.\d{1,9})?)H)?(?:(?P<m>\d{1,9}(?:\.\d{1,9})?)M)?(?:(?P<s>\d{1,9}(?:\.\d{1,9})?)S)?"
)
_ITEM_ROLES = {"agent": Role.AGENT, "customer": Role.CUSTOMER}
_LISTS = ("recognizedPhrases", "transcriptPhrases", "conversationItems")
_RESULTS = "transcriberResults"


def _is_document(fields: Fields) -> bool:
    if any(isinstance(fields.get(key), list) for key in _LISTS):
        return True
    return "combinedPhrases" in fields and isinstance(fields.get("phrases"), list)


def _is_result(fields: Fields) -> bool:
    """Tell a result of the conversation transcriber."""
    return "SpeakerId" in fields and bool({"DisplayText", "Text"} & fields.keys())


def _calls(fields: Fields, trace: Trace) -> Iterator[Call | TranscriptError]:
    if "conversationItems" in fields:
        yield _written_or_spoken(fields)
    elif "transcriptPhrases" in fields:
        phrases = list(objects_of(fields["transcriptPhrases"], "transcriptPhrases"))
        yield Call(segments=[_phrase(item, where, "speaker") for where, item in phrases], language=_locale(phrases))
    elif _RESULTS in fields:
        results = objects_of(fields[_RESULTS], _RESULTS)
        yield Call(segments=[_result(item, where) for where, item in results])
    else:
        yield _transcription(fields, trace)


def _transcription(fields: Fields, trace: Trace) -> Call:
    key = "recognizedPhrases" if "recognizedPhrases" in fields else "phrases"
    phrases: list[tuple[str, Fields]] = []
    for where, item in objects_of(fields.get(key), key):
        if str(item.get("recognitionStatus", "Success")) == "Success":
            phrases.append((where, item))
        else:
            trace.left_out("phrase that was not recognised")
    channels = {label_of(item, "channel") for _, item in phrases} - {None}
    # Of two channels each is one person, whatever the recogniser thought to hear within it.
    told_by = "channel" if len(channels) > 1 else "speaker"
    segments = [_phrase(item, where, told_by) for where, item in phrases]
    return Call(segments=segments, language=_locale(phrases), metadata=_source_of(fields))


def _source_of(fields: Fields) -> dict[str, object]:
    return {key: fields[key] for key in ("source", "timestamp") if isinstance(fields.get(key), str)}


def _locale(phrases: list[tuple[str, Fields]]) -> str | None:
    return next((found for _, item in phrases if (found := label_of(item, "locale"))), None)


def _phrase(item: Fields, where: str, told_by: str) -> Segment:
    start = _start_ms(item)
    length = _length_ms(item)
    end = number_of(item, "endTimeMs")
    if end is None and start is not None and length is not None:
        end = start + length
    return Segment(
        speaker=_speaker_key(item, told_by),
        text=_display(item, where),
        start_ms=whole(start),
        end_ms=whole(end),
    )


def _speaker_key(item: Fields, told_by: str) -> str:
    label = label_of(item, told_by)
    if label is None:
        return NOBODY
    return f"{told_by} {label}" if label.isdigit() else label


def _display(item: Fields, where: str) -> str:
    if "nBest" not in item:
        return text_of(item, where, "text")
    choices = items_of(item["nBest"], f"{where}.nBest")
    if not choices:
        return ""
    best = as_fields(choices[0], f"{where}.nBest[0]")
    return text_of(best, f"{where}.nBest[0]", "display", "itn", "lexical")


def _start_ms(item: Fields) -> float | None:
    ticks = number_of(item, "offsetInTicks", "Offset")
    if ticks is not None:
        return ticks / _TICKS_PER_MS
    known = number_of(item, "offsetMilliseconds", "offsetInMs", "startTimeMs")
    return known if known is not None else _iso_ms(item.get("offset"))


def _length_ms(item: Fields) -> float | None:
    ticks = number_of(item, "durationInTicks", "Duration")
    if ticks is not None:
        return ticks / _TICKS_PER_MS
    known = number_of(item, "durationMilliseconds", "durationInMs")
    return known if known is not None else _iso_ms(item.get("duration"))


def _iso_ms(value: object) -> float | None:
    """Return an ISO 8601 duration such as `PT1M4.2S` in milliseconds; a bare number is milliseconds."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    found = _ISO_DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    hours, minutes, seconds = (float(part or 0) for part in found.group("h", "m", "s"))
    return ((hours * 60 + minutes) * 60 + seconds) * 1000


def _result(item: Fields, where: str) -> Segment:
    start, length = _start_ms(item), _length_ms(item)
    end = None if start is None or length is None else start + length
    return Segment(
        speaker=label_of(item, "SpeakerId") or NOBODY,
        text=text_of(item, where, "DisplayText", "Text"),
        start_ms=whole(start),
        end_ms=whole(end),
        id=label_of(item, "Id", "ResultId"),
    )


def _written_or_spoken(fields: Fields) -> Call:
    items = list(objects_of(fields["conversationItems"], "conversationItems"))
    is_speech = str(fields.get("modality", "text")).casefold() == "transcript"
    speakers: dict[str, Speaker] = {}
    segments: list[Segment] = []
    for where, item in items:
        name = label_of(item, "participantId")
        role = _ITEM_ROLES.get((label_of(item, "role") or "").casefold())
        key = name or label_of(item, "role") or NOBODY
        speakers.setdefault(key, Speaker(role, told_by="`conversationItems[].role`"))
        segments.append(
            Segment(
                speaker=key,
                text=text_of(item, where, "text", "itn", "lexical"),
                start_ms=_tick_time(item),
                id=label_of(item, "id"),
                timestamp=label_of(item, "timestamp"),
            )
        )
    return Call(
        id=label_of(fields, "id") or "",
        segments=segments,
        speakers=speakers,
        channel=Channel.CALL if is_speech else Channel.CHAT,
        language=label_of(fields, "language"),
    )


def _tick_time(item: Fields) -> int | None:
    """Return when the first word of a spoken item begins."""
    timings = pick(item, "wordLevelTimings", "audioTimings")
    first = timings[0] if isinstance(timings, list) and timings else None
    ticks = number_of(first, "offset") if isinstance(first, dict) else None
    return None if ticks is None else round(ticks / _TICKS_PER_MS)


READER = SpeechReader(
    name="azure",
    description=_DESCRIPTION,
    is_document=_is_document,
    calls=_calls,
    is_item=_is_result,
    gathered_as=_RESULTS,
)
