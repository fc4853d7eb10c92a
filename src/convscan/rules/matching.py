"""Find many patterns in a sentence at once.

A sentence becomes a line of its words' norms. One RE2 set holds the expressions of all
phrases and says in one pass which of them match; only these are searched for their
places. Raw token patterns are expressions too, of the words that they need, and run as
spaCy Matchers where those are there. docs/decisions/0002 has the measurements.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import re2

from convscan.errors import RuleError
from convscan.rules.phrase import Phrase
from convscan.rules.prefilter import Need, Prefilter
from convscan.rules.words import LEXICAL_ATTRIBUTES, Tokens, Words, is_word

if TYPE_CHECKING:
    from spacy.matcher import Matcher

# Attributes that spaCy's tokenizer alone can answer; the pipeline has no tagger and no parser.
KNOWN_ATTRIBUTES = frozenset({"ORTH", "TEXT", "NORM", "LENGTH", "OP", *LEXICAL_ATTRIBUTES} - {"IS_SPACE"})
_ABSENT_ATTRIBUTES = frozenset(
    {"POS", "TAG", "DEP", "LEMMA", "MORPH", "ENT_TYPE", "ENT_IOB", "ENT_ID", "ENT_KB_ID", "SENT_START"}
)
# spaCy runs expressions with `re`, where (a+)+$ on 30 letters takes minutes. Without repeated groups an
# expression takes at most len(token) ** (repetitions + 1) steps, and `Words` leaves long tokens out.
_REPEATED_GROUP = re.compile(r"\)[*+{]")
_REPETITION = re.compile(r"(?<!\\)(?:\*|\+|\{\d*,\d*\})")
_MAX_REPETITIONS = 3
_LITERAL_ATTRIBUTES = ("LOWER", "NORM", "ORTH", "TEXT")
# RE2 builds its automaton as text comes in and starts afresh when it is full. Its own 8 MiB
# is too little for a whole pack of rules; a set that needs more than this is refused.
_MAX_SET_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class TokenPattern:
    """A raw spaCy token pattern, for what the phrase form cannot say."""

    tokens: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a pattern matched.

    Attributes:
        pattern: Index of the pattern.
        start: First code point in the text.
        end: Code point after the last.
        words: Range of words `[first, last)` that it covers.
    """

    pattern: int
    start: int
    end: int
    words: tuple[int, int]


# The range of words that a pattern covers.
_Match = tuple[int, int]


def check_token_pattern(tokens: Sequence[Mapping[str, object]]) -> None:
    """Refuse what the pipeline cannot answer.

    Raises:
        RuleError: If an attribute is unknown or needs a tagger or parser, or the form is wrong.
    """
    for token in tokens:
        for attribute, wanted in token.items():
            if attribute in _ABSENT_ATTRIBUTES:
                raise RuleError(
                    f"token attribute {attribute} needs a tagger or parser, which convscan does not run;"
                    " use LOWER, NORM or a word list"
                )
            if attribute not in KNOWN_ATTRIBUTES:
                raise RuleError(f"unknown token attribute {attribute!r}; {_nearest(attribute)}")
            if isinstance(wanted, Mapping) and "REGEX" in wanted:
                _check_expression(str(wanted["REGEX"]))


def _check_expression(expression: str) -> None:
    try:
        re.compile(expression)
    except re.error as error:
        raise RuleError(f"REGEX {expression!r} is malformed: {error}") from error
    is_repeated = _REPEATED_GROUP.search(expression) is not None
    if is_repeated or len(_REPETITION.findall(expression)) > _MAX_REPETITIONS:
        raise RuleError(
            f"REGEX {expression!r} could take very long: it may hold {_MAX_REPETITIONS} repetitions"
            " and no repeated group; use IN, or a phrase with 'word*'"
        )


def _nearest(attribute: str) -> str:
    near = difflib.get_close_matches(attribute.upper(), KNOWN_ATTRIBUTES, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(KNOWN_ATTRIBUTES))}"


class PatternIndex:
    """Many patterns, ready to be found in text.

    Text costs little where nothing can match, however many patterns there are.
    Equal patterns are matched once.
    """

    def __init__(self, patterns: Sequence[Phrase | TokenPattern], words: Words) -> None:
        """Compile all expressions into one set.

        Raises:
            RuleError: If they are too many for RE2, or spaCy refuses a token pattern.
        """
        owners: dict[object, list[int]] = {}
        for index, pattern in enumerate(patterns):
            owners.setdefault(_identity(pattern), []).append(index)
        self._owners = tuple(owners.values())
        self._number_of = {index: number for number, indices in enumerate(self._owners) for index in indices}
        self._distinct = tuple(_searcher(patterns[indices[0]], words) for indices in self._owners)
        self._prefilter = Prefilter([searcher.needs for searcher in self._distinct])

    def present(self, tokens: Tokens) -> list[int]:
        """Return, in order, the patterns for which a tokenised sentence holds all words that they need."""
        return sorted(index for number in self._prefilter.candidates(tokens.norms) for index in self._owners[number])

    def hits(self, pattern: int, tokens: Tokens) -> Iterator[Hit]:
        """Yield the places where a pattern that is present matches, in order."""
        for first, last in self._distinct[self._number_of[pattern]].matches(tokens):
            yield Hit(pattern, *tokens.span(first, last), (first, last))

    def gap_words(self, hit: Hit, tokens: Tokens) -> frozenset[int]:
        """Return those words of a hit that only filled a gap."""
        return self._distinct[self._number_of[hit.pattern]].gap_words(hit.words, tokens)


