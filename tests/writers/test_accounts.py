"""Agents and teams: nobody is mixed up with anybody, and every act is its writer's."""

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from convscan.balance import balance
from convscan.conversation import Conversation, Role, Utterance, Visibility, turns
from convscan.finding import (
    Balance,
    Check,
    Deposit,
    DepositKind,
    Finding,
    Kind,
    Outcome,
    ScanResult,
    Severity,
    Span,
    Status,
    Tool,
)
from convscan.records import Json
from convscan.writers.accounts import account_records
from convscan.writers.json_text import json_text
from convscan.writers.mean import FEWEST
from convscan.writers.tally import Tally

TOOL = Tool("0.1.0", "abc")

Case = tuple[ScanResult, Conversation | None]
Record = dict[str, Json]


def agent(text: str, author: str | None = None, author_id: str | None = None, **metadata: object) -> Utterance:
    return Utterance(Role.AGENT, text, author, author_id, metadata=metadata)


ASKS = Utterance(Role.CUSTOMER, "It leaks!", author="Alex")


def chat(*said: Utterance, team: object = None, name: str = "c") -> Conversation:
    return Conversation(name, said, metadata={} if team is None else {"team": team})


def judged(conversation: Conversation, *, status: Status = Status.JUDGED, checks: Sequence[Check] = ()) -> Case:
    """Judge by sight: "bad" is an error, "good" a deposit, "rude" of nobody in particular."""
    findings: list[Finding] = []
    deposits: list[Deposit] = []
    for index, said in enumerate(conversation.utterances):
        at = Span(index, 0, len(said.text), said.text)
        if "bad" in said.text:
            findings.append(Finding("tone/curt", Severity.ERROR, Kind.PRESENT, at, "", "", agent=said.speaker))
        if "good" in said.text:
            deposits.append(Deposit(DepositKind.THANKS, at, agent=said.speaker))
        if "whole" in said.text:
            findings.append(Finding("thanks/missing", Severity.WARNING, Kind.MISSING, None, "", ""))
    return (
        ScanResult(
            conversation.id,
            status,
            TOOL,
            findings=tuple(findings),
            deposits=tuple(deposits),
            checks=tuple(checks),
            balance=balance(findings, deposits, turns(conversation.utterances)),
        ),
        conversation,
    )


def with_missed(case: Case, index: int) -> Case:
    """Find that nobody was thanked in an utterance."""
    result, conversation = case
    assert conversation is not None
    at = Span(index, 0, 1, conversation.utterances[index].text[:1])
    missed = Finding("thanks/missed-moment", Severity.NOTE, Kind.MISSING, at, "", "")
    return replace(result, findings=(*result.findings, missed)), conversation


def records(*cases: Case, judge_bots: bool = False) -> list[Record]:
    tally = Tally(judge_bots=judge_bots)
    for result, conversation in cases:
        tally.add(result, conversation)
    return list(account_records(tally))


def totals(found: Iterable[Record], of: str = "agent") -> dict[object, float]:
    """Points of each agent, by id or (name, team), or of each team."""
    points: dict[object, float] = {}
    for record in found:
        if record["of"] == of:
            own = record["id"] or (record["name"], record["team"]) if of == "agent" else record["team"]
            account = record["balance"]
            assert isinstance(account, dict)
            total = account["total"]
            assert isinstance(total, float)
            points[record["nobody"] or own] = total
    return points


def test_two_people_called_alex_in_two_teams_are_two() -> None:
    found = records(
        judged(chat(ASKS, agent("bad", "Alex"), team="billing")),
        judged(chat(ASKS, agent("good", "Alex"), team="repairs")),
        judged(chat(ASKS, agent("good", "Alex"))),
    )
    assert totals(found) == {("Alex", "billing"): -2, ("Alex", "repairs"): 1, ("Alex", None): 1}
    assert totals(found, "team") == {"billing": -2, "repairs": 1, "no team": 1}


def test_two_people_called_alex_in_two_teams_are_two_within_one_conversation() -> None:
    """A hand-over between teams: the utterance says whose it is."""
    found = records(judged(chat(ASKS, agent("bad", "Alex"), agent("good", "Alex", team="repairs"), team="billing")))
    assert totals(found) == {("Alex", "billing"): -2, ("Alex", "repairs"): 1}
    assert totals(found, "team") == {"billing": -2, "repairs": 1}


