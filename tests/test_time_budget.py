"""The time budget bounds the time of a scan, and what was known when it was over stands."""

import time
from collections.abc import Sequence

import pytest

from convscan.config import Config, ModelChoice
from convscan.finding import Kind, Outcome, ProblemCode, ScanResult, Status
from convscan.language.clock import UNLIMITED, Clock, TimeIsUpError
from convscan.scanner import Scanner

# One look at a text, or one window of the transformer, is not interrupted.
SLACK_SECONDS = 0.8
ASKED = (
    "My order {n} is late and I am upset, this is the second time.",
    "Where is parcel {n}? Nobody answered my last two messages.",
    "The kettle leaks on day {n}. I want my money back, please.",
)
ANSWERED = (
    "You should have read page {n} of the terms.",
    "I will call you on day {n} about the refund.",
    "Thank you for telling us about number {n}, I am sorry that it happened.",
    "The warehouse forgot parcel {n} again, that is not our fault.",
    "We guarantee that order {n} arrives tomorrow.",
    "As I already told you, policy {n} does not allow it.",
)


def sentences(said: Sequence[str], first: int, count: int) -> str:
    return " ".join(said[n % len(said)].format(n=n) for n in range(first, first + count))


def pairs(count: int) -> list[tuple[str, str]]:
    asked = [("customer", sentences(ASKED, n, 2)) for n in range(count)]
    return [one for n in range(count) for one in (asked[n], ("agent", sentences(ANSWERED, n, 3)))]


def long_message(chars: int) -> list[tuple[str, str]]:
    return [("customer", sentences(ASKED, 0, 2)), ("agent", sentences(ANSWERED, 0, chars // 40)[:chars])]


def scanner_with(seconds: float, model: ModelChoice) -> Scanner:
    """Return a scanner that has loaded what is loaded when it is first asked for."""
    scanner = Scanner(Config(model=model, max_record_seconds=seconds))
    scanner.scan(pairs(3))
    return scanner


@pytest.mark.parametrize("model", list(ModelChoice))
@pytest.mark.parametrize(
    "record", [pairs(1500), long_message(199_000), [("agent", "So. " * 49_000)], [("agent", "x\n" * 99_000)]],
    ids=["many messages", "long message", "short sentences", "short lines"],
)  # fmt: skip
def test_a_scan_takes_no_longer_than_its_budget(model: ModelChoice, record: list[tuple[str, str]]) -> None:
    budget = 0.2
    scanner = scanner_with(budget, model)

    started = time.thread_time()
    result = scanner.scan(record)
    spent = time.thread_time() - started

    assert spent <= budget + SLACK_SECONDS
    assert result.status is Status.INCOMPLETE
    assert [problem.code for problem in result.errors] == [ProblemCode.TIME_BUDGET]
    assert "max-record-seconds = 0.2 were over" in result.errors[0].message


def places(result: ScanResult) -> set[tuple[object, ...]]:
    return {(one.rule, one.at, one.kind) for one in result.findings}


@pytest.mark.parametrize("model", list(ModelChoice))
def test_what_is_known_when_the_time_is_over_stands_and_nothing_is_called_missing(model: ModelChoice) -> None:
    """However long the time is, a scan in it accuses of nothing that a scan without limit does not accuse of.

    Nor does it credit anything else, but for a good thing of the rules that the transformer had no time to doubt.
    """
    record = pairs(40)
    whole = scanner_with(600, model).scan(record)
    by_rules = scanner_with(600, ModelChoice.NONE).scan(record)
    credited = {(one.kind, one.at) for result in (whole, by_rules) for one in result.deposits}
    assert whole.status is Status.JUDGED
    assert {one.kind for one in whole.findings} == set(Kind)

    incomplete = []
    for step in range(1, 13):
        result = scanner_with(0.01 * 1.5**step, model).scan(record)
        if result.status is Status.JUDGED:
            assert result == whole
            continue
        incomplete.append(result)
        assert [problem.code for problem in result.errors] == [ProblemCode.TIME_BUDGET]
        assert places(result) <= places(whole)
        assert {one.kind for one in result.findings} <= {Kind.PRESENT}
        assert {(one.kind, one.at) for one in result.deposits} <= credited
    assert incomplete


def test_one_fault_is_charged_once_when_the_time_is_over() -> None:
    """Findings of one sentence are joined, and words that are a fault earn nothing, however early the time ends."""
    fault = "You should have read the manual, you failed to read it and it is your own fault that you did not listen."
    record = [("customer", sentences(ASKED, n, 1)) if n % 2 else ("agent", fault) for n in range(80)]
    whole = scanner_with(600, ModelChoice.FULL).scan(record)

    charged = []
    for step in range(1, 13):
        result = scanner_with(0.01 * 1.5**step, ModelChoice.FULL).scan(record)
        if result.status is Status.INCOMPLETE and result.findings:
            charged.append(result)
            assert places(result) <= places(whole)
            assert result.balance.withdrawals <= whole.balance.withdrawals
    assert charged


def test_what_was_judged_in_part_has_no_rates(scanner: Scanner) -> None:
    """What was not looked at may hold what is missing, so it counts neither for nor against anybody."""
    record = [("customer", "My kettle is broken."), ("agent", "Order number.")]
    whole = scanner.scan(record)
    part = scanner.scan([*record, ("agent", "x" * 200_001)])

    assert Outcome.MISSING in {check.outcome for check in whole.checks}
    assert part.status is Status.INCOMPLETE
    assert part.checks == ()


def test_budget_that_is_over_before_it_begins_leaves_all_out(scanner: Scanner) -> None:
    result = scanner_with(1e-9, ModelChoice.NONE).scan(pairs(2))

    assert result.findings == ()
    assert result.errors[0].message == (
        "max-record-seconds = 1e-09 were over at utterance 0 of 4, before anything was judged"
    )
    assert scanner.scan(pairs(2)).status is Status.JUDGED


def test_clock_without_end_never_runs_out() -> None:
    UNLIMITED.check()
    Clock.of(60).check()
    with pytest.raises(TimeIsUpError):
        Clock.of(-1).check()
