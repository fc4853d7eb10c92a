"""What words that say when mean on a calendar.

Relative to the moment at which they were said, and the same on every machine. No date is guessed: what
depends on more than the words and the timestamp is not resolved.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from convscan.language.ways import Way
from convscan.timestamps import read_moment

_NUMBER_WORDS: Mapping[str, int] = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "twenty-one": 21,
    "twenty-four": 24, "twenty four": 24, "thirty": 30, "thirty-six": 36, "forty": 40, "forty-five": 45,
    "forty-eight": 48, "forty eight": 48, "sixty": 60, "seventy-two": 72, "seventy two": 72, "ninety": 90,
    "couple of": 2, "couple": 2, "a couple of": 2, "a couple": 2, "half an": 0,
}  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_FRIDAY = 4
_SATURDAY = 5
_WEEK_DAYS = 7
_YEAR_MONTHS = 12
_HALF_DAY_HOURS = 12
# "Close of business" is no hour of the clock; five is what the most offices mean by it.
_CLOSE_OF_BUSINESS = time(17)
_DAY_END = time(23, 59, 59)
# Until when the parts of a day last, and from when.
_PARTS = {
    "morning": (time(0), time(12)),
    "lunchtime": (time(12), time(14)),
    "lunch": (time(12), time(14)),
    "afternoon": (time(12), time(18)),
    "evening": (time(17), _DAY_END),
    "night": (time(17), _DAY_END),
}
# A clock time without "am" or "pm" up to this hour is in the afternoon: nobody rings "by 5" in the night.
_LAST_BARE_AFTERNOON_HOUR = 7
# A day and month that lie longer ago are those of the next year.
_MAX_PAST_DAYS = 180
# Offsets that one abbreviation stands for wherever it is used, in hours.
ZONES = {
    "utc": 0.0,
    "gmt": 0.0,
    "bst": 1.0,
    "cet": 1.0,
    "cest": 2.0,
    "est": -5.0,
    "edt": -4.0,
    "cdt": -5.0,
    "mst": -7.0,
    "mdt": -6.0,
    "pst": -8.0,
    "pdt": -7.0,
}
_DIGITS = Way(r"(\d{1,2})(?::(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Interval:
    """From when until when, as precisely as the words say.

    Attributes:
        start: First moment at which it may happen; None if any moment from the words on will do.
        end: Last moment.
    """

    start: datetime | None
    end: datetime


def moment(timestamp: str | None) -> datetime | None:
    """Return a timestamp as a moment, None if it is neither in ISO 8601 nor counts from 1970.

    Example:
        >>> moment("2026-03-02T10:14:00Z").isoformat()
        '2026-03-02T10:14:00+00:00'
    """
    return read_moment(timestamp)


def is_after(one: datetime | None, other: datetime | None, *, by: timedelta = timedelta(0)) -> bool:
    """Tell whether one moment is surely later than another: unknown ones never are.

    Args:
        by: How much later it must be at least; a negative time lets it be so much earlier.
    """
    if one is None or other is None or (one.tzinfo is None) is not (other.tzinfo is None):
        return False
    # Exports write 9999-12-31 for "never": to that nothing can be added, but it has a distance.
    return one - other > by


def is_clock(found: re.Match[str]) -> bool:
    """Whether a time is one of the clock, and no day."""
    return bool(found["clock"])


def meaning(parts: tuple[re.Match[str], ...], said: datetime | None) -> Interval | None:
    """Return what some times that belong together mean, said at a moment; None if that cannot be told.

    Args:
        parts: Found by `times`; the group that matched says of what kind each is.
        said: When the words were said; its time zone is kept.
    """
    if said is None:
        return None
    try:
        return _resolved(parts, said)
    except (ValueError, OverflowError):  # the 31st of June, the year 10000
        return None


def _resolved(parts: tuple[re.Match[str], ...], said: datetime) -> Interval | None:
    # "Monday 9 March", "end of the day tomorrow": the date says more than the day of the week, and that than its end.
    days = sorted(
        (one for one in parts if not is_clock(one)),
        key=lambda one: (not one["date"], not one["weekday"], not one["tomorrow"]),
    )
    clocks = [one for one in parts if is_clock(one)]
    interval = _interval(days[0], said) if days else None
    if days and interval is None:
        return None
    if not clocks:
        return interval
    at_clock = _at_clock(clocks[0], interval.end.date() if interval else None, said)
    if at_clock and interval and interval.start and _is_half_too_early(clocks[0], interval.start, at_clock.end):
        half = timedelta(hours=_HALF_DAY_HOURS)
        return Interval(at_clock.start + half if at_clock.start else None, at_clock.end + half)
    return at_clock


def _is_half_too_early(found: re.Match[str], part: datetime, end: datetime) -> bool:
    """Whether an hour belongs to the second half of the day by the part of the day that is named: "by 9 tonight"."""
    is_morning = "am" in found[0].lower().replace(".", "")
    return part.hour >= _HALF_DAY_HOURS and end.hour < _HALF_DAY_HOURS and not is_morning


def _interval(found: re.Match[str], said: datetime) -> Interval | None:
    kind = next(name for name in _MEANINGS if found[name])
    return _MEANINGS[kind](found, said)


def _day(day: date, said: datetime, part: str | None = None, *, by: bool = False) -> Interval:
    first, last = _PARTS[part.strip().lower()] if part else (time(0), _DAY_END)
    start = None if by else datetime.combine(day, first, said.tzinfo)
    return Interval(start, datetime.combine(day, last, said.tzinfo))


def _is_by(found: re.Match[str]) -> bool:
    return found[0].lower().startswith(("by ", "before ", "until ", "till ", "within "))


def _span(found: re.Match[str], said: datetime) -> Interval | None:
    low, high = _amount(found["low"]), _amount(found["high"] or found["low"])
    unit = found["unit"].lower()
    is_range = bool(found["high"])
    if found["low"].lower() == "half an":
        return Interval(None, said + timedelta(minutes=30)) if unit.startswith("h") else None
    high += (found["ortwo"] or "").endswith("two")
    if unit.startswith(("min", "h")):
        step = timedelta(minutes=1) if unit.startswith("min") else timedelta(hours=1)
        return Interval(said + low * step if is_range else None, said + high * step)
    if unit.startswith("month"):
        start, end = _months_on(said.date(), low), _months_on(said.date(), high)
    elif unit.startswith("day") and found["business"]:
        start, end = _business_days_on(said.date(), low), _business_days_on(said.date(), high)
    else:
        days = 1 if unit.startswith("day") else _WEEK_DAYS * (2 if unit == "fortnight" else 1)
        start, end = (said.date() + timedelta(days=days * count) for count in (low, high))
    return Interval(_day(start, said).start if is_range else None, _day(end, said).end)


def _single(found: re.Match[str], said: datetime) -> Interval:
    count = 2 if (found["singletwo"] or "").endswith("two") else 1
    unit = found["single"].lower()
    if unit == "hour":
        return Interval(None, said + timedelta(hours=count))
    if unit == "month":
        return _day(_months_on(said.date(), count), said, by=True)
    return _day(said.date() + timedelta(days=count * (1 if unit == "day" else _WEEK_DAYS)), said, by=True)


def _amount(words: str) -> int:
    lower = " ".join(words.lower().split())
    return int(lower) if lower.isdigit() else _NUMBER_WORDS[lower]


def _business_days_on(day: date, count: int) -> date:
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day


def _months_on(day: date, count: int) -> date:
    years, month = divmod(day.month - 1 + count, _YEAR_MONTHS)
    last = (
        date(day.year + years + (month == _YEAR_MONTHS - 1), (month + 1) % _YEAR_MONTHS + 1, 1) - timedelta(days=1)
    ).day
    return date(day.year + years, month + 1, min(day.day, last))


def _close(_: re.Match[str], said: datetime) -> Interval:
    return Interval(None, datetime.combine(said.date(), _CLOSE_OF_BUSINESS, said.tzinfo))


def _end_of_day(_: re.Match[str], said: datetime) -> Interval:
    return _day(said.date(), said, by=True)


def _monday(said: datetime) -> date:
    return said.date() - timedelta(days=said.weekday())


def _weekend(found: re.Match[str], said: datetime) -> Interval:
    friday, sunday = (_monday(said) + timedelta(days=days) for days in (_FRIDAY, _SATURDAY + 1))
    if found["endof"] or found["before"]:
        last = friday if said.date() <= friday else sunday
        return _day(last, said, by=True)
    return Interval(_day(sunday - timedelta(days=1), said).start, _day(sunday, said).end)


def _end_of_next_week(_: re.Match[str], said: datetime) -> Interval:
    return _day(_monday(said) + timedelta(days=_WEEK_DAYS + _FRIDAY), said, by=True)


def _end_of_month(found: re.Match[str], said: datetime) -> Interval:
    first = _months_on(said.date().replace(day=1), 2 if found["nextmonthend"] else 1)
    return _day(first - timedelta(days=1), said, by=True)


def _week(found: re.Match[str], said: datetime) -> Interval:
    monday = _monday(said) + timedelta(days=_WEEK_DAYS if found["which"].lower() == "next" else 0)
    start = _day(monday, said).start if found["which"].lower() == "next" else None
    return Interval(start, _day(monday + timedelta(days=_WEEK_DAYS - 1), said).end)


def _month(found: re.Match[str], said: datetime) -> Interval:
    first = said.date().replace(day=1)
    is_next = found["whichmonth"].lower() == "next"
    start = _months_on(first, 1) if is_next else first
    end = _months_on(start, 1) - timedelta(days=1)
    return Interval(_day(start, said).start if is_next else None, _day(end, said).end)


def _today(found: re.Match[str], said: datetime) -> Interval:
    words = found[0].lower()
    part = found["todaypart"] or ("night" if "tonight" in words else None)
    if "overnight" in words:
        return Interval(None, datetime.combine(said.date() + timedelta(days=1), time(9), said.tzinfo))
    day = _day(said.date(), said, part)
    return Interval(day.start if part else None, day.end)


def _tomorrow(found: re.Match[str], said: datetime) -> Interval:
    days = 2 if found["dayafter"] else 1
    part = found["tomorrowpart"] or ("morning" if "first thing" in found[0].lower() else None)
    return _day(said.date() + timedelta(days=days), said, part, by=_is_by(found))


def _next_day(found: re.Match[str], said: datetime) -> Interval:
    day = _business_days_on(said.date(), 1) if found["bizday"] else said.date() + timedelta(days=1)
    return _day(day, said)


def _part(found: re.Match[str], said: datetime) -> Interval | None:
    # Of the same day one says "this morning"; "in the evening" may be this one or the next.
    return _day(said.date() + timedelta(days=1), said, "morning") if found["whichpart"].lower() == "morning" else None


def _weekday(found: re.Match[str], said: datetime) -> Interval:
    number = next(n for n, name in enumerate(_WEEKDAYS) if name.startswith(found["day"].lower()[:3]))
    is_next = (found["whichday"] or "").lower() == "next" or found[0].lower().endswith("next week")
    if is_next:
        day = _monday(said) + timedelta(days=_WEEK_DAYS + number)
    else:
        # Said on a Friday, "by Friday" is the next: of the same day one says "today".
        day = said.date() + timedelta(days=(number - said.weekday() - 1) % _WEEK_DAYS + 1)
    before = timedelta(days=1) if found[0].lower().startswith("before ") else timedelta(0)
    return _day(day - before, said, found["daypart"], by=_is_by(found))


def _iso_date(found: re.Match[str], said: datetime) -> Interval:
    return _day(date.fromisoformat(found["isodate"]), said, by=_is_by(found))


def _date(found: re.Match[str], said: datetime) -> Interval:
    day = int(found["dom"] or found["dom2"] or found["dom3"])
    month = (found["mon"] or found["mon2"] or "").lower()[:3]
    year = found["year"] or found["year2"]
    today = said.date()
    if not month:
        this = today.replace(day=1)
        this = this if day >= today.day else _months_on(this, 1)
        return _day(this.replace(day=day), said, by=_is_by(found))
    number = next(n for n, name in enumerate(_MONTHS, start=1) if name.startswith(month))
    meant = date(int(year) if year else today.year, number, day)
    if not year and (today - meant).days > _MAX_PAST_DAYS:
        meant = meant.replace(year=meant.year + 1)
    return _day(meant, said, by=_is_by(found))


_MEANINGS: Mapping[str, Callable[[re.Match[str], datetime], Interval | None]] = {
    "span": _span,
    "hourspan": _single,
    "close": _close,
    "eod": _end_of_day,
    "weekend": _weekend,
    "nextend": _end_of_next_week,
    "monthend": _end_of_month,
    "week": _week,
    "month": _month,
    "today": _today,
    "tomorrow": _tomorrow,
    "first": _next_day,
    "part": _part,
    "weekday": _weekday,
    "iso": _iso_date,
    "date": _date,
}


def _at_clock(found: re.Match[str], day: date | None, said: datetime) -> Interval | None:
    zone = found["zone"]
    if zone:
        said = said.astimezone(timezone(timedelta(hours=ZONES[zone.lower()]))) if said.tzinfo else said
    half = {"morning": " am", "afternoon": " pm", "evening": " pm"}.get(found["clockpart"] or "", "")
    hour = found["hour"] or found["onlyhour"]
    last = _clock(hour + half if hour.isdigit() else hour, said if day is None else None)
    if last is None:
        return None
    end = datetime.combine(day or said.date(), last, said.tzinfo)
    if day is None and end <= said:
        end += timedelta(days=1)
    first = _clock(found["from"], None) if found["from"] else None
    start = datetime.combine(end.date(), first, said.tzinfo) if first and first < last else None
    is_point = found[0].lower().startswith(("at ", "around ", "about ")) or bool(found["onlyhour"])
    return Interval(start or (end if is_point else None), end)


def _clock(words: str, said: datetime | None) -> time | None:
    """Return a time of the clock.

    Args:
        said: When it was said, if the day is that day: "by 10" said at noon is in the evening.
    """
    lower = words.lower().replace(".", ":").replace(" ", "")
    if lower in {"noon", "midday"}:
        return time(12)
    if lower == "midnight":
        return _DAY_END
    digits = _DIGITS.match(lower)
    hour = int(digits[1]) if digits else _NUMBER_WORDS.get(lower.replace("o'clock", ""), 0)
    minute = int(digits[2] or 0) if digits else 0
    rest = lower[digits.end() :].replace(":", "") if digits else ""
    if rest.startswith("p") and hour < _HALF_DAY_HOURS:
        hour += _HALF_DAY_HOURS
    elif rest.startswith("a") and hour == _HALF_DAY_HOURS:
        hour = 0
    elif not rest.startswith(("a", "p")) and not (digits and digits[2]) and hour < _HALF_DAY_HOURS:
        is_past = said is not None and time(hour) <= said.time()
        if hour <= _LAST_BARE_AFTERNOON_HOUR or is_past:
            hour += _HALF_DAY_HOURS
    return time(hour, minute) if hour < 24 else None  # noqa: PLR2004 # hours of a day
