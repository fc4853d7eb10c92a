"""Find patterns in text: a linear prefilter first, then spaCy Matchers for the candidates.

One RE2 set says for every sentence which patterns can match at all; only those
are tried, each by a Matcher of its own that is built when it is first needed.
docs/decisions/0002 has the measurement.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

import re2

from convscan.errors import RuleError
from convscan.rules.phrase import Phrase, Slot
from convscan.rules.words import Tokens, Words, plain

# Attributes that spaCy's tokenizer alone can answer; the pipeline has no tagger and no parser.
KNOWN_ATTRIBUTES = frozenset(
    {"ORTH", "TEXT", "NORM", "LOWER", "LENGTH", "SHAPE", "PREFIX", "SUFFIX", "OP"}
    | {"IS_ALPHA", "IS_ASCII", "IS_DIGIT", "IS_LOWER", "IS_UPPER", "IS_TITLE", "IS_PUNCT", "IS_STOP"}
    | {"LIKE_NUM", "LIKE_URL", "LIKE_EMAIL"}
)
_ABSENT_ATTRIBUTES = frozenset(
    {"POS", "TAG", "DEP", "LEMMA", "MORPH", "ENT_TYPE", "ENT_IOB", "ENT_ID", "ENT_KB_ID", "SENT_START"}
)
_LITERAL_ATTRIBUTES = ("LOWER", "NORM", "ORTH", "TEXT")
_SEPARATOR = "[^a-z0-9]*"
# RE2 refuses a set that needs more than this to compile; its own 8 MiB is too little for a whole pack of rules.
_MAX_PREFILTER_BYTES = 256 * 2**20


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
        gap_words: Those of them that only filled a gap.
    """

    pattern: int
    start: int
    end: int
    words: tuple[int, int]
    gap_words: frozenset[int] = frozenset()


def check_token_pattern(tokens: Sequence[Mapping[str, object]]) -> None:
    """Refuse what the pipeline cannot answer.

    Raises:
        RuleError: If an attribute is unknown or needs a tagger or parser, or the form is wrong.
    """
    for token in tokens:
        for attribute in token:
            if attribute in _ABSENT_ATTRIBUTES:
                raise RuleError(
                    f"token attribute {attribute} needs a tagger or parser, which convscan does not run;"
                    " use LOWER, NORM or a word list"
                )
            if attribute not in KNOWN_ATTRIBUTES:
                known = ", ".join(sorted(KNOWN_ATTRIBUTES))
                raise RuleError(f"unknown token attribute {attribute!r}; known: {known}")


class PatternIndex:
    """Many patterns, ready to be found in text.

    Text costs little where nothing can match, however many patterns there are.
    Equal patterns are matched once.
    """

    def __init__(self, patterns: Sequence[Phrase | TokenPattern], words: Words) -> None:
        """Compile the prefilter; Matchers follow when they are needed.

        Raises:
            RuleError: If a token pattern is refused by spaCy.
        """
        self._words = words
        owners: dict[object, list[int]] = {}
        for index, pattern in enumerate(patterns):
            owners.setdefault(_identity(pattern), []).append(index)
        self._owners = tuple(owners.values())
        self._distinct = tuple(patterns[indices[0]] for indices in self._owners)
        self._matchers: dict[int, _PatternMatcher] = {}
        self._prefilter = _Prefilter(_expressions(self._distinct, words))

    def check(self) -> None:
        """Build every Matcher now, so that spaCy refuses a bad pattern at load.

        Raises:
            RuleError: If it does.
        """
        for number, pattern in enumerate(self._distinct):
            self._matchers[number] = _PatternMatcher(pattern, self._words)

    def candidates(self, text: str) -> list[int]:
        """Return, sorted, the distinct patterns that can match in a text."""
        return self._prefilter.candidates(text)

    def hits(self, text: str) -> tuple[Tokens | None, list[Hit]]:
        """Find all patterns in one sentence.

        Returns:
            The sentence's tokens if any pattern was tried, and the hits by pattern and place.
        """
        candidates = self.candidates(text)
        if not candidates:
            return None, []
        tokens = self._words.tokens(text)
        return tokens, self.hits_among(candidates, tokens)

    def hits_among(self, candidates: Iterable[int], tokens: Tokens) -> list[Hit]:
        """Find the given distinct patterns in a tokenised sentence."""
        found: list[Hit] = []
        for candidate in candidates:
            matcher = self._matchers.get(candidate)
            if matcher is None:
                matcher = self._matchers[candidate] = _PatternMatcher(self._distinct[candidate], self._words)
            for start, end, words, gap_words in matcher.matches(tokens):
                found.extend(Hit(owner, start, end, words, gap_words) for owner in self._owners[candidate])
        return sorted(found, key=lambda hit: (hit.pattern, hit.start, hit.end))


