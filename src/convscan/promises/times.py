"""By when something was promised: the words that say it.

A small grammar of its own: everything it knows is English. `deadlines` says what they mean.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from convscan.language.ways import Way
from convscan.promises.deadlines import ZONES, Interval, is_clock, meaning

_NUM = (
    r"\d{1,3}|a\ couple(?:\ of)?|couple(?:\ of)?|half\ an|an?|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|fourteen|fifteen|twenty[-\ ]four|twenty-one|twenty|thirty-six|thirty|forty[-\ ]eight"
    r"|forty-five|forty|sixty|seventy[-\ ]two|ninety"
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
    rf"|{_WEEKDAY}|{'|'.join(ZONES)})\b)"
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
        (?:(?:\sin\sthe)?\s(?P<tomorrowpart>{_PART}))?)
    | (?P<first>(?:by\s|the\s)?next\s(?P<bizday>(?:business|working)\s)?day)
    | (?P<weekday>(?:(?:by|on|before|until|till|come|from)\s)?(?:the\s)?(?:(?:end\sof|close\sof\splay|cob|latest)\s)?
        (?:(?P<whichday>next|this|coming)\s)?(?P<day>{_WEEKDAY})(?:'s)?(?:(?:\sin\sthe)?\s(?P<daypart>{_PART}
            |lunchtime))?(?:\snext\sweek)?)
    | (?P<iso>(?:(?:by|on|before|until)\s)?(?P<isodate>\d{{4}}-\d{{2}}-\d{{2}}))
    | (?P<date>(?:(?:by|on|before|until|from|for)\s)?(?:the\s)?
        (?:(?P<dom>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<mon>{_MONTH})\b(?:,?\s(?P<year>\d{{4}}))?
         |(?P<mon2>{_MONTH})\s(?:the\s)?(?P<dom2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<year2>\d{{4}}))?
         |(?<=the\s)(?P<dom3>\d{{1,2}})(?:st|nd|rd|th)))
    | (?P<clock>(?:(?:by|at|before|around|about|until|till|after|no\slater\sthan|between|from)\s)
        (?:(?P<from>{_CLOCK}|\d{{1,2}})\s(?:and|to|-|\u2013)\s)?(?P<hour>{_CLOCK}|(?:{_BARE_HOUR})(?={_AFTER_HOUR}))
        |(?P<onlyhour>\d{{1,2}}(?:[:.]\d{{2}})?\s?(?:[ap]m\b|[ap]\.m\.)|noon|midday|(?P<barehour>\d{{1,2}}:\d{{2}})))
      (?:\sin\sthe\s(?P<clockpart>morning|afternoon|evening))?
      (?:\s(?P<zone>utc|gmt|bst|cet|cest|est|edt|cdt|mst|mdt|pst|pdt)\b)?
    | (?P<part>in\sthe\s(?P<whichpart>morning|afternoon|evening)(?!s))
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
        return meaning(self.parts, said) if self.is_concrete else None


def may_say_when(text: str, runs: frozenset[str]) -> bool:
    """Tell whether a text may name a time; much quicker than which.

    Args:
        text: In small letters.
        runs: The runs of the letters a to z in it.
    """
    if not runs.isdisjoint(_TIME_WORDS) or _HAS_FIGURES.search(text) is not None:
        return True
    return not runs.isdisjoint(_BEFORE_HOUR) and _SAYS_HOUR.search(text) is not None


def find_times(source: str, small: str) -> Iterator[TimeWords]:
    """Yield the words of a text that say a time to come, in order.

    Args:
        source: The text with one kind of apostrophe, hyphen and space, as `plain` returns it.
        small: The same, of the same length, in small letters.
    """
    group: list[re.Match[str]] = []
    for found in _TIME.finditer(small):
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
    is_dated_weekday = bool(
        (group[-1]["weekday"] and found["date"]) or (group[-1]["eod"] and (found["weekday"] or found["tomorrow"]))
    )
    if is_clock(found) == is_clock(group[-1]) and not is_dated_weekday:
        return False
    return _JOINT.fullmatch(source, group[-1].end(), found.start()) is not None


def _time_words(group: list[re.Match[str]]) -> TimeWords:
    is_concrete = not any(one["vague"] for one in group)
    return TimeWords(group[0].start(), group[-1].end(), is_concrete, tuple(group))
