"""The phrase form of patterns: what rule authors write, and what it stands for.

    (i|we) guarantee          one of several words
    really? sorry             a word that may be missing
    you ... failed            up to three other words between
    you ...6 failed           up to six
    <soon>                    any entry of the word list "soon" in lists.yaml
    apolog*                   any word that begins so
    <number>  <any>           a number; any one word
    ^ thanks $                begins, ends the sentence

Case, punctuation and the spelling of contractions do not matter.
"""

import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from convscan.errors import RuleError
from convscan.rules.words import AMBIGUOUS, plain

# A phrase that stands for more word sequences than this is slow and hard to read.
MAX_SEQUENCES = 600
DEFAULT_GAP_WORDS = 3
MAX_GAP_WORDS = 12
# Brackets in brackets, and lists that name lists.
MAX_NESTING = 12

_TOKEN = re.compile(r"\s*(\.\.\.\d*|\(|\)\??|\||\^|\$|<[a-z-]+>\??|[^\s()|<>^$?]+\??)")

_SIGNS = "lists are <lower-case-name>, and '?' follows a word, a list or ')'"

_ALSO = {word: frozenset({word, clitic}) for word, clitic in AMBIGUOUS.items()} | {
    "'s": frozenset({"'s", "is"}),
    "'d": frozenset({"'d", "would"}),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in a sequence of words.

    Attributes:
        norms: Words that fit, as norms; with `prefixes` empty too, any word fits.
        prefixes: Beginnings of norms that fit.
        is_number: Whether only a number fits.
        is_gap: Whether it is open to words that the author did not name.
    """

    norms: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()
    is_number: bool = False
    is_optional: bool = False
    is_gap: bool = False

    @property
    def is_literal(self) -> bool:
        """Whether it says which words fit."""
        return bool(self.norms or self.prefixes)

    def token_pattern(self) -> dict[str, object]:
        """Return the slot as a token of a spaCy Matcher pattern."""
        pattern: dict[str, object] = {}
        if self.prefixes:
            exact = [re.escape(norm) + "$" for norm in sorted(self.norms)]
            starts = [re.escape(prefix) for prefix in sorted(self.prefixes)]
            pattern["NORM"] = {"REGEX": f"^(?:{'|'.join(exact + starts)})"}
        elif self.norms:
            pattern["NORM"] = {"IN": sorted(self.norms)} if len(self.norms) > 1 else min(self.norms)
        elif self.is_number:
            pattern["LIKE_NUM"] = True
        if self.is_optional:
            pattern["OP"] = "?"
        return pattern


WordSequence = tuple[Slot, ...]

_GAP = Slot(is_optional=True, is_gap=True)
_BUILT_IN = {"number": Slot(is_number=True), "any": Slot()}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as its author wrote it, and the sequences of words it stands for."""

    text: str
    sequences: tuple[WordSequence, ...]
    at_start: bool = False
    at_end: bool = False


@dataclass(slots=True)
class PhraseCompiler:
    """Turn the phrase form into sequences of slots.

    Attributes:
        norms_of: Splits a written word into the norms of its tokens.
        lists: Word lists by name; each entry is itself in the phrase form.
    """

    norms_of: Callable[[str], Sequence[str]]
    lists: Mapping[str, Sequence[str]]
    _compiled_lists: dict[str, list[WordSequence]] = field(default_factory=dict, init=False)

    def compile(self, text: str) -> Phrase:
        """Compile one phrase.

        Raises:
            RuleError: If it is malformed, empty, names an unknown list, or stands for too much.
        """
        return self._compile(text, within=())

    def _compile(self, text: str, *, within: tuple[str, ...]) -> Phrase:
        """Compile a phrase, or the entry of a list within lists."""
        tokens = _tokens(text)
        at_start = tokens[:1] == ["^"]
        at_end = tokens[-1:] == ["$"]
        tokens = tokens[at_start : len(tokens) - at_end]
        sequences, rest = _Reader(self, text, within).alternatives(tokens)
        if rest:
            raise RuleError(f"unexpected {rest[0]!r} in phrase {text!r}; there is no '(' before it")
        if not all(any(slot.is_literal and not slot.is_optional for slot in seq) for seq in sequences):
            raise RuleError(f"phrase {text!r} can match without any given word; at least one must be required")
        _check_size(len(sequences), text)
        return Phrase(text, tuple(dict.fromkeys(sequences)), at_start=at_start, at_end=at_end)

    def sequences_of_list(self, name: str, *, within: tuple[str, ...]) -> list[WordSequence]:
        """Return what a word list stands for.

        Args:
            within: The lists in whose entries it is named, from the outermost.

        Raises:
            RuleError: If it names itself, or an entry is malformed.
        """
        if name in within:
            raise RuleError(f"word list <{name}> names itself: {' > '.join((*within, name))}")
        if name not in self._compiled_lists:
            entries = [self._list_entry(name, entry, (*within, name)) for entry in self.lists[name]]
            if not entries:
                raise RuleError(f"word list <{name}> is empty")
            self._compiled_lists[name] = _merged([seq for entry in entries for seq in entry.sequences])
        return self._compiled_lists[name]

    def _list_entry(self, name: str, entry: str, within: tuple[str, ...]) -> Phrase:
        try:
            phrase = self._compile(entry, within=within)
        except RuleError as error:
            raise RuleError(f"word list <{name}>: {error}") from error
        if phrase.at_start or phrase.at_end:
            raise RuleError(f"word list <{name}>: '^' and '$' cannot stand in the entry {entry!r}")
        return phrase


@dataclass(frozen=True, slots=True)
class _Reader:
    """Read the tokens of one phrase; each method returns what it read and the tokens that are left."""

    compiler: PhraseCompiler
    text: str
    within: tuple[str, ...]

    def alternatives(self, tokens: list[str], depth: int = MAX_NESTING) -> tuple[list[WordSequence], list[str]]:
        """Read `a b|c`."""
        found: list[WordSequence] = []
        while True:
            branch, tokens = self._sequence(tokens, depth)
            found.extend(branch)
            if tokens[:1] != ["|"]:
                return _merged(found), tokens
            tokens = tokens[1:]

    def _sequence(self, tokens: list[str], depth: int) -> tuple[list[WordSequence], list[str]]:
        parts: list[list[WordSequence]] = []
        while tokens and tokens[0] not in {"|", ")", ")?"}:
            part, tokens = self._item(tokens, depth)
            parts.append(part)
        if not parts:
            raise RuleError(f"empty alternative in phrase {self.text!r}")
        _check_size(math.prod(map(len, parts)), self.text)
        return [tuple(slot for seq in choice for slot in seq) for choice in product(*parts)], tokens

    def _item(self, tokens: list[str], depth: int) -> tuple[list[WordSequence], list[str]]:
        token, rest = tokens[0], tokens[1:]
        if token == "(":
            return self._group(rest, depth)
        if token.startswith("..."):
            return [(_GAP,) * _gap_words(token, self.text)], rest
        if token in {"^", "$"}:
            raise RuleError(f"{token!r} stands inside phrase {self.text!r}; it belongs at the beginning or end")
        word = token.removesuffix("?")
        found = self._list(word) if word.startswith("<") else [self._word(word)]
        return (_optional(found) if token.endswith("?") else found), rest

    def _group(self, tokens: list[str], depth: int) -> tuple[list[WordSequence], list[str]]:
        if depth == 0:
            raise RuleError(f"brackets more than {MAX_NESTING} deep in phrase {self.text[:40]!r}")
        inner, rest = self.alternatives(tokens, depth - 1)
        if rest[:1] not in ([")"], [")?"]):
            raise RuleError(f"unclosed '(' in phrase {self.text!r}")
        return (_optional(inner) if rest[0] == ")?" else inner), rest[1:]

    def _list(self, reference: str) -> list[WordSequence]:
        name = reference[1:-1]
        if name in _BUILT_IN:
            return [(_BUILT_IN[name],)]
        if name in self.compiler.lists:
            return self.compiler.sequences_of_list(name, within=self.within)
        known = sorted({*self.compiler.lists, *_BUILT_IN})
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean <{near[0]}>?" if near else f"known lists: {', '.join(known)}"
        raise RuleError(f"phrase {self.text!r} names the unknown word list <{name}>; {hint}")

    def _word(self, word: str) -> WordSequence:
        if word.endswith("*"):
            return (Slot(prefixes=frozenset({self._prefix(word.removesuffix("*"))})),)
        norms = self.compiler.norms_of(word)
        if not norms or "*" in word:
            raise RuleError(f"{word!r} in phrase {self.text!r} is no word; {_NO_WORD}")
        return tuple(Slot(norms=_ALSO.get(norm, frozenset({norm}))) for norm in norms)

    def _prefix(self, written: str) -> str:
        # "@*" begins a handle, though "@" alone is no word.
        if not written or "*" in written or len(self.compiler.norms_of(written)) > 1:
            raise RuleError(f"'{written}*' in phrase {self.text!r} does not begin one word; {_NO_WORD}")
        return plain(written).lower()


_NO_WORD = "punctuation is ignored in phrases, and '*' stands at the end of one plain word"


def _check_size(size: int, text: str) -> None:
    if size > MAX_SEQUENCES:
        raise RuleError(
            f"phrase {text!r} stands for {size} word sequences, at most {MAX_SEQUENCES} are allowed;"
            " split it into several phrases"
        )


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            raise RuleError(f"cannot read {text[position:].strip()!r} in phrase {text!r}; {_SIGNS}")
        tokens.append(match.group(1))
        position = match.end()
    if not tokens:
        raise RuleError("empty phrase")
    return tokens


def _gap_words(token: str, text: str) -> int:
    words = int(token[3:] or DEFAULT_GAP_WORDS)
    if not 1 <= words <= MAX_GAP_WORDS:
        raise RuleError(f"gap {token!r} in phrase {text!r} must allow 1 to {MAX_GAP_WORDS} words")
    return words


def _optional(sequences: list[WordSequence]) -> list[WordSequence]:
    if len(sequences) == 1 and len(sequences[0]) == 1:
        return [(replace(sequences[0][0], is_optional=True),)]
    return [*sequences, ()]


def _merged(sequences: Iterable[WordSequence]) -> list[WordSequence]:
    """Make one slot of all alternatives that are one plain word."""
    single: list[Slot] = []
    other: list[WordSequence] = []
    for sequence in sequences:
        if len(sequence) == 1 and sequence[0].is_literal and not sequence[0].is_optional:
            single.append(sequence[0])
        else:
            other.append(sequence)
    if not single:
        return other
    merged = Slot(
        norms=frozenset().union(*(slot.norms for slot in single)),
        prefixes=frozenset().union(*(slot.prefixes for slot in single)),
    )
    return [(merged,), *other]
