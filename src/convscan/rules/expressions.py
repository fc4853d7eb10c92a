"""Search the line of a sentence for an expression.

RE2's own object is asked, not the Python wrapper that the package puts around it, which
makes a generator and a match object for every search.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from convscan.rules.words import Tokens

if TYPE_CHECKING:
    from re2 import _re2

# A barred word is a group of this name and the number of its list.
BARRED = "barred"

# Bytes of a line, `[first, last)`.
Bytes: TypeAlias = tuple[int, int]

# RE2 builds its automaton as text comes in and starts afresh when it is full.
_MAX_EXPRESSION_BYTES = 64 * 2**20
_NOWHERE = (-1, -1)


class Expression:
    """An expression over lines of norms, compiled when it is first needed."""

    __slots__ = ("_barred", "_match", "_with_groups", "text")

    def __init__(self, text: str, barred: Sequence[frozenset[str]] = ()) -> None:
        """Take an expression in the syntax of RE2.

        Args:
            text: The expression; empty for one that matches nowhere.
            barred: For each group that is named `BARRED` and a number, the norms that it must not hold.
        """
        self.text = text
        self._barred = barred
        self._match: Callable[[bytes, int, int], list[Bytes]] | None = None
        self._with_groups: _re2.RE2 | None = None

    def first(self, tokens: Tokens, position: int = 0) -> Bytes | None:
        """Return the first match from a byte of the line on; None if there is none."""
        match = self._match or self._ready()
        line = tokens.line
        found = match(line, position, len(line))
        while self._barred and found[0] != _NOWHERE and self._is_barred(line, found):
            found = match(line, found[0][0] + 1, len(line))
        return None if found[0] == _NOWHERE else found[0]

    def _ready(self) -> Callable[[bytes, int, int], list[Bytes]]:
        """Compile it."""
        # Without groups RE2 needs one quick pass; the gaps are asked for where a cue stands in the match.
        self._match = _matcher(self._grouped() if self._barred else _compiled(self.text, never_capture=True))
        return self._match

    def _is_barred(self, line: bytes, groups: Sequence[Bytes]) -> bool:
        numbers = dict(self._grouped().NamedCapturingGroups())
        words = (line[slice(*groups[numbers[f"{BARRED}{n}".encode()]])] for n in range(len(self._barred)))
        return any(word[1:-1].decode() in barred for word, barred in zip(words, self._barred, strict=True) if word)

    def matches(self, tokens: Tokens) -> Iterable[tuple[int, int]]:
        """Return the longest match from each word on, in order, as words `[first, last)`; searched one by one."""
        first = self.first(tokens) if self.text else None
        return () if first is None else self._matches_from(first, tokens)

    def _matches_from(self, first: Bytes, tokens: Tokens) -> Iterator[tuple[int, int]]:
        found: Bytes | None = first
        while found is not None:
            yield tokens.words_at(*found)
            found = self.first(tokens, found[0] + 1)

    def gaps(self, words: tuple[int, int], tokens: Tokens) -> list[tuple[int, int]]:
        """Return the words `[first, last)` that filled each gap of a match."""
        first, last = (tokens.line_position(word) for word in words)
        whole, *groups = _matcher(self._grouped())(tokens.line, first, last)
        barred = {number for _, number in self._grouped().NamedCapturingGroups()}
        return [
            tokens.words_at(start, stop)
            for number, (start, stop) in enumerate(groups, start=1)
            if whole != _NOWHERE and start >= 0 and number not in barred
        ]

    def _grouped(self) -> "_re2.RE2":
        if self._with_groups is None:
            self._with_groups = _compiled(self.text, never_capture=False)
        return self._with_groups


def _matcher(compiled: "_re2.RE2") -> Callable[[bytes, int, int], list[Bytes]]:
    """Return what finds the first match in a line between two bytes: that of the whole, then of each group."""
    from re2 import _re2

    return partial(compiled.Match, _re2.RE2.Anchor.UNANCHORED)


def _compiled(text: str, *, never_capture: bool) -> "_re2.RE2":
    # Rules are made ready without it, when convscan is built and where nothing is found.
    from re2 import _re2

    options = _re2.RE2.Options()
    options.never_capture = never_capture
    options.longest_match = True
    options.encoding = _re2.RE2.Options.Encoding.LATIN1  # bytes: the expressions are UTF-8 already
    options.max_mem = _MAX_EXPRESSION_BYTES
    options.log_errors = False
    compiled = _re2.RE2(text.encode(), options)
    if not compiled.ok():
        raise ValueError(f"RE2 refuses {text[:60]!r}: {compiled.error().decode()}")
    return compiled
