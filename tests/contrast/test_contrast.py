"""Conversations in which looking for set words goes wrong, and the engine must not.

Each line of the data beside this file is a conversation in the native format; its
metadata name the rule, the outcome that the definition of the rule asks for, and why.
A case that differs from another in the decisive words only names it as its `pair`.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from convscan.conversation import Conversation, Role, turns
from convscan.finding import Outcome
from convscan.records import conversation_from_json
from convscan.scanner import Scanner

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation and how one rule must come out."""

    conversation: Conversation
    rule: str
    expect: Outcome
    why: str
    pair: str | None

    def __str__(self) -> str:
        return self.conversation.id


def _case(line: str) -> Case:
    conversation = conversation_from_json(json.loads(line))
    said = {key: str(value) for key, value in conversation.metadata.items()}
    return Case(conversation, said["rule"], Outcome(said["expect"]), said["why"], said.get("pair"))


CASES = [_case(line) for path in sorted(FOLDER.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
INNOCENT = [case for case in CASES if case.expect is not Outcome.MISSING]
AT_FAULT = [case for case in CASES if case.expect is Outcome.MISSING]

_OPENING = "what the opening tells is taken as the problem itself, though it is an effort too"

# The engine is wrong here, for a reason that no pattern cures without harm elsewhere.
KNOWN_MISSES = {
    "acknowledgement-feeling-ignored-letdown-refusal": "the models take the word for an apology",
    "expectations-missing-unplug-noted": "after thanks, what else is said is too often a farewell to a settled matter",
    "hidden-unexplained-refusal-exam": "a false accusation: the transformer does not see the reason in its clause",
    "hidden-unexplained-refusal-address": "refusing to tell is left to hidden/withheld, which sees the reason",
    "hidden-unexplained-refusal-flight": "a false accusation: no set words make the second sentence a reason",
    "thanks-missed-moment-hold": _OPENING,
    "thanks-missed-moment-qr": _OPENING,
    "thanks-missed-moment-ramp": _OPENING,
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the keyword checker looks at: a customer's turn and the agent's turn after it, in lower case."""

    said: str
    answer: str


def _exchanges(conversation: Conversation) -> Iterator[Exchange]:
    before = ""
    for turn in turns(conversation.utterances):
        text = "\n".join(conversation.utterances[index].text for index in turn.utterances).lower()
        if turn.role is Role.AGENT:
            yield Exchange(before, text)
            before = ""
        else:
            before = text
    if before:
        yield Exchange(before, "")


def _has(text: str, words: str) -> bool:
    return re.search(rf"\b(?:{words})", text) is not None


FEELINGS = (
    "angry|annoy|awful|disappoint|fed up|frustrat|furious|gutted|hate|let down|ridiculous|"
    "stress|tears|terrible|terrif|upset|worr|worst"
)
GIFTS = "attach|enclosed|here is|here are|love|photo|screenshot|sent|tested|waited|waiting|on hold|years"
REFUSALS = r"can't|cannot|don't|isn't|not able|unable|weren't able|won't"
PLANS = r"\w+'ll|going to|next|tomorrow|will|within"


# What a checker does that knows words and no acts: rule id to "would it complain?".
NAIVE: dict[str, Callable[[list[Exchange]], bool]] = {
    "acknowledgement/missing": lambda talk: (
        not _has(talk[0].answer, "apolog|can help|glad to|happy to|sorry|thank|understand")
    ),
    "acknowledgement/feeling-ignored": lambda talk: any(
        _has(exchange.said, FEELINGS) and not _has(exchange.answer, "apolog|frustrat|i'm sorry|understand")
        for exchange in talk
    ),
    "thanks/missing": lambda talk: not any(_has(exchange.answer, "thank") for exchange in talk),
    "thanks/missed-moment": lambda talk: any(
        _has(exchange.said, GIFTS) and not _has(exchange.answer, "thank") for exchange in talk
    ),
    "hidden/unexplained-refusal": lambda talk: any(
        _has(exchange.answer, REFUSALS) and not _has(exchange.answer, "as a result|because|due to|reason|since")
        for exchange in talk
    ),
    "avoidance/unanswered": lambda talk: any(
        "?" in exchange.said and not _has(exchange.answer, r"because|check|no\b|yep|yes") for exchange in talk
    ),
    "avoidance/abandoned": lambda talk: (
        _has(talk[-1].answer, "clos") if talk[-1].answer else not _has(talk[-1].said, "thank")
    ),
    "expectations/missing": lambda talk: not _has(talk[-1].answer, PLANS),
    "promise/broken": lambda talk: any(
        _has(exchange.said, "guarantee|promised|said|supposed|told") for exchange in talk
    ),
}


def _fires(case: Case, scanner: Scanner) -> bool:
    return any(finding.rule == case.rule for finding in scanner.scan(case.conversation).findings)


def _comes_out_right(case: Case, scanner: Scanner) -> bool:
    """Whether the checks of the rule say what they should.

    A long conversation has several: "not applicable" must hold of all of them,
    "kept" and "missing" of one, and "kept" suffers no "missing" beside it.
    """
    outcomes = {check.outcome for check in scanner.scan(case.conversation).checks if check.rule == case.rule}
    if case.expect is Outcome.NOT_APPLICABLE:
        return outcomes == {Outcome.NOT_APPLICABLE}
    return case.expect in outcomes and (case.expect is Outcome.MISSING or Outcome.MISSING not in outcomes)


@pytest.mark.parametrize("case", INNOCENT, ids=str)
def test_set_words_alone_would_accuse_the_innocent(case: Case) -> None:
    """Else the case proves nothing."""
    assert NAIVE[case.rule](list(_exchanges(case.conversation)))


@pytest.mark.parametrize("case", [case for case in INNOCENT if str(case) not in KNOWN_MISSES], ids=str)
def test_nobody_is_accused_who_did_what_was_owed_or_owed_nothing(case: Case, scanner: Scanner) -> None:
    assert not _fires(case, scanner), case.why


@pytest.mark.parametrize("case", [case for case in CASES if str(case) not in KNOWN_MISSES], ids=str)
def test_the_check_comes_out_as_defined(case: Case, scanner: Scanner) -> None:
    assert _comes_out_right(case, scanner), case.why


@pytest.mark.parametrize("case", [case for case in AT_FAULT if str(case) not in KNOWN_MISSES], ids=str)
def test_what_is_missing_is_reported(case: Case, scanner: Scanner) -> None:
    assert _fires(case, scanner), case.why


@pytest.mark.parametrize("case", [case for case in CASES if str(case) in KNOWN_MISSES], ids=str)
def test_a_known_miss_is_still_missed(case: Case, scanner: Scanner) -> None:
    """One that is cured must leave the list."""
    assert not _comes_out_right(case, scanner)


def test_the_set_is_large_enough_for_every_rule() -> None:
    innocent, at_fault = (Counter(case.rule for case in cases) for cases in (INNOCENT, AT_FAULT))

    assert set(innocent) == set(at_fault) == set(NAIVE)
    assert min(innocent.values()) >= 10
    assert min(at_fault.values()) >= 4
    assert {str(case) for case in CASES} >= set(KNOWN_MISSES)


def test_the_two_of_a_pair_come_out_differently_by_one_rule() -> None:
    by_id = {str(case): case for case in CASES}
    pairs = [(case, by_id[case.pair]) for case in CASES if case.pair is not None]

    assert len(pairs) >= 30
    assert all(one.rule == other.rule and one.expect is not other.expect for one, other in pairs)


def test_every_case_says_why() -> None:
    assert all(case.why for case in CASES)
    assert len({str(case) for case in CASES}) == len(CASES)
