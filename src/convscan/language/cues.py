"""Cues: words that change the force of words near them, with side, scope and stops."""

import re
from collections.abc import Callable, Mapping, Sequence

from convscan.rules.matching import Hit, PatternIndex
from convscan.rules.phrase import PhraseCompiler
from convscan.rules.rule import Cue, Direction
from convscan.rules.words import Tokens, Words

# Straight or curly double quotes, guillemets; a single quote is too often an apostrophe.
_QUOTATION = re.compile(r"\"[^\"\n]{2,}\"|\u201c[^\u201d\n]{2,}\u201d|\u00ab[^\u00bb\n]{2,}\u00bb")


class CueFinder:
    """Tell which cues hold at a match."""

    def __init__(self, cues: Mapping[str, Cue], words: Words, compiler: PhraseCompiler) -> None:
        """Compile all phrases and stops of all cues into one index.

        Raises:
            RuleError: If a phrase is malformed.
        """
        self._cues = cues
        phrases = []
        self._meaning: list[tuple[str, bool]] = []
        for cue in cues.values():
            for is_stop, patterns in ((False, cue.phrases), (True, cue.stop)):
                for pattern in patterns:
                    phrases.append(compiler.compile(pattern.phrase or ""))
                    self._meaning.append((cue.name, is_stop))
        self._index = PatternIndex(phrases, words)

    def in_sentence(self, text: str, tokens: Tokens) -> "SentenceCues":
        """Find all cues of one sentence; asked for only where a match may need them."""
        cues: dict[str, list[Hit]] = {}
        stops: dict[str, list[Hit]] = {}
        for pattern in self._index.present(tokens):
            name, is_stop = self._meaning[pattern]
            (stops if is_stop else cues).setdefault(name, []).extend(self._index.hits(pattern, tokens))
        in_force = {name: [hit for hit in hits if not _in_any(hit, stops.get(name, ()))] for name, hits in cues.items()}
        return SentenceCues(self._cues, text, in_force, stops)


def _in_any(hit: Hit, stops: Sequence[Hit]) -> bool:
    """Whether a cue is part of one of its own stops: "not only" does not negate."""
    return any(stop.words[0] <= hit.words[0] and hit.words[1] <= stop.words[1] for stop in stops)


class SentenceCues:
    """The cues of one sentence."""

    def __init__(
        self,
        cues: Mapping[str, Cue],
        text: str,
        found: Mapping[str, Sequence[Hit]],
        stops: Mapping[str, Sequence[Hit]],
    ) -> None:
        """Take what was found in the sentence: cues and their stops by the cue's name."""
        self._cues = cues
        self._text = text
        self._found = found
        self._stops = stops

    def at(self, match: Hit, names: Sequence[str], gap_words: Callable[[Hit], frozenset[int]]) -> tuple[str, ...]:
        """Return those of the named cues in whose scope a match stands.

        Args:
            gap_words: Returns the words of the match that only filled a gap; asked for where it matters.
        """
        return tuple([name for name in names if self._holds(self._cues[name], match, gap_words)])

    def _holds(self, cue: Cue, match: Hit, gap_words: Callable[[Hit], frozenset[int]]) -> bool:
        if cue.in_quotation:
            return any(q.start() < match.end and match.start < q.end() for q in _QUOTATION.finditer(self._text))
        return any(self._reaches(cue, hit, match, gap_words) for hit in self._found.get(cue.name, ()))

    def _reaches(self, cue: Cue, hit: Hit, match: Hit, gap_words: Callable[[Hit], frozenset[int]]) -> bool:
        first, last = hit.words
        if first < match.words[1] and match.words[0] < last:
            # "You did not really fail": inside the match a cue counts only if it filled a gap.
            return set(range(first, last)) <= gap_words(match)
        if last <= match.words[0]:
            between = (last, match.words[0])
            allowed = cue.affects in {Direction.AFTER, Direction.BOTH}
        else:
            between = (match.words[1], first)
            allowed = cue.affects in {Direction.BEFORE, Direction.BOTH}
        if not allowed or between[1] - between[0] > cue.scope_words:
            return False
        return not any(between[0] <= stop.words[0] < between[1] for stop in self._stops.get(cue.name, ()))
