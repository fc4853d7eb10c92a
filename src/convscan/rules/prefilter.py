"""Say which patterns can match in a sentence at all, from the words it holds.

A pattern needs words: of every sequence that it stands for, each word that is not
optional. Sequences are filed under the word that says most. A sentence looks up its
own words only, so its cost does not grow with the number of patterns.
docs/decisions/0002 has the measurement.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from convscan.rules.phrase import Slot
from convscan.rules.words import Words

# Enough for the vocabulary of any support team; a stream of random text must not fill the memory.
_REMEMBERED_WORDS = 100_000


# What one sequence of a pattern needs: a word for each of these places.
Needs = frozenset[Slot]
# A word of the vocabulary by its number, or the beginning of one.
_Key = int | str


@dataclass(frozen=True, slots=True)
class _Filed:
    """A sequence that is filed under one of its words, and what else it needs."""

    pattern: int
    others: tuple[frozenset[_Key], ...]

    def can_match(self, present: set[_Key]) -> bool:
        return not any(needed.isdisjoint(present) for needed in self.others)


class Prefilter:
    """The patterns that can match, by the words of a sentence."""

    def __init__(self, needs: Sequence[Iterable[Needs]], words: Words) -> None:
        """File every pattern.

        Args:
            needs: For each pattern what its sequences need; one that needs nothing is always tried.
        """
        self._strings = words.vocab.strings
        self._filed: dict[_Key, list[_Filed]] = {}
        self._always: set[int] = set()
        self._prefixes: set[str] = set()
        self._keys_of = cache(self._keys)
        needed = [_weakest(alternatives) for alternatives in needs]
        uses = Counter(key for some in needed for one in some for slot in one for key in self._keys_of(slot))
        # A word that few patterns speak of is rare in support talk too.
        rarity = cache(lambda slot: (sum(uses[key] for key in self._keys_of(slot)), _spelled(slot)))
        for pattern, alternatives in enumerate(needed):
            for alternative in alternatives:
                self._file(pattern, sorted(alternative, key=rarity))
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._prefixes_of = lru_cache(_REMEMBERED_WORDS)(self._find_prefixes)

    def _file(self, pattern: int, needs: Sequence[Slot]) -> None:
        if not needs:
            self._always.add(pattern)
            return
        first, *others = needs
        filed = _Filed(pattern, tuple(self._keys_of(slot) for slot in others))
        for key in self._keys_of(first):
            self._filed.setdefault(key, []).append(filed)

    def _keys(self, slot: Slot) -> frozenset[_Key]:
        self._prefixes.update(slot.prefixes)
        return frozenset([*map(self._strings.add, slot.norms), *slot.prefixes])

    def _find_prefixes(self, norm: int) -> tuple[str, ...]:
        word = self._strings[norm]
        return tuple(word[:length] for length in self._lengths if word[:length] in self._prefixes)

    def candidates(self, norms: Iterable[int]) -> list[int]:
        """Return, sorted, the patterns that can match among words with these norms."""
        given = set(norms)
        present: set[_Key] = {*given, *(prefix for norm in given for prefix in self._prefixes_of(norm))}
        found = set(self._always)
        for key in present:
            for filed in self._filed.get(key, ()):
                if filed.pattern not in found and filed.can_match(present):
                    found.add(filed.pattern)
        return sorted(found)


def _weakest(alternatives: Iterable[Needs]) -> list[Needs]:
    """Leave out what needs all that another needs, and more."""
    kept: list[Needs] = []
    for needs in sorted(set(alternatives), key=len):
        if not any(weaker <= needs for weaker in kept):
            kept.append(needs)
    return kept


def _spelled(slot: Slot) -> tuple[list[str], list[str]]:
    """Return what orders slots the same way in every run."""
    return sorted(slot.norms), sorted(slot.prefixes)
