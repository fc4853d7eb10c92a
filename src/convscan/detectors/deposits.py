"""Deposits: the good things in agent turns, at most one of a kind per turn.

Words that are a fault themselves are no deposit: "thanks" that ask for five stars thank for nothing.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from convscan.acts.heard import ACT_PREFIX, HeardConversation, HeardTurn
from convscan.conversation import Role
from convscan.finding import Deposit, DepositKind, Finding, Span
from convscan.language.parsed import Mark, ParsedUtterance

# In the order of the kinds, which decides between deposits at one place.
_KINDS = {ACT_PREFIX + kind.value: kind for kind in DepositKind}
_PLACE = itemgetter(0, 1, 2)
# Span rules whose words can sound like a deposit.
_FAULTS = frozenset(
    {
        "acknowledgement/dismissive",
        "acknowledgement/non-apology",
        "blame/colleague",
        "blame/customer",
        "blame/disbelief",
        "blame/system",
        "blame/third-party",
        "promise/guarantee",
        "self-interest/policy-shield",
        "self-interest/sales-pitch",
        "thanks/conditional",
    }
)
_REMEDY = ACT_PREFIX + DepositKind.REMEDY.value
# To take away what the customer has puts nothing right, unless they asked for it.
_TAKING = {
    "closed": "close",
    "cancelled": "cancel",
    "canceled": "cancel",
    "removed": "remove",
    "deleted": "delete",
    "deactivated": "deactivate",
    "stopped": "stop",
}
_HELD = (
    r"(?:account|profile|booking|reservation|order|ticket|tickets|seat|seats|subscription|membership|contract|policy|cover"
    r"|plan|listing|access|line|benefit|benefits|claim|case|complaint|request|place|number|appointment|delivery)"
)
_TAKES_AWAY = re.compile(
    rf"\b({'|'.join(_TAKING)}) (?:(?:it|this|that|them) (?:because|as|since|after|when|due)\b"
    rf"|(?:your|the) (?:\w+ )?{_HELD}\b)",
    re.IGNORECASE,
)
_IS_TAKEN_AWAY = re.compile(rf"\b{_HELD} (?:\w+ )?(?:\w+ )?({'|'.join(_TAKING)})\b", re.IGNORECASE)
_MAX_TAKING_CHARS = 80


def find_deposits(heard: HeardConversation) -> Iterator[Deposit]:
    """Yield the deposits of each agent turn in reading order."""
    for turn in heard.of_role(Role.AGENT):
        possible = turn.possible
        faults = tuple(_faults_of(turn))
        found: list[tuple[int, int, int, DepositKind, ParsedUtterance]] = []
        for owner, kind in _KINDS.items():
            if owner in possible:
                first = turn.any_mark_of(owner)
                if faults or (first is not None and owner == _REMEDY and _is_harm(*first, turn, heard)):
                    first = _first_sound(turn, owner, faults, heard)
                if first is not None:
                    utterance, mark = first
                    found.append((utterance.index, mark.start, mark.end, kind, utterance))
        for index, start, end, kind, utterance in sorted(found, key=_PLACE):
            yield Deposit(kind, utterance.span(start, end), None, heard.parsed.agent_of(index))


def sound_deposits(deposits: Iterable[Deposit], findings: Iterable[Finding]) -> list[Deposit]:
    """Leave out deposits whose words are for the most part a fault.

    A model gives a deposit to a whole sentence, and may find a fault in the same words.
    """
    faults = [one.at for one in findings if one.rule in _FAULTS and one.at is not None]
    return [one for one in deposits if 2 * sum(_shared(one.at, at) for at in faults) < one.at.end - one.at.start]


def _shared(one: Span, other: Span) -> int:
    """Return how many code points two places share."""
    if one.utterance != other.utterance:
        return 0
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _faults_of(turn: HeardTurn) -> Iterator[Span]:
    """Yield the words of a turn that are a fault, whatever else they sound like."""
    for owner in _FAULTS.intersection(turn.possible):
        yield from (utterance.span(mark.start, mark.end) for utterance, mark in turn.marks_of(owner))


def _first_sound(
    turn: HeardTurn, owner: str, faults: Sequence[Span], heard: HeardConversation
) -> tuple[ParsedUtterance, Mark] | None:
    """Return the first mark of an act whose words are no part of a fault, and no harm; None if there is none."""
    for utterance, mark in turn.marks_of(owner):
        if any(_shared(utterance.span(mark.start, mark.end), at) for at in faults):
            continue
        if owner != _REMEDY or not _is_harm(utterance, mark, turn, heard):
            return utterance, mark
    return None


def _is_harm(utterance: ParsedUtterance, mark: Mark, turn: HeardTurn, heard: HeardConversation) -> bool:
    """Whether words tell that something of the customer's was taken away that they did not ask to be rid of."""
    line = utterance.text[max(0, mark.start - _MAX_TAKING_CHARS) : mark.end + _MAX_TAKING_CHARS]
    begin = mark.start - max(0, mark.start - _MAX_TAKING_CHARS)
    end = begin + mark.end - mark.start
    for pattern in (_TAKES_AWAY, _IS_TAKEN_AWAY):
        for found in pattern.finditer(line):
            if begin <= found.start(1) < end:
                return not _asks_for(_TAKING[found[1].lower()], turn, heard)
    return False


def _asks_for(verb: str, turn: HeardTurn, heard: HeardConversation) -> bool:
    """Whether the customer told, before a turn, to do something: "cancel it", not "why did you cancel it"."""
    return any(
        verb in sentence.found.norms and "did" not in sentence.found.norms
        for asking in heard.of_role(Role.CUSTOMER)
        if asking.number < turn.number
        for _, sentence in asking.sentences
    )
