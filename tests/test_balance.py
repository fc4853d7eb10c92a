"""The balance: an account that can be checked with a pencil."""

import contextlib
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.balance import RECOVERY, balance
from convscan.config import BalanceSettings
from convscan.conversation import Role, Turn
from convscan.finding import Balance, Deposit, DepositKind, Finding, Kind, Severity, Span

DOCS = (Path(__file__).parents[1] / "docs" / "balance.md").read_text(encoding="utf-8")


def at(utterance: int) -> Span:
    return Span(utterance, 0, 2, "Hi")


def finding(
    severity: Severity = Severity.WARNING, confidence: float | None = None, utterance: int | None = 0
) -> Finding:
    place = None if utterance is None else at(utterance)
    return Finding("tone/curt", severity, Kind.PRESENT, place, "Curt.", "Say more.", confidence=confidence)


def deposit(confidence: float | None = None, kind: DepositKind = DepositKind.THANKS, utterance: int = 0) -> Deposit:
    return Deposit(kind, at(utterance), confidence)


def recovery(*utterances: int) -> list[Deposit]:
    return [deposit(kind=kind, utterance=utterance) for kind, utterance in zip(RECOVERY, utterances, strict=True)]


def taken(*utterances: int, deposits: Sequence[Deposit] = (), turns: Sequence[Turn] = ()) -> list[float]:
    """What a warning takes in each of these utterances."""
    ledger = balance([finding(utterance=index) for index in utterances], deposits, turns).ledger
    return [-entry.points for entry in ledger if entry.is_withdrawal]


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


@pytest.mark.parametrize("zero", [-0.0, 0.0])
def test_confidence_of_zero_is_not_taken_for_unmeasured(zero: float) -> None:
    account = balance([finding(Severity.ERROR, zero)], [deposit(zero)])
    assert (account.withdrawals, account.deposits, account.net) == (0.0, 0.0, 0.0)
    assert "-0.0" not in {str(entry.points) for entry in account.ledger}


def test_unmeasured_entries_count_as_the_user_says() -> None:
    account = balance([finding()], [deposit()], settings=BalanceSettings(unmeasured=0.6))
    assert (account.withdrawals, account.deposits) == (0.6, 0.6)


def test_halves_are_rounded_away_from_zero_as_on_paper() -> None:
    """In binary 0.5 times 0.29 is less than 0.145, and would be 0.14."""
    assert balance([finding(Severity.NOTE, 0.29)], []).withdrawals == 0.15


# -- runs ------------------------------------------------------------------------------------


def test_each_turn_in_a_row_that_only_takes_weighs_more_up_to_a_limit() -> None:
    assert taken(1, 3, 5, 7, 9, 11) == [1, 1.25, 1.5, 1.75, 2, 2]


def test_findings_of_one_turn_are_one_bad_moment() -> None:
    assert taken(1, 1, 1, 3) == [1, 1, 1, 1.25]


def test_a_message_cut_in_three_is_still_one_turn() -> None:
    assert taken(1, 2, 3, 5, turns=[Turn(Role.AGENT, (1, 2, 3)), Turn(Role.AGENT, (5,))]) == [1, 1, 1, 1.25]


def test_a_deposit_ends_a_run() -> None:
    assert taken(1, 3, 7, deposits=[deposit(utterance=5)]) == [1, 1.25, 1]


def test_a_turn_that_also_gives_is_part_of_no_run() -> None:
    assert taken(1, 3, 5, deposits=[deposit(utterance=3)]) == [1, 1, 1]


def test_what_concerns_the_whole_conversation_is_part_of_no_run() -> None:
    ledger = balance([finding(utterance=1), finding(utterance=3), finding(utterance=None)], []).ledger
    assert [(entry.utterance, entry.points) for entry in ledger] == [(1, -1), (3, -1.25), (None, -1)]


# -- recovery --------------------------------------------------------------------------------


def test_apology_ownership_and_remedy_make_good_what_went_before() -> None:
    assert taken(1, deposits=recovery(3, 3, 3)) == [0.5]
    assert taken(1, deposits=recovery(7, 3, 5)) == [0.5]


def test_two_of_the_three_are_no_recovery() -> None:
    for missing in range(3):
        halfway = recovery(3, 3, 3)
        del halfway[missing]
        assert taken(1, deposits=halfway) == [1]


def test_what_comes_after_or_with_the_recovery_is_not_made_good_by_it() -> None:
    assert taken(1, 5, 7, deposits=recovery(3, 5, 5)) == [0.5, 1, 1]


def test_a_colleague_can_make_good_in_the_middle_of_a_turn() -> None:
    turn = Turn(Role.AGENT, (1, 2))
    assert taken(1, deposits=recovery(2, 2, 2), turns=[turn]) == [0.5]


def test_a_broken_promise_is_made_good_by_what_comes_after_the_customer_said_so() -> None:
    broken = replace(finding(Severity.ERROR, utterance=None), because=(at(0), at(4)))
    assert balance([broken], recovery(5, 5, 5)).withdrawals == 1
    assert balance([broken], recovery(3, 5, 5)).withdrawals == 2


def test_what_nothing_called_for_is_missing_to_the_end() -> None:
    assert balance([finding(utterance=None)], recovery(5, 5, 5)).withdrawals == 1


