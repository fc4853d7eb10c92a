"""Find many patterns in a sentence at once.

A sentence becomes a line of its words' norms. The prefilter says which patterns can
match at all, by the words that are there; only these are searched for their places,
by RE2 for phrases and by spaCy for raw token patterns. docs/decisions/0002 has the
measurements.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from convscan.rules.expressions import Expression
from convscan.rules.phrase import Phrase
from convscan.rules.prefilter import Filed, Needs, Prefilter, file_patterns, is_norm
from convscan.rules.token_patterns import SpacyTokens, TokenPattern, TokenSearcher, needs_of_tokens
from convscan.rules.words import Tokens, Words

Compiled: TypeAlias = Phrase | TokenPattern


def needs_of(pattern: Compiled, words: Words) -> Needs:
    """Return what a sentence must hold for a pattern to match.

    Raises:
        RuleError: If a token pattern names no word that has to be there.
    """
    return pattern.needs if isinstance(pattern, Phrase) else needs_of_tokens(pattern, words)


class PatternIndex:
    """Many patterns, ready to be found in text.

    Text costs little where nothing can match, however many patterns there are.
    """

    def __init__(self, pattern: Callable[[int], Compiled], filed: Filed, words: Words) -> None:
        """Take patterns that are filed already.

        Args:
            pattern: Returns the pattern of a number; asked for when a text first holds what it needs.
            filed: What they need.
            words: The spellings that the text will be cut by.
        """
        self._pattern = pattern
        self._spacy_tokens = SpacyTokens(words)
        self._prefilter = Prefilter(filed)
        self._searchers: dict[int, _PhraseSearcher | TokenSearcher] = {}

    @classmethod
    def of(cls, patterns: Sequence[Compiled], words: Words) -> "PatternIndex":
        """Prepare some patterns; the place of each in the sequence is its number.

        Raises:
            RuleError: If a token pattern names no word that has to be there.
        """
        return cls(patterns.__getitem__, file_patterns([needs_of(pattern, words) for pattern in patterns]), words)

    def _searcher(self, number: int) -> "_PhraseSearcher | TokenSearcher":
        """Get ready to search for a pattern."""
        pattern = self._pattern(number)
        searcher = self._searchers[number] = (
            _PhraseSearcher(pattern) if isinstance(pattern, Phrase) else TokenSearcher(pattern, self._spacy_tokens)
        )
        return searcher

    def present(self, tokens: Tokens) -> int:
        """Return the set of patterns, as in `Prefilter`, for which a sentence holds the words that they need."""
        return self._prefilter.candidates(tokens)

    def matches(self, pattern: int, tokens: Tokens) -> Iterable[tuple[int, int]]:
        """Return the words `[first, last)` that a pattern that is present matches, in order; searched one by one."""
        return (self._searchers.get(pattern) or self._searcher(pattern)).matches(tokens)

    def is_hit(self, pattern: int, tokens: Tokens) -> bool:
        """Tell whether a pattern that is present matches anywhere; quicker than where."""
        return (self._searchers.get(pattern) or self._searcher(pattern)).is_hit(tokens)

    def gap_words(self, pattern: int, words: tuple[int, int], tokens: Tokens) -> frozenset[int]:
        """Return those words of a match that only filled a gap."""
        return (self._searchers.get(pattern) or self._searcher(pattern)).gap_words(words, tokens)


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

    __slots__ = ("_expression", "_is_question")

    def __init__(self, phrase: Phrase) -> None:
        self._is_question = phrase.is_question
        self._expression = Expression(phrase.expression, phrase.barred)

    def is_hit(self, tokens: Tokens) -> bool:
        """Tell whether it stands anywhere."""
        return (tokens.is_question or not self._is_question) and self._expression.first(tokens) is not None

    def matches(self, tokens: Tokens) -> Iterable[tuple[int, int]]:
        """Return the longest match from each word on, in order."""
        return self._expression.matches(tokens) if tokens.is_question or not self._is_question else ()

    def gap_words(self, words: tuple[int, int], tokens: Tokens) -> frozenset[int]:
        """Return the words of a match that filled a gap."""
        return frozenset(word for gap in self._expression.gaps(words, tokens) for word in range(*gap))
