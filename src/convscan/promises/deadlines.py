"""By when something was promised: the words that say it, and what they mean on a calendar.

A small grammar of its own: everything it knows is English, relative to the moment at
which the words were said, and the same on every machine. No date is guessed: what depends
on more than the words and the timestamp ("soon", "4/5", no timestamp) is not resolved.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from convscan.promises.ways import Way
from convscan.rules.words import lowered, plain

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
_ZONES = {
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

_NUM = (
    r"\d{1,3}|a\ couple(?:\ of)?|couple(?:\ of)?|half\ an|an?|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|fourteen|fifteen|twenty[-\\ ]four|twenty-one|twenty|thirty-six|thirty|forty[-\\ ]eight"
    r"|forty-five|forty|sixty|seventy[-\\ ]two|ninety"
)
_UNIT = r"minutes?|mins?|hours?|hrs?|h|days?|weeks?|wks?|fortnight|months?"
_WEEKDAY = r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_PART = "morning|afternoon|evening|night|lunchtime"
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?\s?(?:[ap]m\b|[ap]\.m\.|o'?\ ?clock)|\d{1,2}[:.]\d{2}|noon|midday|midnight"
_BARE_HOUR = r"\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"

# What may follow an hour without "am" or "pm": "by 5 today", but neither "by 5 pounds" nor "at 12 Mill Lane".
_AFTER_HOUR = (
    rf"\s*(?:$|[,;!?)]|\.(?!\d)|(?:on|today|tonight|tomorrow|and|but|or|if|so|at|to|with|the\slatest|this|in|sharp"
    rf"|{_WEEKDAY}|{'|'.join(_ZONES)})\b)"
)

# How any of the alternatives below begins: seen at once where none can, as at most words.
_OPENINGS = (
    r"\d|within|in|under|after|take|allow|over|the|next|coming|about|around|roughly|approximately|another|at|up|maximum"
    r"|less|just|an?\b|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|twenty|thirty"
    r"|forty|sixty|seventy|ninety|a\ couple|couple|half|by|close|co[bp]|before|end|eo[dw]|for|this|on|week's|early|late"
    r"|some|during|still|to[dnm]|same|first|day|tmr|mon|tue|wed|thu|fri|sat|sun|un|till|come|from|jan|feb|mar|apr|may"
    r"|jun|jul|aug|sep|oct|nov|dec|between|no|mid|as|very|pretty|soon|shortly|momentarily|right|straight|immediately"
    r"|without"
)
# Alternatives are tried in this order at each place; the name of the group is the kind of time.
_TIME = Way(
    rf"""(?x)(?<![\w'])(?={_OPENINGS})(?:
      (?P<span>(?:(?P<lead>within|in|inside|under|after|takes?|allow|over)\s)?(?:the\s)?
        (?:(?:next|coming|about|around|roughly|approximately|another|at\ (?:most|least)|up\ to|maximum|less\ than
            |just)\s)*
        (?P<low>{_NUM})(?:\s?(?:-|\u2013|\u2014|to|or)\s?(?P<high>{_NUM}))?(?:\s?-?\s?|\sfull\s|\sof\s)
        (?P<business>(?:business|working|work|banking)\s)?(?P<unit>{_UNIT})(?P<ortwo>\sor\s(?:so|two))?)
    | (?P<hourspan>(?:within|in|over|inside)\s(?:the|the\snext)\s(?P<single>hour|day|week
        |month)(?P<singletwo>\sor\s(?:so|two))?)
    | (?P<close>(?:by\s)?(?:(?:the\s)?close\sof\s(?:business|play|day)|cob|cop)(?P<closeday>\stoday)?)
    | (?P<eod>(?:by\s|before\s|at\s)?(?:the\s)?(?:end\sof\s(?:the\s|my\s|our\s)?(?:working\s|business\s)?(?:day
        |shift|play|today|tonight)
        |eod)(?P<eodday>\stoday)?)
    | (?P<weekend>(?:by\s|before\s|at\s|over\s|this\s|for\s)?(?:the\s)?(?P<endof>end\sof\s(?:the\s|this\s)?week|eow
        |week's\send)
        |(?P<before>by|before)\s(?:the|this)\sweekend|(?:over|at|this|on)\s?(?:the|this)?\sweekend)
    | (?P<nextend>(?:by\s|before\s|at\s)?(?:the\s)?end\sof\snext\sweek)
    | (?P<monthend>(?:by\s|before\s|at\s)?(?:the\s)?end\sof\s(?:(?:the|this|(?P<nextmonthend>next))\s)?month)
    | (?P<week>(?:(?:early|later?|some\s?time|sometime|during|by|in)\s)?(?P<which>this|next)\sweek)
    | (?P<month>(?P<whichmonth>this|next)\smonth)
    | (?P<today>(?:later\s|by\s|before\s|still\s)?(?:today|tonight|overnight|this\s(?P<todaypart>{_PART})
        |the\ssame\sday|same\sday))
    | (?P<tomorrow>(?:by\s|before\s|first\sthing\s|on\s)?(?P<dayafter>(?:the\s)?day\safter\s)?(?:tomm?orr?ow|tmrw|tmr)
        (?P<tomorrowpart>\s(?:{_PART}))?)
    | (?P<first>(?:by\s|the\s)?next\s(?P<bizday>(?:business|working)\s)?day)
    | (?P<weekday>(?:(?:by|on|before|until|till|come|from)\s)?(?:the\s)?(?:(?:end\sof|close\sof\splay|cob|latest)\s)?
        (?:(?P<whichday>next|this|coming)\s)?(?P<day>{_WEEKDAY})(?:'s)?(?P<daypart>\s(?:{_PART}
            |lunchtime))?(?:\snext\sweek)?)
    | (?P<iso>(?:(?:by|on|before|until)\s)?(?P<isodate>\d{{4}}-\d{{2}}-\d{{2}}))
    | (?P<date>(?:(?:by|on|before|until|from|for)\s)?(?:the\s)?
        (?:(?P<dom>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<mon>{_MONTH})\b(?:,?\s(?P<year>\d{{4}}))?
         |(?P<mon2>{_MONTH})\s(?:the\s)?(?P<dom2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<year2>\d{{4}}))?
         |(?<=the\s)(?P<dom3>\d{{1,2}})(?:st|nd|rd|th)))
    | (?P<clock>(?:(?:by|at|before|around|about|until|till|after|no\slater\sthan|between|from)\s)
        (?:(?P<from>{_CLOCK}|\d{{1,2}})\s(?:and|to|-|\u2013)\s)?(?P<hour>{_CLOCK}|(?:{_BARE_HOUR})(?={_AFTER_HOUR}))
        |(?P<onlyhour>\d{{1,2}}(?:[:.]\d{{2}})?\s?(?:[ap]m\b|[ap]\.m\.)|noon|midday|(?P<barehour>\d{{1,2}}:\d{{2}})))
      (?:\s(?P<zone>utc|gmt|bst|cet|cest|est|edt|cdt|mst|mdt|pst|pdt)\b)?
    | (?P<vague>as\ssoon\sas\s(?:possible|we\scan|i\scan|we\sare\sable)|asap|(?:very\s|pretty\s)?soon|shortly
        |in\sdue\scourse|momentarily
        |right\snow|right\saway|straight\s?away|immediately|now|at\sonce|in\s(?:just\s)?a\s(?:moment|bit|second|sec
            |little\s(?:while|bit)|while|few\s\w+)
        |(?:in|within|over)\s(?:the\snext\s|a\s|the\scoming\s)?few\s(?:\w+\s)?(?:minutes|hours|days|weeks)
            |next\sfew\s(?:\w+\s)?(?:minutes|hours|days|weeks)
        |without\sdelay)
    )(?!\w)""",
)
# Without one of these no time is named, but for hours and dates in figures.
_TIME_WORDS = frozenset(
    """
    minute minutes min mins hour hours hr hrs h day days week weeks wk wks fortnight month months weekend
    cob cop close end eod eow today tonight overnight morning afternoon evening night lunchtime
    tomorrow tommorrow tomorow tommorow tmrw tmr noon midday midnight clock oclock st nd rd th
    mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday
    jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september
    october november december
    asap soon shortly course momentarily now away straightaway immediately once moment bit second sec little while
    few delay
    """.split()  # noqa: SIM905 # as a list of strings it would fill a screen
)
_BEFORE_HOUR = frozenset("by at before around about until till after than between from".split())  # noqa: SIM905
_SAYS_HOUR = Way(rf"\b(?:by|at|before|around|about|until|till|after|than|between|from)\s(?:{_BARE_HOUR})")
_HAS_FIGURES = Way(r"\d(?:[:.]\d|-\d|\s?[ap]\.?m)")
# "3 days ago", "the last 3 days", "24 hours a day" are no deadlines.
_PAST = Way(
    r"\b(?:last|past|every|been|was|previous|for(?:\sthe)?(?:\slast|\spast)?|since|than|first|each|per)\s$",
)
_AGO = Way(r"\s*(?:ago|a day|old|late|before|earlier|notice|free|trial|guarantee|warranty|policy|window|from)\b")
# What may stand between the parts of one time: "on Friday, by 5 pm", "tomorrow between 8 and 12".
_JOINT = Way(r"[\s,(]*(?:(?:at|by|before|on|the|and|of|in|around|latest|i\.?e\.?|from|anywhere)[\s,]*){0,3}")


@dataclass(frozen=True, slots=True)
class Interval:
    """From when until when, as precisely as the words say.

    Attributes:
        start: First moment at which it may happen; None if any moment from the words on will do.
        end: Last moment.
    """

    start: datetime | None
    end: datetime


@dataclass(frozen=True, slots=True)
class TimeWords:
    """Words that say when, `[start, end)` in the text that was searched.

    Attributes:
        is_concrete: Whether they name a time or range; "soon" does not.
        parts: The single times of which they are made up.
    """

    start: int
    end: int
    is_concrete: bool
    parts: tuple[re.Match[str], ...]

    def resolve(self, said: datetime | None) -> Interval | None:
        """Return what the words mean, said at a moment; None if that cannot be told.

        Args:
            said: When the words were said; its time zone is kept.
        """
        if said is None or not self.is_concrete:
            return None
        try:
            return _resolved(self.parts, said)
        except (ValueError, OverflowError):  # the 31st of June, the year 10000
            return None


def moment(timestamp: str | None) -> datetime | None:
    """Return a timestamp as a moment, None if it is none in ISO 8601.

    Example:
        >>> moment("2026-03-02T10:14:00Z").isoformat()
        '2026-03-02T10:14:00+00:00'
    """
    if timestamp is None:
        return None
    try:
        return datetime.fromisoformat(timestamp.strip())
    except ValueError:
        return None


def is_after(one: datetime | None, other: datetime | None) -> bool:
    """Tell whether one moment is surely later than another: unknown ones never are."""
    if one is None or other is None or (one.tzinfo is None) is not (other.tzinfo is None):
        return False
    return one > other


def may_say_when(text: str, runs: frozenset[str]) -> bool:
    """Tell whether a text may name a time; much quicker than which.

    Args:
        text: In small letters.
        runs: The runs of the letters a to z in it.
    """
    if not runs.isdisjoint(_TIME_WORDS) or _HAS_FIGURES.search(text) is not None:
        return True
    return not runs.isdisjoint(_BEFORE_HOUR) and _SAYS_HOUR.search(text) is not None


def find_times(text: str) -> Iterator[TimeWords]:
    """Yield the words that say a time to come, in order."""
    source = plain(text)
    group: list[re.Match[str]] = []
    for found in _TIME.finditer(lowered(source)):
        if not _is_to_come(found, source):
            continue
        # "The 12:05 to Ghent" names a train, "tomorrow 12:05" a time.
        if found["barehour"] and not (group and _belongs(group, found, source)):
            continue
        if group and not _belongs(group, found, source):
            yield _time_words(group)
            group = []
        group.append(found)
    if group:
        yield _time_words(group)


def _is_to_come(found: re.Match[str], source: str) -> bool:
    if found["span"]:
        if found["low"] and found["low"].lower() in {"a", "an"} and not found["lead"]:
            return False  # "a day"
        if found["unit"].lower() == "h" and not found["low"].isdigit():
            return False
        before = source[max(0, found.start() - 20) : found.start()].lower()
        if found["low"].lower() == "one" and found["unit"].lower() == "day" and not found["lead"]:
            return False  # "one day"
        return not (_AGO.match(source, found.end()) or (not found["lead"] and _PAST.search(before)))
    return source[slice(*found.span("day"))] not in {"sun", "sat", "wed"}  # "sat in", "the sun"


def _belongs(group: list[re.Match[str]], found: re.Match[str], source: str) -> bool:
    """Whether a time goes on what was said before: one day and one hour make one time."""
    if group[-1]["vague"] or found["vague"]:
        return False
    is_dated_weekday = bool((group[-1]["weekday"] and found["date"]) or (group[-1]["eod"] and found["weekday"]))
    if _is_clock(found) == _is_clock(group[-1]) and not is_dated_weekday:
        return False
    return _JOINT.fullmatch(source, group[-1].end(), found.start()) is not None


def _is_clock(found: re.Match[str]) -> bool:
    return bool(found["clock"])


def _time_words(group: list[re.Match[str]]) -> TimeWords:
    is_concrete = not any(one["vague"] for one in group)
    return TimeWords(group[0].start(), group[-1].end(), is_concrete, tuple(group))


# -- what they mean --------------------------------------------------------------------------


def _resolved(parts: tuple[re.Match[str], ...], said: datetime) -> Interval | None:
    # "Monday 9 March": the date says more than the day of the week.
    days = sorted((one for one in parts if not _is_clock(one)), key=lambda one: (not one["date"], not one["weekday"]))
    clocks = [one for one in parts if _is_clock(one)]
    interval = _interval(days[0], said) if days else None
    if days and interval is None:
        return None
    if not clocks:
        return interval
    return _at_clock(clocks[0], interval.end.date() if interval else None, said)


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
    "weekday": _weekday,
    "iso": _iso_date,
    "date": _date,
}


def _at_clock(found: re.Match[str], day: date | None, said: datetime) -> Interval | None:
    zone = found["zone"]
    if zone:
        said = said.astimezone(timezone(timedelta(hours=_ZONES[zone.lower()]))) if said.tzinfo else said
    last = _clock(found["hour"] or found["onlyhour"], said if day is None else None)
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
    digits = re.match(r"(\d{1,2})(?::(\d{2}))?", lower)
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
