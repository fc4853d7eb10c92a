"""Read the ways in which files write when something was said: by the clock, or in the call."""

import re
from datetime import UTC, datetime, timedelta

from convscan.timestamps import read_moment

# 1:02, 01:02:03, 01:02:03.5, 01:02:03,500: hours may be missing, as in WebVTT.
_CLOCK = re.compile(r"(?:(?P<h>\d{1,4}):)?(?P<m>\d{1,2}):(?P<s>\d{1,2})(?:[.,](?P<f>\d{1,9}))?", re.ASCII)


def offset_ms(value: object) -> int | None:
    """Return a time from the start of the call in milliseconds; None if it is none.

    Args:
        value: Seconds as a number or as text, or a time such as `01:02:03.500`.

    Example:
        >>> offset_ms("01:02.5"), offset_ms(62.5), offset_ms("62.5")
        (62500, 62500, 62500)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        found = _CLOCK.fullmatch(value.strip())
        if found is not None:
            return _clock_ms(found)
        try:
            value = float(value)
        except ValueError:
            return None
    if not isinstance(value, int | float) or not abs(value) < _TOO_LONG_S:
        return None
    return round(value * 1000)


# A hundred days; what is larger is a date in seconds, or no time at all.
_TOO_LONG_S = 100 * 24 * 3600


def _clock_ms(found: re.Match[str]) -> int:
    hours, minutes, seconds, fraction = found.groups("0")
    whole_seconds = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return whole_seconds * 1000 + int(fraction.ljust(3, "0")[:3])


def milliseconds(seconds: float | None) -> int | None:
    """Return seconds as whole milliseconds."""
    return None if seconds is None else round(seconds * 1000)


def whole(number: float | None) -> int | None:
    """Return a number of milliseconds as a whole number."""
    return None if number is None else round(number)


# Before 1973 nobody recorded calls as JSON: a smaller number is an offset and no date.
_FIRST_EPOCH_MS = 100_000_000_000


def clock_time(epoch_ms: float | None) -> str | None:
    """Return milliseconds since 1970 as ISO 8601; None if that is no plausible time of a call."""
    if epoch_ms is None or epoch_ms < _FIRST_EPOCH_MS:
        return None
    try:
        return _iso(datetime.fromtimestamp(epoch_ms / 1000, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def clock_time_after(start: str | None, offset_ms: int | None) -> str | None:
    """Return the time so long after another, ISO 8601; None if either is not known."""
    begun = read_moment(start)
    if begun is None or offset_ms is None:
        return None
    try:
        return _iso(begun + timedelta(milliseconds=offset_ms))
    except OverflowError:
        return None


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
