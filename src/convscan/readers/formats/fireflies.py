"""Fireflies: sentences with the names of their speakers."""

from collections.abc import Iterator

from convscan.errors import TranscriptError
from convscan.readers.description import Description, Family
from convscan.readers.speech.clocks import offset_ms
from convscan.readers.speech.json_fields import Fields, label_of, objects_of, pick, text_of
from convscan.readers.speech.segments import Segment
from convscan.readers.speech.spoken import NOBODY, Call, Speaker, SpeechReader, name_in
from convscan.readers.trace import Trace

_DESCRIPTION = Description(
    title="Fireflies",
    family=Family.SPEECH,
    versions="transcripts of the GraphQL API, and the list of sentences that is downloaded as JSON",
    reads=("`sentences[]`: `text` (else `raw_text`, `sentence`), `speaker_name`, start and end",),
    ignores=(
        "summaries, analytics, filters",
        "`date`: the documentation calls it the time of the transcript, so no times are made of it",
    ),
    roles=(
        "--role by name, else a name that is a role (`Support`), else how two speakers talk; with weak"
        " evidence an error that names --role"
    ),
    example='convscan scan meeting.json --role "Jo Hale=agent"',
)
_SENTENCES = "sentences"


def _is_document(fields: Fields) -> bool:
    sentences = fields.get(_SENTENCES)
    return isinstance(sentences, list) and any(isinstance(item, dict) and _is_sentence(item) for item in sentences)


def _is_sentence(fields: Fields) -> bool:
    return "speaker_name" in fields and bool({"text", "raw_text", "sentence"} & fields.keys())


def _calls(fields: Fields, _trace: Trace) -> Iterator[Call | TranscriptError]:
    speakers: dict[str, Speaker] = {}
    segments: list[Segment] = []
    for where, item in objects_of(fields.get(_SENTENCES), _SENTENCES):
        name, number = label_of(item, "speaker_name"), label_of(item, "speaker_id")
        key = name or (f"speaker {number}" if number else NOBODY)
        speakers.setdefault(key, Speaker(name=name_in(name) if name else None))
        segments.append(
            Segment(
                speaker=key,
                text=text_of(item, where, "text", "raw_text", "sentence"),
                start_ms=offset_ms(pick(item, "start_time", "startTime")),
                end_ms=offset_ms(pick(item, "end_time", "endTime")),
                id=label_of(item, "index"),
            )
        )
    kept = {key: fields[key] for key in ("title", "date", "dateString") if isinstance(fields.get(key), str | int)}
    yield Call(id=label_of(fields, "id") or "", segments=segments, speakers=speakers, metadata=kept)


READER = SpeechReader(
    name="fireflies",
    description=_DESCRIPTION,
    is_document=_is_document,
    calls=_calls,
    is_item=_is_sentence,
    gathered_as=_SENTENCES,
)
