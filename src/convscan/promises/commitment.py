"""A commitment as it is made, before anything is known of its fate."""

from dataclasses import dataclass
from datetime import datetime

from convscan.finding import Deadline, PromiseKind, Span
from convscan.promises.deadlines import Interval


@dataclass(frozen=True, slots=True)
class Commitment:
    """Words by which the agents' side binds itself.

    Attributes:
        at: The words.
        turn: Number of the turn they stand in.
        agent: Who said them, as an identity.
        by_when: The words that name a time for it.
        due: What they mean, if that can be told.
        condition: The words that it depends on.
        topics: What it is about.
        is_immediate: Whether it is done in the same breath ("let me look"), so that going on keeps it.
        is_inquiry: Whether it is to find something out, or to reach somebody, so that telling the outcome keeps it.
        is_reply: Whether coming back in this conversation keeps it ("I'll get back to you").
        is_at_desk: Whether who says it does it where they sit ("I'll rename both"), so that what they
            report next is that.
        said: When it was said, if the source tells.
    """

    at: Span
    turn: int
    kind: PromiseKind
    agent: str | None
    by_when: Deadline | None
    due: Interval | None
    condition: Span | None
    topics: frozenset[str]
    is_immediate: bool
    is_inquiry: bool
    is_reply: bool
    is_at_desk: bool
    said: datetime | None
