"""The order in which messages were sent."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.readers.chronology import in_order, say_order


def ordered(*times: str | None) -> list[str | None]:
    return in_order(times, lambda time: time)


@pytest.mark.parametrize(
    "times",
    [
        ("2026-03-02T10:00:00Z", "2026-03-02T12:30:00+02:00", "2026-03-02T11:00:00Z"),
        ("2026-03-02", "2026-03-02T10:00", "2026-03-02 11:00"),
        ("1772012512345", "1772012560000", "1772012571000", "1772012599999"),
        ("2026-02-25T09:41:00Z", "1772012512345", "1772012599"),
        ("20260302", "20260303", "20260304"),
        ("9", "10", "11"),
    ],
)
def test_times_that_can_be_compared_say_the_order(times: tuple[str, ...]) -> None:
    assert all(ordered(*given_times) == list(times) for given_times in permutations(times))
    assert say_order(times)


@pytest.mark.parametrize(
    "times",
    [
        # Nobody knows in which zone the second was written.
        ("2026-03-02T10:00:00Z", "2026-03-02T09:00:00", "2026-03-02T11:00:00Z"),
        ("2026-03-02T10:00:00", "2026-03-02T09:00:00Z", "2026-03-02T11:00:00"),
        ("2026-03-02T10:00:00Z", None, "2026-03-02T12:00:00Z"),
        ("2026-03-02T10:00:00Z", "noon", "2026-03-02T12:00:00Z"),
        ("1772012512345", "4", "1772012599999", "2026-03-02"),
        (None, None),
    ],
)
def test_messages_stay_as_they_stand_if_a_time_cannot_be_compared(times: tuple[str | None, ...]) -> None:
    assert ordered(*times) == list(times)
    assert not say_order(times)


def test_newest_first_is_turned_round_even_if_a_time_is_missing() -> None:
    assert ordered("2026-03-02T12:00:00Z", None, "2026-03-02T10:00:00Z") == [
        "2026-03-02T10:00:00Z",
        None,
        "2026-03-02T12:00:00Z",
    ]


def test_of_two_messages_of_one_second_the_later_stands_first_where_the_newest_does() -> None:
    newest_first = [("c", "12:00"), ("b", "10:00"), ("a", "10:00")]
    messages = [(name, f"2026-03-02T{time}Z") for name, time in newest_first]

    assert [name for name, _ in in_order(messages, lambda message: message[1])] == ["a", "b", "c"]


@given(st.lists(st.one_of(st.none(), st.text(max_size=14), st.datetimes().map(str))))
def test_no_message_is_lost_whatever_stands_for_its_time(times: list[str | None]) -> None:
    messages = list(enumerate(times))

    assert sorted(number for number, _ in in_order(messages, lambda message: message[1])) == list(range(len(times)))
