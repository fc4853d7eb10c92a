"""Instructions to the editor that would be sent to the customer."""

from collections.abc import Iterator
from dataclasses import dataclass

from convscan.acts.heard import HeardConversation
from convscan.conversation import Channel, Role
from convscan.finding import Check, Finding, Kind, Span, Step
from convscan.language.editor_notes import editor_notes
from convscan.placeholders.names import PlaceholderKind
from convscan.placeholders.styles import KnownPlaceholders, find_placeholders
from convscan.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class EditorNoteDetector:
    """Report notes to whoever fills in a template, outside of comments."""

    rule: Rule
    known: KnownPlaceholders

    def detect(self, heard: HeardConversation) -> Iterator[Finding | Check]:
        """Yield one finding per note; none outside of templates."""
        if heard.parsed.conversation.channel is not Channel.TEMPLATE:
            return
        for turn in heard.of_role(Role.AGENT):
            for utterance in heard.parsed.in_turn(turn.turn):
                comments = [
                    (one.start, one.end)
                    for one in find_placeholders(utterance.text)
                    if one.kind is PlaceholderKind.COMMENT
                ]
                for start, end in editor_notes(utterance.text):
                    if any(first <= start < last for first, last in comments):
                        continue
                    at = Span(utterance.index, start, end, utterance.text[start:end])
                    yield Finding(
                        rule=self.rule.id,
                        severity=self.rule.severity,
                        kind=Kind.PRESENT,
                        at=at,
                        message=self.rule.message.replace("{match}", at.quote),
                        suggestion=self.rule.suggestion,
                        agent=heard.parsed.agent_of(utterance.index),
                        explanation=(Step("matched", "words to whoever edits the template"),),
                    )
