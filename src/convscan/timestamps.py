"""Read when something was said, in whichever way a source writes it."""

import re
from datetime import UTC, datetime

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+]?\d{1,2})?", re.ASCII)
# As `20260302`; `fromisoformat` reads longer runs of digits too, and makes 13 of them the year 1772.
_DAY = re.compile(r"\d{8}", re.ASCII)
# From 1973 to 2286 in seconds, and from 2001 in finer units: a number between these counts nothing since 1970.
# Twelve digits are left out, for they may be `202603021014`.
_UNITS = ((1e8, 1e10, 1), (1e12, 1e13, 10**3), (1e15, 1e16, 10**6), (1e18, 1e19, 10**9))


def number_in(written: str | None) -> float | None:
    """Return the number that a text is; None if it is none.

    Example:
        >>> number_in("1772012512345"), number_in("10:14")
        (1772012512345.0, None)
    """
    text = (written or "").strip()
    return float(text) if _NUMBER.fullmatch(text) else None


def read_moment(written: str | None) -> datetime | None:
    """Return when something was said; None if it is neither ISO 8601 nor a number that counts from 1970.

    Other forms are not read: 03/04 is a day in March to some and in April to others.

    Returns:
        With a time zone if one is written; what counts from 1970 is in UTC.

    Example:
        >>> read_moment("1772012512345").isoformat()
        '2026-02-25T09:41:52.345000+00:00'
    """
    text = (written or "").strip()
    number = None if _DAY.fullmatch(text) else number_in(text)
    if number is not None:
        return _since_1970(number)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def as_iso(written: str) -> str:
    """Return a number that counts from 1970 in ISO 8601, and whatever else is written as it stands."""
    found = read_moment(written)
    if found is None or number_in(written) is None or _DAY.fullmatch(written.strip()):
        return written
    return found.isoformat(timespec="auto" if found.microsecond else "seconds").replace("+00:00", "Z")


def _since_1970(number: float) -> datetime | None:
    unit = next((unit for low, high, unit in _UNITS if low <= number < high), None)
    return None if unit is None else datetime.fromtimestamp(number / unit, UTC)
