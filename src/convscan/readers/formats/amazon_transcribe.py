"""Plain Amazon Transcribe output: words with speaker labels or channels, put together to sentences."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from convscan.errors import TranscriptError
from convscan.readers.description import Description, Family
from convscan.readers.speech.clocks import milliseconds
from convscan.readers.speech.json_fields import Fields, as_fields, items_of, label_of, number_of, objects_of, text_of
from convscan.readers.speech.segments import Segment
from convscan.readers.speech.spoken import NOBODY, Call, SpeechReader
from convscan.readers.speech.words import Word, sentences_of
from convscan.readers.trace import Trace

_DESCRIPTION = Description(
    title="Amazon Transcribe",
    family=Family.SPEECH,
    versions=(
        "batch job output with speaker labels (`spk_0`) or channel labels (`ch_0`), events of streaming as JSON Lines"
    ),
    reads=(
        "`results.audio_segments[]` where they are, else `results.items[]`, put together to sentences",
        "of streaming the results that are not partial: `Items`, else `Transcript`",
        "redaction marks such as `[PII]`, as words like any other",
    ),
    ignores=("`results.transcripts[]`: the same words without speakers", "confidence, alternatives after the first"),
    roles="--role spk_0=agent; else how two speakers talk; with weak evidence an error that names the option",
    example="convscan scan job.json --role spk_0=agent --role spk_1=customer",
)


_EVENTS = "events"
_EVENT = "TranscriptEvent"


def _is_event(fields: Fields) -> bool:
    """Tell an event of streaming, with or without what SDKs put around it."""
    inner = fields.get(_EVENT)
    transcript = (inner if isinstance(inner, dict) else fields).get("Transcript")
    return isinstance(transcript, dict) and isinstance(transcript.get("Results"), list)


def _is_document(fields: Fields) -> bool:
    results = fields.get("results")
    if not isinstance(results, dict) or "transcripts" not in results:
        return False
    return "jobName" in fields or bool({"speaker_labels", "channel_labels", "audio_segments"} & results.keys())


def _calls(fields: Fields, trace: Trace) -> Iterator[Call | TranscriptError]:
    if _EVENTS in fields:
        yield Call(segments=list(_streamed(fields[_EVENTS], trace)))
        return
    results = as_fields(fields.get("results"), "results")
    has_segments = isinstance(results.get("audio_segments"), list) and results["audio_segments"]
    segments = _audio_segments(results) if has_segments else sentences_of(_words(results))
    yield Call(
        id=label_of(fields, "jobName") or "",
        segments=list(segments),
        language=label_of(results, "language_code") or label_of(fields, "languageCode"),
    )


def _streamed(events: object, trace: Trace) -> Iterator[Segment]:
    for where, event in objects_of(events, _EVENTS):
        inner = event.get(_EVENT, event)
        transcript = as_fields(as_fields(inner, where).get("Transcript"), f"{where}.Transcript")
        for place, result in objects_of(transcript.get("Results"), f"{where}.Results"):
            if result.get("IsPartial") is True:
                trace.left_out("partial result: a later one repeats it")
                continue
            choices = items_of(result.get("Alternatives"), f"{place}.Alternatives")
            if choices:
                yield from _streamed_sentences(result, as_fields(choices[0], place), place)


def _streamed_sentences(result: Fields, best: Fields, where: str) -> Iterator[Segment]:
    line = label_of(result, "ChannelId")
    words = [
        Word(
            _streamed_speaker(label_of(item, "Speaker"), line),
            text_of(item, place, "Content"),
            milliseconds(number_of(item, "StartTime")),
            milliseconds(number_of(item, "EndTime")),
            is_mark=item.get("Type") == "punctuation",
        )
        for place, item in objects_of(best.get("Items") or [], f"{where}.Items")
    ]
    if words:
        yield from sentences_of(words)
    elif best.get("Transcript"):
        start, end = milliseconds(number_of(result, "StartTime")), milliseconds(number_of(result, "EndTime"))
        yield Segment(_streamed_speaker(None, line), text_of(best, where, "Transcript"), start, end)


def _streamed_speaker(speaker: str | None, line: str | None) -> str:
    return f"spk_{speaker}" if speaker is not None else line or NOBODY


def _audio_segments(results: Fields) -> Iterator[Segment]:
    for where, item in objects_of(results["audio_segments"], "results.audio_segments"):
        yield Segment(
            speaker=label_of(item, "speaker_label", "channel_label") or NOBODY,
            text=text_of(item, where, "transcript"),
            start_ms=milliseconds(number_of(item, "start_time")),
            end_ms=milliseconds(number_of(item, "end_time")),
            id=label_of(item, "id"),
        )


def _words(results: Fields) -> Iterable[Word]:
    channels = results.get("channel_labels")
    if isinstance(channels, dict) and channels.get("channels"):
        listed = objects_of(channels["channels"], "results.channel_labels.channels")
        return chain.from_iterable(
            _items(channel.get("items"), f"{where}.items", {}, label_of(channel, "channel_label") or NOBODY)
            for where, channel in listed
        )
    return _items(results.get("items"), "results.items", _speakers_by_time(results), NOBODY)


def _speakers_by_time(results: Fields) -> dict[str, str]:
    """Return the speaker of each word by the time at which it begins, as written."""
    labels = results.get("speaker_labels")
    if not isinstance(labels, dict) or labels.get("segments") is None:
        return {}
    found: dict[str, str] = {}
    for where, segment in objects_of(labels.get("segments"), "results.speaker_labels.segments"):
        for _, item in objects_of(segment.get("items"), f"{where}.items"):
            start, speaker = label_of(item, "start_time"), label_of(item, "speaker_label")
            if start and speaker:
                found[start] = speaker
    return found


def _items(value: object, where: str, speakers: Mapping[str, str], fallback: str) -> Iterator[Word]:
    speaker = fallback
    for place, item in objects_of(value, where):
        choices = items_of(item.get("alternatives"), f"{place}.alternatives")
        if not choices:
            continue
        text = text_of(as_fields(choices[0], f"{place}.alternatives[0]"), f"{place}.alternatives[0]", "content")
        is_mark = item.get("type") == "punctuation"
        if not is_mark:
            own = label_of(item, "speaker_label", "channel_label")
            speaker = own or speakers.get(label_of(item, "start_time") or "") or fallback
        yield Word(
            speaker,
            text,
            milliseconds(number_of(item, "start_time")),
            milliseconds(number_of(item, "end_time")),
            is_mark=is_mark,
        )


READER = SpeechReader(
    name="amazon-transcribe",
    description=_DESCRIPTION,
    is_document=_is_document,
    calls=_calls,
    is_item=_is_event,
    gathered_as=_EVENTS,
)
