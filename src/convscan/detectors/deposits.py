"""Deposits: the good things in agent turns, at most one of a kind per turn."""

from collections.abc import Iterator

from convscan.acts.heard import HeardConversation
from convscan.conversation import Role
from convscan.finding import Deposit, DepositKind


def find_deposits(heard: HeardConversation) -> Iterator[Deposit]:
    """Yield the deposits of each agent turn in reading order."""
    for turn in heard.of_role(Role.AGENT):
        first = [act for kind in DepositKind if (act := turn.first(kind.value))]
        for act in sorted(first, key=lambda act: act.at):
            yield Deposit(DepositKind(act.name), act.at, act.confidence, heard.parsed.agent_of(act.at.utterance))