def test_weights_are_those_of_the_settings() -> None:
    settings = BalanceSettings(deposit=2, warning=3, recovered=0.1, run=1, limit=3)
    account = balance(
        [finding(utterance=1), finding(utterance=3), finding(utterance=5)], recovery(4, 4, 4), (), settings
    )
    assert [entry.points for entry in account.ledger] == [-0.3, -0.6, 2, 2, 2, -3]


# -- whatever the entries --------------------------------------------------------------------

CONFIDENCES = st.none() | st.floats(0, 1)
FINDINGS = st.builds(finding, st.sampled_from(Severity), CONFIDENCES, st.none() | st.integers(0, 9))
DEPOSITS = st.builds(deposit, CONFIDENCES, st.sampled_from(DepositKind), st.integers(0, 9))
WEIGHTS = st.floats(0, 100)
SHARES = st.floats(0, 1)
SETTINGS = st.builds(
    BalanceSettings,
    deposit=WEIGHTS,
    note=WEIGHTS,
    warning=WEIGHTS,
    error=WEIGHTS,
    unmeasured=SHARES,
    recovered=SHARES,
    run=WEIGHTS,
    limit=st.floats(1, 100),
)
TURNS = st.sampled_from([(), (Turn(Role.AGENT, (0, 1, 2)), Turn(Role.AGENT, (4,)), Turn(Role.AGENT, (6, 7)))])


@given(st.lists(FINDINGS), st.lists(DEPOSITS), TURNS, SETTINGS)
def test_the_ledger_adds_up_to_the_net_to_the_last_decimal(
    findings: list[Finding], deposits: list[Deposit], turns: tuple[Turn, ...], settings: BalanceSettings
) -> None:
    account = balance(findings, deposits, turns, settings)
    assert sum(Decimal(str(entry.points)) for entry in account.ledger) == Decimal(str(account.net))
    assert len(account.ledger) == len(findings) + len(deposits)


@given(st.lists(FINDINGS), st.lists(DEPOSITS), TURNS, SETTINGS)
def test_every_entry_is_the_product_of_its_factors(
    findings: list[Finding], deposits: list[Deposit], turns: tuple[Turn, ...], settings: BalanceSettings
) -> None:
    account = balance(findings, deposits, turns, settings)
    assert len(account.ledger) == len(findings) + len(deposits)
    for entry in account.ledger:
        sign = -1 if entry.is_withdrawal else 1
        product = sign * entry.weight * entry.certainty * entry.run * entry.recovery
        assert entry.points == pytest.approx(product, abs=0.005 + 1e-9)


@given(st.lists(FINDINGS), st.lists(DEPOSITS), DEPOSITS, TURNS, SETTINGS)
def test_a_deposit_more_never_lowers_the_balance(
    findings: list[Finding], deposits: list[Deposit], more: Deposit, turns: tuple[Turn, ...], settings: BalanceSettings
) -> None:
    before = balance(findings, deposits, turns, settings)
    assert balance(findings, [*deposits, more], turns, settings).net >= before.net


@given(st.lists(FINDINGS), st.lists(DEPOSITS), FINDINGS, TURNS, SETTINGS)
def test_a_withdrawal_more_never_raises_the_balance(
    findings: list[Finding], deposits: list[Deposit], more: Finding, turns: tuple[Turn, ...], settings: BalanceSettings
) -> None:
    before = balance(findings, deposits, turns, settings)
    assert balance([*findings, more], deposits, turns, settings).net <= before.net


@given(st.lists(FINDINGS, min_size=1), st.lists(DEPOSITS))
def test_recovery_raises_the_balance_by_more_than_its_deposits(
    findings: list[Finding], deposits: list[Deposit]
) -> None:
    """Where anything was taken before it that no recovery has made good yet."""
    before, after = balance(findings, deposits), balance(findings, [*deposits, *recovery(10, 10, 10)])
    assert after.net > before.net
    assert after.withdrawals <= before.withdrawals
    if any(e.points <= -0.02 and not e.is_recovered and e.utterance is not None for e in before.ledger):
        assert after.withdrawals < before.withdrawals


@given(st.lists(FINDINGS), st.lists(DEPOSITS), TURNS)
def test_order_of_entries_does_not_matter(
    findings: list[Finding], deposits: list[Deposit], turns: tuple[Turn, ...]
) -> None:
    assert balance(findings, deposits, turns) == balance(findings[::-1], deposits[::-1], turns)


# -- the page --------------------------------------------------------------------------------


def test_the_worked_example_of_the_docs_is_what_comes_out() -> None:
    [code] = re.findall(r"```python\n(.*?)```", DOCS, flags=re.DOTALL)
    [printed] = re.findall(r"```text\n(#.*?)```", DOCS, flags=re.DOTALL)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, {})  # noqa: S102 # our own docs
    assert [line.rstrip() for line in out.getvalue().splitlines()] == printed.splitlines()


def test_the_docs_name_every_setting_with_its_default() -> None:
    defaults = BalanceSettings()
    for name in BalanceSettings.__dataclass_fields__:
        assert f"`{name} = {getattr(defaults, name):g}`" in DOCS
