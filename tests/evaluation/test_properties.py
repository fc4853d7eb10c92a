"""What holds of every evaluation, whatever people and scans say."""

from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from convscan.conversation import Conversation, Role, Source, Utterance
from convscan.evaluation import Annotation, DepositMark, Mark, Report, evaluate
from convscan.finding import (
    Deposit,
    DepositKind,
    Finding,
    Kind,
    ScanResult,
    Scope,
    Severity,
    Span,
    Status,
    Tool,
)

# Per conversation: what is found in it, and what is good in it.
Claims: TypeAlias = list[tuple[tuple[Mark, ...], tuple[DepositMark, ...]]]

SCOPES = {
    "blame/customer": Scope.SPAN,
    "hidden/withheld": Scope.SPAN,
    "thanks/missed-moment": Scope.TURN,
    "effort/channel-bounce": Scope.SPAN,
    "thanks/missing": Scope.CONVERSATION,
}
NEVER_IN_GOLD = "promise/guarantee"
ROLES = (Role.CUSTOMER, Role.AGENT, Role.AGENT, Role.SYSTEM, Role.AGENT, Role.CUSTOMER, Role.AGENT)
AGENT_PLACES = [index for index, role in enumerate(ROLES) if role is Role.AGENT]
TEXT = "words that were said"


def conversation(number: int) -> Conversation:
    return Conversation(f"c{number}", tuple(Utterance(role, TEXT) for role in ROLES))


marks = st.builds(
    lambda rule, place: Mark(rule) if SCOPES[rule] is Scope.CONVERSATION else Mark(rule, place),
    st.sampled_from(sorted(SCOPES)),
    st.sampled_from(AGENT_PLACES),
)
deposits = st.builds(DepositMark, st.sampled_from(DepositKind), st.sampled_from(AGENT_PLACES))
said = st.lists(
    st.tuples(st.lists(marks, max_size=5).map(tuple), st.lists(deposits, max_size=5).map(tuple)),
    min_size=1,
    max_size=6,
)
few = settings(max_examples=40, deadline=None)


def annotations(claims: Claims) -> list[Annotation]:
    return [Annotation(f"c{number}", Source("gold.jsonl", number + 1), *claim) for number, claim in enumerate(claims)]


def whole(place: int) -> Span:
    return Span(place, 0, len(TEXT), TEXT)


def finding(mark: Mark) -> Finding:
    at = None if mark.utterance is None else whole(mark.utterance)
    return Finding(mark.rule, Severity.NOTE, Kind.PRESENT, at, "message", "suggestion")


def results(claims: Claims) -> list[ScanResult]:
    return [
        ScanResult(
            f"c{number}",
            Status.JUDGED,
            Tool("0", "rules"),
            findings=tuple(map(finding, marked)),
            deposits=tuple(Deposit(d.kind, whole(d.utterance)) for d in given_),
        )
        for number, (marked, given_) in enumerate(claims)
    ]


def judge(gold: list[Annotation], found: list[ScanResult], *, backwards: bool = False) -> Report:
    numbers = range(len(gold))[::-1] if backwards else range(len(gold))
    conversations = {f"c{number}": conversation(number) for number in numbers}
    return evaluate([gold], conversations, found, scopes={**SCOPES, NEVER_IN_GOLD: Scope.SPAN})


@few
@given(said)
def test_results_that_say_what_gold_says_are_perfect(
    claims: Claims,
) -> None:
    report = judge(annotations(claims), results(claims))

    rows = (*report.rules, *report.families, *report.totals, *report.deposits, report.all_deposits)
    assert {row.f1.value for row in rows} <= {1.0, None}
    assert all((row.f1.value is None) == (row.counts.gold == 0) for row in rows)
    assert report.differences == ()


@few
@given(said, said)
def test_gold_is_hits_and_misses(
    gold: Claims,
    found: Claims,
) -> None:
    report = judge(annotations(gold), results(found))

    rows = (*report.rules, *report.families, *report.totals, *report.deposits, report.all_deposits)
    assert all(row.counts.gold == row.counts.tp + row.counts.fn for row in rows)
    assert sum(row.counts.fn + row.counts.fp for row in (report.all_deposits, report.totals[-1])) == len(
        report.differences
    )


@few
@given(said, said)
def test_rules_add_up_to_families_and_families_to_all(
    gold: Claims,
    found: Claims,
) -> None:
    report = judge(annotations(gold), results(found))

    all_findings = report.totals[-1]
    for rows in (report.rules, report.families):
        assert sum(row.counts.tp for row in rows) == all_findings.counts.tp
        assert sum(row.counts.fp for row in rows) == all_findings.counts.fp


@few
@given(said, said)
def test_order_of_lines_changes_nothing(
    gold: Claims,
    found: Claims,
) -> None:
    forwards = judge(annotations(gold), results(found))

    assert judge(annotations(gold)[::-1], results(found)[::-1], backwards=True) == forwards


@few
@given(said, said)
def test_one_more_false_alarm_never_raises_precision_nor_touches_recall(
    gold: Claims,
    found: Claims,
) -> None:
    wrong = Mark(NEVER_IN_GOLD, AGENT_PLACES[0])
    more = [((*found[0][0], wrong), found[0][1]), *found[1:]]

    before = judge(annotations(gold), results(found)).totals[-1]
    after = judge(annotations(gold), results(more)).totals[-1]

    assert after.counts.fp == before.counts.fp + 1
    assert after.precision.value is not None
    assert before.precision.value is None or after.precision.value <= before.precision.value
    assert after.recall == before.recall