def _identity(pattern: Phrase | TokenPattern) -> object:
    """Return what is equal for patterns that match the same."""
    if isinstance(pattern, Phrase):
        return pattern.sequences, pattern.at_start, pattern.at_end
    return tuple(repr(sorted(token.items())) for token in pattern.tokens)


Match = tuple[int, int, tuple[int, int], frozenset[int]]


class _PatternMatcher:
    """One pattern as a spaCy Matcher."""

    def __init__(self, pattern: Phrase | TokenPattern, words: Words) -> None:
        from spacy.matcher import Matcher

        self._is_phrase = isinstance(pattern, Phrase)
        self._at_start = isinstance(pattern, Phrase) and pattern.at_start
        self._at_end = isinstance(pattern, Phrase) and pattern.at_end
        self._matcher = Matcher(words.vocab)
        self._gaps: dict[int, frozenset[int]] = {}
        sequences = pattern.sequences if isinstance(pattern, Phrase) else ()
        for number, sequence in enumerate(sequences):
            key = words.vocab.strings.add(f"sequence-{number}")
            self._gaps[key] = frozenset(place for place, slot in enumerate(sequence) if slot.is_gap)
            self._matcher.add(key, [[slot.token_pattern() for slot in sequence]])
        if isinstance(pattern, TokenPattern):
            key = words.vocab.strings.add("tokens")
            self._gaps[key] = frozenset()
            self._add_raw(key, pattern)

    def _add_raw(self, key: int, pattern: TokenPattern) -> None:
        try:
            self._matcher.add(key, [[dict(token) for token in pattern.tokens]])
        except ValueError as error:
            raise RuleError(f"spaCy refuses the token pattern: {error}") from error

    def matches(self, tokens: Tokens) -> Iterator[Match]:
        doc = tokens.words if self._is_phrase else tokens.doc
        bounds = tokens.word_bounds if self._is_phrase else tokens.doc_bounds
        longest: dict[int, tuple[int, frozenset[int]]] = {}
        for key, first, last, places in self._matcher(doc, with_alignments=True):
            if (self._at_start and first) or (self._at_end and last != len(doc)):
                continue
            if last > longest.get(first, (0, None))[0]:
                gaps = self._gaps[key]
                gap_words = frozenset(first + n for n, place in enumerate(places) if place in gaps)
                longest[first] = (last, gap_words)
        for first, (last, gap_words) in sorted(longest.items()):
            start, end = bounds[first][0], bounds[last - 1][1]
            words = (first, last) if self._is_phrase else _words_between(tokens.word_bounds, start, end)
            yield start, end, words, gap_words


