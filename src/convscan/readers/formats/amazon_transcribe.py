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
    versions="batch job output with speaker labels (`spk_0`) or channel labels (`ch_0`)",
    reads=(
        "`results.audio_segments[]` where they are, else `results.items[]`, put together to sentences",
        "redaction marks such as `[PII]`, as words like any other",
    ),
    ignores=("`results.transcripts[]`: the same words without speakers", "confidence, alternatives after the first"),
    roles="--role spk_0=agent; else how two speakers talk; with weak evidence an error that names the option",
    example="convscan scan job.json --role spk_0=agent --role spk_1=customer",
)


def _is_document(fields: Fields) -> bool:
    results = fields.get("results")
    if not isinstance(results, dict) or "transcripts" not in results:
        return False
    return "jobName" in fields or bool({"speaker_labels", "channel_labels", "audio_segments"} & results.keys())


def _calls(fields: Fields, _trace: Trace) -> Iterator[Call | TranscriptError]:
    results = as_fields(fields.get("results"), "results")
    has_segments = isinstance(results.get("audio_segments"), list) and results["audio_segments"]
    segments = _audio_segments(results) if has_segments else sentences_of(_words(results))
    yield Call(
        id=label_of(fields, "jobName") or "",
        segments=list(segments),
        language=label_of(results, "language_code") or label_of(fields, "languageCode"),
    )


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


READER = SpeechReader(name="amazon-transcribe", description=_DESCRIPTION, is_document=_is_document, calls=_calls)
