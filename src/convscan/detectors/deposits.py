"""Deposits: the good things in agent turns, at most one of a kind per turn."""

from collections.abc import Iterator
from operator import itemgetter

from convscan.acts.heard import ACT_PREFIX, HeardConversation
from convscan.conversation import Role
from convscan.finding import Deposit, DepositKind

# In the order of the kinds, which decides between deposits at one place.
_KINDS = {kind: (ACT_PREFIX + kind.value, kind.value) for kind in DepositKind}


def find_deposits(heard: HeardConversation) -> Iterator[Deposit]:
    """Yield the deposits of each agent turn in reading order."""
    for turn in heard.of_role(Role.AGENT):
        possible = turn.possible
        first = [
            (act.at, kind, act.confidence)
            for kind, (owner, name) in _KINDS.items()
            if owner in possible and (act := turn.first(name))
        ]
        for at, kind, confidence in sorted(first, key=itemgetter(0)):
            yield Deposit(kind, at, confidence, heard.parsed.agent_of(at.utterance))
