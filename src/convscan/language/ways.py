"""One form for expressions: ways in which something is said.

Each is compiled when it is first searched for; most conversations need few of them. Where it is held
beside an expression which words a text must have for it to match, the sentence's words are asked first:
to search for each would take a hundred times as long.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence


class Way:
    """A way in which something is said, searched for as a compiled expression is.

    Attributes:
        expression: Of the module `re`, over text in small letters, or over the norms of a sentence.
        needs: Whatever it matches in has one word of each of these sets: runs of the letters a to z, or norms.
        core: Stands in whatever it matches, and is found sooner; None if nothing such is named.
    """

    __slots__ = ("core", "expression", "finditer", "fullmatch", "match", "needs", "search")

    # Filled when one of them is first asked for; from then on the compiled expression's own.
    search: Callable[..., re.Match[str] | None]
    match: Callable[..., re.Match[str] | None]
    fullmatch: Callable[..., re.Match[str] | None]
    finditer: Callable[..., Iterator[re.Match[str]]]

    def __init__(self, expression: str, words: str = "", also: str = "", core: str = "") -> None:
        """Take an expression.

        Args:
            expression: Its text.
            words: One for each of its alternatives, the rarest that is always there, with spaces between;
                none if there is no such word.
            also: Likewise a second one, where the first is frequent; behind a "+" a third.
            core: Where even these are frequent, an expression for a part of what it matches that is always there.
        """
        self.expression = expression
        self.needs = tuple(frozenset(need.split()) for need in (words, *also.split("+")) if need)
        self.core = Way(core) if core else None

    def __getattr__(self, name: str) -> Callable[..., object]:
        """Compile it, when it is first searched for."""
        if name not in _SEARCHES:
            raise AttributeError(name)
        compiled = re.compile(self.expression)
        for one in _SEARCHES:
            setattr(self, one, getattr(compiled, one))
        return getattr(compiled, name)  # type: ignore[no-any-return]

    def stands_in(self, text: str, words: Collection[str]) -> bool:
        """Tell whether it matches anywhere in a text.

        Args:
            words: Those of the text, or of more that it is part of.
        """
        for need in self.needs:
            if need.isdisjoint(words):
                return False
        return self.search(text) is not None

    def may_stand_among(self, runs: frozenset[str]) -> bool:
        """Tell whether it may match in a text with these words; much quicker than whether it does."""
        for need in self.needs:  # noqa: SIM110 # a generator would take longer than the look-up
            if need.isdisjoint(runs):
                return False
        return True

    def may_stand_in(self, text: str, runs: frozenset[str]) -> bool:
        """Tell whether it may match in a text, by its words and by its core.

        Args:
            text: In small letters.
            runs: The runs of the letters a to z in it.
        """
        for need in self.needs:
            if need.isdisjoint(runs):
                return False
        return self.core is None or self.core.search(text) is not None


class Ways:
    """Several ways, each found under the words of which a text must have one for it to match.

    However many there are, one look at the words of a text tells which of them to try.

    Attributes:
        all: In the order in which they were given.
    """

    def __init__(self, *ways: Way) -> None:
        """Take ways that need words."""
        self.all = ways
        under: dict[str, tuple[int, ...]] = {}
        for number, way in enumerate(ways):
            for word in way.needs[0]:
                under[word] = (*under.get(word, ()), number)
        self._under = under
        self._words = frozenset(under)

    def may_stand_among(self, words: Collection[str]) -> bool:
        """Tell whether any may match in a text with these words."""
        return not self._words.isdisjoint(words)

    def to_try(self, words: Collection[str]) -> Sequence[Way]:
        """Return those of which the first words that they need are among these, in order."""
        here = self._words.intersection(words)
        if not here:  # as nearly always
            return ()
        return [self.all[number] for number in sorted({number for word in here for number in self._under[word]})]


_SEARCHES = ("search", "match", "fullmatch", "finditer")
