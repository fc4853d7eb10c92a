"""What a reader tells of its work while it reads: what it left out, and how it told the roles."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

from convscan.conversation import Role


class Trace(Protocol):
    """Takes notes; a reader calls it as it goes, `convscan inspect` prints it."""

    def left_out(self, what: str, *, count: int = 1) -> None:
        """Take note of something that is in the file and in no conversation.

        Args:
            what: What and why in few words, the same for all of a kind: it is counted
                ("attachment: no text", "part without words: read_receipt").
            count: How many of them.
        """

    def told(self, role: Role, evidence: str, *, count: int = 1) -> None:
        """Take note of how the role of an utterance was told.

        Args:
            role: Which it was.
            evidence: By what, the same for all of a kind ("author.type is admin").
            count: For how many utterances.
        """


@dataclass(frozen=True, slots=True)
class _NoTrace:
    """Takes notes and does nothing with them."""

    def left_out(self, what: str, *, count: int = 1) -> None:
        """Forget it."""

    def told(self, role: Role, evidence: str, *, count: int = 1) -> None:
        """Forget it."""


NO_TRACE: Trace = _NoTrace()


@dataclass(frozen=True, slots=True)
class TraceBook:
    """Takes notes and keeps them, counted.

    Attributes:
        omissions: What was left out, to how often.
        evidence: Role and by what it was told, to for how many utterances.
    """

    omissions: Counter[str] = field(default_factory=Counter)
    evidence: Counter[tuple[Role, str]] = field(default_factory=Counter)

    def left_out(self, what: str, *, count: int = 1) -> None:
        """Count it."""
        self.omissions[what] += count

    def told(self, role: Role, evidence: str, *, count: int = 1) -> None:
        """Count it."""
        self.evidence[role, evidence] += count
