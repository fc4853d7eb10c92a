"""What became of promises, in words that repeat nothing of them."""

import pytest

from convscan.conversation import Channel
from convscan.finding import Fate

from .conftest import Scan


@pytest.mark.parametrize(
    ("promised", "told", "answer"),
    [
        ("The glazier will call you today.", "04T09:00: The phone was silent.", "I am sorry."),
        ("The lamp will be burning by Tuesday night.", "05T09:00: The lamp has been dark all week.", "I am sorry."),
        ("We'll get the anodes on by Tuesday.", "05T09:00: I looked and there's no anodes.", "Oh no."),
    ],
)
def test_what_customers_find_instead_breaks_it(scan: Scan, promised: str, told: str, answer: str) -> None:
    first, *_ = scan("customer: Hello.", f"agent 02T10:00: {promised}", f"customer {told}", f"agent: {answer}").promises

    assert first.fate is Fate.BROKEN


def test_who_is_stuck_after_the_time_did_not_come(scan: Scan) -> None:
    first, *_ = scan(
        "customer: Wasps!",
        "agent 02T08:20: I'll come by this morning.",
        "customer 02T12:40: It's past noon.",
        "agent 02T12:55: Stuck in town with a burst tyre.",
    ).promises

    assert first.fate is Fate.BROKEN


def test_a_new_promise_keeps_no_older_one(scan: Scan) -> None:
    first, _ = scan(
        "customer: The cellar is wet.",
        "agent: We'll also get a drier in.",
        "customer: And when?",
        "agent: The drier's coming Thursday.",
        channel=Channel.CHAT,
    ).promises

    assert first.fate is Fate.OPEN


def test_what_is_shown_to_have_been_done_in_time_accuses_nobody(scan: Scan) -> None:
    result = scan(
        "customer 12T10:00: I want my fee back.",
        "agent 12T10:05: We'll refund the fee today.",
        "customer 14T09:00: The refund has not come.",
        "agent 14T09:05: I looked: it was sent back on 12 March at 14:00.",
    )

    assert not [finding for finding in result.findings if finding.rule == "promise/broken"]


def test_end_of_the_day_tomorrow_is_tomorrow(scan: Scan) -> None:
    (promise,) = scan("customer: Hello.", "agent 02T10:00: I'll write to you by the end of the day tomorrow.").promises

    assert promise.by_when is not None
    assert promise.by_when.latest == "2026-03-03T23:59:59+01:00"


def test_who_waited_until_evening_and_hears_why_was_let_down(scan: Scan) -> None:
    first, *_ = scan(
        "customer: My kettle broke.",
        "agent 02T10:00: I'll book a pick-up for tomorrow.",
        "customer 03T20:40: I was in all day. Nobody came to pick it up.",
        "agent 04T09:00: I booked it for the wrong street.",
    ).promises

    assert first.fate is Fate.BROKEN


def test_an_absence_told_in_the_morning_of_the_day_breaks_nothing(scan: Scan) -> None:
    first, *_ = scan(
        "customer: My kettle broke.",
        "agent 02T10:00: I'll book a pick-up for tomorrow.",
        "customer 03T09:40: Nobody came to pick it up.",
        "agent 03T09:45: The van comes until six, I am sorry for the wait.",
    ).promises

    assert first.fate is Fate.OPEN
