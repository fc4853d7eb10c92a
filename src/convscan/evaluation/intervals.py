"""Figures with their uncertainty: a share of 30 cases is not a share of 3 000."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Quantile of the standard normal distribution that leaves 2.5 % above it: two-sided 95 %.
Z_95 = 1.959963984540054

# A percentile interval's ends vary by about 0.01 at this number, and it takes well under a second.
# Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), section 13.3, advise 1000 or more.
RESAMPLES = 1000

# Any number will do, as long as it stays: same gold and results, same interval.
BOOTSTRAP_SEED = 20260301

# Conversations drawn in one go: 8 MB of numbers, so that memory does not grow with the gold.
_DRAWN_AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class Interval:
    """The range that holds the true figure in 95 of 100 samples of this size."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured figure in [0, 1].

    Attributes:
        value: None where there was nothing to measure.
        interval: None where the value is.
    """

    value: float | None = None
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How claims of a scan compare with gold.

    Attributes:
        gold: Claims that all annotators make.
        tp: Claims of the scan that all annotators make too.
        fp: Claims of the scan that no annotator makes.
        fn: Claims that all annotators make and the scan does not.
        contested: Claims of the scan that some annotators make; they score neither way.
        said: Claims made, added up over the annotators.
    """

    gold: int = 0
    tp: int = 0
    fp: int = 0
    fn: int = 0
    contested: int = 0
    said: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            gold=self.gold + other.gold,
            tp=self.tp + other.tp,
            fp=self.fp + other.fp,
            fn=self.fn + other.fn,
            contested=self.contested + other.contested,
            said=self.said + other.said,
        )

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None if nothing was claimed by either side."""
        whole = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / whole if whole else None


def wilson(right: int, n: int) -> Estimate:
    """Return the share `right / n` with its Wilson score interval.

    Unlike the textbook interval it stays within [0, 1] and has a width at 0 and 1.

    Source: E. B. Wilson, Probable inference, JASA 22 (1927), formula without continuity correction.
    """
    if n == 0:
        return Estimate()
    share = right / n
    spread = Z_95**2 / n
    centre = (share + spread / 2) / (1 + spread)
    half = Z_95 * sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return Estimate(share, Interval(max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))))


def f1_intervals(tables: Sequence[Mapping[str, Counts]], rows: Sequence[frozenset[str]]) -> tuple[Interval | None, ...]:
    """Return a percentile bootstrap interval of F1 for each row.

    F1 is no share of independent cases, so no formula holds. Whole conversations are drawn
    with replacement, because what is found in one conversation hangs together.
    With few cases, or none that is wrong, the draws agree and the interval is too narrow.
    A draw in which F1 is undefined is left out of that row's percentiles.

    Args:
        tables: One per conversation: the counts of each label in it.
        rows: The labels that each row adds up.

    Returns:
        One interval per row, in the order of the rows; None where F1 is never defined.
    """
    import numpy as np  # here: the command line must not wait for numpy to print its help

    if not tables:
        return (None,) * len(rows)
    seen = np.zeros((len(tables), len(rows), 2))
    for conversation, table in enumerate(tables):
        for label, counts in table.items():
            for row in (index for index, labels in enumerate(rows) if label in labels):
                seen[conversation, row] += (counts.tp, counts.fp + counts.fn)
    draws = np.concatenate([np.tensordot(drawn, seen, axes=1) for drawn in _draws(len(tables))])
    return tuple(_percentiles(draws[:, row, 0].tolist(), draws[:, row, 1].tolist()) for row in range(len(rows)))


def _draws(size: int) -> "Iterator[NDArray[np.int64]]":
    """Yield how often each conversation is drawn, shape (n_draws, size), `RESAMPLES` draws in all."""
    import numpy as np  # here: see f1_intervals

    generator = np.random.default_rng(BOOTSTRAP_SEED)
    at_once = max(1, _DRAWN_AT_ONCE // size)
    for done in range(0, RESAMPLES, at_once):
        count = min(at_once, RESAMPLES - done)
        chosen = generator.integers(0, size, (count, size)) + size * np.arange(count)[:, np.newaxis]
        yield np.bincount(chosen.ravel(), minlength=count * size).reshape(count, size)


def _percentiles(hits: Sequence[float], wrongs: Sequence[float]) -> Interval | None:
    import numpy as np  # here: see f1_intervals

    scores = [2 * tp / (2 * tp + wrong) for tp, wrong in zip(hits, wrongs, strict=True) if tp + wrong]
    if not scores:
        return None
    low, high = np.percentile(scores, (2.5, 97.5)).tolist()
    return Interval(low, high)
