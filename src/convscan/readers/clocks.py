"""Read the ways in which files write when in a call something was said."""

import re

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
    hours, minutes, seconds = (int(part or 0) for part in found.group("h", "m", "s"))
    fraction = (found["f"] or "").ljust(3, "0")[:3]
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int(fraction)
