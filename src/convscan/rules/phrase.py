"""The phrase form of patterns: what rule authors write, and the expression it stands for.

    (i|we) guarantee          one of several words
    really? sorry             a word that may be missing
    you ... failed            up to three other words between
    you ...6 failed           up to six
    <soon>                    any entry of the word list "soon" in lists.yaml
    apolog*                   any word that begins so
    <number>  <any>           a number; any one word
    ^ thanks $                begins, ends the sentence
    any news ?                a "?" by itself at the end: the sentence is a question

Case, punctuation and the spelling of contractions do not matter.

A phrase becomes a regular expression over the norms of a sentence's words, each
between two control characters that no word holds (`WORD_START`, `WORD_END`).
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from convscan.errors import RuleError
from convscan.rules.words import AMBIGUOUS, WORD_END, WORD_START, plain

DEFAULT_GAP_WORDS = 3
MAX_GAP_WORDS = 12
# Brackets and word lists in one another; a list that names itself would never end.
MAX_NESTING = 12
# A list may name lists that name lists, and so stand for more than fits into memory.
MAX_EXPRESSION_CHARS = 100_000

_TOKEN = re.compile(r"\.\.\.\d*|\(|\)\??|\||\^|\$|<[a-z-]+>\??|[^\s()|<>^$?]+\??|\S")
# A sign that is part of the syntax and stands where it means nothing.
_STRAY = frozenset("<>?")
_ANY_WORD = f"{WORD_START}[^{WORD_END}]*{WORD_END}"
_SPOKEN_NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("fifteen", "twenty", "thirty", "forty", "fifty", "sixty", "hundred", "thousand"),
)
_NUMBER = f"{WORD_START}(?:[0-9][^{WORD_END}]*|{'|'.join(_SPOKEN_NUMBERS)}){WORD_END}"

_ALSO = {word: frozenset({word, clitic}) for word, clitic in AMBIGUOUS.items()} | {
    "'s": frozenset({"'s", "is"}),
    "'d": frozenset({"'d", "would"}),
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as its author wrote it, and what it stands for.

    Attributes:
        expression: In the syntax of RE2; every gap is a group.
        anchor: Matches in every sentence in which the expression does: its longest run of given words.
        at_start: Whether only the beginning of a sentence will do.
        is_question: Whether only a sentence that ends with a question mark will do.
    """

    text: str = field(compare=False)
    expression: str
    anchor: str
    at_start: bool = False
    is_question: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of an expression.

    Attributes:
        anchor: The longest run of words in it that the author named and that has to be
            there; None if it can match without any.
        anchor_chars: Length of the shortest text that the anchor stands for.
        is_solid: Whether it is all anchor, so that a neighbour's words follow directly.
    """

    expression: str
    anchor: str | None = None
    anchor_chars: int = 0
    is_solid: bool = False


_BUILT_IN = {"number": _Part(_NUMBER), "any": _Part(_ANY_WORD)}


@dataclass(frozen=True, slots=True)
class PhraseCompiler:
    """Turn the phrase form into expressions.

    Attributes:
        norms_of: Splits a written word into the norms of its tokens.
        lists: Word lists by name; each entry is itself in the phrase form.
    """

    norms_of: Callable[[str], Sequence[str]]
    lists: Mapping[str, Sequence[str]]
    _known_lists: dict[str, _Part] = field(default_factory=dict, repr=False)
    _known_words: dict[str, _Part] = field(default_factory=dict, repr=False)

    def compile(self, text: str) -> Phrase:
        """Compile one phrase.

        Raises:
            RuleError: If it is malformed, empty, or names an unknown list.
        """
        tokens = _tokens(text)
        is_question = tokens[-1] == "?"
        tokens = tokens[: len(tokens) - is_question]
        at_start = tokens[:1] == ["^"]
        at_end = tokens[-1:] == ["$"]
        part = self._whole(tokens[at_start : len(tokens) - at_end], text, depth=0)
        if part.anchor is None and (not is_question or re.fullmatch(part.expression, "")):
            raise RuleError(f"phrase {text!r} can match without any given word; at least one must be required")
        expression = ("^" if at_start else "") + part.expression + ("$" if at_end else "")
        return Phrase(text, expression, part.anchor or "", at_start=at_start, is_question=is_question)

    def _whole(self, tokens: list[str], text: str, *, depth: int) -> _Part:
        part, rest = self._alternatives(tokens, text, depth)
        if rest:
            raise RuleError(f"unexpected {rest[0]!r} in phrase {text!r}; there is no '(' before it")
        return part

    def _alternatives(self, tokens: list[str], text: str, depth: int) -> tuple[_Part, list[str]]:
        branches: list[_Part] = []
        while True:
            branch, tokens = self._sequence(tokens, text, depth)
            branches.append(branch)
            if tokens[:1] != ["|"]:
                _check_size(branches, text)
                return _either(branches), tokens
            tokens = tokens[1:]

    def _sequence(self, tokens: list[str], text: str, depth: int) -> tuple[_Part, list[str]]:
        parts: list[_Part] = []
        while tokens and tokens[0] not in {"|", ")", ")?"}:
            part, tokens = self._item(tokens, text, depth)
            parts.append(part)
        if not parts:
            raise RuleError(f"empty alternative in phrase {text!r}")
        _check_size(parts, text)
        return _joined(parts), tokens

    def _item(self, tokens: list[str], text: str, depth: int) -> tuple[_Part, list[str]]:
        token, rest = tokens[0], tokens[1:]
        if depth > MAX_NESTING:
            raise RuleError(
                f"brackets or word lists more than {MAX_NESTING} deep in phrase {text[:60]!r}; does a list name itself?"
            )
        if token == "(":
            inner, rest = self._alternatives(rest, text, depth + 1)
            if rest[:1] not in ([")"], [")?"]):
                raise RuleError(f"unclosed '(' in phrase {text!r}")
            return (_optional(inner) if rest[0] == ")?" else inner), rest[1:]
        if token.startswith("..."):
            return _Part(f"((?:{_ANY_WORD}){{0,{_gap_words(token, text)}}})"), rest
        if token in {"^", "$"}:
            raise RuleError(f"{token!r} stands inside phrase {text!r}; it belongs at the beginning or end")
        word = token.removesuffix("?")
        part = self._list(word[1:-1], text, depth) if word.startswith("<") else self._known_word(word, text)
        return (_optional(part) if token.endswith("?") else part), rest

    def _list(self, name: str, text: str, depth: int) -> _Part:
        if name in _BUILT_IN:
            return _BUILT_IN[name]
        if name not in self.lists:
            raise RuleError(f"phrase {text!r} names the unknown word list <{name}>; {self._near(name)}")
        if name not in self._known_lists:
            self._known_lists[name] = self._entries(name, depth)
        return self._known_lists[name]

    def _near(self, name: str) -> str:
        known = sorted({*self.lists, *_BUILT_IN})
        near = difflib.get_close_matches(name, known, n=1)
        return f"did you mean <{near[0]}>?" if near else f"known lists: {', '.join(known)}"

    def _entries(self, name: str, depth: int) -> _Part:
        if not self.lists[name]:
            raise RuleError(f"word list <{name}> is empty")
        try:
            return _either([self._whole(_tokens(entry), entry, depth=depth + 1) for entry in self.lists[name]])
        except RuleError as error:
            raise error if str(error).startswith("word list") else RuleError(f"word list <{name}>: {error}") from error

    def _prefix(self, written: str, text: str) -> str:
        # "@*" begins a handle, though "@" alone is no word.
        if not written or "*" in written or len(self.norms_of(written)) > 1:
            raise RuleError(f"'{written}*' in phrase {text!r} does not begin one word; {_NO_WORD}")
        return plain(written).lower()

    def _known_word(self, word: str, text: str) -> _Part:
        # The same words stand in hundreds of phrases.
        part = self._known_words.get(word)
        if part is None:
            part = self._known_words[word] = self._word(word, text)
        return part

    def _word(self, word: str, text: str) -> _Part:
        if word.endswith("*"):
            prefix = re.escape(self._prefix(word[:-1], text))
            return _solid(f"{WORD_START}{prefix}[^{WORD_END}]*{WORD_END}", len(word))
        norms = self.norms_of(word)
        if not norms or "*" in word:
            raise RuleError(f"{word!r} in phrase {text!r} is no word; {_NO_WORD}")
        return _solid("".join(_one_of(_ALSO.get(norm, {norm})) for norm in norms), sum(map(len, norms)))


_NO_WORD = "punctuation is ignored in phrases, and '*' stands at the end of one plain word"


def _check_size(parts: Iterable[_Part], text: str) -> None:
    if sum(len(part.expression) for part in parts) > MAX_EXPRESSION_CHARS:
        raise RuleError(f"phrase {text[:60]!r} stands for too many words; split it into several phrases")


def _one_of(norms: Iterable[str]) -> str:
    return WORD_START + _grouped(sorted(re.escape(norm) for norm in norms)) + WORD_END


def _solid(expression: str, chars: int) -> _Part:
    return _Part(expression, expression, chars, is_solid=True)


def _joined(parts: Sequence[_Part]) -> _Part:
    """Put parts one after the other; the best run of neighbouring anchors is the whole's."""
    runs: list[list[_Part]] = [[]]
    for part in parts:
        if part.is_solid:
            runs[-1].append(part)
        else:
            runs += [[part], []]
    best = max(runs, key=lambda run: sum(part.anchor_chars for part in run))
    chars = sum(part.anchor_chars for part in best)
    anchor = "".join(part.anchor or "" for part in best) if chars else None
    is_solid = all(part.is_solid for part in parts)
    return _Part("".join(part.expression for part in parts), anchor, chars, is_solid=is_solid)


