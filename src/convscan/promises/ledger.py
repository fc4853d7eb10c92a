"""The ledger of a conversation: every promise with its deadline and its fate."""

from convscan.acts.heard import HeardConversation
from convscan.finding import Ledger, Promise
from convscan.promises.fate import read_fates
from convscan.promises.memory import Waiting


def read_promises(heard: HeardConversation) -> Ledger:
    """Return what the agents' side promised and what became of it.

    Args:
        heard: A conversation with its acts.
    """
    memory = read_fates(heard)
    return Ledger(tuple(map(_promise, memory.made)), tuple(memory.elsewhere.breaches))


def with_promises(heard: HeardConversation) -> HeardConversation:
    """Return a conversation with the promises that were made in it."""
    return heard.with_ledger(read_promises(heard))


def _promise(one: Waiting) -> Promise:
    commitment = one.commitment
    return Promise(
        at=commitment.at,
        fate=one.fate,
        kind=commitment.kind,
        agent=commitment.agent,
        by_when=commitment.by_when,
        condition=commitment.condition,
        evidence=one.evidence,
    )