def _words_between(bounds: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    inside = [n for n, (first, last) in enumerate(bounds) if first < end and last > start]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


class _Prefilter:
    """An RE2 set over all patterns; equal expressions are compiled once."""

    def __init__(self, expressions: Sequence[str | None]) -> None:
        self._always = [index for index, expression in enumerate(expressions) if expression is None]
        self._patterns_of: list[list[int]] = []
        numbers: dict[str, int] = {}
        options = re2.Options()
        options.max_mem = _MAX_PREFILTER_BYTES
        self._set = re2.Set.SearchSet(options)
        for index, expression in enumerate(expressions):
            if expression is None:
                continue
            if expression not in numbers:
                numbers[expression] = len(numbers)
                self._patterns_of.append([])
                self._set.Add(expression)
            self._patterns_of[numbers[expression]].append(index)
        self._is_empty = not numbers
        if numbers:
            self._set.Compile()

    def candidates(self, text: str) -> list[int]:
        if self._is_empty:
            return self._always
        matched = self._set.Match(_folded(text)) or ()
        return sorted([*self._always, *(index for number in matched for index in self._patterns_of[number])])


def _folded(text: str) -> str:
    r"""Return text as the prefilter reads it.

    "_" counts as a letter to `\b`, but markdown's _sorry_ is a word; and how a
    capital sigma is lowered depends on what follows the word.
    """
    return plain(text).lower().replace("_", " ").replace("\u03c2", "\u03c3")


@dataclass(frozen=True, slots=True)
class _Literal:
    """A given word, as an expression that matches wherever it stands and perhaps elsewhere.

    Attributes:
        shortest: Characters of the shortest word that fits; longer ones say more.
        is_repeated: Whether more words like it may follow.
    """

    expression: str
    shortest: int
    is_repeated: bool = False


def _expressions(patterns: Iterable[Phrase | TokenPattern], words: Words) -> list[str | None]:
    """Return for each pattern an expression that matches wherever it can, or None if there is none."""
    literal_of = cache(partial(_literal, words=words))
    found: list[str | None] = []
    for pattern in patterns:
        if isinstance(pattern, Phrase):
            runs = {_best_run([literal_of(slot) for slot in seq]) for seq in pattern.sequences}
        else:
            runs = {_best_run([_raw_literal(token, words) for token in pattern.tokens])}
        found.append("|".join(sorted(_SEPARATOR.join(run) for run in runs)) if all(runs) else None)
    return found


def _best_run(literals: Iterable[_Literal | None]) -> tuple[str, ...]:
    """Return the run of neighbouring literals that says most, as expressions."""
    runs: list[list[_Literal]] = [[]]
    for literal in literals:
        if literal is None:
            runs.append([])
            continue
        runs[-1].append(literal)
        if literal.is_repeated:
            runs.append([])
    best = max(runs, key=lambda run: sum(literal.shortest for literal in run))
    return tuple(literal.expression for literal in best)


def _literal(slot: Slot, words: Words) -> _Literal | None:
    """Return the slot as a literal; None if it is open."""
    if not slot.is_literal or slot.is_optional:
        return None
    spellings = {spelling for norm in slot.norms for spelling in words.spellings(norm)}
    spellings.update(spelling for prefix in slot.prefixes for spelling in words.spellings_from(prefix))
    return _either(spellings, slot.prefixes, words)


def _raw_literal(token: Mapping[str, object], words: Words) -> _Literal | None:
    operator = token.get("OP", "1")
    if operator not in {"1", "+"}:
        return None
    for attribute in _LITERAL_ATTRIBUTES:
        wanted = token.get(attribute)
        given = wanted.get("IN") if isinstance(wanted, Mapping) else [wanted]
        if not isinstance(given, list) or not given or not all(isinstance(word, str) for word in given):
            continue
        lower = {plain(word).lower() for word in given}
        spellings = {s for norm in lower for s in words.spellings(norm)} if attribute == "NORM" else lower
        return _either(spellings, frozenset(), words, is_repeated=operator == "+")
    return None


def _either(spellings: Iterable[str], prefixes: Iterable[str], words: Words, *, is_repeated: bool = False) -> _Literal:
    exact = [_bounded(spelling, words) for spelling in sorted(spellings)]
    starts = [_begun(prefix, words) for prefix in sorted(prefixes)]
    shortest = min(len(word) for word in [*spellings, *prefixes])
    return _Literal(f"(?:{'|'.join(exact + starts)})", shortest, is_repeated)


def _bounded(spelling: str, words: Words) -> str:
    """Return the spelling with word boundaries where tokens surely end at one."""
    escaped = re.escape(_folded(spelling))
    if words.may_touch(spelling) or not (spelling.isascii() and spelling.isalpha()):
        return escaped
    return rf"\b{escaped}\b"


def _begun(prefix: str, words: Words) -> str:
    is_bounded = prefix[0].isascii() and prefix[0].isalpha() and not words.may_touch_from(prefix)
    begun = rf"{re.escape(_folded(prefix))}[^\s]*"
    return rf"\b{begun}" if is_bounded else begun
