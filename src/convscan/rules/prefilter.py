"""Say which patterns can match in a sentence at all, from the words it holds.

A pattern is filed under the rarest things that it needs, words or two neighbours, and a
sentence looks up only what it holds, so that its cost hardly grows with the number of
patterns. docs/decisions/0002 has the measurements.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, pairwise

from convscan.rules.words import WORD_END, WORD_START

# Of these keys one must be there: a norm, the `beginning` of one, the `opening` one, or a `pair` of neighbours.
Need = frozenset[str]
# All of these must be met.
Needs = frozenset[Need]

# Enough for the vocabulary of any support team; a stream of random text must not fill the memory.
_MAX_REMEMBERED = 50_000
# More leave hardly a pattern out that these let pass.
_NEEDS_LOOKED_AT = 4


def beginning(prefix: str) -> str:
    """Return the key of a word that begins so."""
    return WORD_START + prefix


def opening(norm: str) -> str:
    """Return the key of a word that comes first."""
    return WORD_END + norm


def pair(left: str, right: str) -> str:
    """Return the key of two neighbours."""
    return left + WORD_END + right


def count_keys(sentences: Iterable[Sequence[str]]) -> Counter[str]:
    """Count words and neighbours in sentences that are given as norms, once a sentence."""
    return Counter(
        key for norms in sentences for key in {*norms, *map(WORD_END.join, pairwise(norms)), *map(opening, norms[:1])}
    )


class Prefilter:
    """The patterns that can match, by the words of a sentence.

    Sets of patterns are whole numbers, pattern n being bit n: joining and intersecting
    them costs next to nothing.
    """

    def __init__(self, needs: Sequence[Needs], frequencies: Mapping[str, int] | None = None) -> None:
        """File every pattern under the rarest things that it needs.

        Args:
            needs: What each pattern needs; one that needs nothing can match anywhere.
            frequencies: How often keys are in such text, by which the rarest are chosen. Only speed depends on it.
        """
        known = frequencies or Counter(key for needed in needs for need in needed for key in need)
        # The same needs stand in many patterns.
        rank = cache(lambda need: (sum(known.get(key, 0) for key in need), len(need), sorted(need)))
        self._none = (0,) * _NEEDS_LOOKED_AT
        filed: dict[str, list[int]] = {}
        unneeded = list(self._none)
        for pattern, needed in enumerate(needs):
            rarest = sorted(needed, key=rank)[:_NEEDS_LOOKED_AT]
            for place, need in enumerate(rarest):
                for key in need:
                    filed.setdefault(key, [*self._none])[place] |= 1 << pattern
            for place in range(len(rarest), _NEEDS_LOOKED_AT):
                unneeded[place] |= 1 << pattern
        self._filed = {key: tuple(met) for key, met in filed.items()}
        self._unneeded = tuple(unneeded)
        self._prefixes = frozenset(key.removeprefix(WORD_START) for key in filed if key.startswith(WORD_START))
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._keys_of: dict[str, tuple[str, ...]] = {}

    def _learn(self, norm: str) -> tuple[str, ...]:
        """Return the keys that a word meets by itself."""
        if len(self._keys_of) > _MAX_REMEMBERED:
            self._keys_of.clear()
        begun = {norm[:length] for length in self._lengths} & self._prefixes
        self._keys_of[norm] = (norm, *map(beginning, begun))
        return self._keys_of[norm]

    def candidates(self, norms: Sequence[str]) -> int:
        """Return the set of patterns that can match among words with these norms, in this order."""
        known, filed = self._keys_of, self._filed
        keys = chain.from_iterable([known.get(norm) or self._learn(norm) for norm in norms])
        first, second, third, fourth = self._unneeded
        for key in {*keys, *map(WORD_END.join, pairwise(norms)), *map(opening, norms[:1])}:
            if key in filed:
                one, two, three, four = filed[key]
                first |= one
                second |= two
                third |= three
                fourth |= four
        return first & second & third & fourth


def members(patterns: int) -> Iterator[int]:
    """Yield the patterns of a set in order."""
    while patterns:
        lowest = patterns & -patterns
        yield lowest.bit_length() - 1
        patterns ^= lowest
