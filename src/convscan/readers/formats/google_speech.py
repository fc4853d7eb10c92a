"""Google Speech-to-Text: results with words, told apart by speaker tag or by channel."""

from collections.abc import Iterator

from convscan.errors import TranscriptError
from convscan.readers.description import Description, Family
from convscan.readers.speech.clocks import offset_ms
from convscan.readers.speech.json_fields import Fields, as_fields, items_of, label_of, objects_of, pick, text_of
from convscan.readers.speech.segments import Segment
from convscan.readers.speech.spoken import NOBODY, Call, SpeechReader
from convscan.readers.speech.words import Word, sentences_of
from convscan.readers.trace import Trace

_DESCRIPTION = Description(
    title="Google Speech-to-Text",
    family=Family.SPEECH,
    versions="v1, v1p1beta1 and v2 responses, also inside an operation; with speaker tags, channels or neither",
    reads=(
        "with speaker tags the `words`, put together to sentences; of version 1 those of the last result only",
        "else `results[].alternatives[0].transcript` by `channelTag`",
    ),
    ignores=("confidence, alternatives after the first",),
    roles=(
        "--role; speakers are called `speaker 1`, channels `channel 1`; else how two speakers talk; with weak evidence"
        " an error that names --role"
    ),
    example='convscan scan call.json --role "channel 1=agent" --role "channel 2=customer"',
)
_TAGS = ("speakerLabel", "speaker_label", "speakerTag", "speaker_tag")
_CHANNEL = ("channelTag", "channel_tag")
_START = ("startTime", "start_time", "startOffset", "start_offset")
_END = ("endTime", "end_time", "endOffset", "end_offset")
# What only this recogniser writes beside the alternatives.
_OWN_KEYS = frozenset({*_CHANNEL, "resultEndTime", "result_end_time", "resultEndOffset", "result_end_offset"})


def _is_document(fields: Fields) -> bool:
    results = fields.get("results")
    return isinstance(results, list) and any(isinstance(item, dict) and _is_result(item) for item in results)


def _is_result(item: Fields) -> bool:
    alternatives = item.get("alternatives")
    if not isinstance(alternatives, list):
        return False
    words = [word for best in alternatives[:1] if isinstance(best, dict) for word in _listed(best, "words")[:1]]
    is_tagged = any(isinstance(word, dict) and {*_TAGS, *_START} & word.keys() for word in words)
    return is_tagged or bool(_OWN_KEYS & item.keys())


def _listed(fields: Fields, key: str) -> list[object]:
    value = fields.get(key)
    return value if isinstance(value, list) else []


def _calls(fields: Fields, _trace: Trace) -> Iterator[Call | TranscriptError]:
    results = list(objects_of(fields.get("results"), "results"))
    best = [(where, result, _best(result, where)) for where, result in results]
    if any(_has_tags(item) for _, _, item in best):
        last = best[-1:] if _repeats_all([item for _, _, item in best]) else best
        segments = [segment for where, result, item in last for segment in _tagged_segments(where, result, item)]
    else:
        segments = [_segment(where, result, item) for where, result, item in best if item.get("transcript")]
    language = next((found for _, item in results if (found := label_of(item, "languageCode", "language_code"))), None)
    yield Call(segments=segments, language=language)


def _best(result: Fields, where: str) -> Fields:
    choices = items_of(result.get("alternatives"), f"{where}.alternatives")
    return as_fields(choices[0], f"{where}.alternatives[0]") if choices else {}


def _has_tags(best: Fields) -> bool:
    # Without diarisation the tag is 0 or is not there.
    return any(isinstance(word, dict) and label_of(word, *_TAGS) not in {None, "0"} for word in _listed(best, "words"))


def _repeats_all(best: list[Fields]) -> bool:
    """Tell whether the last result holds the words of all before it, as version 1 gives them."""
    *before, last = best
    if not _has_tags(last):
        return False
    if any(_has_tags(item) for item in before):
        begun = [start for item in best if (start := _first_start(item)) is not None]
        return len(begun) == len(best) and begun[-1] <= begun[0]
    spoken = sum(len(str(item.get("transcript") or "").split()) for item in before)
    return len(_listed(last, "words")) >= spoken


def _first_start(best: Fields) -> int | None:
    words = _listed(best, "words")
    return _time(words[0], _START) if words and isinstance(words[0], dict) else None


def _tagged_segments(where: str, result: Fields, best: Fields) -> Iterator[Segment]:
    if _listed(best, "words"):
        yield from sentences_of(_words(best, f"{where}.alternatives[0].words"))
    elif best.get("transcript"):
        yield _segment(where, result, best)


def _words(best: Fields, where: str) -> Iterator[Word]:
    for place, word in objects_of(best.get("words"), where):
        label = label_of(word, *_TAGS)
        key = NOBODY if label is None else f"speaker {label}" if label.isdecimal() else label
        yield Word(key, text_of(word, place, "word"), _time(word, _START), _time(word, _END))


def _segment(where: str, result: Fields, best: Fields) -> Segment:
    words = [word for word in _listed(best, "words") if isinstance(word, dict)]
    channel = label_of(result, *_CHANNEL)
    return Segment(
        speaker=NOBODY if channel is None else f"channel {channel}",
        # Results begin with the blank that stands between them.
        text=text_of(best, f"{where}.alternatives[0]", "transcript"),
        start_ms=_time(words[0], _START) if words else None,
        end_ms=_time(words[-1], _END) if words else _time(result, ("resultEndTime", "resultEndOffset")),
    )


def _time(fields: Fields, keys: tuple[str, ...]) -> int | None:
    """Return a duration of Google's JSON, such as `1.200s`, in milliseconds."""
    value = pick(fields, *keys)
    return offset_ms(value.removesuffix("s") if isinstance(value, str) else value)


READER = SpeechReader(name="google-speech", description=_DESCRIPTION, is_document=_is_document, calls=_calls)
