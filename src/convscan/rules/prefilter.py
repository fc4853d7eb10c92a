"""Say which patterns can match in a sentence at all, from the words it holds.

A pattern is filed under the rarest things that it needs, words or two neighbours, and a
sentence looks up only what it holds, so that its cost hardly grows with the number of
patterns. docs/decisions/0002 has the measurements.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

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


def is_norm(key: str) -> bool:
    """Tell whether a key is that of a word by itself."""
    return WORD_START not in key and WORD_END not in key


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
        self._count = len(needs)
        filed: dict[str, int] = {}
        self._unneeded = 0
        for pattern, needed in enumerate(needs):
            rarest = sorted(needed, key=rank)[:_NEEDS_LOOKED_AT]
            for place, need in enumerate(rarest):
                for key in need:
                    filed[key] = filed.get(key, 0) | 1 << place * self._count + pattern
            for place in range(len(rarest), _NEEDS_LOOKED_AT):
                self._unneeded |= 1 << place * self._count + pattern
        self._filed = filed
        self._beginnings: dict[str, set[str]] = {}
        for key in filed:
            if key.startswith(WORD_START):
                self._beginnings.setdefault(key[1:2], set()).add(key[1:])
        self._met_by: dict[str, tuple[int, ...]] = {}

    def _learn(self, norm: str) -> tuple[int, ...]:
        """Return what is met by a word alone."""
        if len(self._met_by) > _MAX_REMEMBERED:
            self._met_by.clear()
        keys = [norm, *map(beginning, filter(norm.startswith, self._beginnings.get(norm[0], ())))]
        self._met_by[norm] = tuple(self._filed[key] for key in keys if key in self._filed)
        return self._met_by[norm]

    def candidates(self, norms: Sequence[str]) -> int:
        """Return the set of patterns that can match among words with these norms, in this order."""
        known, filed, count = self._met_by, self._filed, self._count
        met = self._unneeded
        for norm in norms:
            for patterns in known[norm] if norm in known else self._learn(norm):
                met |= patterns
        for key in [*map(WORD_END.join, pairwise(norms)), *map(opening, norms[:1])]:
            if key in filed:
                met |= filed[key]
        return met & met >> count & met >> 2 * count & met >> 3 * count & (1 << count) - 1


def members(patterns: int) -> Iterator[int]:
    """Yield the patterns of a set in order."""
    while patterns:
        lowest = patterns & -patterns
        yield lowest.bit_length() - 1
        patterns ^= lowest
