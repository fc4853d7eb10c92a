"""Raw spaCy token patterns, for what the phrase form cannot say.

spaCy is loaded when the first of them can match, for that takes longer than a small scan.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from convscan.errors import RuleError
from convscan.rules.prefilter import Need, Needs
from convscan.rules.words import MAX_WORD_CHARS, Tokens, Words, forms_of, is_word, plain

if TYPE_CHECKING:
    from spacy.matcher import Matcher
    from spacy.tokenizer import Tokenizer
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

_TEXTS = frozenset({"ORTH", "TEXT", "LOWER", "NORM"})
_FLAGS = frozenset(
    {"IS_ALPHA", "IS_DIGIT", "IS_LOWER", "IS_UPPER", "IS_TITLE", "IS_PUNCT", "LIKE_NUM", "LIKE_URL", "LIKE_EMAIL"}
)
# Attributes that spaCy's tokenizer alone can answer; the pipeline has no tagger and no parser.
KNOWN_ATTRIBUTES = _TEXTS | _FLAGS | {"LENGTH", "OP"}
_ABSENT_ATTRIBUTES = frozenset(
    {"POS", "TAG", "DEP", "LEMMA", "MORPH", "ENT_TYPE", "ENT_IOB", "ENT_ID", "ENT_KB_ID", "SENT_START"}
)
_OPERATORS = ("?", "+", "*", "!")
_COMPARISONS = frozenset({"==", "!=", ">=", "<=", ">", "<"})
# spaCy runs expressions with `re`, where (a+)+$ on 30 letters takes minutes. Without repeated groups an
# expression takes at most len(token) ** (repetitions + 1) steps, and long tokens are left out.
_REPEATED_GROUP = re.compile(r"\)[*+{]")
_REPETITION = re.compile(r"(?<!\\)(?:\*|\+|\{\d*,\d*\})")
_MAX_REPETITIONS = 3
# In these a word is named.
_NAMING = ("LOWER", "NORM", "ORTH", "TEXT")
# More than a team's vocabulary. spaCy's keeps every word that it has ever seen, so it is made anew then.
MAX_LEXEMES = 25_000


@dataclass(frozen=True, slots=True)
class TokenPattern:
    """A raw spaCy token pattern.

    Attributes:
        tokens: One mapping a token.
        identity: Equal for patterns that match the same.
    """

    tokens: tuple[Mapping[str, object], ...] = field(compare=False)
    identity: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Order the attributes of each token."""
        object.__setattr__(self, "identity", repr([sorted(token.items()) for token in self.tokens]))


def check_token_pattern(tokens: Sequence[Mapping[str, object]]) -> None:
    """Refuse what spaCy would refuse, and what the pipeline cannot answer.

    Raises:
        RuleError: If an attribute is unknown or needs a tagger or parser, a value has the
            wrong type, or an expression could take very long.
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
            _check_value(attribute, wanted)


def _check_value(attribute: str, wanted: object) -> None:
    if attribute == "OP":
        if wanted not in _OPERATORS:
            raise RuleError(f"token operator OP is one of {' '.join(_OPERATORS)}, not {wanted!r}")
    elif attribute in _FLAGS:
        if not isinstance(wanted, bool):
            raise RuleError(f"token attribute {attribute} is true or false, not {wanted!r}")
    elif attribute == "LENGTH":
        _check_length(wanted)
    else:
        _check_text(attribute, wanted)


def _check_length(wanted: object) -> None:
    compared = list(wanted.values()) if isinstance(wanted, Mapping) else [wanted]
    if isinstance(wanted, Mapping) and not wanted.keys() <= _COMPARISONS:
        raise RuleError(f"token attribute LENGTH is compared by {' '.join(sorted(_COMPARISONS))}, not {list(wanted)}")
    if not compared or not all(isinstance(number, int) and not isinstance(number, bool) for number in compared):
        raise RuleError(f'token attribute LENGTH is a number, or a comparison such as {{">=": 4}}, not {wanted!r}')


def _check_text(attribute: str, wanted: object) -> None:
    if isinstance(wanted, str):
        return
    if not isinstance(wanted, Mapping) or not wanted or not wanted.keys() <= {"IN", "NOT_IN", "REGEX"}:
        raise RuleError(f"token attribute {attribute} is a word, or a mapping with IN, NOT_IN or REGEX, not {wanted!r}")
    for key in wanted.keys() & {"IN", "NOT_IN"}:
        words = wanted[key]
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise RuleError(f"{key} of token attribute {attribute} is a list of words, not {words!r}")
    if "REGEX" in wanted:
        _check_expression(wanted["REGEX"])


def _check_expression(expression: object) -> None:
    if not isinstance(expression, str):
        raise RuleError(f"REGEX is an expression in quotes, not {expression!r}")
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


class SpacyTokens:
    """spaCy's English tokenizer with convscan's norms, made when it is first needed."""

    def __init__(self, words: Words) -> None:
        """Take the spellings."""
        self._words = words
        self._made: tuple[Vocab, Tokenizer] | None = None

    @property
    def vocab(self) -> "Vocab":
        """The vocabulary; another one once it has grown too large."""
        return self._tokenizer()[0]

    def _tokenizer(self) -> "tuple[Vocab, Tokenizer]":
        if self._made is None or len(self._made[0]) > MAX_LEXEMES:
            self._made = self._make()
        return self._made

    def _make(self) -> "tuple[Vocab, Tokenizer]":
        from spacy.attrs import IDS, NORM
        from spacy.lang.en import English
        from spacy.lang.lex_attrs import LEX_ATTRS
        from spacy.tokenizer import Tokenizer
        from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex
        from spacy.vocab import Vocab

        defaults = English.Defaults
        # Each getter runs for each new word: only what token patterns may ask for.
        known = {**LEX_ATTRS, **defaults.lex_attr_getters}
        getters = {name: known[name] for name in map(IDS.__getitem__, sorted(_FLAGS | {"LOWER", "IS_SPACE"}))}
        vocab = Vocab(lex_attr_getters={**getters, NORM: self._norm})
        # Built by hand: a whole `Language` would load every pipeline plugin that is installed.
        return vocab, Tokenizer(
            vocab,
            rules=_contractions(defaults.tokenizer_exceptions),
            prefix_search=compile_prefix_regex(defaults.prefixes).search,
            suffix_search=compile_suffix_regex(defaults.suffixes).search,
            infix_finditer=compile_infix_regex(defaults.infixes).finditer,
            url_match=defaults.url_match,
        )

    def _norm(self, token: str) -> str:
        # The first part of "can't" is "ca" to spaCy; `Words` knows what it stands for.
        return self._words.part(token.lower())

    def needed(self, token: Mapping[str, object]) -> Need | None:
        """Return the norms of which one has to be there for a token; None if it names no words."""
        return _needed_word(token, self._words)

    def doc(self, text: str) -> "tuple[Doc, list[tuple[int, int]]]":
        """Return the tokens that token patterns see, white space left out, and where they stand."""
        from spacy.tokens import Doc

        vocab, tokenizer = self._tokenizer()
        raw = tokenizer(plain(text))
        kept = [token for token in raw if not token.is_space and len(token) <= MAX_WORD_CHARS]
        bounds = [(token.idx, token.idx + len(token)) for token in kept]
        return (raw if len(kept) == len(raw) else Doc(vocab, words=[token.text for token in kept])), bounds


def _contractions(exceptions: Mapping[str, list[dict[int, str]]]) -> dict[str, list[dict[int, str]]]:
    """Return the tokenizer's exceptions, also for people who shout ("DON'T"), without norms of their own."""
    from spacy.attrs import ORTH

    plain_case = {text: [{ORTH: part[ORTH]} for part in parts] for text, parts in exceptions.items()}
    shouted = {text.upper(): [{ORTH: part[ORTH].upper()} for part in parts] for text, parts in plain_case.items()}
    return {**shouted, **plain_case}


