"""The relationship balance: deposits less withdrawals.

"Relationships are like banks": a conversation has an account with the customer.
"""

import math
from collections.abc import Iterable

from convscan.finding import Balance, Deposit, Finding, Severity

# Points; a warning weighs as much as one deposit makes good. Source: docs/decisions/0005.
DEPOSIT_POINTS = 1.0
WITHDRAWAL_POINTS = {Severity.NOTE: 0.5, Severity.WARNING: 1.0, Severity.ERROR: 2.0}


def balance(findings: Iterable[Finding], deposits: Iterable[Deposit]) -> Balance:
    """Add up a conversation's account, in points.

    An unmeasured confidence counts in full: the finding is shown, so it is charged.
    """
    return Balance(
        deposits=_points(DEPOSIT_POINTS * _certainty(d.confidence) for d in deposits),
        withdrawals=_points(WITHDRAWAL_POINTS[f.severity] * _certainty(f.confidence) for f in findings),
    )


def _points(parts: Iterable[float]) -> float:
    return round(math.fsum(parts), 6)


def _certainty(confidence: float | None) -> float:
    return 1.0 if confidence is None else confidence
