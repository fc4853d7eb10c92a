"""Deposits: the good things in agent turns, at most one of a kind per turn.

Words that are a fault themselves are no deposit: "thanks" that ask for five stars thank for nothing.
"""

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


def find_deposits(heard: HeardConversation) -> Iterator[Deposit]:
    """Yield the deposits of each agent turn in reading order."""
    for turn in heard.of_role(Role.AGENT):
        possible = turn.possible
        faults = tuple(_faults_of(turn))
        found: list[tuple[int, int, int, DepositKind, ParsedUtterance]] = []
        for owner, kind in _KINDS.items():
            if owner in possible:
                first = _first_sound(turn, owner, faults) if faults else turn.any_mark_of(owner)
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


def _first_sound(turn: HeardTurn, owner: str, faults: Sequence[Span]) -> tuple[ParsedUtterance, Mark] | None:
    """Return the first mark of an act whose words are no part of a fault; None if there is none."""
    for utterance, mark in turn.marks_of(owner):
        if not any(_shared(utterance.span(mark.start, mark.end), at) for at in faults):
            return utterance, mark
    return None
