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
        """Say which cues a sentence can hold; where they stand is looked up for those that are asked for."""
        present: dict[tuple[str, bool], list[int]] = {}
        for pattern in self._index.present(tokens):
            present.setdefault(self._meaning[pattern], []).append(pattern)

        def hits_of(name: str, is_stop: bool) -> list[Hit]:  # noqa: FBT001 # half of a key
            return [hit for pattern in present.get((name, is_stop), ()) for hit in self._index.hits(pattern, tokens)]

        return SentenceCues(self._cues, text, hits_of)


def _in_any(hit: Hit, stops: Sequence[Hit]) -> bool:
    """Whether a cue is part of one of its own stops: "not only" does not negate."""
    return any(stop.words[0] <= hit.words[0] and hit.words[1] <= stop.words[1] for stop in stops)


class SentenceCues:
    """The cues of one sentence."""

    def __init__(self, cues: Mapping[str, Cue], text: str, hits_of: Callable[[str, bool], list[Hit]]) -> None:
        """Take the sentence.

        Args:
            hits_of: Returns where a cue of this name stands, or, with True, where its stops do.
        """
        self._cues = cues
        self._text = text
        self._hits_of = hits_of
        self._known: dict[str, tuple[list[Hit], list[Hit]]] = {}

    def _found(self, name: str) -> tuple[list[Hit], list[Hit]]:
        """Return where a cue is in force, and where its stops stand."""
        if name not in self._known:
            hits = self._hits_of(name, False)  # noqa: FBT003 # see hits_of
            stops = self._hits_of(name, True) if hits else []  # noqa: FBT003 # see hits_of
            self._known[name] = [hit for hit in hits if not _in_any(hit, stops)], stops
        return self._known[name]

    def at(self, match: Hit, names: Sequence[str], gap_words: Callable[[Hit], frozenset[int]]) -> tuple[str, ...]:
        """Return those of the named cues in whose scope a match stands.

        Args:
            gap_words: Returns the words of the match that only filled a gap; asked for where it matters.
        """
        return tuple([name for name in names if self._holds(self._cues[name], match, gap_words)])

    def _holds(self, cue: Cue, match: Hit, gap_words: Callable[[Hit], frozenset[int]]) -> bool:
        if cue.in_quotation:
            return any(q.start() < match.end and match.start < q.end() for q in _QUOTATION.finditer(self._text))
        return any(self._reaches(cue, hit, match, gap_words) for hit in self._found(cue.name)[0])

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
        return not any(between[0] <= stop.words[0] < between[1] for stop in self._found(cue.name)[1])