def _either(parts: Sequence[_Part]) -> _Part:
    expression = _grouped(list(dict.fromkeys(part.expression for part in parts)))
    anchors = [part.anchor for part in parts if part.anchor is not None]
    if len(anchors) < len(parts):
        return _Part(expression)
    chars = min(part.anchor_chars for part in parts)
    is_solid = all(part.is_solid for part in parts)
    return _Part(expression, _grouped(list(dict.fromkeys(anchors))), chars, is_solid=is_solid)


def _grouped(expressions: Sequence[str]) -> str:
    return expressions[0] if len(expressions) == 1 else f"(?:{'|'.join(expressions)})"


def _optional(part: _Part) -> _Part:
    return _Part(f"(?:{part.expression})?")


def _tokens(text: str) -> list[str]:
    tokens = _TOKEN.findall(text)
    stray = next((token for token in tokens[:-1] if token in _STRAY), None)
    if stray or tokens[-1:] in (["<"], [">"]):
        raise RuleError(
            f"cannot read {stray or tokens[-1]!r} in phrase {text!r}; lists are <lower-case-name>,"
            " and '?' follows a word, a list or ')', or ends the phrase"
        )
    if not tokens:
        raise RuleError("empty phrase")
    return tokens


def _gap_words(token: str, text: str) -> int:
    words = int(token[3:] or DEFAULT_GAP_WORDS)
    if not 1 <= words <= MAX_GAP_WORDS:
        raise RuleError(f"gap {token!r} in phrase {text!r} must allow 1 to {MAX_GAP_WORDS} words")
    return words