def needs_of_tokens(pattern: TokenPattern, words: Words) -> Needs:
    """Return what a sentence must hold for a token pattern to match.

    Raises:
        RuleError: If it names no word that has to be there.
    """
    needs = frozenset(need for token in pattern.tokens if (need := _needed_word(token, words)))
    if not needs:
        raise RuleError(
            "a token pattern must name a word (LOWER, NORM, ORTH) that has to be there, or it would be tried"
            " on every sentence; a phrase that ends with a separate '?' finds questions"
        )
    return needs


class TokenSearcher:
    """Where one raw token pattern stands in a sentence."""

    def __init__(self, pattern: TokenPattern, spacy_tokens: SpacyTokens) -> None:
        """Take a pattern that `check_token_pattern` let pass."""
        self._pattern = pattern
        self._spacy = spacy_tokens
        self._matcher: Matcher | None = None
        self._needed = [need for token in pattern.tokens if (need := spacy_tokens.needed(token))]

    def _may_match(self, tokens: Tokens) -> bool:
        """Whether the words that have to be there stand in their order: to ask spaCy takes fifty times as long."""
        left = iter(tokens.norms)
        return all(any(norm in need for norm in left) for need in self._needed)

    def matches(self, tokens: Tokens) -> Iterator[tuple[int, int]]:
        """Yield the longest match from each token on, in order, as the words `[first, last)` it covers."""
        if not self._may_match(tokens):
            return
        doc, bounds = self._spacy.doc(tokens.text)
        longest: dict[int, int] = {}
        for _, first, last in self._matcher_for(doc.vocab)(doc):
            longest[first] = max(last, longest.get(first, 0))
        for first, last in sorted(longest.items()):
            covered = tokens.words_between(bounds[first][0], bounds[last - 1][1])
            if covered:
                yield covered[0], covered[-1] + 1

    def is_hit(self, tokens: Tokens) -> bool:
        """Tell whether it matches anywhere."""
        return any(True for _ in self.matches(tokens))

    def _matcher_for(self, vocab: "Vocab") -> "Matcher":
        from spacy.matcher import Matcher

        if self._matcher is None or self._matcher.vocab is not vocab:
            self._matcher = Matcher(vocab)
            self._matcher.add("tokens", [[dict(token) for token in self._pattern.tokens]])
        return self._matcher

    def gap_words(self, _words: tuple[int, int], _tokens: Tokens) -> frozenset[int]:
        """Return none: a raw token pattern names every token."""
        return frozenset()


def _needed_word(token: Mapping[str, object], words: Words) -> Need | None:
    if token.get("OP") not in {None, "+"}:
        return None
    for attribute in _NAMING:
        wanted = token.get(attribute)
        given = wanted.get("IN") if isinstance(wanted, Mapping) else [wanted]
        if isinstance(given, list) and given and all(isinstance(word, str) for word in given):
            norms = {word if attribute == "NORM" else words.part(word.lower()) for word in given}
            # What is no word, or more than one, does not stand in the line as it stands here.
            if all(is_word(norm) and len(words.norms_of(norm)) == 1 for norm in norms):
                return frozenset().union(*map(forms_of, norms))
    return None
