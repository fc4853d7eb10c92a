"""Conversations that end open, with nobody saying what happens next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from convscan.acts.heard import HeardConversation, HeardTurn
from convscan.conversation import Role
from convscan.finding import Check, Finding, Kind, Outcome, Step
from convscan.reasoning.answers import asked_again, passes_over, reply_of
from convscan.reasoning.outlook import gives_up_on, is_content, nods, raises, shows_way
from convscan.reasoning.questions import Wants, questions_of
from convscan.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class OpenEndDetector:
    """Report conversations whose matter is open at the agent's last turn, without a next step."""

    rule: Rule

    def detect(self, heard: HeardConversation) -> Iterator[Finding | Check]:
        """Yield one check, and a finding if the matter is left without a next step."""
        standing = _standing(heard)
        if standing is None:
            yield Check(self.rule.id, Outcome.NOT_APPLICABLE)
            return
        replies = heard.later_of(Role.AGENT, standing)
        way = next((turn for turn in replies if shows_way(turn)), None)
        outcome = Outcome.MISSING if way is None else Outcome.KEPT
        at = replies[0] if way is None else way
        yield Check(self.rule.id, outcome, at.turn.first)
        if way is None:
            yield self._finding(standing, replies, heard)

    def _finding(self, standing: HeardTurn, replies: Sequence[HeardTurn], heard: HeardConversation) -> Finding:
        places = ", ".join(str(turn.turn.first) for turn in replies)
        utterance = heard.parsed.utterances[standing.turn.first]
        return Finding(
            rule=self.rule.id,
            severity=self.rule.severity,
            kind=Kind.MISSING,
            at=None,
            message=self.rule.message,
            suggestion=self.rule.suggestion,
            agent=heard.parsed.lone_agent(),
            because=(utterance.whole,),
            explanation=(
                Step("open", f"the customer's matter at utterance {standing.turn.first}"),
                Step("searched", f"agent turns at utterances {places}: nobody says who does what"),
            ),
        )


def _standing(heard: HeardConversation) -> HeardTurn | None:
    """Return the customer's turn after which the matter stands open; None if it does not, or nobody can tell."""
    answers = heard.of_role(Role.AGENT)
    said = heard.of_role(Role.CUSTOMER)
    if not answers or not said:
        return None
    final = answers[-1]
    if any(is_content(turn) for turn in said if turn.number > final.number):
        return None
    last: HeardTurn | None = None
    for turn in reversed(said):
        if turn.number > final.number or (last is None and nods(turn)):
            continue
        if is_content(turn):
            return None
        last = last or turn
        if raises(turn):
            return last if _is_open(last, heard) else None
    return None


def _is_open(last: HeardTurn, heard: HeardConversation) -> bool:
    """Whether the matter stands after the last turn in which the customer says more than "I see"."""
    replying = heard.next_of(Role.AGENT, last)
    if replying is None or gives_up_on(replying):
        return False
    questions = tuple(one for one in questions_of(last) if one.wants is not Wants.ACT)
    if not questions:
        return raises(last)
    reply, following = reply_of(replying), heard.next_of(Role.CUSTOMER, replying)
    return any(
        passes_over(one, reply) or (following is not None and asked_again(one, following, reply) is not None)
        for one in questions
    )
