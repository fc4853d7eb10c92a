"""The phrase form of patterns: what rule authors write, and the expression it stands for.

    (i|we) guarantee          one of several words
    really? sorry             a word that may be missing
    you ... failed            up to three other words between
    you ...6 failed           up to six
    <soon>                    any entry of the word list "soon" in lists.yaml
    apolog*                   any word that begins so
    <number>  <any>           a number; any one word
    <email>  <currency>       a mail address; a sign for money or percent
    !(mind|matter)  !<list>   any one word but these
    ^ thanks $                begins, ends the sentence
    any news ?                a "?" by itself at the end: the sentence is a question

Case, punctuation and the spelling of contractions do not matter.

A phrase becomes a regular expression over the norms of a sentence's words, each
between two control characters that no word holds (`WORD_START`, `WORD_END`).
"""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from convscan.errors import RuleError
from convscan.rules.expressions import BARRED
from convscan.rules.fields import listed
from convscan.rules.prefilter import QUESTION, Need, Needs, beginning, opening, pair
from convscan.rules.words import AMBIGUOUS, WORD_END, WORD_START, plain

DEFAULT_GAP_WORDS = 3
MAX_GAP_WORDS = 12
# Brackets and word lists in one another; a list that names itself would never end.
MAX_NESTING = 12
# A list may name lists that name lists, and so stand for more than fits into memory.
MAX_EXPRESSION_CHARS = 100_000

# Longer lists of pairs say little.
_MAX_PAIRS = 40

_TOKEN = re.compile(r"\.\.\.\d*|!(?=[(<])|\(|\)\??|\||\^|\$|<[a-z-]+>\??|[^\s()|<>^$?]+\??|\S")
# A sign that is part of the syntax and stands where it means nothing.
_STRAY = frozenset("<>?")
_ANY_WORD = f"{WORD_START}[^{WORD_END}]*{WORD_END}"
_SPOKEN_NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("fifteen", "twenty", "thirty", "forty", "fifty", "sixty", "hundred", "thousand"),
)
_NUMBER = f"{WORD_START}(?:[0-9][^{WORD_END}]*|{'|'.join(_SPOKEN_NUMBERS)}){WORD_END}"

_EMAIL = f"{WORD_START}[^{WORD_END}@]+@[^{WORD_END}]+{WORD_END}"
_CURRENCIES = frozenset("%€$£¥₹")

