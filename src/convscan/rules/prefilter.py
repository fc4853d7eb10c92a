"""Say which patterns can match in a sentence at all, from the words it holds.

A pattern is filed under the rarest thing that it needs, a word or two neighbours, and a
sentence looks up only what it holds, so that its cost hardly grows with the number of
patterns. docs/decisions/0002 has the measurements.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from convscan.rules.words import WORD_END, WORD_START

# Of these keys one must be there: a norm, the `beginning` of one, or a `pair` of neighbours.
Need = frozenset[str]
# All of these must be met.
Needs = frozenset[Need]

# Enough for the vocabulary of any support team; a stream of random text must not fill the memory.
_REMEMBERED_WORDS = 20_000


def beginning(prefix: str) -> str:
    """Return the key of a word that begins so."""
    return WORD_START + prefix


def pair(left: str, right: str) -> str:
    """Return the key of two neighbours."""
    return left + WORD_END + right


class Prefilter:
    """The patterns that can match, by the words of a sentence."""

    def __init__(self, needs: Sequence[Needs]) -> None:
        """File every pattern.

        Args:
            needs: What each pattern needs; one that needs nothing can match anywhere.
        """
        self._always = [pattern for pattern, needed in enumerate(needs) if not needed]
        self._filed: dict[str, list[tuple[int, tuple[Need, ...]]]] = {}
        # What many patterns name is frequent in support talk too.
        uses = Counter(key for needed in needs for need in needed for key in need)
        # The same needs stand in many patterns.
        rank = cache(lambda need: (sum(uses[key] for key in need), sorted(need)))
        for pattern, needed in enumerate(needs):
            if needed:
                rarest, *others = sorted(needed, key=rank)
                filed = (pattern, tuple(others))
                for key in rarest:
                    self._filed.setdefault(key, []).append(filed)
        self._prefixes = frozenset(key.removeprefix(WORD_START) for key in uses if key.startswith(WORD_START))
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._beginnings = lru_cache(_REMEMBERED_WORDS)(self._find_beginnings)

    def _find_beginnings(self, norm: str) -> tuple[str, ...]:
        return tuple(map(beginning, {norm[:length] for length in self._lengths} & self._prefixes))

    def candidates(self, norms: Sequence[str]) -> list[int]:
        """Return, sorted, the patterns that can match among words with these norms, in this order."""
        present = {*norms, *(f"{left}{WORD_END}{right}" for left, right in pairwise(norms))}
        for norm in norms:
            present.update(self._beginnings(norm))
        found = set(self._always)
        for key in self._filed.keys() & present:
            for pattern, others in self._filed[key]:
                if not any(map(present.isdisjoint, others)):
                    found.add(pattern)
        return sorted(found)
