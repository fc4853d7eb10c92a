"""From the segments of a speech recogniser to utterances, with the way back.

Recognisers cut where somebody breathes. A segment that ends within a sentence is
joined with the next one of its speaker, so that the sentence is judged as a whole;
`metadata["segments"]` of each utterance says where each segment stands in the text
and in the call.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*\s*\Z")  # noqa: RUF001 - full-width marks end sentences too
# Longer than a breath and shorter than a wait. Recognisers cut at pauses of half a second
# to two; who is silent for longer has stopped, whether or not the sentence was finished.
MAX_GAP_MS = 2000
# A full stop, what closes behind it, and white space; more is no ending that people write.
_LONGEST_ENDING = 20
# A recogniser without full stops would make one utterance of a whole monologue.
_MAX_JOINED = 40


class Segment(NamedTuple):
    """What a recogniser wrote down in one piece.

    Attributes:
        speaker: Key of the speaker; equal keys are one speaker.
        text: The words, exactly as the file has them.
        start_ms: When it begins, in milliseconds from the start of the call.
        end_ms: When it ends.
        timestamp: When it began by the clock, ISO 8601, if the file tells.
        id: Its name in the file.
        line: Its line in the file, if the format has lines.
    """

    speaker: str
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    timestamp: str | None = None
    id: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """Segments that make one utterance.

    Attributes:
        text: The segments' texts with one blank between them.
        timestamp: That of the first segment.
        metadata: Of the utterance. Of a call `segments`: for each segment its code points in
            the text, its times in milliseconds, its id and line as far as they are known.
    """

    speaker: str
    text: str
    timestamp: str | None
    metadata: Mapping[str, object] = field(default_factory=dict)


def in_order(segments: Iterable[Segment]) -> list[Segment]:
    """Return segments by when they begin, or as they are if one does not say."""
    found = list(segments)
    if any(segment.start_ms is None for segment in found):
        return found
    return sorted(found, key=lambda segment: segment.start_ms or 0)


def join_segments(segments: Iterable[Segment]) -> Iterator[Spoken]:
    """Yield utterances: segments that split a sentence are joined.

    Args:
        segments: In the order in which they were said; those without words are left out.
    """
    run: list[Segment] = []
    for segment in segments:
        if not segment.text.strip():
            continue
        if run and not _goes_on(run, segment):
            yield _spoken(run)
            run = []
        run.append(segment)
    if run:
        yield _spoken(run)


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends with a full stop or the like, also inside closing quotes."""
    return _SENTENCE_END.search(text[-_LONGEST_ENDING:]) is not None


def _goes_on(run: Sequence[Segment], following: Segment) -> bool:
    last = run[-1]
    if following.speaker != last.speaker or len(run) >= _MAX_JOINED or ends_sentence(last.text):
        return False
    if last.end_ms is None or following.start_ms is None:
        return True
    return following.start_ms - last.end_ms <= MAX_GAP_MS


def _spoken(run: Sequence[Segment]) -> Spoken:
    text = ""
    places: list[dict[str, object]] = []
    for segment in run:
        if text and not text[-1].isspace() and not segment.text[:1].isspace():
            text += " "
        places.append({"start": len(text), "end": len(text) + len(segment.text), **source_of(segment)})
        text += segment.text
    return Spoken(run[0].speaker, text, run[0].timestamp, {"segments": places})


def source_of(segment: Segment) -> dict[str, object]:
    """Return what is known of where a segment stands in the call and in the file."""
    known = {"start_ms": segment.start_ms, "end_ms": segment.end_ms, "id": segment.id, "line": segment.line}
    return {key: value for key, value in known.items() if value is not None}
