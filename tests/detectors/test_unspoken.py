"""Absence rules: kept, missing or not applicable, and only what is missing is a finding."""

from collections.abc import Callable, Mapping
from functools import cache

import pytest

from convscan.acts.heard import hear
from convscan.conversation import Conversation, Role, Utterance
from convscan.detectors.registry import detectors_for
from convscan.detectors.unspoken import UnspokenDetector
from convscan.finding import Check, Finding, Kind
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.rules.catalogue import Catalogue


def act(role: str, *words: str) -> str:
    patterns = ", ".join(f'"{word}"' for word in words)
    return (
        f"description: An act.\nroles: [{role}]\npatterns: [{patterns}]\n"
        f'examples: {{match: ["[[{words[0]}]]"], no_match: [{{text: "x", why: "no act"}}]}}\n'
    )


ACTS = {
    "acts/complaint": act("customer", "broken", "late"),
    "acts/joke": act("customer", "haha"),
    "acts/withdrawal": act("customer", "forget it"),
    "acts/sorry": act("agent", "sorry"),
    "acts/thanks": act("agent", "thanks"),
}
RULE = """
title: Not said
message: It was not said.
suggestion: Say it.
since: "0.1"
rationale: It is owed.
examples: {match: ["[[x]]"], no_match: [{text: "x", why: "nothing"}]}
"""

Judge = Callable[..., tuple[list[tuple[str, int | None]], list[Finding]]]


@pytest.fixture(scope="module")
def judge(catalogue_of: Callable[[Mapping[str, str]], Catalogue], conversation: Callable[..., Conversation]) -> Judge:
    """Judge a conversation by one rule: its checks as (outcome, utterance), and its findings."""

    @cache
    def made(rule: str) -> tuple[LanguagePipeline, UnspokenDetector]:
        catalogue = catalogue_of({**ACTS, "owed/words": RULE + rule})
        (detector,) = detectors_for(catalogue.rules.values())
        assert isinstance(detector, UnspokenDetector)
        return LanguagePipeline(catalogue, Budget(utterance_chars=1000, record_seconds=60)), detector

    def find(rule: str, *lines: str | Utterance) -> tuple[list[tuple[str, int | None]], list[Finding]]:
        language, detector = made(rule)
        utterances = tuple(line if isinstance(line, Utterance) else conversation(line).utterances[0] for line in lines)
        judgements = list(detector.detect(hear(language.parse(Conversation("c-1", utterances))[0])))
        checks = [(j.outcome.value, j.utterance) for j in judgements if isinstance(j, Check)]
        return checks, [j for j in judgements if isinstance(j, Finding)]

    return find


NEXT_TURN = """
scope: turn
when: [{role: customer, acts: [complaint], without: [joke]}]
expect: {acts: [sorry], within: next-turn}
settled-by: [withdrawal]
"""


def test_act_in_the_next_turn_keeps_the_rule(judge: Judge) -> None:
    checks, findings = judge(NEXT_TURN, "customer: It is late.", "agent: One moment.", "agent: I am sorry.")
    assert (checks, findings) == ([("kept", 2)], [])


def test_missing_act_is_a_finding_on_the_first_utterance_of_the_turn(judge: Judge) -> None:
    checks, (finding,) = judge(NEXT_TURN, "customer: It is late.", "agent:  Your number? ", "agent: Please.")
    assert checks == [("missing", 1)]
    assert (finding.rule, finding.kind) == ("owed/words", Kind.MISSING)
    assert finding.at is not None
    assert (finding.at.utterance, finding.at.quote) == (1, "Your number?")


def test_finding_shows_what_called_for_the_act(judge: Judge) -> None:
    _, (finding,) = judge(NEXT_TURN, "customer: It is late and broken.", "customer: Late!", "agent: Thanks.")
    assert [(span.utterance, span.quote) for span in finding.because] == [(0, "late"), (0, "broken"), (1, "Late")]
    steps = {step.step: step.detail for step in finding.explanation}
    assert steps["searched"] == "agent turns at utterances 2: no sorry"
    assert steps["nearest"] == "deposits that are there: thanks"


def test_act_before_the_call_does_not_keep_the_rule(judge: Judge) -> None:
    checks, _ = judge(NEXT_TURN, "agent: Sorry!", "customer: It is late.", "agent: Your number?", "agent: Please.")
    assert checks == [("missing", 2)]


def test_act_in_a_later_turn_is_too_late(judge: Judge) -> None:
    lines = ("customer: It is late.", "agent: Your number?", "customer: 5.", "agent: Sorry.")
    assert judge(NEXT_TURN, *lines)[0] == [("missing", 1)]
    assert judge(NEXT_TURN.replace("next-turn", "later-turns"), *lines)[0] == [("kept", 3)]


