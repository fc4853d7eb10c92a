"""The ledger of a conversation: every promise with its deadline and its fate."""

from dataclasses import replace

from convscan.acts.heard import HeardConversation
from convscan.finding import Fate, Ledger, Promise, Span
from convscan.promises.commitment import Commitment
from convscan.promises.fate import FateReader


def read_promises(heard: HeardConversation) -> Ledger:
    """Return what the agents' side promised and what became of it.

    Args:
        heard: A conversation with its acts.
    """
    reader = FateReader(heard)
    promises = tuple(_promise(*one) for one in reader.read())
    return Ledger(promises, reader.breaches)


def with_promises(heard: HeardConversation) -> HeardConversation:
    """Return a conversation with the promises that were made in it."""
    return replace(heard, ledger=read_promises(heard))


def _promise(commitment: Commitment, fate: Fate, evidence: tuple[Span, ...]) -> Promise:
    return Promise(
        at=commitment.at,
        fate=fate,
        kind=commitment.kind,
        agent=commitment.agent,
        by_when=commitment.by_when,
        condition=commitment.condition,
        evidence=evidence,
    )
