"""Words that say when, and what they mean."""

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convscan.promises.deadlines import is_after, moment
from convscan.promises.times import _NUM, TimeWords, find_times
from convscan.rules.words import lowered, plain

WEDNESDAY = "2026-03-04T10:14:00+01:00"


def _times(words: str) -> list[TimeWords]:
    source = plain(words)
    return list(find_times(source, lowered(source)))


def latest(words: str, said: str | None = WEDNESDAY) -> str | None:
    (found,) = _times(words)
    due = found.resolve(moment(said))
    return due.end.isoformat() if due else None


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("within 48 hours", "2026-03-06T10:14:00+01:00"),
        ("within forty eight hours", "2026-03-06T10:14:00+01:00"),
        ("in an hour", "2026-03-04T11:14:00+01:00"),
        ("within the hour", "2026-03-04T11:14:00+01:00"),
        ("in half an hour", "2026-03-04T10:44:00+01:00"),
        ("by end of day", "2026-03-04T23:59:59+01:00"),
        ("by close of business", "2026-03-04T17:00:00+01:00"),
        ("this afternoon", "2026-03-04T18:00:00+01:00"),
        ("tomorrow", "2026-03-05T23:59:59+01:00"),
        ("first thing tomorrow", "2026-03-05T12:00:00+01:00"),
        ("by 5pm tomorrow", "2026-03-05T17:00:00+01:00"),
        ("by tomorrow at 3 p.m.", "2026-03-05T15:00:00+01:00"),
        ("by 5", "2026-03-04T17:00:00+01:00"),
        ("by 9 tonight", "2026-03-04T21:00:00+01:00"),
        ("by 9 this morning", "2026-03-04T09:00:00+01:00"),
        ("in the morning", "2026-03-05T12:00:00+01:00"),
        ("on Friday in the morning", "2026-03-06T12:00:00+01:00"),
        ("tomorrow in the afternoon", "2026-03-05T18:00:00+01:00"),
        ("at 7 in the morning", "2026-03-05T07:00:00+01:00"),
        ("by 9 in the evening", "2026-03-04T21:00:00+01:00"),
        ("before the weekend", "2026-03-06T23:59:59+01:00"),
        ("by the end of the week", "2026-03-06T23:59:59+01:00"),
        ("next Tuesday", "2026-03-10T23:59:59+01:00"),
        ("by end of day Friday", "2026-03-06T23:59:59+01:00"),
        ("on Thursday between 8 and 12", "2026-03-05T12:00:00+01:00"),
        ("by the 14th", "2026-03-14T23:59:59+01:00"),
        ("by the 2nd", "2026-04-02T23:59:59+02:00".replace("+02", "+01")),
        ("on Monday 9 March", "2026-03-09T23:59:59+01:00"),
        ("on 4 January", "2026-01-04T23:59:59+01:00"),
        ("by 2026-03-20", "2026-03-20T23:59:59+01:00"),
        ("next week", "2026-03-15T23:59:59+01:00"),
        ("by the end of the month", "2026-03-31T23:59:59+01:00"),
        ("in two weeks", "2026-03-18T23:59:59+01:00"),
    ],
)
def test_time_is_resolved_from_the_moment_of_speaking(words: str, end: str) -> None:
    assert latest(words) == end


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("in 3-5 business days", "2026-03-11T23:59:59+01:00"),
        ("3 to 5 working days", "2026-03-11T23:59:59+01:00"),
        ("within one business day", "2026-03-05T23:59:59+01:00"),
        ("in 3-5 days", "2026-03-09T23:59:59+01:00"),
    ],
)
def test_business_days_skip_the_weekend(words: str, end: str) -> None:
    assert latest(words) == end


def test_friday_plus_one_business_day_is_monday() -> None:
    assert latest("the next business day", "2026-03-06T16:00:00Z") == "2026-03-09T23:59:59+00:00"


def test_zone_that_is_named_is_kept() -> None:
    assert latest("by 10am EST tomorrow") == "2026-03-05T10:00:00-05:00"