@pytest.mark.parametrize(
    "lines",
    [
        ("customer: Hello.", "agent: Your number?"),
        ("customer: Late, haha.", "agent: Your number?"),
        ("customer: It is late.",),
        ("customer: It is late.", "agent: Your number?", "customer: Forget it."),
        ("agent: It is late.", "agent: It is broken."),
        ("bot: Your lamp is late.", "agent: Your number?"),
    ],
    ids=["no call", "taken back", "no reply", "settled", "agent's own words", "bot's words"],
)
def test_where_nothing_is_owed_the_rule_does_not_apply(judge: Judge, lines: tuple[str, ...]) -> None:
    checks, findings = judge(NEXT_TURN, *lines)
    assert [outcome for outcome, _ in checks] == ["not_applicable"]
    assert findings == []


def test_every_call_is_considered(judge: Judge) -> None:
    lines = ("customer: Late.", "agent: Sorry.", "customer: Broken.", "agent: Well.", "customer: Hi.", "agent: Hi.")
    assert judge(NEXT_TURN, *lines)[0] == [("kept", 1), ("missing", 3)]


@pytest.mark.parametrize(("position", "expected"), [("any", [1, 3]), ("first", [1]), ("last", [3]), ("unanswered", [])])
def test_position_chooses_among_the_calls(judge: Judge, position: str, expected: list[int]) -> None:
    rule = NEXT_TURN.replace("without: [joke]", f"position: {position}")
    _, findings = judge(rule, "customer: Late.", "agent: Well.", "customer: Late.", "agent: Well.")
    assert [finding.at.utterance for finding in findings if finding.at] == expected


def test_system_line_in_between_changes_nothing(judge: Judge) -> None:
    plain = judge(NEXT_TURN, "customer: Late.", "agent: Sorry.")[0]
    busy = judge(NEXT_TURN, "customer: Late.", "system: Jo joined.", "agent: Sorry.")[0]
    assert ([outcome for outcome, _ in plain], [outcome for outcome, _ in busy]) == (["kept"], ["kept"])


HEATED = NEXT_TURN.replace("without: [joke]", "heated: true")


def test_loud_words_call_for_it_where_no_act_is_even_possible(judge: Judge) -> None:
    """The act that a trigger names is one way to call, heat is another."""
    rule = HEATED.replace("acts: [complaint]", "acts: [joke]")
    assert judge(rule, "customer: You NEVER wrote to me, \U0001f621 WHY", "agent: Your number?")[0] == [("missing", 1)]
    assert judge(rule, "customer: You never wrote to me.", "agent: Your number?")[0] == [("not_applicable", None)]


def test_among_other_words_nobody_knows_what_is_missing(judge: Judge) -> None:
    rule = NEXT_TURN.replace("expect: {acts: [sorry]", "expect: {acts: [joke], among: [sorry]")
    assert judge(rule, "customer: It is late.", "agent: Hello Mrs Orr. Sorry for that.")[0] == [("missing", 1)]
    assert judge(rule, "customer: It is late.", "agent: Sorry. The cat has it under her wing.")[0] == [
        ("not_applicable", 1)
    ]


def test_tears_call_for_it_where_something_is_wrong(judge: Judge) -> None:
    rule = HEATED.replace("acts: [complaint]", "acts: [joke]")
    for tears in ("\U0001f62d", ":("):
        assert judge(rule, f"customer: It is late. No cello for the concert {tears}", "agent: Your number?")[0] == [
            ("missing", 1)
        ]
        assert judge(rule, f"customer: What a concert {tears}", "agent: Your number?")[0] == [("not_applicable", None)]
    assert judge(rule, "customer: It is late, see (the note:(a) or (b)).", "agent: Well.")[0] == [
        ("not_applicable", None)
    ]


@pytest.mark.parametrize(
    ("face", "outcome"),
    [
        ("\U0001f92c", "missing"),
        ("\U0001f47f", "missing"),
        ("\U0001f624", "missing"),
        (":@", "missing"),
        (">:(", "missing"),
        ("\U0001f62d\U0001f62d", "missing"),
        (":((", "missing"),
        ("\U0001f62d", "not_applicable"),
        ("jo:@home", "not_applicable"),
        ("best season ever \U0001f62d\U0001f62d", "not_applicable"),
    ],
)
def test_angry_face_and_a_row_of_tears_are_a_feeling_by_themselves(judge: Judge, face: str, outcome: str) -> None:
    rule = HEATED.replace("acts: [complaint]", "acts: [joke]")
    assert [one for one, _ in judge(rule, f"customer: where is it {face}", "agent: Your number?")[0]] == [outcome]


