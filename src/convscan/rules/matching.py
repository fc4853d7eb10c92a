"""Find many patterns in a sentence at once.

A sentence becomes a line of its words' norms. The prefilter says which patterns can
match at all, by the words that are there; only these are searched for their places,
by RE2 for phrases and by spaCy for raw token patterns. docs/decisions/0002 has the
measurements.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import re2

from convscan.rules.phrase import BARRED, Phrase
from convscan.rules.prefilter import Prefilter
from convscan.rules.token_patterns import SpacyTokens, TokenPattern, TokenSearcher
from convscan.rules.words import Tokens, Words

# RE2 builds its automaton as text comes in and starts afresh when it is full.
_MAX_EXPRESSION_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Hit:
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
        phrases = tuple(phrases)
        plain = [phrase for phrase in phrases if not phrase.is_question and not phrase.barred]
        self._joined = _Expression("|".join(phrase.expression for phrase in plain))
        self._others = [_PhraseSearcher(phrase) for phrase in phrases if phrase not in plain]

    def hits(self, tokens: Tokens) -> Iterator[Hit]:
        """Yield the longest match from each word on, in order."""
        others = chain.from_iterable(searcher.matches(tokens) for searcher in self._others)
        for first, last in chain(self._joined.matches(tokens), others):
            yield Hit(*tokens.span(first, last), (first, last))


class _Expression:
    """An expression, compiled when it is first needed."""

    __slots__ = ("_barred", "_search", "text")

    def __init__(self, text: str, barred: Sequence[frozenset[str]] = ()) -> None:
        self.text = text
        self._barred = barred
        self._search: Callable[[bytes, int], re2._Match | None] | None = None

    def first(self, tokens: Tokens, position: int = 0) -> "re2._Match | None":
        """Return the first match from a byte of the line on."""
        if self._search is None:
            # Without groups RE2 needs one quick pass; the gaps are asked for where a cue stands in the match.
            options = _options(never_capture=not self._barred)
            self._search = re2.compile(self.text.encode(), options).search
        match = self._search(tokens.line, position)
        while match and self._barred and self._is_barred(match):
            match = self._search(tokens.line, match.start() + 1)
        return match

    def _is_barred(self, match: "re2._Match") -> bool:
        words = (match.group(f"{BARRED}{number}".encode()) for number in range(len(self._barred)))
        return any(word and word[1:-1].decode() in barred for word, barred in zip(words, self._barred, strict=True))

    def matches(self, tokens: Tokens) -> Iterator[tuple[int, int]]:
        """Yield the longest match from each word on, in order, as words `[first, last)`."""
        position = 0 if self.text else len(tokens.line)
        while position < len(tokens.line) and (match := self.first(tokens, position)):
            start, stop = match.span()
            yield tokens.word_at(start), tokens.word_at(stop)
            position = start + 1


class _PhraseSearcher:
    """Where one phrase stands in a line."""

    __slots__ = ("_expression", "_is_question", "needs")

    def __init__(self, phrase: Phrase) -> None:
        self.needs = phrase.needs
        self._is_question = phrase.is_question
        self._expression = _Expression(phrase.expression, phrase.barred)

    def is_hit(self, tokens: Tokens) -> bool:
        """Tell whether it stands anywhere."""
        return (tokens.is_question or not self._is_question) and self._expression.first(tokens) is not None

    def matches(self, tokens: Tokens) -> Iterator[tuple[int, int]]:
        """Yield the longest match from each word on, in order."""
        return self._expression.matches(tokens) if tokens.is_question or not self._is_question else iter(())

    def gap_words(self, words: tuple[int, int], tokens: Tokens) -> frozenset[int]:
        """Return the words of a match that filled a gap."""
        first, last = (tokens.line_position(word) for word in words)
        match = re2.compile(self._expression.text.encode(), _options()).search(tokens.line, first, last)
        if match is None:
            return frozenset()
        barred = match.re.groupindex.values()
        gaps = [match.span(group) for group in range(1, match.re.groups + 1) if group not in barred]
        return frozenset(
            word for gap in gaps if gap[0] >= 0 for word in range(tokens.word_at(gap[0]), tokens.word_at(gap[1]))
        )


def _options(*, never_capture: bool = False) -> "re2.Options":
    options = re2.Options()
    options.never_capture = never_capture
    options.longest_match = True
    options.encoding = re2.Options.Encoding.LATIN1  # bytes: the expressions are UTF-8 already
    options.max_mem = _MAX_EXPRESSION_BYTES
    options.log_errors = False
    return options
