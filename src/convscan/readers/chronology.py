"""The order in which messages were sent: one rule for tables, helpdesks, speech and vCon.

1. If every message has a time and they can be compared, the times say the order. Of two of one
   moment the later one stands first where the newest does.
2. Else the messages stay as they stand; but if the first time that is known is later than the
   last, the newest stand first, and all are turned round.

Times with a zone and times without one cannot be compared, for nobody knows which zone is meant.
Numbers are compared with numbers, whatever they count.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from convscan.timestamps import number_in, read_moment

_Sent = TypeVar("_Sent")


def in_order(items: Iterable[_Sent], sent: Callable[[_Sent], str | None]) -> list[_Sent]:
    """Return messages as they were sent; see the rule at the top of this file.

    Args:
        sent: Tells when a message was sent, as the source writes it.
    """
    found = list(items)
    times = _comparable([sent(item) for item in found])
    known = [time for time in times if time is not None]
    is_newest_first = bool(known) and known[0] > known[-1]
    places = range(len(found))[:: -1 if is_newest_first else 1]
    if len(known) == len(found):
        return [found[place] for place in sorted(places, key=known.__getitem__)]
    return [found[place] for place in places]


def say_order(written: Iterable[str | None]) -> bool:
    """Tell whether times say the order by themselves: each is known, and all can be compared."""
    return None not in _comparable(list(written))


def _comparable(written: Sequence[str | None]) -> list[float | None]:
    """Return times as numbers to compare; None for what cannot be compared with the first that is known."""
    numbers = [number_in(one) for one in written]
    if None not in numbers:
        return numbers
    moments = [read_moment(one) for one in written]
    has_zone = next((moment.tzinfo is not None for moment in moments if moment is not None), False)
    return [_seconds(moment) if _has_zone(moment) is has_zone else None for moment in moments]


def _has_zone(moment: datetime | None) -> bool | None:
    return None if moment is None else moment.tzinfo is not None


def _seconds(moment: datetime | None) -> float | None:
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