def test_one_name_with_two_ids_is_two_people_in_whatever_team() -> None:
    found = records(
        judged(chat(ASKS, agent("bad", "Alex", "a-1"), team="billing")),
        judged(chat(ASKS, agent("good", "Alex", "a-2"), team="billing")),
        judged(chat(ASKS, agent("good good", "Alexandra", "a-1"), team="repairs")),
    )
    assert totals(found) == {"a-1": -1, "a-2": 1}
    assert [record["name"] for record in found if record["of"] == "agent"] == ["Alex", "Alex"]


def test_an_id_is_not_mixed_up_with_a_name_that_looks_like_it() -> None:
    found = records(judged(chat(ASKS, agent("bad", None, "Alex"))), judged(chat(ASKS, agent("good", "Alex"))))
    assert totals(found) == {"Alex": -2, ("Alex", None): 1}


def test_a_customer_of_the_same_name_is_no_agent() -> None:
    found = records(judged(chat(ASKS, agent("good", "Alex", "a-1"), ASKS)))
    assert totals(found) == {"a-1": 1}


def test_nobody_is_made_up_for_an_agent_without_a_name() -> None:
    found = records(judged(chat(ASKS, agent("bad"), team="billing")), judged(chat(ASKS, agent("good", ""), team="x")))
    assert totals(found) == {"unnamed": -1}
    assert totals(found, "team") == {"billing": -2, "x": 1}


def test_hand_over_in_the_middle_of_a_turn_charges_each_act_to_who_wrote_it() -> None:
    found = records(judged(chat(ASKS, agent("bad", "Jo"), agent("good", "Ines"), agent("bad", "Jo"))))
    assert totals(found) == {("Jo", None): -4, ("Ines", None): 1}
    assert [record["turns"] for record in found if record["of"] == "agent"] == [1, 1]


def test_what_several_left_undone_is_charged_to_their_team_and_none_of_them() -> None:
    found = records(judged(chat(ASKS, agent("good", "Jo"), agent("whole", "Ines"), team="billing")))
    assert totals(found) == {("Jo", "billing"): 1, ("Ines", "billing"): 0, "several agents": -1}
    assert totals(found, "team") == {"billing": 0}


def test_what_a_lone_agent_left_undone_is_charged_to_that_agent() -> None:
    assert totals(records(judged(chat(ASKS, agent("whole", "Jo"))))) == {("Jo", None): -1}


def test_internal_notes_make_no_agent() -> None:
    note = Utterance(Role.AGENT, "He is angry.", "Ines", visibility=Visibility.INTERNAL)
    assert totals(records(judged(chat(ASKS, note, agent("whole", "Jo"))))) == {("Jo", None): -1}


def test_bots_are_no_agents_unless_they_are_judged() -> None:
    bot = Utterance(Role.BOT, "You are next in line.", "Botty")
    case = judged(chat(ASKS, bot, agent("good", "Jo")))
    assert totals(records(case)) == {("Jo", None): 1}
    assert totals(records(case, judge_bots=True)) == {("Jo", None): 1, ("Botty", None): 0}


@pytest.mark.parametrize(("team", "name"), [("  billing ", "billing"), (7, "7"), ("", None), (True, None), ([], None)])
def test_team_is_a_text_or_a_number(team: object, name: str | None) -> None:
    found = records(judged(chat(ASKS, agent("good", "Jo"), team=team)))
    assert totals(found, "team") == {name or "no team": 1}


def test_rates_have_their_denominators_beside_them() -> None:
    checks = (
        Check("thanks/missed-moment", Outcome.KEPT, 1),
        Check("thanks/missed-moment", Outcome.MISSING, 2),
        Check("thanks/missing", Outcome.KEPT),
        Check("promise/broken", Outcome.NOT_APPLICABLE),
    )
    found = records(with_missed(judged(chat(ASKS, agent("Hi.", "Jo"), agent("Yes.", "Ines")), checks=checks), 2))
    due = {record["name"] or record["nobody"]: (record["missing"], record["due"]) for record in found[:3]}
    assert due == {"Jo": (0, 1), "Ines": (1, 1), "several agents": (0, 1)}