class _PhraseSearcher:
    """Where one phrase stands in a line."""

    def __init__(self, phrase: Phrase) -> None:
        self.expression = phrase.expression
        self.needs = phrase.needs
        self._phrase = phrase
        self._search: Callable[[bytes, int], re2._Match | None] | None = None

    def matches(self, tokens: Tokens) -> Iterator[_Match]:
        """Yield the longest match from each word on, in order."""
        if self._search is None:
            # Without groups RE2 needs one quick pass; the gaps are asked for where a cue stands in the match.
            self._search = re2.compile(self.expression.encode(), _options(never_capture=True)).search
        if self._phrase.is_question and not tokens.is_question:
            return
        position, end = 0, len(tokens.line)
        while position < end and (match := self._search(tokens.line, position)):
            start, stop = match.span()
            yield tokens.word_at(start), tokens.word_at(stop)
            if self._phrase.at_start:
                return
            position = start + 1

    def gap_words(self, words: tuple[int, int], tokens: Tokens) -> frozenset[int]:
        """Return the words of a match that filled a gap."""
        first, last = (tokens.line_position(word) for word in words)
        match = re2.compile(self.expression.encode(), _options()).search(tokens.line, first, last)
        gaps = [match.span(group) for group in range(1, match.re.groups + 1)] if match else []
        return frozenset(
            word for gap in gaps if gap[0] >= 0 for word in range(tokens.word_at(gap[0]), tokens.word_at(gap[1]))
        )


class _TokenSearcher:
    """Where one raw token pattern stands in a sentence."""

    def __init__(self, pattern: TokenPattern, words: Words) -> None:
        self.needs = frozenset(need for token in pattern.tokens if (need := _needed_word(token, words)))
        if not self.needs:
            raise RuleError(
                "a token pattern must name a word (LOWER, NORM, ORTH) that has to be there, or it would be tried"
                " on every sentence; a phrase that ends with a separate '?' finds questions"
            )
        self._pattern = pattern
        self._words = words
        self._matcher = self._made()

    def _made(self) -> "Matcher":
        from spacy.matcher import Matcher

        matcher: Matcher = Matcher(self._words.vocab, validate=True)
        try:
            matcher.add("tokens", [[dict(token) for token in self._pattern.tokens]])
        except ValueError as error:
            raise _refusal(error) from error
        return matcher

    def matches(self, tokens: Tokens) -> Iterator[_Match]:
        """Yield the longest match from each token on, in order, as the words it covers."""
        if self._matcher.vocab is not self._words.vocab:
            self._matcher = self._made()
        doc, bounds = self._words.doc_of(tokens)
        longest: dict[int, int] = {}
        for _, first, last in self._matcher(doc):
            longest[first] = max(last, longest.get(first, 0))
        for first, last in sorted(longest.items()):
            covered = tokens.words_between(bounds[first][0], bounds[last - 1][1])
            if covered:
                yield covered[0], covered[-1] + 1

    def gap_words(self, _words: tuple[int, int], _tokens: Tokens) -> frozenset[int]:
        """Return none: a raw token pattern names every token."""
        return frozenset()


def _searcher(pattern: Phrase | TokenPattern, words: Words) -> _PhraseSearcher | _TokenSearcher:
    return _PhraseSearcher(pattern) if isinstance(pattern, Phrase) else _TokenSearcher(pattern, words)


def _identity(pattern: Phrase | TokenPattern) -> object:
    """Return what is equal for patterns that match the same."""
    return pattern if isinstance(pattern, Phrase) else tuple(repr(sorted(token.items())) for token in pattern.tokens)


def _options(*, never_capture: bool = False) -> "re2.Options":
    options = re2.Options()
    options.never_capture = never_capture
    options.longest_match = True
    options.encoding = re2.Options.Encoding.LATIN1  # bytes: the expressions are UTF-8 already
    options.max_mem = _MAX_SET_BYTES
    options.log_errors = False
    return options


def _needed_word(token: Mapping[str, object], words: Words) -> Need | None:
    if token.get("OP") not in (None, "+"):
        return None
    for attribute in _LITERAL_ATTRIBUTES:
        wanted = token.get(attribute)
        given = wanted.get("IN") if isinstance(wanted, Mapping) else [wanted]
        if isinstance(given, list) and given and all(isinstance(word, str) for word in given):
            norms = {word if attribute == "NORM" else words.norm(word) for word in given}
            # Punctuation is no word and does not stand in the line.
            if all(map(is_word, norms)):
                return frozenset(norms)
    return None


def _refusal(error: ValueError) -> RuleError:
    """Say what spaCy found; it names a rule that nobody wrote and then, line by line, what is wrong."""
    details = [line.removeprefix("- ") for line in str(error).splitlines() if line.startswith("- ")]
    return RuleError(f"spaCy refuses the token pattern: {'; '.join(details) or error}")
