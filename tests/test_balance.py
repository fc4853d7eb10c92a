"""The balance: deposits less withdrawals, in points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.balance import balance
from convscan.finding import Balance, Deposit, DepositKind, Finding, Kind, Severity, Span

AT = Span(0, 0, 2, "Hi")


def finding(severity: Severity, confidence: float | None = None) -> Finding:
    return Finding("tone/curt", severity, Kind.PRESENT, AT, "Curt.", "Say more.", confidence=confidence)


def deposit(confidence: float | None = None) -> Deposit:
    return Deposit(DepositKind.THANKS, AT, confidence)


def test_account_without_entries_is_even() -> None:
    assert balance([], []) == Balance(0.0, 0.0)


@pytest.mark.parametrize(("severity", "points"), [(Severity.NOTE, 0.5), (Severity.WARNING, 1), (Severity.ERROR, 2)])
def test_graver_findings_cost_more(severity: Severity, points: float) -> None:
    assert balance([finding(severity)], []).withdrawals == points


def test_one_deposit_makes_good_one_warning() -> None:
    assert balance([finding(Severity.WARNING)], [deposit()]).net == 0


def test_doubtful_entries_count_by_their_confidence() -> None:
    account = balance([finding(Severity.ERROR, 0.5)], [deposit(0.25), deposit(0.5)])
    assert (account.withdrawals, account.deposits, account.net) == (1.0, 0.75, -0.25)


def test_confidence_of_zero_is_not_taken_for_unmeasured() -> None:
    assert balance([finding(Severity.ERROR, 0.0)], [deposit(0.0)]) == Balance(0.0, 0.0)


@given(st.lists(st.floats(0, 1)))
def test_order_of_entries_does_not_matter(confidences: list[float]) -> None:
    entries = [deposit(confidence) for confidence in confidences]
    assert balance([], entries) == balance([], entries[::-1])
