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

# The engine is wrong here, for a reason that no pattern cures without harm elsewhere.
KNOWN_MISSES: dict[str, str] = {}


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
REFUSALS = r"can't|cannot|don't|isn't|unable|weren't able|won't"
PLANS = r"\w+'ll|going to|next|tomorrow|will|within"


def _no_thanks_at_the_end(conversation: Conversation) -> bool:
    last = list(_exchanges(conversation))[-1]
    return _has(last.answer, "clos") if last.answer else not _has(last.said, "thank")


# What a checker does that knows words and no acts: rule id to "would it complain?".
NAIVE: dict[str, Callable[[list[Exchange]], bool]] = {
    "acknowledgement/missing": lambda talk: not _has(
        talk[0].answer, "apolog|can help|glad to|happy to|sorry|thank|understand"
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
    "promise/broken": lambda talk: any(_has(exchange.said, "guarantee|promised|said|supposed|told") for exchange in talk),
}