@pytest.mark.parametrize("words", ["soon", "as soon as possible", "in a few days", "right away"])
def test_vague_time_is_not_resolved(words: str) -> None:
    (found,) = _times(words)

    assert not found.is_concrete
    assert found.resolve(moment(WEDNESDAY)) is None


def test_without_a_timestamp_nothing_is_resolved() -> None:
    assert latest("tomorrow", None) is None
    assert latest("tomorrow", "last Tuesday") is None


@pytest.mark.parametrize(
    "words",
    [
        "3 days ago",
        "for the last 3 days",
        "we are open 24 hours a day",
        "I sat in all day",
        "every 2 weeks",
        "at 12 Mill Lane",
    ],
)
def test_what_is_no_time_to_come_is_not_found(words: str) -> None:
    assert not _times(words)


def test_day_that_no_month_has_is_not_resolved() -> None:
    assert latest("by 31 June") is None


RELATIVE = st.sampled_from(
    ("tomorrow", "in 3-5 business days", "within 48 hours", "next Tuesday", "by Friday at noon", "before the weekend")
)
MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2090, 1, 1))  # noqa: DTZ001 # the zone is drawn apart
ZONES = st.integers(-11, 13).map(lambda hours: f"{hours:+03d}:00")


@given(RELATIVE, MOMENTS, ZONES)
def test_adding_a_zone_keeps_the_time_of_the_wall(words: str, said: datetime, zone: str) -> None:
    plain = said.replace(microsecond=0).isoformat()

    assert latest(words, plain + zone) == f"{latest(words, plain)}{zone}"


@given(RELATIVE, MOMENTS, st.integers(-500, 500))
def test_moving_by_weeks_moves_the_deadline_by_as_many(words: str, said: datetime, weeks: int) -> None:
    (found,) = _times(words)
    shift = timedelta(weeks=weeks)
    here, there = found.resolve(said), found.resolve(said + shift)

    assert here is not None
    assert there is not None
    assert there.end - here.end == shift


@given(RELATIVE, MOMENTS)
def test_deadline_lies_ahead(words: str, said: datetime) -> None:
    (found,) = _times(words)
    due = found.resolve(said)

    assert due is not None
    assert due.end >= said
    assert due.start is None or due.start <= due.end


def test_moments_of_unknown_zones_are_never_compared() -> None:
    """Nobody knows whether noon is after eleven if one of both has no zone."""
    assert not is_after(moment("2026-03-02T12:00:00"), moment("2026-03-02T11:00:00Z"))
    assert is_after(moment("2026-03-02T12:00:00"), moment("2026-03-02T11:00:00"))


NUMBERS = st.from_regex(re.compile(rf"(?x){_NUM}", re.ASCII), fullmatch=True)


@settings(max_examples=400)
@given(NUMBERS, st.sampled_from(("minutes", "hours", "business days", "weeks", "months")))
def test_every_number_that_is_found_is_understood(number: str, unit: str) -> None:
    for found in _times(f"within {number} {unit}"):
        found.resolve(moment(WEDNESDAY))


@pytest.mark.parametrize("words", [r"within twenty\four hours", r"within forty\eight hours", r"in seventy\two hours"])
def test_backslash_joins_no_number(words: str) -> None:
    assert all(found.start > words.index("\\") for found in _times(words))


def test_milliseconds_since_1970_are_a_moment() -> None:
    assert latest("within 48 hours", "1772012512345") == "2026-02-27T09:41:52.345000+00:00"


@given(st.text(max_size=100), st.sampled_from(["by Friday", "within 24 hours", "tomorrow"]), st.text(max_size=100))
def test_any_text_is_searched(before: str, time: str, after: str) -> None:
    text = f"{before} {time}. {after}"
    times = _times(text)
    assert times
    for found in times:
        found.resolve(moment(WEDNESDAY))
        assert 0 <= found.start < found.end <= len(text)
