"""How text becomes the words that patterns match.

spaCy's English tokenizer splits contractions, and every word has a norm, so that
"can't", "cannot" and "cant" are the same two words to a pattern. White space is
never a token; punctuation is left out of the words that phrases see.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import dropwhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokenizer import Tokenizer
    from spacy.tokens import Doc, Token
    from spacy.vocab import Vocab

# Signs that carry meaning by themselves ("100 %", "£5"); other signs separate words.
_MEANINGFUL_SIGNS = frozenset("%€$£¥₹+")

# Longer than any word and most web addresses; what is longer is no speech, and slow to match.
MAX_TOKEN_CHARS = 300

# What spaCy cuts a contraction into, and what each part stands for. "'s" and "'d" are left
# as they are, for each stands for several words; see `AMBIGUOUS`.
_CLITICS = {
    "n't": "not", "nt": "not", "ca": "can", "wo": "will", "sha": "shall", "'ll": "will", "ll": "will",
    "'m": "am", "m": "am", "'re": "are", "re": "are", "'ve": "have", "ve": "have", "gon": "going", "na": "to",
    "s": "'s", "d": "'d",
}  # fmt: skip

# More than the vocabulary of any support team; numbers and names are new in every conversation.
MAX_LEXEMES = 25_000

# What the tokenizer notes of each new word: a few, for each takes its time.
LEXICAL_ATTRIBUTES = frozenset(
    {"LOWER", "IS_ALPHA", "IS_DIGIT", "IS_LOWER", "IS_UPPER", "IS_TITLE", "IS_PUNCT", "IS_SPACE"}
    | {"LIKE_NUM", "LIKE_URL", "LIKE_EMAIL"}
)

# "?!", "??", "?)" and a question with an emoji behind it are questions too.
_CLOSING_CHARS = 4

# Around each word of a line; `plain` leaves no control character in a word.
WORD_START, WORD_END = "\x01", "\x02"
_WORD_START_BYTE, _WORD_END_BYTE = WORD_START.encode(), WORD_END.encode()

# A pattern's word on the left also matches the clitics on the right: "it is" finds "it's".
AMBIGUOUS = {"is": "'s", "has": "'s", "us": "'s", "would": "'d", "had": "'d"}

# One code point for one code point, so that offsets stay true.
_SAME_LENGTH = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u00b4": "'", "`": "'", "\uff07": "'",
        "\u00a0": " ",
        "\u2028": " ", "\u2029": " ", "\u2007": " ", "\u202f": " ", "\u200b": " ", "\ufeff": " ",
        "\u2010": "-", "\u2011": "-",
        # Control characters are no part of a word.
        **{chr(code): " " for code in (*range(0x20), *range(0x7F, 0xA0))},
        # A lone surrogate cannot be encoded, and the matchers work on UTF-8.
        **{chr(code): "\ufffd" for code in range(0xD800, 0xE000)},
    }
)  # fmt: skip


def plain(text: str) -> str:
    """Return text of the same length with one kind of apostrophe, of hyphen and of space."""
    return text.translate(_SAME_LENGTH)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as words: tokens that hold a letter, a digit or a sign with a meaning.

    Attributes:
        raw: All that the tokenizer gave, white space and punctuation too.
        norms: The norm of each word.
        bounds: Start and end of each word in the text, in code points.
        is_question: Whether the text ends with a question mark.
        line: The norms as expressions see them, each between `WORD_START` and `WORD_END`, in UTF-8.
    """

    raw: "Doc"
    norms: tuple[str, ...]
    bounds: tuple[tuple[int, int], ...]
    is_question: bool
    line: bytes

    def word_at(self, position: int) -> int:
        """Return the number of the word that begins at a byte of the line; the end counts as a word."""
        return self.line.count(_WORD_START_BYTE, 0, position)

    def line_position(self, word: int) -> int:
        """Return the byte of the line at which a word begins."""
        position = 0
        for _ in range(word):
            position = self.line.index(_WORD_END_BYTE, position) + 1
        return position

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where the words `[first, last)` stand in the text, in code points.

        A contraction is not cut: "'ll definitely" begins where "you'll" does.
        """
        while first and self.bounds[first - 1][1] == self.bounds[first][0]:
            first -= 1
        return self.bounds[first][0], self.bounds[last - 1][1]

    def words_between(self, start: int, end: int) -> list[int]:
        """Return the numbers of the words that lie, at least in part, between two code points."""
        return [number for number, (first, last) in enumerate(self.bounds) if first < end and last > start]


class Words:
    """The tokenizer and vocabulary that patterns and texts share."""

    def __init__(self, norms: Mapping[str, str]) -> None:
        """Build the tokenizer.

        Args:
            norms: Spelling to norm, both lower case ("thx" to "thanks").
        """
        self._norms = {**_CLITICS, **{plain(word).lower(): norm for word, norm in norms.items()}}
        self._renew()

    def _renew(self) -> None:
        """Take a new vocabulary: spaCy's keeps every word that it has ever seen."""
        self.vocab, self._tokenizer = self._build()
        self._is_word = self.vocab.add_flag(is_word)

    def _build(self) -> "tuple[Vocab, Tokenizer]":
        from spacy.attrs import IDS, NORM, ORTH
        from spacy.lang.en import English
        from spacy.lang.lex_attrs import LEX_ATTRS
        from spacy.tokenizer import Tokenizer
        from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex
        from spacy.vocab import Vocab

        defaults = English.Defaults
        # Each getter runs for each new word: only what token patterns may ask for.
        known = {**LEX_ATTRS, **defaults.lex_attr_getters}
        getters = {name: known[name] for name in map(IDS.__getitem__, sorted(LEXICAL_ATTRIBUTES))}
        vocab = Vocab(lex_attr_getters={**getters, NORM: self.norm})
        # Built by hand: a whole `Language` would load every pipeline plugin that is installed.
        return vocab, Tokenizer(
            vocab,
            rules=_with_capitals(defaults.tokenizer_exceptions, ORTH),
            prefix_search=compile_prefix_regex(defaults.prefixes).search,
            suffix_search=compile_suffix_regex(defaults.suffixes).search,
            infix_finditer=compile_infix_regex(defaults.infixes).finditer,
            url_match=defaults.url_match,
        )

    def norm(self, word: str) -> str:
        """Return the form under which a word is matched."""
        lower = word.lower()
        return self._norms.get(lower, lower)

    def norms_of(self, phrase: str) -> tuple[str, ...]:
        """Return the norms of the words of a phrase, in order."""
        return self.tokens(phrase).norms

    def tokens(self, text: str) -> Tokens:
        """Tokenise a text; offsets in the result are code points into it."""
        if len(self.vocab) > MAX_LEXEMES:
            self._renew()
        raw = self._tokenizer(plain(text))
        words = [token for token in raw if token.check_flag(self._is_word) and len(token) <= MAX_TOKEN_CHARS]
        # "@ana Hi": whom a post is addressed to is not how the sentence begins.
        words = list(dropwhile(_is_handle, words))
        norms = tuple([token.norm_ for token in words])
        bounds = tuple([(token.idx, token.idx + len(token)) for token in words])
        line = "".join([f"{WORD_START}{norm}{WORD_END}" for norm in norms]).encode()
        return Tokens(raw, norms, bounds, "?" in text[-_CLOSING_CHARS:], line)

    def doc_of(self, tokens: Tokens) -> "tuple[Doc, list[tuple[int, int]]]":
        """Return the tokens that raw token patterns see, white space left out, and their bounds."""
        from spacy.tokens import Doc

        kept = [token for token in tokens.raw if not token.is_space and len(token) <= MAX_TOKEN_CHARS]
        bounds = [(token.idx, token.idx + len(token)) for token in kept]
        if len(kept) == len(tokens.raw):
            return tokens.raw, bounds
        return Doc(self.vocab, words=[token.text for token in kept]), bounds


def _is_handle(token: "Token") -> bool:
    text: str = token.text
    return text.startswith("@")


def is_word(text: str) -> bool:
    """Tell whether a token is a word to phrases."""
    return any(char.isalnum() for char in text) or text in _MEANINGFUL_SIGNS


def _with_capitals(exceptions: Mapping[str, list[dict[int, str]]], orth: int) -> dict[str, list[dict[int, str]]]:
    """Return the tokenizer's exceptions, also for people who shout ("DON'T").

    Norms are left out: `Words.norm` gives one to every word.
    """
    plain_case = {text: [{orth: part[orth]} for part in parts] for text, parts in exceptions.items()}
    shouted = {text.upper(): [{orth: part[orth].upper()} for part in parts] for text, parts in plain_case.items()}
    return {**shouted, **plain_case}
