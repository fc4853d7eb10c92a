"""How text becomes the words that patterns match.

Contractions are cut apart and every word has a norm, so that "can't", "cannot" and
"cant" are the same two words to a pattern. Punctuation is left out.
docs/decisions/0007 says why this is not spaCy's tokenizer.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from operator import itemgetter

# Signs that carry meaning by themselves ("100 %", "£5"); other signs separate words.
_MEANINGFUL_SIGNS = "%€$£¥₹+"

# Longer than any word and most web addresses; what is longer is no speech, and slow to match.
MAX_WORD_CHARS = 300

# Distinct chunks of text that are remembered: more than a support team uses in a month.
# Names are new in every conversation, so the memory is emptied when it is full.
MAX_REMEMBERED = 50_000
# Numbers are new in every sentence, and a memory that is full of them is slow to look into.
NUMBERED = re.compile(r"\d")

# "?!", "??", "?)" and a question with an emoji behind it are questions too.
_CLOSING_CHARS = 4

# Around each word of a line; `plain` leaves no control character in a word.
WORD_START, WORD_END = "\x01", "\x02"
_BETWEEN = WORD_END + WORD_START
_START, _END = itemgetter(0), itemgetter(1)
_WORD_START_BYTE, _WORD_END_BYTE = WORD_START.encode(), WORD_END.encode()

# A pattern's word on the left also matches the clitics on the right: "it is" finds "it's".
AMBIGUOUS = {"is": "'s", "has": "'s", "us": "'s", "would": "'d", "had": "'d"}

_TOP_DOMAINS = "com|net|org|io|co|uk|ie|eu|de|fr|ca|au|in|gov|edu|info|app|dev|example"
_UNITS = "am|pm|km|cm|mm|m|kg|mg|g|lb|oz|ft|kb|mb|gb|tb|kmh|mph"
_PIECE = re.compile(
    rf"""
      (?:https?://|www\.)[^\s<>"]*[\w/]                        # an address
    | (?<!\w)[\w.+-]+@[\w-]+(?:\.[\w-]+)+                      # a mail address
    | (?<![\w@.])[\w-]+(?:\.[\w-]+)*\.(?:{_TOP_DOMAINS})(?:/[^\s<>"]*[\w/]|(?![\w.]))
    | (?<![\w.])(?:[^\W\d_]\.){{2,}}                           # "p.m.", "e.g."
    | \d+(?:[.,:/]\d+)*(?:(?!\w)|(?=(?:{_UNITS})(?!\w)))       # a number; "25" of "25kg"
    | @?\w+(?:'\w+)*                                           # a word or a @handle
    | (?<!\w)'(?:s|d|m|ll|re|ve)(?!\w)                         # a clitic that stands alone
    | [{_MEANINGFUL_SIGNS}]
    """,
    re.VERBOSE | re.IGNORECASE,
)
# What ends a sentence or clause right after a word that is letters and digits throughout is no part of it.
_AFTER_WORD = ".,:;!?)"
_CLITIC = re.compile(r"n't$|'(?:ll|m|re|ve|s|d)$")

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
        # What stays is named too, as far as it is frequent: to look for what is not there takes longer.
        **{chr(code): chr(code) for code in range(0x20, 0x7F) if chr(code) != "`"},
    }
)  # fmt: skip


def plain(text: str) -> str:
    """Return text of the same length with one kind of apostrophe, of hyphen and of space."""
    if text.isascii() and text.isprintable() and "`" not in text:  # as most text is, and nothing in it is changed
        return text
    return text.translate(_SAME_LENGTH)


def lowered(text: str) -> str:
    """Return text of the same length in small letters: a letter that would grow stays as it is."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _without_apostrophe() -> dict[str, tuple[str, ...]]:
    """Return contractions as hurried people type them, each with its parts.

    Those that are words of their own ("its", "well", "wed") are not among them.
    """
    found: dict[str, tuple[str, ...]] = {"cannot": ("can", "not"), "gonna": ("gon", "na"), "gotta": ("got", "ta")}
    verbs = "ai are ca could did do does had has have is must need should was wo would"
    found |= {f"{verb}nt": (verb, "nt") for verb in verbs.split()}
    clitics = {
        "i": "m ve", "you": "re ve ll d", "he": "s", "she": "s", "it": "ll d", "we": "ve", "they": "re ve ll d",
        "that": "s ll d", "there": "s ll d", "what": "s ll re ve d", "who": "s ll re ve d", "where": "s ll re ve d",
        "when": "s", "why": "s", "how": "s ll re ve d",
    }  # fmt: skip
    found |= {word + end: (word, end) for word, ends in clitics.items() for end in ends.split()}
    auxiliaries = "could might must should would"
    found |= {f"{verb}ve": (verb, "ve") for verb in auxiliaries.split()}
    return found


_TYPED = _without_apostrophe()
# What part of a contraction stands for what word. "'s" and "'d" stay, for each stands for several; see `AMBIGUOUS`.
_PARTS = {
    "n't": "not", "nt": "not", "ca": "can", "wo": "will", "sha": "shall", "gon": "going", "na": "to", "got": "got",
    "ta": "to", "'ll": "will", "ll": "will", "'m": "am", "m": "am", "'re": "are", "re": "are", "'ve": "have",
    "ve": "have", "s": "'s", "d": "'d",
}  # fmt: skip

# The norms of a chunk of text without white space, and where each stands in it.
_Pieces = tuple[tuple[str, ...], tuple[tuple[int, int], ...]]


class Tokens:
    """A text as words.

    Attributes:
        text: The text.
        line: The norms as expressions see them, each between `WORD_START` and `WORD_END`, in UTF-8.
        norms: The norm of each word.
        plain: The text with one kind of apostrophe, of hyphen and of space; see `plain`.
        is_question: Whether the text ends with a question mark.
    """

    __slots__ = (
        "_addressees", "_bounds", "_chunks", "_pieces", "is_question", "line", "norms", "plain", "text",
    )  # fmt: skip

    def __init__(self, text: str, source: str, chunks: list[str], pieces: list[_Pieces]) -> None:
        """Take what a text was cut into; where the words stand is worked out when it is asked for.

        Args:
            text: As it was given.
            source: The same, plain.
            chunks: What stands between white space.
            pieces: The words of each chunk.
        """
        self.text = text
        self.is_question = "?" in text[-_CLOSING_CHARS:]
        self.plain = source
        self._chunks = chunks
        self._pieces = pieces
        self._bounds: tuple[list[int], list[int]] | None = None
        norms = tuple([norm for piece in pieces for norm in piece[0]])
        # "@ana Hi": whom a post is addressed to is not how the sentence begins.
        addressees = 0
        while addressees < len(norms) and norms[addressees][0] == "@":
            addressees += 1
        self._addressees = addressees
        self.norms = norms = norms[addressees:]
        self.line = f"{WORD_START}{_BETWEEN.join(norms)}{WORD_END}".encode() if norms else b""

    @property
    def starts(self) -> Sequence[int]:
        """Where each word begins in the text, in code points."""
        return (self._bounds or self._place())[0]

    @property
    def ends(self) -> Sequence[int]:
        """Where each word ends in the text, in code points."""
        return (self._bounds or self._place())[1]

    def _place(self) -> tuple[list[int], list[int]]:
        """Work out where each word begins and where it ends in the text, in code points."""
        source, at = self.plain, 0
        # Two lists of numbers are made quicker than one of pairs.
        starts: list[int] = []
        ends: list[int] = []
        for chunk, (_, spans) in zip(self._chunks, self._pieces, strict=True):
            at = source.index(chunk, at)
            for start, end in spans:
                starts.append(at + start)
                ends.append(at + end)
            at += len(chunk)
        self._bounds = bounds = starts[self._addressees :], ends[self._addressees :]
        return bounds

    def words_at(self, start: int, stop: int) -> tuple[int, int]:
        """Return the words `[first, last)` between two bytes of the line at which words begin."""
        first = self.line.count(_WORD_START_BYTE, 0, start)
        return first, first + self.line.count(_WORD_START_BYTE, start, stop)

    def line_position(self, word: int) -> int:
        """Return the byte of the line at which a word begins."""
        position = 0
        for _ in range(word):
            position = self.line.index(_WORD_END_BYTE, position) + 1
        return position

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where the words `[first, last)` stand in the text, in code points.

        A contraction is not cut: "'ll definitely" begins where "you'll" does, and "trust me, you will" ends
        where "won't" does.
        """
        starts, ends = self._bounds or self._place()
        while first and ends[first - 1] == starts[first]:
            first -= 1
        while last < len(starts) and starts[last] == ends[last - 1]:
            last += 1
        return starts[first], ends[last - 1]

    def words_between(self, start: int, end: int) -> range:
        """Return the numbers of the words that lie, at least in part, between two code points."""
        return range(bisect_right(self.ends, start), bisect_left(self.starts, end))


class Words:
    """How words are spelled: what patterns and texts share."""

    def __init__(self, norms: Mapping[str, str]) -> None:
        """Take a table of spellings.

        Args:
            norms: Spelling to norm, both lower case ("thx" to "thanks").
        """
        self._norms = {plain(word).lower(): norm for word, norm in norms.items()}
        self._known: dict[str, _Pieces] = {}

    def norm(self, word: str) -> str:
        """Return the form under which a word that is no contraction is matched."""
        lower = word.lower()
        return self._norms.get(lower, lower)

    def norms_of(self, phrase: str) -> tuple[str, ...]:
        """Return the norms of the words of a phrase, in order."""
        return self.tokens(phrase).norms

    def tokens(self, text: str) -> Tokens:
        """Cut a text into words; offsets in the result are code points into it."""
        source = plain(text)
        chunks = source.split()
        known = self._known
        return Tokens(text, source, chunks, [known.get(chunk) or self._learn(chunk) for chunk in chunks])

    def _learn(self, chunk: str) -> _Pieces:
        pieces = self._cut(chunk)
        if not NUMBERED.search(chunk):
            if len(self._known) > MAX_REMEMBERED:
                self._known.clear()
            self._known[chunk] = pieces
        return pieces

    def _cut(self, chunk: str) -> _Pieces:
        word = chunk.rstrip(_AFTER_WORD)
        if word.isascii() and word.isalnum() and (word[0].isalpha() or word.isdigit()) and len(word) <= MAX_WORD_CHARS:
            lower = word.lower()
            if lower not in _TYPED:  # as most words are
                return (self._norms.get(lower, lower),), ((0, len(word)),)
        norms: list[str] = []
        spans: list[tuple[int, int]] = []
        for piece in _PIECE.finditer(chunk):
            if len(piece[0]) <= MAX_WORD_CHARS:
                for start, end, norm in self._parts(piece[0]):
                    norms.append(norm)
                    spans.append((piece.start() + start, piece.start() + end))
        return tuple(norms), tuple(spans)

    def _parts(self, word: str) -> list[tuple[int, int, str]]:
        """Return the parts of a contraction; any other word is one part, without underscores around it."""
        lower = word.lower()
        if len(lower) != len(word):  # "İ" grows: offsets into it would be wrong
            return [(0, len(word), self._norms.get(lower, lower))]
        if lower in self._norms:
            return [(0, len(word), self._norms[lower])]
        if lower in _PARTS and "'" in lower:  # a clitic without its word
            return [(0, len(word), _PARTS[lower])]
        if lower in _TYPED:
            cut = len(_TYPED[lower][0])
            return [(0, cut, self.part(lower[:cut])), (cut, len(word), self.part(lower[cut:]))]
        cuts = [len(lower)]
        while (clitic := _CLITIC.search(lower, 0, cuts[0])) and clitic.start():
            cuts.insert(0, clitic.start())
        first = len(lower) - len(lower.lstrip("_"))
        last = len(lower[: cuts[0]].rstrip("_"))
        if first >= last:
            return []
        parts = [(first, last, self.part(lower[first:last]) if len(cuts) > 1 else self.norm(lower[first:last]))]
        return parts + [(start, end, self.part(lower[start:end])) for start, end in pairwise(cuts)]

    def part(self, part: str) -> str:
        """Return the form under which a word or a part of a contraction is matched; `part` is in lower case."""
        return _PARTS.get(part) or self.norm(part)


def forms_of(norm: str) -> frozenset[str]:
    """Return a norm and the parts of contractions that may stand for it ("are": "re", "'re")."""
    return frozenset({norm, *(part for part, stands_for in _PARTS.items() if stands_for == norm)})


def is_word(text: str) -> bool:
    """Tell whether a token of another tokenizer is a word to phrases."""
    return any(map(str.isalnum, text)) or (text in _MEANINGFUL_SIGNS and text != "")
