"""Say which patterns can match in a sentence at all, from the words it holds.

A pattern is filed under the rarest things that it needs, words or two neighbours, and a
sentence looks up only what it holds, so that its cost hardly grows with the number of
patterns. docs/decisions/0002 has the measurements.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from convscan.rules.words import NUMBERED, WORD_END, WORD_START, Tokens

# Of these keys one must be there: a norm, the `beginning` of one, the `opening` one, a `pair` of neighbours,
# or that of a question.
Need = frozenset[str]
# All of these must be met.
Needs = frozenset[Need]

# The key of a sentence that ends with a question mark: no pair, for no word is empty.
QUESTION = WORD_END
# Enough for the vocabulary of any support team; a stream of random text must not fill the memory.
_MAX_REMEMBERED = 50_000
# More leave hardly a pattern out that these let pass.
_NEEDS_LOOKED_AT = 3
_NOTHING: Mapping[str, str] = {}


def beginning(prefix: str) -> str:
    """Return the key of a word that begins so."""
    return WORD_START + prefix


def opening(norm: str) -> str:
    """Return the key of a word that comes first: that of a pair with nothing on its left."""
    return pair("", norm)


def pair(left: str, right: str) -> str:
    """Return the key of two neighbours."""
    return left + WORD_END + right


def is_norm(key: str) -> bool:
    """Tell whether a key is that of a word by itself."""
    return WORD_START not in key and WORD_END not in key


def count_keys(sentences: Iterable[Tokens]) -> Counter[str]:
    """Count what there is in sentences, once a sentence."""
    return Counter(key for tokens in sentences for key in {*tokens.norms, *_other_keys(tokens)})


def _other_keys(tokens: Tokens) -> list[str]:
    """Return what a sentence holds beside words: the opening one, all pairs, and whether it is a question."""
    keys = [*map(WORD_END.join, pairwise(("", *tokens.norms)))]
    if tokens.is_question:
        keys.append(QUESTION)
    return keys


@dataclass(frozen=True, slots=True)
class Filed:
    """Under what patterns are filed: plain data, quick to load, for most of it is never looked at.

    Pattern `p` with its `n`-th rarest need is the number `n * count + p`.

    Attributes:
        count: How many patterns there are.
        words: By word, or the key of a question, the numbers of what it meets, as text with spaces between.
        beginnings: The same by what words begin with.
        pairs: The same by the left of two neighbours, then the right; left of an opening word stands nothing.
        unneeded: Numbers of needs that patterns do not have.
    """

    count: int
    words: Mapping[str, str]
    beginnings: Mapping[str, str]
    pairs: Mapping[str, Mapping[str, str]]
    unneeded: str


def file_patterns(needs: Sequence[Needs], frequencies: Mapping[str, int] | None = None) -> Filed:
    """File every pattern under the rarest things that it needs.

    Args:
        needs: What each pattern needs; one that needs nothing can match anywhere.
        frequencies: How often keys are in such text, by which the rarest are chosen. Only speed depends on it.
    """
    known = frequencies or Counter(key for needed in needs for need in needed for key in need)
    # The same needs stand in many patterns.
    rank = cache(lambda need: (sum(known.get(key, 0) for key in need), len(need), sorted(need)))
    under: dict[str, list[str]] = {}
    unneeded: list[str] = []
    for pattern, needed in enumerate(needs):
        rarest = sorted(needed, key=rank)[:_NEEDS_LOOKED_AT]
        numbers = [str(place * len(needs) + pattern) for place in range(_NEEDS_LOOKED_AT)]
        for need, number in zip(rarest, numbers, strict=False):
            for key in need:
                under.setdefault(key, []).append(number)
        unneeded += numbers[len(rarest) :]
    words: dict[str, str] = {}
    beginnings: dict[str, str] = {}
    pairs: dict[str, dict[str, str]] = {}
    for key in sorted(under):
        left, _, right = key.partition(WORD_END)
        if right:
            pairs.setdefault(left, {})[right] = " ".join(under[key])
        elif key.startswith(WORD_START):
            beginnings[key.removeprefix(WORD_START)] = " ".join(under[key])
        else:
            words[key] = " ".join(under[key])
    return Filed(len(needs), words, beginnings, pairs, " ".join(unneeded))


class Prefilter:
    """The patterns that can match, by the words of a sentence.

    Sets of patterns are whole numbers, pattern n being bit n: joining and intersecting
    them costs next to nothing.
    """

    def __init__(self, filed: Filed) -> None:
        """Take the patterns as they are filed."""
        self._filed = filed
        self._all = (1 << filed.count) - 1
        self._unneeded = _as_set(filed.unneeded)
        self._openings = filed.pairs.get("", _NOTHING)
        # By the first letter, so that a word is compared with few.
        self._beginnings: dict[str, tuple[str, ...]] = {}
        for prefix in filed.beginnings:
            self._beginnings[prefix[0]] = (*self._beginnings.get(prefix[0], ()), prefix)
        # Many keys meet the same.
        self._set_of = cache(_as_set)
        self._met_by: dict[str, tuple[int, Mapping[str, str]]] = {}

    def _learn(self, norm: str) -> tuple[int, Mapping[str, str]]:
        """Return what is met by a word alone, and by its right neighbour with it."""
        filed = self._filed
        met = self._set_of(filed.words[norm]) if norm in filed.words else 0
        beginnings = self._beginnings.get(norm[0], ())
        if norm.startswith(beginnings):
            for prefix in beginnings:
                if norm.startswith(prefix):
                    met |= self._set_of(filed.beginnings[prefix])
        known = met, filed.pairs.get(norm, _NOTHING)
        if not NUMBERED.search(norm):
            if len(self._met_by) > _MAX_REMEMBERED:
                self._met_by.clear()
            self._met_by[norm] = known
        return known

    def candidates(self, tokens: Tokens) -> int:
        """Return the set of patterns that can match in a sentence."""
        known_of, learn, set_of, count = self._met_by.get, self._learn, self._set_of, self._filed.count
        met = self._unneeded
        met_beside = self._openings
        for norm in tokens.norms:
            if norm in met_beside:
                met |= set_of(met_beside[norm])
            met_alone, met_beside = known_of(norm) or learn(norm)
            if met_alone:  # to join with nothing is to copy all
                met |= met_alone
        if tokens.is_question:
            met |= set_of(self._filed.words.get(QUESTION, ""))
        return met & met >> count & met >> 2 * count & self._all


def _as_set(numbers: str) -> int:
    return sum(1 << int(number) for number in numbers.split())


def members(patterns: int) -> Iterator[int]:
    """Yield the patterns of a set in order."""
    while patterns:
        lowest = patterns & -patterns
        yield lowest.bit_length() - 1
        patterns ^= lowest
