"""Deepgram: pre-recorded transcription with utterances, paragraphs or words."""

from collections.abc import Iterator

from convscan.errors import TranscriptError
from convscan.readers.description import Description, Family
from convscan.readers.speech.clocks import milliseconds
from convscan.readers.speech.json_fields import Fields, as_fields, items_of, label_of, number_of, objects_of, text_of
from convscan.readers.speech.segments import Segment
from convscan.readers.speech.spoken import NOBODY, Call, SpeechReader
from convscan.readers.speech.words import Word, sentences_of
from convscan.readers.trace import Trace

_DESCRIPTION = Description(
    title="Deepgram",
    family=Family.SPEECH,
    versions="pre-recorded API v1, one or several channels, with or without diarisation; messages of the live API as"
    " JSON Lines",
    reads=(
        "`results.utterances[]`, else the sentences of `paragraphs`",
        "else `words` put together to sentences, else `transcript`",
        "of the live API the results with `is_final`, by `request_id`",
    ),
    ignores=(
        "alternatives after the first, confidence, summaries, topics",
        "results of the live API that are not final: a later one repeats them",
        "`metadata.created`: when it was transcribed, not when it was said",
    ),
    roles=(
        "--role; speakers are called `speaker 0`, with several channels `channel 0`; else how two speakers talk; with"
        " weak evidence an error that names --role"
    ),
    example='convscan scan call.json --role "channel 0=agent" --role "channel 1=customer"',
)


_LIVE = "live"


def _is_live(fields: Fields) -> bool:
    """Tell a message of the live API; several of them make one conversation."""
    return fields.get("type") == "Results" and "channel_index" in fields and isinstance(fields.get("channel"), dict)


def _is_document(fields: Fields) -> bool:
    results = fields.get("results")
    if not isinstance(results, dict):
        return False
    channels = results.get("channels")
    return isinstance(channels, list) and any(isinstance(item, dict) and "alternatives" in item for item in channels)


def _calls(fields: Fields, trace: Trace) -> Iterator[Call | TranscriptError]:
    if _LIVE in fields:
        yield from _live_calls(fields[_LIVE], trace)
        return
    results = as_fields(fields.get("results"), "results")
    channels = [item for _, item in objects_of(results.get("channels"), "results.channels")]
    if isinstance(results.get("utterances"), list) and results["utterances"]:
        segments = list(_utterances(results["utterances"]))
    else:
        spoken_on = [index for index, channel in enumerate(channels) if _first(channel, index).get("transcript")]
        segments = [
            segment for index in spoken_on for segment in _of_channel(channels[index], index, len(spoken_on) > 1)
        ]
    about = fields.get("metadata")
    yield Call(
        id=(label_of(about, "request_id") if isinstance(about, dict) else None) or "",
        segments=segments,
        language=next((found for channel in channels if (found := label_of(channel, "detected_language"))), None),
    )


def _live_calls(messages: object, trace: Trace) -> Iterator[Call]:
    calls: dict[str, list[tuple[str, Fields]]] = {}
    for where, message in objects_of(messages, _LIVE):
        about = message.get("metadata")
        name = label_of(about, "request_id") if isinstance(about, dict) else None
        calls.setdefault(name or "", []).append((where, message))
    for name, parts in calls.items():
        final = [(where, part) for where, part in parts if part.get("is_final") is not False]
        if len(final) < len(parts):
            trace.left_out("result that is not final", count=len(parts) - len(final))
        yield Call(id=name, segments=[segment for where, part in final for segment in _live_segments(part, where)])


def _live_segments(message: Fields, where: str) -> Iterator[Segment]:
    index = message.get("channel_index")
    # Which channel, and of how many.
    channel = index[0] if isinstance(index, list) and len(index) > 1 and index[1] != 1 else None
    choices = items_of(as_fields(message["channel"], f"{where}.channel").get("alternatives"), f"{where}.alternatives")
    best = as_fields(choices[0], f"{where}.alternatives[0]") if choices else {}
    name = None if channel is None else str(channel)
    if best.get("words"):
        yield from sentences_of(_words(best["words"], f"{where}.words", name))
    elif best.get("transcript"):
        start = milliseconds(number_of(message, "start"))
        yield Segment(_speaker({}, name), text_of(best, where, "transcript"), start)


def _utterances(value: object) -> Iterator[Segment]:
    items = list(objects_of(value, "results.utterances"))
    has_channels = len({label_of(item, "channel") for _, item in items}) > 1
    for where, item in items:
        yield Segment(
            speaker=_speaker(item, label_of(item, "channel") if has_channels else None),
            text=text_of(item, where, "transcript"),
            start_ms=milliseconds(number_of(item, "start")),
            end_ms=milliseconds(number_of(item, "end")),
            id=label_of(item, "id"),
        )


def _speaker(item: Fields, channel: str | None) -> str:
    # Each channel is one line of the call, and who speaks on a line is one person.
    if channel is not None:
        return f"channel {channel}"
    speaker = label_of(item, "speaker")
    return NOBODY if speaker is None else f"speaker {speaker}"


def _first(channel: Fields, index: int) -> Fields:
    where = f"results.channels[{index}].alternatives"
    choices = items_of(channel.get("alternatives"), where)
    return as_fields(choices[0], f"{where}[0]") if choices else {}


def _of_channel(channel: Fields, index: int, has_channels: bool) -> Iterator[Segment]:  # noqa: FBT001 - private
    best = _first(channel, index)
    where = f"results.channels[{index}].alternatives[0]"
    name = str(index) if has_channels else None
    paragraphs = best.get("paragraphs")
    if isinstance(paragraphs, dict) and paragraphs.get("paragraphs"):
        yield from _paragraphs(paragraphs["paragraphs"], f"{where}.paragraphs.paragraphs", name)
    elif best.get("words"):
        yield from sentences_of(_words(best["words"], f"{where}.words", name))
    else:
        yield Segment(_speaker({}, name), text_of(best, where, "transcript"))


def _paragraphs(value: object, where: str, channel: str | None) -> Iterator[Segment]:
    for place, paragraph in objects_of(value, where):
        speaker = _speaker(paragraph, channel)
        for inner, sentence in objects_of(paragraph.get("sentences"), f"{place}.sentences"):
            yield Segment(
                speaker,
                text_of(sentence, inner, "text"),
                milliseconds(number_of(sentence, "start")),
                milliseconds(number_of(sentence, "end")),
            )


def _words(value: object, where: str, channel: str | None) -> Iterator[Word]:
    for place, word in objects_of(value, where):
        yield Word(
            _speaker(word, channel),
            text_of(word, place, "punctuated_word", "word"),
            milliseconds(number_of(word, "start")),
            milliseconds(number_of(word, "end")),
        )


READER = SpeechReader(
    name="deepgram",
    description=_DESCRIPTION,
    is_document=_is_document,
    calls=_calls,
    is_item=_is_live,
    gathered_as=_LIVE,
)
