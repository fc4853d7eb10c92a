"""Find many patterns in a sentence at once.

A sentence becomes a line of its words' norms. The prefilter says which patterns can
match at all, by the words that are there; only these are searched for their places,
by RE2 for phrases and by spaCy for raw token patterns. docs/decisions/0002 has the
measurements.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from convscan.rules.expressions import Expression
from convscan.rules.phrase import Phrase
from convscan.rules.prefilter import Prefilter, is_norm
from convscan.rules.token_patterns import SpacyTokens, TokenPattern, TokenSearcher
from convscan.rules.words import Tokens, Words


class Hit(NamedTuple):
    """Where a pattern matched.

    Attributes:
        start: First code point in the text.
        end: Code point after the last.
        words: Range of words `[first, last)` that it covers.
    """

    start: int
    end: int
    words: tuple[int, int]


class PatternIndex:
    """Many patterns, ready to be found in text.

    Text costs little where nothing can match, however many patterns there are.
    """

    def __init__(
        self, patterns: Sequence[Phrase | TokenPattern], words: Words, frequencies: Mapping[str, int] | None = None
    ) -> None:
        """Prepare all patterns.

        Args:
            patterns: A pattern's place in the sequence is its number; equal ones should be given once.
            words: The spellings that the text will be cut by.
            frequencies: How often words and pairs of neighbours are in such text; see `Prefilter`.

        Raises:
            RuleError: If a token pattern names no word that has to be there.
        """
        spacy_tokens = SpacyTokens(words)
        self._searchers = tuple(
            _PhraseSearcher(pattern) if isinstance(pattern, Phrase) else TokenSearcher(pattern, words, spacy_tokens)
            for pattern in patterns
        )
        self._prefilter = Prefilter([searcher.needs for searcher in self._searchers], frequencies)

    def present(self, tokens: Tokens) -> int:
        """Return the set of patterns, as in `Prefilter`, for which a sentence holds the words that they need."""
        return self._prefilter.candidates(tokens.norms)

    def hits(self, pattern: int, tokens: Tokens) -> Iterator[Hit]:
        """Yield the places where a pattern that is present matches, in order."""
        for first, last in self._searchers[pattern].matches(tokens):
            yield Hit(*tokens.span(first, last), (first, last))

    def is_hit(self, pattern: int, tokens: Tokens) -> bool:
        """Tell whether a pattern that is present matches anywhere; quicker than where."""
        return self._searchers[pattern].is_hit(tokens)

    def gap_words(self, pattern: int, hit: Hit, tokens: Tokens) -> frozenset[int]:
        """Return those words of a hit that only filled a gap."""
        return self._searchers[pattern].gap_words(hit.words, tokens)


class PhraseUnion:
    """Several phrases that mean the same, searched as one."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        """Join the expressions; those for questions, and those that bar words, apart."""
        plain: list[Phrase] = []
        others: list[Phrase] = []
        for phrase in phrases:
            (others if phrase.is_question or phrase.barred else plain).append(phrase)
        self._joined = Expression("|".join(phrase.expression for phrase in plain))
        self._needed = _one_of_which_is_needed(plain)
        self._others = [_PhraseSearcher(phrase) for phrase in others]

    def matches(self, tokens: Tokens) -> Iterator[tuple[int, int]]:
        """Yield the longest match of each from each word on, as words `[first, last)`."""
        if not self._needed or not self._needed.isdisjoint(tokens.norms):
            yield from self._joined.matches(tokens)
        for searcher in self._others:
            yield from searcher.matches(tokens)


def _one_of_which_is_needed(phrases: Iterable[Phrase]) -> frozenset[str]:
    """Return words of which a sentence must hold one for any of the phrases to match; none if that is open."""
    needed: set[str] = set()
    for phrase in phrases:
        words = [need for need in phrase.needs if all(map(is_norm, need))]
        if not words:
            return frozenset()
        needed |= min(words, key=lambda need: (len(need), sorted(need)))
    return frozenset(needed)


class _PhraseSearcher:
    """Where one phrase stands in a line."""

    __slots__ = ("_expression", "_is_question", "needs")

    def __init__(self, phrase: Phrase) -> None:
        self.needs = phrase.needs
        self._is_question = phrase.is_question
        self._expression = Expression(phrase.expression, phrase.barred)

    def is_hit(self, tokens: Tokens) -> bool:
        """Tell whether it stands anywhere."""
        return (tokens.is_question or not self._is_question) and self._expression.first(tokens) is not None

    def matches(self, tokens: Tokens) -> Iterator[tuple[int, int]]:
        """Yield the longest match from each word on, in order."""
        return self._expression.matches(tokens) if tokens.is_question or not self._is_question else iter(())

    def gap_words(self, words: tuple[int, int], tokens: Tokens) -> frozenset[int]:
        """Return the words of a match that filled a gap."""
        return frozenset(word for gap in self._expression.gaps(words, tokens) for word in range(*gap))
