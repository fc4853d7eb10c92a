"""The time that one record may take, carried through all that is asked of it."""

import math
import time
from dataclasses import dataclass


class TimeIsUpError(Exception):
    """Said where work is given up because the time of a record is over; who asked for it says what was left out."""


@dataclass(frozen=True, slots=True)
class Clock:
    """When the time of a record is over. Once it runs, nothing but `check` looks at the time.

    Attributes:
        ends: In seconds of `time.monotonic`.
    """

    ends: float = math.inf

    @classmethod
    def of(cls, seconds: float) -> "Clock":
        """Return a clock that begins to run now."""
        return cls(time.monotonic() + seconds)

    def check(self) -> None:
        """Go on only if there is time.

        Raises:
            TimeIsUpError: If there is none left.
        """
        if time.monotonic() > self.ends:
            raise TimeIsUpError


UNLIMITED = Clock()
