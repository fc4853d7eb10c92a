"""The mean of some conversations' points, with what it may be off by."""

import math
from dataclasses import dataclass

# With fewer conversations nothing is said of where the mean lies: points are skewed, and the interval
# holds only for means of many. Source: a convention, docs/balance.md.
FEWEST = 10

# Quantile of the standard normal distribution that leaves 2.5 % above it: two-sided 95 %.
_Z_95 = 1.959963984540054


@dataclass(slots=True)
class Mean:
    """A mean that is the same in whatever order its points come.

    Attributes:
        n: Conversations that were added.
        total: Sum of their points, in hundredths.
        squares: Sum of the squares of these.
    """

    n: int = 0
    total: int = 0
    squares: int = 0

    def add(self, points: float) -> None:
        """Add the points of one conversation, which are whole hundredths."""
        hundredths = round(points * 100)
        self.n += 1
        self.total += hundredths
        self.squares += hundredths**2

    @property
    def value(self) -> float | None:
        """Points a conversation; None without any."""
        return self.total / self.n / 100 if self.n else None

    @property
    def is_telling(self) -> bool:
        """Whether there are enough conversations to compare it with another."""
        return self.n >= FEWEST

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the mean of many such conversations lies in 95 of 100 cases; None for too few."""
        if not self.is_telling:
            return None
        variance = (self.n * self.squares - self.total**2) / (self.n * (self.n - 1))
        half = t_95(self.n - 1) * math.sqrt(variance / self.n)
        centre = self.total / self.n
        return (centre - half) / 100, (centre + half) / 100


def t_95(freedom: int) -> float:
    """Return the quantile of Student's t that leaves 2.5 % above it.

    Args:
        freedom: Degrees of freedom; from 5 on it is right to three decimals.

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.5.
    """
    z = _Z_95
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + math.fsum(term / float(freedom) ** power for power, term in enumerate(terms, start=1))