CLOSED = """
scope: conversation
when: [{role: agent, acts: [thanks], position: last}]
expect: {acts: [], within: later-turns}
settled-by: [withdrawal]
"""


@pytest.mark.parametrize(
    ("lines", "outcome"),
    [
        (("customer: It is late.", "agent: Thanks."), "missing"),
        (("customer: Forget it.", "agent: Thanks."), "not_applicable"),
        (("agent: Hello.", "customer: Forget it.", "agent: Thanks."), "not_applicable"),
        (("customer: Forget it.", "agent: Well.", "customer: It is late.", "agent: Thanks."), "missing"),
        (("agent: Thanks.",), "missing"),
    ],
)
def test_agents_act_in_answer_to_a_settlement_leaves_nothing_open(
    judge: Judge, lines: tuple[str, ...], outcome: str
) -> None:
    assert [one for one, _ in judge(CLOSED, *lines)[0]] == [outcome]


SAME_TURN = """
scope: turn
when: [{role: agent, acts: [thanks]}]
expect: {acts: [sorry], within: same-turn}
"""


def test_agents_own_act_may_call_for_another(judge: Judge) -> None:
    assert judge(SAME_TURN, "customer: Hi.", "agent: Thanks.", "agent: Sorry.")[0] == [("kept", 2)]
    assert judge(SAME_TURN, "customer: Hi.", "agent: Thanks.", "customer: Hi.", "agent: Sorry.")[0] == [("missing", 1)]


def test_turn_that_calls_is_not_its_own_next_turn(judge: Judge) -> None:
    rule = SAME_TURN.replace("same-turn", "next-turn")
    lines = ("customer: Hi.", "agent: Thanks, sorry.", "customer: Well?")
    assert judge(rule, *lines, "agent: Bye.")[0] == [("missing", 3)]
    assert judge(rule, *lines, "agent: Sorry.")[0] == [("kept", 3)]


WHOLE = """
scope: conversation
when: [{role: customer}]
expect: {acts: [thanks], within: conversation}
"""


def test_conversation_rule_is_kept_anywhere(judge: Judge) -> None:
    assert judge(WHOLE, "agent: Thanks.", "customer: Hi.", "agent: Bye.")[0] == [("kept", 0)]


def test_conversation_rule_is_missing_once_and_has_no_place(judge: Judge) -> None:
    checks, (finding,) = judge(WHOLE, "customer: Hi.", "agent: Hi.", "customer: Well?", "agent: Bye.")
    assert [outcome for outcome, _ in checks] == ["missing"]
    assert finding.at is None


def test_whole_conversation_is_charged_to_the_agent_who_led_it(judge: Judge) -> None:
    def led_by(*agents: str) -> str | None:
        hello = Utterance(Role.CUSTOMER, "Hi.")
        lines = [line for agent in agents for line in (hello, Utterance(Role.AGENT, "Hi.", author_id=agent))]
        return judge(WHOLE, *lines)[1][0].agent

    assert led_by("a7", "a7") == "a7"
    assert led_by("a7", "b3") is None


LAST_TURN = """
scope: conversation
when: [{role: customer, acts: [complaint]}]
expect: {acts: [sorry], within: last-turn}
"""


def test_last_turn_is_where_it_counts(judge: Judge) -> None:
    lines = ("customer: Late.", "agent: Sorry.", "customer: And now?", "agent: Bye.")
    assert judge(LAST_TURN, *lines)[0] == [("missing", 3)]
    assert judge(LAST_TURN, *lines, "agent: Sorry again.")[0] == [("kept", 4)]


NOTHING_HELPS = """
scope: conversation
when: [{role: customer, acts: [complaint], position: unanswered}]
expect: {acts: [], within: later-turns}
"""


def test_call_that_nothing_can_satisfy_is_itself_the_fault(judge: Judge) -> None:
    checks, findings = judge(NOTHING_HELPS, "agent: Hi.", "customer: It is late.")
    assert checks == [("missing", None)]
    assert [span.quote for span in findings[0].because] == ["late"]
    assert judge(NOTHING_HELPS, "customer: It is late.", "agent: Hi.")[0] == [("not_applicable", None)]


def test_part_of_a_reply_owes_nothing_if_only_complete_replies_do(judge: Judge) -> None:
    lines = ("customer: It is late.", "agent: What is the number of your order? 1/2")
    assert judge(NEXT_TURN + "complete-replies-only: true\n", *lines)[0] == [("not_applicable", 1)]
    assert judge(NEXT_TURN + "complete-replies-only: false\n", *lines)[0] == [("missing", 1)]
