"""Find patterns in text: a prefilter first, then spaCy Matchers for the candidates.

The prefilter says for every sentence which patterns can match at all; only those
are tried, each by a Matcher of its own that is built when it is first needed.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from convscan.errors import RuleError
from convscan.rules.phrase import Phrase, Slot
from convscan.rules.prefilter import Needs, Prefilter
from convscan.rules.words import Tokens, Words

# Attributes that spaCy's tokenizer alone can answer; the pipeline has no tagger and no parser.
KNOWN_ATTRIBUTES = frozenset(
    {"ORTH", "TEXT", "NORM", "LOWER", "LENGTH", "SHAPE", "OP"}
    | {"IS_ALPHA", "IS_ASCII", "IS_DIGIT", "IS_LOWER", "IS_UPPER", "IS_TITLE", "IS_PUNCT", "IS_STOP"}
    | {"LIKE_NUM", "LIKE_URL", "LIKE_EMAIL"}
)
_ABSENT_ATTRIBUTES = frozenset(
    {"POS", "TAG", "DEP", "LEMMA", "MORPH", "ENT_TYPE", "ENT_IOB", "ENT_ID", "ENT_KB_ID", "SENT_START"}
)
# spaCy runs expressions with `re`, where (a+)+$ on 30 letters takes minutes. Without repeated groups an
# expression takes at most len(token) ** (repetitions + 1) steps, and `Words` leaves long tokens out.
_REPEATED_GROUP = re.compile(r"\)[*+{]")
_REPETITION = re.compile(r"(?<!\\)(?:\*|\+|\{\d*,\d*\})")
_MAX_REPETITIONS = 3
_LITERAL_ATTRIBUTES = ("LOWER", "NORM", "ORTH", "TEXT")
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
        self._prefilter = Prefilter([_needs(pattern, words) for pattern in self._distinct], words)

    def check(self) -> None:
        """Build every Matcher now, so that spaCy refuses a bad pattern at load.

        Raises:
            RuleError: If it does.
        """
        for number, pattern in enumerate(self._distinct):
            self._matchers[number] = _PatternMatcher(pattern, self._words)

    def hits(self, text: str) -> tuple[Tokens | None, list[Hit]]:
        """Find all patterns in one sentence.

        Returns:
            The sentence's tokens if any pattern was tried, and the hits by pattern and place.
        """
        raw = self._words.split(text)
        candidates = self._prefilter.candidates(token.norm for token in raw)
        if not candidates:
            return None, []
        tokens = self._words.sorted_out(raw)
        return tokens, self.hits_among(candidates, tokens)

    def hits_in(self, tokens: Tokens) -> list[Hit]:
        """Find all patterns in a tokenised sentence, by pattern and place."""
        return self.hits_among(self._prefilter.candidates(token.norm for token in tokens.doc), tokens)

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
            # spaCy names a rule that nobody wrote and then, line by line, what is wrong.
            details = [line.removeprefix("- ") for line in str(error).splitlines() if line.startswith("- ")]
            raise RuleError(f"spaCy refuses the token pattern: {'; '.join(details) or error}") from error

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
            start, end = _whole_word_start(bounds, first), bounds[last - 1][1]
            words = (first, last) if self._is_phrase else _words_between(tokens.word_bounds, start, end)
            yield start, end, words, gap_words


def _whole_word_start(bounds: Sequence[tuple[int, int]], first: int) -> int:
    """Return where the written word begins: a match of "'ll definitely" quotes "you'll definitely"."""
    while first and bounds[first - 1][1] == bounds[first][0]:
        first -= 1
    return bounds[first][0]


def _words_between(bounds: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    inside = [n for n, (first, last) in enumerate(bounds) if first < end and last > start]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _needs(pattern: Phrase | TokenPattern, words: Words) -> list[Needs]:
    """Return what each sequence of a pattern needs."""
    if isinstance(pattern, TokenPattern):
        return [frozenset(slot for token in pattern.tokens if (slot := _raw_need(token, words)))]
    return [frozenset(slot for slot in seq if slot.is_literal and not slot.is_optional) for seq in pattern.sequences]


def _raw_need(token: Mapping[str, object], words: Words) -> Slot | None:
    """Return the words of which a raw token needs one, None if it is open."""
    if token.get("OP", "1") not in {"1", "+"}:
        return None
    for attribute in _LITERAL_ATTRIBUTES:
        wanted = token.get(attribute)
        given = wanted.get("IN") if isinstance(wanted, Mapping) else [wanted]
        if isinstance(given, list) and given and all(isinstance(word, str) for word in given):
            return Slot(norms=frozenset(word if attribute == "NORM" else words.norm(word) for word in given))
    return None
