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
        if not heard.may_hold(Role.AGENT, self.rule.id):
            return
        for turn in heard.of_role(Role.AGENT):
            for utterance, mark in turn.marks_of(self.rule.id):
                at = utterance.span(mark.start, mark.end)
                yield Finding(
                    rule=self.rule.id,
                    severity=self.rule.severity,
                    kind=Kind.PRESENT,
                    at=at,
                    message=self.rule.message.replace("{match}", at.quote),
                    suggestion=self.rule.suggestion,
                    agent=heard.parsed.agent_of(utterance.index),
                    explanation=(Step("matched", mark.pattern), *_looked_for(self.rule, mark.pattern)),
                )


def _looked_for(rule: Rule, pattern: str) -> Iterator[Step]:
    """Say which cues would have cancelled the match and were not there."""
    own = (cue for one in rule.wording.patterns if one.unless and str(one) == pattern for cue in one.unless)
    cues = dict.fromkeys((*rule.wording.unless, *own))
    if cues:
        yield Step("not-cancelled", f"no cue of: {', '.join(cues)}")
