"""Cues: words that change the force of words near them, with side, scope and stops."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import TypeAlias

from convscan.rules.matching import PhraseUnion
from convscan.rules.phrase import Phrase
from convscan.rules.rule import Cue, Direction, Pattern
from convscan.rules.words import Tokens

# Words of a sentence, `[first, last)`.
Range: TypeAlias = tuple[int, int]
# What a cue of this name is looked for by.
UnionOf: TypeAlias = Callable[[str], PhraseUnion]

# Straight or curly double quotes, guillemets; a single quote is too often an apostrophe.
_QUOTATION = re.compile(r"\"[^\"\n]{2,}\"|\u201c[^\u201d\n]{2,}\u201d|\u00ab[^\u00bb\n]{2,}\u00bb")


class CueFinder:
    """Tell which cues hold at a match."""

    def __init__(self, cues: Mapping[str, Cue], compiled: Callable[[str], Phrase]) -> None:
        """Take the cues, and what compiles a phrase; each is compiled when it is first asked for."""
        self._cues = cues
        self._compiled = compiled
        self._phrases = cache(lambda name: self._joined(cues[name].phrases))
        self._stops = cache(lambda name: self._joined(cues[name].stop))

    def _joined(self, patterns: Iterable[Pattern]) -> PhraseUnion:
        return PhraseUnion(self._compiled(pattern.phrase or "") for pattern in patterns)

    def in_sentence(self, tokens: Tokens) -> "SentenceCues":
        """Prepare a sentence; what stands in it is looked up cue by cue, when it is asked for."""
        return SentenceCues(self._cues, self._phrases, self._stops, tokens)


def _in_any(cue: Range, stops: Sequence[Range]) -> bool:
    """Whether a cue is part of one of its own stops: "not only" does not negate."""
    return any(stop[0] <= cue[0] and cue[1] <= stop[1] for stop in stops)


class SentenceCues:
    """The cues of one sentence."""

    def __init__(self, cues: Mapping[str, Cue], phrases: UnionOf, stops: UnionOf, tokens: Tokens) -> None:
        """Take the sentence.

        Args:
            cues: By name.
            phrases: Returns what is a cue.
            stops: Returns what ends its scope early.
            tokens: The sentence's words.
        """
        self._cues = cues
        self._phrases = phrases
        self._stops = stops
        self._tokens = tokens
        self._known: dict[str, tuple[list[Range], list[Range]]] = {}

    def _found(self, name: str) -> tuple[list[Range], list[Range]]:
        """Return where a cue is in force, and where its stops stand."""
        if name not in self._known:
            found = list(self._phrases(name).matches(self._tokens))
            stops = list(self._stops(name).matches(self._tokens)) if found else []
            self._known[name] = [one for one in found if not _in_any(one, stops)], stops
        return self._known[name]

    def at(self, match: Range, names: Sequence[str], gap_words: Callable[[Range], frozenset[int]]) -> tuple[str, ...]:
        """Return those of the named cues in whose scope a match stands.

        Args:
            gap_words: Returns the words of the match that only filled a gap; asked for where it matters.
        """
        return tuple([name for name in names if self._holds(self._cues[name], match, gap_words)])

    def _holds(self, cue: Cue, match: Range, gap_words: Callable[[Range], frozenset[int]]) -> bool:
        if cue.in_quotation:
            return any(self._overlaps(quotation.span(), match) for quotation in _QUOTATION.finditer(self._tokens.text))
        here, _ = self._found(cue.name)
        return bool(here) and any(self._reaches(cue, found, match, gap_words) for found in here)

    def _overlaps(self, quotation: tuple[int, int], match: Range) -> bool:
        """Whether a match stands, at least in part, between two code points."""
        start, end = self._tokens.span(*match)
        return quotation[0] < end and start < quotation[1]

    def _reaches(self, cue: Cue, found: Range, match: Range, gap_words: Callable[[Range], frozenset[int]]) -> bool:
        first, last = found
        if first < match[1] and match[0] < last:
            # "You did not really fail": inside the match a cue counts only if it filled a gap.
            return set(range(first, last)) <= gap_words(match)
        if last <= match[0]:
            between = (last, match[0])
            allowed = cue.affects in {Direction.AFTER, Direction.BOTH}
        else:
            between = (match[1], first)
            allowed = cue.affects in {Direction.BEFORE, Direction.BOTH}
        if not allowed or between[1] - between[0] > cue.scope_words:
            return False
        return not any(between[0] <= stop[0] < between[1] for stop in self._found(cue.name)[1])