def test_what_was_left_out_for_a_least_confidence_is_due_and_nobody_is_said_not_to_have_done_it() -> None:
    checks = (Check("thanks/missed-moment", Outcome.MISSING, 1), Check("thanks/missed-moment", Outcome.MISSING, 2))
    found = records(with_missed(judged(chat(ASKS, agent("Hi.", "Jo"), agent("Yes.", "Jo")), checks=checks), 2))
    assert [(record["missing"], record["due"]) for record in found if record["of"] == "agent"] == [(1, 2)]


@pytest.mark.parametrize("place", [None, 1], ids=["no place", "the last turn"])
def test_what_several_left_undone_is_not_done_by_none_of_them(place: int | None) -> None:
    checks = (Check("thanks/missing", Outcome.MISSING, place),)
    found = records(judged(chat(ASKS, agent("Hi.", "Jo"), agent("whole", "Ines")), checks=checks))
    due = {record["name"] or record["nobody"]: (record["missing"], record["due"]) for record in found[:3]}
    assert due == {"Jo": (0, 0), "Ines": (0, 0), "several agents": (1, 1)}


def test_a_conversation_judged_in_part_is_in_no_mean() -> None:
    """What was good in it may stand in the part that was not looked at."""
    whole, part = chat(ASKS, agent("good", "Jo")), chat(ASKS, agent("bad", "Jo"))
    [jo, _] = records(judged(whole), judged(part, status=Status.INCOMPLETE))
    assert (jo["conversations"], jo["balance"]) == (2, {"n": 1, "total": 1.0, "mean": 1.0, "low": None, "high": None})


def test_few_conversations_are_not_comparable_and_say_so() -> None:
    cases = [judged(chat(ASKS, agent(text, "Jo"))) for text in ("good", "bad") * (FEWEST // 2)]
    [few, _] = records(*cases[:-1])
    [enough, _] = records(*cases)
    assert (few["is_comparable"], enough["is_comparable"]) == (False, True)
    account = enough["balance"]
    assert isinstance(account, dict)
    assert account["mean"] == -0.5
    low, high = account["low"], account["high"]
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert low < -0.5 < high


def test_agents_and_nobody_together_have_all_points_as_have_the_teams() -> None:
    cases = [
        judged(
            chat(ASKS, agent("bad whole", "Jo"), ASKS, agent("good", "Alex", team="x"), agent("bad", None), team="y")
        ),
        judged(chat(ASKS, agent("good", "Jo"))),
    ]
    nets = sum(result.balance.net for result, _ in cases)
    found = records(*cases)
    assert sum(totals(found).values()) == pytest.approx(nets)
    assert sum(totals(found, "team").values()) == pytest.approx(nets)


def test_order_of_conversations_changes_no_byte() -> None:
    names = ("Alex", "Jo", None)
    cases = [
        judged(chat(ASKS, agent(text, names[number % 3], "a-1" if number % 4 else None), team=f"t{number % 2}"))
        for number, text in enumerate(("good", "bad", "whole", "good bad") * 6)
    ]
    before = [json_text(record) for record in records(*cases)]
    for seed in range(5):
        shuffled = random.Random(seed).sample(cases, len(cases))  # noqa: S311 # no secret
        assert [json_text(record) for record in records(*shuffled)] == before


def test_results_of_older_versions_have_no_ledger_and_still_count() -> None:
    result, conversation = judged(chat(ASKS, agent("bad good", "Jo")))
    old = replace(result, balance=Balance(result.balance.deposits, result.balance.withdrawals))
    assert records((old, conversation)) == records((result, conversation))


def test_result_without_its_text_is_counted_by_who_it_names() -> None:
    result, _ = judged(chat(ASKS, agent("bad", "Jo"), agent("good", "Ines")))
    assert totals(records((result, None))) == {("Jo", None): -2, ("Ines", None): 1}


def test_records_are_json() -> None:
    written = records(judged(chat(ASKS, agent("bad", "Jo"), team="billing")))
    assert written
    for record in written:
        assert json.loads(json.dumps(record, allow_nan=False)) == record