_ALSO = {word: frozenset({word, clitic}) for word, clitic in AMBIGUOUS.items()} | {
    "'s": frozenset({"'s", "is"}),
    "'d": frozenset({"'d", "would"}),
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as its author wrote it, and what it stands for.

    Attributes:
        expression: In the syntax of RE2; every gap is a group.
        needs: What a sentence must hold for it to match.
        is_question: Whether only a sentence that ends with a question mark will do.
        barred: For each group of the expression that is named `BARRED` and a number, the
            norms that it must not hold.
    """

    text: str = field(compare=False)
    expression: str
    needs: Needs = field(default=frozenset(), compare=False)
    is_question: bool = False
    barred: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of an expression.

    Attributes:
        needs: What a sentence must hold for it to match; empty if it can match without a word that the author named.
        first: The words of which one comes first, if it matches any; None if that is open.
        last: The words of which one comes last, if it matches any; None if that is open.
        may_be_empty: Whether it matches no word at all.
    """

    expression: str
    needs: Needs = frozenset()
    first: frozenset[str] | None = None
    last: frozenset[str] | None = None
    may_be_empty: bool = False


def _one_of(norms: frozenset[str]) -> _Part:
    expression = WORD_START + _grouped(sorted(re.escape(norm) for norm in norms)) + WORD_END
    return _Part(expression, frozenset({norms}), norms, norms)


def _grouped(expressions: Sequence[str]) -> str:
    return expressions[0] if len(expressions) == 1 else f"(?:{'|'.join(expressions)})"


_BUILT_IN = {
    "number": _Part(_NUMBER),
    "any": _Part(_ANY_WORD),
    "email": _Part(_EMAIL),
    "currency": _one_of(_CURRENCIES),
}


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
    _barred: list[frozenset[str]] = field(default_factory=list, repr=False)

    def compile(self, text: str) -> Phrase:
        """Compile one phrase.

        Raises:
            RuleError: If it is malformed, empty, or names an unknown list.
        """
        tokens = _tokens(text)
        self._barred.clear()
        is_question = tokens[-1] == "?"
        tokens = tokens[: len(tokens) - is_question]
        at_start = tokens[:1] == ["^"]
        at_end = tokens[-1:] == ["$"]
        part = self._whole(tokens[at_start : len(tokens) - at_end], text, depth=0)
        if not part.needs and (not is_question or re.fullmatch(part.expression, "")):
            raise RuleError(f"phrase {text!r} can match without any given word; at least one must be required")
        expression = ("^" if at_start else "") + part.expression + ("$" if at_end else "")
        needs = part.needs
        if at_start and part.first and not part.may_be_empty:
            needs |= {frozenset(map(opening, part.first))}
        if is_question:
            needs |= {frozenset({QUESTION})}
        return Phrase(text, expression, needs, is_question=is_question, barred=tuple(self._barred))

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
        if token == "!" and rest:
            return self._any_but(rest, text)
        if token.startswith("..."):
            return _Part(f"((?:{_ANY_WORD}){{0,{_gap_words(token, text)}}})", may_be_empty=True), rest
        if token in {"^", "$"}:
            raise RuleError(f"{token!r} stands inside phrase {text!r}; it belongs at the beginning or end")
        word = token.removesuffix("?")
        part = self._list(word[1:-1], text, depth) if word.startswith("<") else self._known_word(word, text)
        return (_optional(part) if token.endswith("?") else part), rest

    def _any_but(self, tokens: list[str], text: str) -> tuple[_Part, list[str]]:
        """Read the words that are barred; a word in one's place is checked when it is found."""
        if tokens[0] == "(":
            end = next((n for n, token in enumerate(tokens) if token.startswith(")")), len(tokens))
            words, closing, rest = tokens[1:end:2], tokens[end : end + 1], tokens[end + 1 :]
            is_list_of_words = bool(closing) and tokens[2:end:2] == ["|"] * (len(words) - 1)
        else:
            words, closing, rest = [*self.lists.get(tokens[0].strip("<>?"), ())], tokens[:1], tokens[1:]
            is_list_of_words = True
        norms = [self.norms_of(word) for word in words]
        if not words or not is_list_of_words or any(len(norm) != 1 for norm in norms):
            raise RuleError(
                f"after '!' in phrase {text!r} stand single words, '!(one|other)', or a list of them, '!<list>'"
            )
        self._barred.append(frozenset().union(*(_ALSO.get(norm[0], {norm[0]}) for norm in norms)))
        part = _Part(f"(?P<{BARRED}{len(self._barred) - 1}>{_ANY_WORD})")
        return (_optional(part) if closing[0].endswith("?") else part), rest

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
        return f"did you mean <{near[0]}>?" if near else f"known lists: {listed(known, near=name)}"

    def _entries(self, name: str, depth: int) -> _Part:
        if not self.lists[name]:
            raise RuleError(f"word list <{name}> is empty")
        barred = len(self._barred)
        try:
            part = _either([self._whole(_tokens(entry), entry, depth=depth + 1) for entry in self.lists[name]])
        except RuleError as error:
            raise error if str(error).startswith("word list") else RuleError(f"word list <{name}>: {error}") from error
        if len(self._barred) > barred:
            raise RuleError(f"word list <{name}> holds '!'; words are barred in phrases, not in lists")
        return part

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
            prefix = self._prefix(word[:-1], text)
            expression = f"{WORD_START}{re.escape(prefix)}[^{WORD_END}]*{WORD_END}"
            return _Part(expression, frozenset({frozenset({beginning(prefix)})}))
        norms = self.norms_of(word)
        if not norms or "*" in word:
            raise RuleError(f"{word!r} in phrase {text!r} is no word; {_NO_WORD}")
        return _joined([_one_of(_ALSO.get(norm, frozenset({norm}))) for norm in norms])


_NO_WORD = "punctuation is ignored in phrases, and '*' stands at the end of one plain word"


def _check_size(parts: Iterable[_Part], text: str) -> None:
    if sum(len(part.expression) for part in parts) > MAX_EXPRESSION_CHARS:
        raise RuleError(f"phrase {text[:60]!r} stands for too many words; split it into several phrases")


def _joined(parts: Sequence[_Part]) -> _Part:
    if len(parts) == 1:
        return parts[0]
    needs = frozenset().union(*(part.needs for part in parts), _pairs(parts))
    return _Part(
        "".join(part.expression for part in parts),
        needs,
        _first_of(parts),
        _last_of(parts),
        all(part.may_be_empty for part in parts),
    )


def _first_of(parts: Sequence[_Part]) -> frozenset[str] | None:
    """Return the words of which one comes first, whatever is left out."""
    skipped = sum(1 for _ in takewhile(lambda part: part.may_be_empty, parts))
    return _union(part.first for part in parts[: skipped + 1])


def _last_of(parts: Sequence[_Part]) -> frozenset[str] | None:
    """Return the words of which one comes last, whatever is left out."""
    skipped = sum(1 for _ in takewhile(lambda part: part.may_be_empty, reversed(parts)))
    return _union(part.last for part in parts[max(0, len(parts) - skipped - 1) :])


def _pairs(parts: Sequence[_Part]) -> Iterator[Need]:
    """Yield what neighbours need: a last word of what is always there before a first word of what follows, and so on.

    What stands between and may be left out counts in: "sorry (so|very)? much" needs "sorry" before one
    of "so", "very" and "much", and one of "sorry", "so" and "very" before "much".
    """
    for place, part in enumerate(parts):
        if part.may_be_empty:
            continue
        before, after = parts[:place], parts[place + 1 :]
        if not all(other.may_be_empty for other in before):
            yield from _next_to_each_other(_last_of(before), part.first)
        if not all(other.may_be_empty for other in after):
            yield from _next_to_each_other(part.last, _first_of(after))


def _next_to_each_other(left: frozenset[str] | None, right: frozenset[str] | None) -> Iterator[Need]:
    if left and right and len(left) * len(right) <= _MAX_PAIRS:
        yield frozenset(pair(one, other) for one in left for other in right)


def _either(parts: Sequence[_Part]) -> _Part:
    if len(parts) == 1:
        return parts[0]
    expressions = dict.fromkeys(part.expression for part in parts)
    needs: Needs = frozenset()
    if all(part.needs for part in parts):
        needs = frozenset({frozenset().union(*(max(part.needs, key=_tells) for part in parts))})
    return _Part(
        _grouped(list(expressions)),
        needs,
        _union(part.first for part in parts),
        _union(part.last for part in parts),
        any(part.may_be_empty for part in parts),
    )


def _tells(need: Need) -> tuple[int, int, list[str]]:
    """Return how much a need says: long words are rarer than short ones, and few than many."""
    return min(map(len, need)), -len(need), sorted(need)


def _union(words: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    found = list(words)
    known = [some for some in found if some is not None]
    return frozenset().union(*known) if len(known) == len(found) else None


def _optional(part: _Part) -> _Part:
    return _Part(f"(?:{part.expression})?", first=part.first, last=part.last, may_be_empty=True)


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
