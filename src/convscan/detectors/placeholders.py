"""Placeholders that are broken in a template, or were sent as they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from convscan.acts.heard import HeardConversation
from convscan.conversation import Channel, Conversation, Role
from convscan.finding import Check, Finding, Kind, Span, Step
from convscan.placeholders.names import PlaceholderKind
from convscan.placeholders.styles import KnownPlaceholders, Placeholder, find_placeholders
from convscan.rules.rule import Rule

# Who speaks of placeholders may show some.
# A code alone is mostly one for a voucher or a door, a bracket one for a shelf.
_ABOUT_SYNTAX = re.compile(
    r"\b(?:placeholders?|variables?|syntax|merge (?:fields?|tags?)|templates?|macros?|liquid|jinja2?"
    r"|handlebars|mustache|shortcodes?|snippets?|(?:curly|square|angle|double) (?:brackets?|braces)|markup"
    r"|api|json|regex|parameters?|curl|(?:java|type|shell |bash |python )scripts?|html|css|sql|python|php"
    r"|(?:source|sample|example|embed|template) code|code(?:base| samples?| examples?| blocks?| editor)"
    r"|cod(?:ing|ed)|(?:in|write|writing) code)\b|`\w|\w\(\)",
    re.IGNORECASE,
)
# Names of people and numbers are masked in such brackets before transcripts are handed on.
_MASKING = re.compile(r"[\[<{]{1,2}\s?[A-Z][A-Z_ 0-9-]*\s?[\]>}]{1,2}")
# "[NAME]" may be either; "[AGENT NAME]" with a space says to somebody what to write there.
_ROLE_AND_NAME = re.compile(
    r"\[(?:INSERT|ENTER|ADD|YOUR|MY|AGENT|REP|ADVISOR|CUSTOMER|CLIENT|MEMBER|GUEST) [A-Z][A-Z ]*\]"
)
_FILL_IN = re.compile(
    r"\[(?:insert|your|enter|add|customer|client|agent|first|last|full)\b[ _]?[a-z '_-]{0,40}\]", re.IGNORECASE
)
_SINGLE_BRACE = re.compile(r"\{[a-z]+(?:[_.][a-z]+)+\}")
_SURE = re.compile(r"\{\{[^{}]|\{%|\$\{|%%?\w+%|\*\||<<")


@dataclass(frozen=True, slots=True)
class BrokenPlaceholderDetector:
    """Report placeholders of a template that will not be filled in: unbalanced, misspelt, unknown."""

    rule: Rule
    known: KnownPlaceholders

    def detect(self, heard: HeardConversation) -> Iterator[Finding | Check]:
        """Yield one finding per broken placeholder; none outside of templates."""
        if heard.parsed.conversation.channel is not Channel.TEMPLATE:
            return
        for index, text in _judged_texts(heard):
            for one in find_placeholders(text, self.known):
                if one.fault is not None:
                    yield _finding(self.rule, index, one, heard, one.fault)


@dataclass(frozen=True, slots=True)
class UnfilledPlaceholderDetector:
    """Report placeholders that reached the customer."""

    rule: Rule
    known: KnownPlaceholders

    def detect(self, heard: HeardConversation) -> Iterator[Finding | Check]:
        """Yield one finding per placeholder in a sent message; none in templates and talk about syntax."""
        conversation = heard.parsed.conversation
        if conversation.channel is Channel.TEMPLATE:
            return
        found = [(index, one) for index, text in _judged_texts(heard) for one in find_placeholders(text)]
        if not found:  # as nearly always
            return
        masks = _is_masked(conversation)
        unfilled = [(index, one) for index, one in found if _was_to_be_filled(one, masks=masks)]
        if unfilled and not _is_about_syntax(conversation):
            for index, one in unfilled:
                yield _finding(self.rule, index, one, heard, "the message was sent with it")


def _judged_texts(heard: HeardConversation) -> Iterator[tuple[int, str]]:
    """Yield the agent's utterances that were looked at, with their numbers."""
    for turn in heard.of_role(Role.AGENT):
        for utterance in heard.parsed.in_turn(turn.turn):
            if utterance.sentences:
                yield utterance.index, utterance.text


def _is_about_syntax(conversation: Conversation) -> bool:
    return any(
        _ABOUT_SYNTAX.search(utterance.text) is not None
        for utterance in conversation.utterances
        if utterance.role in {Role.CUSTOMER, Role.AGENT}
    )


def _is_masked(conversation: Conversation) -> bool:
    return any(
        utterance.role is Role.CUSTOMER and _MASKING.search(utterance.text) is not None
        for utterance in conversation.utterances
    )


def _was_to_be_filled(one: Placeholder, *, masks: bool) -> bool:
    """Whether a placeholder is one beyond doubt; masked names in a transcript are none.

    Args:
        masks: Whether something is masked in the customers' words, so that brackets mask the agents' too.
    """
    written = one.written
    if one.kind is PlaceholderKind.COMMENT:
        return False
    if _MASKING.fullmatch(written):
        return _ROLE_AND_NAME.fullmatch(written) is not None and not masks
    if one.fault is not None:
        return written.startswith(("{{", "${")) and bool(one.name)
    return any(pattern.match(written) for pattern in (_SURE, _SINGLE_BRACE, _FILL_IN))


def _finding(rule: Rule, index: int, one: Placeholder, heard: HeardConversation, why: str) -> Finding:
    text = heard.parsed.conversation.utterances[index].text
    told = rule.message.replace("{match}", one.written).removesuffix(".")
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        kind=Kind.PRESENT,
        at=Span(index, one.start, one.end, text[one.start : one.end]),
        message=f"{told}: {why}" if why.endswith("?") else f"{told}: {why}.",
        suggestion=one.remedy or rule.suggestion,
        agent=heard.parsed.agent_of(index),
        explanation=(Step("matched", why),),
    )
