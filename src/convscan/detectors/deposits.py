"""Deposits: the good things in agent turns, at most one of a kind per turn."""

from collections.abc import Iterator

from convscan.acts.heard import HeardConversation, PerformedAct
from convscan.conversation import Role
from convscan.finding import Deposit, DepositKind

_KINDS = frozenset(kind.value for kind in DepositKind)


def find_deposits(heard: HeardConversation) -> Iterator[Deposit]:
    """Yield the deposits of each agent turn in reading order."""
    for turn in heard.of_role(Role.AGENT):
        first: dict[DepositKind, PerformedAct] = {}
        for act in turn.acts:
            if act.name in _KINDS:
                first.setdefault(DepositKind(act.name), act)
        for kind, act in sorted(first.items(), key=lambda item: item[1].at):
            yield Deposit(kind, act.at, act.confidence, heard.parsed.agent_of(act.at.utterance))
