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

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from convscan.errors import RuleError
from convscan.rules.words import AMBIGUOUS

# A phrase that stands for more word sequences than this is slow and hard to read.
MAX_SEQUENCES = 600
DEFAULT_GAP_WORDS = 3
MAX_GAP_WORDS = 12

_TOKEN = re.compile(r"\s*(\.\.\.\d*|\(|\)\??|\||\^|\$|<[a-z-]+>\??|[^\s()|<>^$?]+\??)")

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

    def compile(self, text: str) -> Phrase:
        """Compile one phrase.

        Raises:
            RuleError: If it is malformed, empty, names an unknown list, or stands for too much.
        """
        tokens = _tokens(text)
        at_start = tokens[:1] == ["^"]
        at_end = tokens[-1:] == ["$"]
        tokens = tokens[at_start : len(tokens) - at_end]
        sequences, rest = self._alternatives(tokens, text)
        if rest:
            raise RuleError(f"unexpected {rest[0]!r} in phrase {text!r}")
        if not all(any(slot.is_literal and not slot.is_optional for slot in seq) for seq in sequences):
            raise RuleError(f"phrase {text!r} can match without any given word; at least one must be required")
        return Phrase(text, tuple(dict.fromkeys(sequences)), at_start=at_start, at_end=at_end)

    def _alternatives(self, tokens: list[str], text: str) -> tuple[list[WordSequence], list[str]]:
        found: list[WordSequence] = []
        while True:
            branch, tokens = self._sequence(tokens, text)
            found.extend(branch)
            if tokens[:1] != ["|"]:
                return _merged(found), tokens
            tokens = tokens[1:]

    def _sequence(self, tokens: list[str], text: str) -> tuple[list[WordSequence], list[str]]:
        parts: list[list[WordSequence]] = []
        while tokens and tokens[0] not in {"|", ")", ")?"}:
            part, tokens = self._item(tokens, text)
            parts.append(part)
        if not parts:
            raise RuleError(f"empty alternative in phrase {text!r}")
        size = 1
        for part in parts:
            size *= len(part)
        if size > MAX_SEQUENCES:
            raise RuleError(
                f"phrase {text!r} stands for {size} word sequences, at most {MAX_SEQUENCES} are allowed;"
                " split it into several phrases"
            )
        return [tuple(slot for seq in choice for slot in seq) for choice in product(*parts)], tokens

    def _item(self, tokens: list[str], text: str) -> tuple[list[WordSequence], list[str]]:
        token, rest = tokens[0], tokens[1:]
        if token == "(":
            inner, rest = self._alternatives(rest, text)
            if rest[:1] not in ([")"], [")?"]):
                raise RuleError(f"unclosed '(' in phrase {text!r}")
            return (_optional(inner) if rest[0] == ")?" else inner), rest[1:]
        if token.startswith("..."):
            return [(_GAP,) * _gap_words(token, text)], rest
        if token in {"^", "$"}:
            raise RuleError(f"{token!r} stands inside phrase {text!r}; it belongs at the beginning or end")
        is_optional = token.endswith("?")
        word = token.removesuffix("?")
        found = self._list(word, text) if word.startswith("<") else [self._word(word, text)]
        return (_optional(found) if is_optional else found), rest

    def _list(self, reference: str, text: str) -> list[WordSequence]:
        name = reference[1:-1]
        if name in _BUILT_IN:
            return [(_BUILT_IN[name],)]
        if name not in self.lists:
            known = ", ".join(sorted({*self.lists, *_BUILT_IN}))
            raise RuleError(f"phrase {text!r} names the unknown word list <{name}>; known lists: {known}")
        return _merged([seq for entry in self.lists[name] for seq in self.compile(entry).sequences])

    def _word(self, word: str, text: str) -> WordSequence:
        if word.endswith("*"):
            return (Slot(prefixes=frozenset({word.removesuffix("*").lower()})),)
        norms = self.norms_of(word)
        if not norms:
            raise RuleError(f"{word!r} in phrase {text!r} is no word; punctuation is ignored in phrases")
        return tuple(Slot(norms=_ALSO.get(norm, frozenset({norm}))) for norm in norms)


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            raise RuleError(f"cannot read {text[position:].strip()!r} in phrase {text!r}")
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
