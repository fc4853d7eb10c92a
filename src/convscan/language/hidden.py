"""Characters that nobody sees: taken out before anything is read, and put back into what is quoted.

Between the letters of a word they hide it from whoever looks for it, while the customer reads
it as ever. Soft hyphens and zero-width spaces also get there by copying from web pages.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from convscan.conversation import Conversation
from convscan.finding import Deposit, Finding, Promise, ScanResult, Span, Step
from convscan.source_map import MappedText, SourceMap

# Soft hyphen, grapheme joiner, vowel separator, zero-width space and non-joiner, marks of direction,
# word joiner and invisible operators, byte-order mark. None of them is seen anywhere.
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
# Zero-width joiner, variation selectors, tags: what emoji are joined and coloured with, and flags spelt.
_OF_EMOJI = "\u200d\ufe00-\ufe0f\U000e0001-\U000e007f\U000e0100-\U000e01ef"
# Behind a letter, digit or sign of ASCII there is no emoji to be joined.
_HIDDEN = re.compile(rf"[{_UNSEEN}]+|(?<=[\w\x00-\x7f{_UNSEEN}])[{_OF_EMOJI}{_UNSEEN}]+")


@dataclass(frozen=True, slots=True)
class Hidden:
    """Where hidden characters were taken out of a conversation.

    Attributes:
        original: The conversation with them.
        maps: By utterance, offsets of the text without them to offsets of the text with them.
    """

    original: Conversation
    maps: Mapping[int, SourceMap]

    def put_back(self, result: ScanResult) -> ScanResult:
        """Return what was said of the conversation without them as said of the one with them."""
        if not self.maps:
            return result
        return replace(
            result,
            findings=tuple(map(self._finding, result.findings)),
            deposits=tuple(map(self._deposit, result.deposits)),
            promises=tuple(map(self._promise, result.promises)),
        )

    def _span(self, at: Span) -> Span:
        if at.utterance not in self.maps:
            return at
        places = self.maps[at.utterance]
        start = places.start(at.start)
        end = places.end(at.end) if at.end > at.start else start
        return Span(at.utterance, start, end, self.original.utterances[at.utterance].text[start:end])

    def _spans(self, spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(map(self._span, spans))

    def _finding(self, finding: Finding) -> Finding:
        if finding.at is None:
            return replace(finding, because=self._spans(finding.because))
        at = self._span(finding.at)
        taken = len(at.quote) - len(finding.at.quote)
        steps = (Step("hidden", f"{taken} characters that nobody sees stand in these words"),) if taken else ()
        return replace(finding, at=at, because=self._spans(finding.because), explanation=(*finding.explanation, *steps))

    def _deposit(self, deposit: Deposit) -> Deposit:
        return replace(deposit, at=self._span(deposit.at))

    def _promise(self, promise: Promise) -> Promise:
        by_when, condition = promise.by_when, promise.condition
        return replace(
            promise,
            at=self._span(promise.at),
            by_when=replace(by_when, at=self._span(by_when.at)) if by_when else None,
            condition=self._span(condition) if condition else None,
            evidence=self._spans(promise.evidence),
        )


def without_hidden(conversation: Conversation, *, limit_chars: int) -> tuple[Conversation, Hidden]:
    """Return a conversation as its readers see it, and what was taken out of it.

    Args:
        conversation: As it was written.
        limit_chars: Longer texts, which will not be judged, are left as they are.
    """
    maps: dict[int, SourceMap] = {}
    utterances = list(conversation.utterances)
    for index, utterance in enumerate(utterances):
        text = utterance.text
        if text.isascii() or len(text) > limit_chars or not _HIDDEN.search(text):
            continue
        seen = _seen(text)
        maps[index] = seen.map()
        utterances[index] = replace(utterance, text=seen.text)
    if not maps:
        return conversation, Hidden(conversation, maps)
    return replace(conversation, utterances=tuple(utterances)), Hidden(conversation, maps)


def _seen(text: str) -> MappedText:
    seen = MappedText()
    at = 0
    for hidden in _HIDDEN.finditer(text):
        seen.add(text[at : hidden.start()], at, hidden.start())
        at = hidden.end()
    seen.add(text[at:], at, len(text))
    return seen
