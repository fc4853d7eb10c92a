"""Span rules: words that should not have been said."""

from collections.abc import Iterator
from dataclasses import dataclass

from convscan.acts.heard import HeardConversation
from convscan.conversation import Role
from convscan.finding import Check, Finding, Kind, Step
from convscan.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class SpokenDetector:
    """Report every place where a rule's patterns match in an agent's own words."""

    rule: Rule

    def detect(self, heard: HeardConversation) -> Iterator[Finding | Check]:
        """Yield one finding per match that no cue or exception cancels."""
        for utterance in heard.parsed.utterances:
            if utterance.role is not Role.AGENT:
                continue
            for mark in utterance.marks_of(self.rule.id):
                at = utterance.span(mark.start, mark.end)
                yield Finding(
                    rule=self.rule.id,
                    severity=self.rule.severity,
                    kind=Kind.PRESENT,
                    at=at,
                    message=self.rule.message.replace("{match}", at.quote),
                    suggestion=self.rule.suggestion,
                    agent=heard.parsed.agent_of(utterance.index),
                    explanation=(Step("matched", mark.pattern), *_looked_for(self.rule)),
                )


def _looked_for(rule: Rule) -> Iterator[Step]:
    """Say which cues would have cancelled the match and were not there."""
    if rule.wording.unless:
        yield Step("not-cancelled", f"no cue of: {', '.join(rule.wording.unless)}")
