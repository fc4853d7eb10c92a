"""The relationship balance: deposits less withdrawals.

"Relationships are like banks": a conversation has an account with the customer. The
formula and its reasons: docs/balance.md.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from convscan.config import BalanceSettings
from convscan.conversation import Turn
from convscan.finding import Balance, Deposit, DepositKind, Entry, Finding

# What together makes good what went before. Source: taxonomy, "The relationship balance".
RECOVERY = (DepositKind.APOLOGY, DepositKind.OWNERSHIP, DepositKind.REMEDY)

# Entries are rounded and sums are not, so whoever adds up the ledger comes to the same net.
_HUNDREDTH = Decimal("0.01")
# After every utterance: where an absence stands that nothing in particular called for.
_END = sys.maxsize
_DEFAULTS = BalanceSettings()
# Confidences, weights and points are few; to reckon with them exactly takes longer than to look them up.
_MAX_REMEMBERED = 4_096


def balance(
    findings: Iterable[Finding],
    deposits: Iterable[Deposit],
    turns: Iterable[Turn] = (),
    settings: BalanceSettings = _DEFAULTS,
) -> Balance:
    """Keep a conversation's account, in points.

    Each finding that is shown is one entry, and so is each deposit.

    Args:
        turns: Of the conversation; an utterance that is in none counts as a turn of its own.
    """
    findings, deposits = tuple(findings), tuple(deposits)
    given = [_deposit(deposit, settings) for deposit in deposits]
    taken = _withdrawals(findings, deposits, turns, settings) if findings else []
    return Balance(
        deposits=_sum([entry.points for entry in given]),
        withdrawals=_sum([-entry.points for entry in taken]),
        ledger=tuple(sorted(taken + given, key=_place)),
    )


def _withdrawals(
    findings: Sequence[Finding], deposits: Sequence[Deposit], turns: Iterable[Turn], settings: BalanceSettings
) -> list[Entry]:
    """Charge the findings."""
    turn_of = {index: turn.first for turn in turns for index in turn.utterances}
    runs = _runs(findings, deposits, turn_of)
    recovered_before = _recovered_before(deposits)

    def charge(finding: Finding) -> Entry:
        turn = turn_of.get(finding.at.utterance, finding.at.utterance) if finding.at else None
        is_recovered = _moment(finding) < recovered_before
        return _withdrawal(finding, settings, before=runs.get(turn, 0), is_recovered=is_recovered)

    return [charge(finding) for finding in findings]


def _deposit(deposit: Deposit, settings: BalanceSettings) -> Entry:
    certainty = _certainty(deposit.confidence, settings)
    return Entry(
        what=deposit.kind.value,
        points=_points(settings.deposit, certainty),
        weight=settings.deposit,
        certainty=certainty,
        utterance=deposit.at.utterance,
        agent=deposit.agent,
    )


def _withdrawal(finding: Finding, settings: BalanceSettings, *, before: int, is_recovered: bool) -> Entry:
    """Charge a finding.

    Args:
        before: Turns in a row before this one that only took.
    """
    weight = settings.weight_of(finding.severity)
    certainty = _certainty(finding.confidence, settings)
    run = float(min(_exact(settings.limit), 1 + before * _exact(settings.run)))
    recovery = settings.recovered if is_recovered else 1.0
    return Entry(
        what=finding.rule,
        points=0.0 - _points(weight, certainty, run, recovery),  # as in `-x`, but of nothing it is 0.0
        weight=weight,
        certainty=certainty,
        run=run,
        recovery=recovery,
        utterance=finding.at.utterance if finding.at else None,
        agent=finding.agent,
        fingerprint=finding.fingerprint,
    )


def _runs(
    findings: Sequence[Finding], deposits: Sequence[Deposit], turn_of: Mapping[int, int]
) -> dict[int | None, int]:
    """Return for each turn that only takes how many such turns came before it in a row.

    A turn that does neither ends no run: nothing was made good in it.
    """
    take = {turn_of.get(finding.at.utterance, finding.at.utterance) for finding in findings if finding.at}
    give = {turn_of.get(deposit.at.utterance, deposit.at.utterance) for deposit in deposits}
    runs: dict[int | None, int] = {}
    run = 0
    for turn in sorted(take | give):
        if turn in give:
            run = 0
        else:
            runs[turn] = run
            run += 1
    return runs


def _recovered_before(deposits: Iterable[Deposit]) -> int:
    """Return the utterance before which everything is made good: all that recovery takes comes later."""
    latest = dict.fromkeys(RECOVERY, -1)
    for deposit in deposits:
        if deposit.kind in latest:
            latest[deposit.kind] = max(latest[deposit.kind], deposit.at.utterance)
    return min(latest.values())


def _moment(finding: Finding) -> int:
    """Return the utterance in which it happened; for a whole conversation the last that called for it."""
    if finding.at:
        return finding.at.utterance
    return max((span.utterance for span in finding.because), default=_END)


def _certainty(confidence: float | None, settings: BalanceSettings) -> float:
    """Return the confidence; what is no probability is unmeasured."""
    return settings.unmeasured if confidence is None or not 0 <= confidence <= 1 else confidence


@lru_cache(maxsize=_MAX_REMEMBERED)
def _points(*factors: float) -> float:
    """Multiply as a person does on paper: 0.5 times 0.91 is 0.455, and that is 0.46."""
    product = Decimal(1)
    for factor in factors:
        product *= _exact(factor)
    return float(product.quantize(_HUNDREDTH, ROUND_HALF_UP)) + 0.0  # no zero has a minus


@lru_cache(maxsize=_MAX_REMEMBERED)
def _exact(number: float) -> Decimal:
    return Decimal(str(number))


def _sum(points: Iterable[float]) -> float:
    return float(sum(map(_exact, points), Decimal()))


def _place(entry: Entry) -> tuple[bool, int, bool, str, str, float, float]:
    """By utterance, in each the good things first; and never by the order in which entries came."""
    where = entry.utterance is None, entry.utterance or 0
    return *where, entry.is_withdrawal, entry.what, entry.fingerprint or "", entry.weight, entry.certainty
