"""Deposits: good words, unless they are a fault themselves."""

import pytest

from convscan import Config, Scanner
from convscan.config import ModelChoice
from convscan.detectors.deposits import sound_deposits
from convscan.finding import Deposit, DepositKind, Finding, Kind, Severity, Span


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    """A scanner of rules alone."""
    return Scanner(Config(model=ModelChoice.NONE))


def deposits(scanner: Scanner, agent: str) -> dict[str, str]:
    result = scanner.scan([("customer", "The kettle that you sold me leaks."), ("agent", agent)])
    return {one.kind.value: one.at.quote for one in result.deposits}


def test_thanks_that_want_a_rating_are_no_deposit(scanner: Scanner) -> None:
    assert "thanks" not in deposits(scanner, "Please give us 5 stars and thanks in advance!")


def test_thanks_beside_those_that_want_a_rating_are_a_deposit(scanner: Scanner) -> None:
    found = deposits(scanner, "Please give us 5 stars and thanks in advance! Thank you for the photo.")
    assert found["thanks"] == "Thank you"


def test_reproach_tells_no_next_step(scanner: Scanner) -> None:
    assert "next-step" not in deposits(scanner, "You clearly did not follow the instructions.")


def test_tool_that_is_the_excuse_is_no_ownership(scanner: Scanner) -> None:
    assert "ownership" not in deposits(scanner, "The system will not let me look at your order.")
    assert "ownership" in deposits(scanner, "Let me look into it for you.")


def test_outcome_that_is_guaranteed_is_no_next_step(scanner: Scanner) -> None:
    assert not deposits(scanner, "It will 100% be fixed by tonight, I guarantee.")
    assert "next-step" in deposits(scanner, "It will be fixed by tonight, the fitter is on his way.")


@pytest.mark.parametrize(
    ("customer", "agent"),
    [
        ("Why is my account closed?", "We closed it because the ID had expired."),
        ("Why did you cancel my booking?", "We have cancelled your booking."),
        ("Where is my seat?", "Your booking was cancelled for safety."),
    ],
)
def test_what_was_taken_away_unasked_is_no_remedy(scanner: Scanner, customer: str, agent: str) -> None:
    result = scanner.scan([("customer", customer), ("agent", agent)])
    assert "remedy" not in {one.kind for one in result.deposits}


@pytest.mark.parametrize(
    ("customer", "agent"),
    [
        ("Please cancel my booking.", "We have cancelled your booking."),
        ("You charged me a late fee.", "I have removed the late fee."),
        ("Why is my account closed?", "We closed it because the ID had expired. I have refunded the balance."),
    ],
)
def test_what_was_asked_for_and_what_helps_is_a_remedy(scanner: Scanner, customer: str, agent: str) -> None:
    result = scanner.scan([("customer", customer), ("agent", agent)])
    assert "remedy" in {one.kind for one in result.deposits}


def test_who_asks_for_a_number_takes_nothing_on(scanner: Scanner) -> None:
    assert not deposits(scanner, "Can I take your account number please?")


def given(start: int, end: int, utterance: int = 1) -> Deposit:
    return Deposit(DepositKind.EMPATHY, Span(utterance, start, end, "x" * (end - start)))


@pytest.mark.parametrize(
    ("deposit", "rule", "left"),
    [
        (given(0, 20), "acknowledgement/dismissive", 0),
        (given(0, 41), "acknowledgement/dismissive", 1),
        (given(0, 20, utterance=2), "acknowledgement/dismissive", 1),
        (given(0, 20), "expectations/vague-time", 1),
    ],
    ids=["in the fault", "beside the fault", "elsewhere", "of a rule that sounds like none"],
)
def test_deposit_that_a_model_gave_to_a_fault_is_left_out(deposit: Deposit, rule: str, left: int) -> None:
    fault = Finding(rule, Severity.ERROR, Kind.PRESENT, Span(1, 0, 20, "Calm down, it's late"), "", "")
    assert sound_deposits([deposit], [fault]) == [deposit] * left
