"""What a reader tells of its work while it reads: what it left out, and how it told the roles."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

from convscan.conversation import Role


class Trace(Protocol):
    """Takes notes; a reader calls it as it goes, `convscan inspect` prints it."""

    def recognised(self, path: str, reader: str, by: str) -> None:
        """Take note of the reader of a file; `readers.read` does it for all.

        Args:
            path: The file.
            reader: Name of its reader.
            by: What told it: "content", "suffix", or "--from".
        """

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

    def recognised(self, path: str, reader: str, by: str) -> None:
        """Forget it."""

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
        files: Reader and by what it was told, to how many files.
    """

    omissions: Counter[str] = field(default_factory=Counter)
    evidence: Counter[tuple[Role, str]] = field(default_factory=Counter)
    files: Counter[tuple[str, str]] = field(default_factory=Counter)

    def recognised(self, _path: str, reader: str, by: str) -> None:
        """Count it."""
        self.files[reader, by] += 1

    def left_out(self, what: str, *, count: int = 1) -> None:
        """Count it."""
        self.omissions[what] += count

    def told(self, role: Role, evidence: str, *, count: int = 1) -> None:
        """Count it."""
        self.evidence[role, evidence] += count
