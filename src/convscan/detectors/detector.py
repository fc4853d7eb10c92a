"""What a detector is."""

from collections.abc import Iterator
from typing import Protocol

from convscan.acts.heard import HeardConversation
from convscan.finding import Check, Finding
from convscan.rules.rule import Rule


class Detector(Protocol):
    """One judgement: a rule and how it is found."""

    @property
    def rule(self) -> Rule:
        """What it finds."""

    def detect(self, heard: HeardConversation) -> Iterator[Finding | Check]:
        """Yield findings and, for turn and conversation rules, every consideration."""
