"""Put single recognised words together to sentences, one segment each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from convscan.readers.speech.segments import MAX_GAP_MS, Segment, ends_sentence


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word.

    Attributes:
        speaker: Key of the speaker.
        text: The word, with its punctuation if the recogniser writes it so.
        start_ms: When it begins, in milliseconds from the start of the call.
        end_ms: When it ends.
        is_mark: Whether it is punctuation, which follows a word without a blank.
    """

    speaker: str
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    is_mark: bool = False


def sentences_of(words: Iterable[Word]) -> Iterator[Segment]:
    """Yield the sentences: a new one begins with another speaker, after a full stop, after a pause.

    Args:
        words: In the order in which each speaker said them.
    """
    run: list[Word] = []
    for word in words:
        if run and not word.is_mark and _begins_sentence(run, word):
            yield _sentence(run)
            run = []
        run.append(word)
    if run:
        yield _sentence(run)


def _begins_sentence(run: Sequence[Word], word: Word) -> bool:
    last = run[-1]
    if word.speaker != last.speaker or ends_sentence(last.text):
        return True
    ended = next((item.end_ms for item in reversed(run) if item.end_ms is not None), None)
    return ended is not None and word.start_ms is not None and word.start_ms - ended > MAX_GAP_MS


def _sentence(run: Sequence[Word]) -> Segment:
    text = "".join(item.text if item.is_mark or not index else f" {item.text}" for index, item in enumerate(run))
    starts = [item.start_ms for item in run if item.start_ms is not None]
    ends = [item.end_ms for item in run if item.end_ms is not None]
    return Segment(run[0].speaker, text, min(starts, default=None), max(ends, default=None))
