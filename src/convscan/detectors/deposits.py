"""Deposits: the good things in agent turns, at most one of a kind per turn.

Words that are a fault themselves are no deposit: "thanks" that ask for five stars thank for nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from convscan.acts.heard import ACT_PREFIX, HeardConversation, HeardTurn, PerformedAct
from convscan.conversation import Role
from convscan.finding import Deposit, DepositKind, Finding, Span

# In the order of the kinds, which decides between deposits at one place.
_KINDS = {kind: (ACT_PREFIX + kind.value, kind.value) for kind in DepositKind}
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
        "self-interest/policy-shield",
        "self-interest/sales-pitch",
        "thanks/conditional",
    }
)


def find_deposits(heard: HeardConversation) -> Iterator[Deposit]:
    """Yield the deposits of each agent turn in reading order."""
    for turn in heard.of_role(Role.AGENT):
        may_be_fault = not _FAULTS.isdisjoint(turn.possible)
        faults = tuple(_faults_of(turn)) if may_be_fault else ()
        first = [
            (act.at, kind, act.confidence)
            for kind, (owner, name) in _KINDS.items()
            if owner in turn.possible
            and (act := _first_sound(turn, name, faults) if may_be_fault else turn.first(name))
        ]
        for at, kind, confidence in sorted(first, key=itemgetter(0)):
            yield Deposit(kind, at, confidence, heard.parsed.agent_of(at.utterance))


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


def _first_sound(turn: HeardTurn, name: str, faults: Sequence[Span]) -> PerformedAct | None:
    """Return the first act of a name whose words are no part of a fault; None if there is none."""
    return next((act for act in turn.performs((name,)) if not any(_shared(act.at, at) for at in faults)), None)
