"""Questions and requests that the next agent turn passes over."""

from collections.abc import Iterator
from dataclasses import dataclass

from convscan.acts.heard import HeardConversation, HeardTurn
from convscan.acts.replies import ReplyKind, reply_kind
from convscan.conversation import Role
from convscan.finding import Check, Finding, Kind, Outcome, Step
from convscan.reasoning.answers import (
    Again,
    Answer,
    answer_to,
    asked_again,
    may_have_missed,
    picks_up,
    reply_of,
    says_yes_or_no,
)
from convscan.reasoning.questions import Question, Wants, questions_of
from convscan.rules.rule import Rule

_TAKES_UP = ("acknowledgement", "empathy", "apology", "offers-help", "ownership", "commits")
_SAYS_GOODBYE = ("closes", "thanks")


@dataclass(frozen=True, slots=True)
class _Open:
    """A question that stays open, and why it is held for open."""

    question: Question
    why: str


@dataclass(frozen=True, slots=True)
class UnansweredDetector:
    """Report agent turns that leave a direct question or request open."""

    rule: Rule

    def detect(self, heard: HeardConversation) -> Iterator[Finding | Check]:
        """Yield a check per agent turn that was asked something, and a finding where it stays open."""
        is_considered = False
        for asking in heard.of_role(Role.CUSTOMER):
            questions = questions_of(asking)
            replying = heard.next_of(Role.AGENT, asking) if questions else None
            if replying is None:
                continue
            is_considered = True
            yield from self._judged(asking, questions, replying, heard)
        if not is_considered:
            yield Check(self.rule.id, Outcome.NOT_APPLICABLE)

    def _judged(
        self, asking: HeardTurn, questions: tuple[Question, ...], replying: HeardTurn, heard: HeardConversation
    ) -> Iterator[Finding | Check]:
        first = replying.turn.first
        if reply_kind(replying, heard) is not ReplyKind.COMPLETE:
            yield Check(self.rule.id, Outcome.NOT_APPLICABLE, first)
            return
        following = heard.next_of(Role.CUSTOMER, replying)
        left_open = tuple(_left_open(questions, replying, following)) or tuple(
            _picked_up(asking, questions, replying, following)
        )
        yield Check(self.rule.id, Outcome.MISSING if left_open else Outcome.KEPT, first)
        if left_open:
            yield self._finding(left_open, replying, heard)

    def _finding(self, left_open: tuple[_Open, ...], replying: HeardTurn, heard: HeardConversation) -> Finding:
        first = replying.turn.first
        return Finding(
            rule=self.rule.id,
            severity=self.rule.severity,
            kind=Kind.MISSING,
            at=heard.parsed.utterances[first].whole,
            message=self.rule.message,
            suggestion=self.rule.suggestion,
            agent=heard.parsed.agent_of(first),
            because=tuple(dict.fromkeys(one.question.at for one in left_open)),
            explanation=tuple(step for one in left_open for step in _steps(one, first)),
        )


def _steps(one: _Open, first: int) -> Iterator[Step]:
    yield Step("asked", f"{one.question.at.quote!r}; wants: {one.question.wants}")
    yield Step("searched", f"agent turn {first}: {one.why}")


def _left_open(questions: tuple[Question, ...], replying: HeardTurn, following: HeardTurn | None) -> Iterator[_Open]:
    reply = reply_of(replying)
    for question in questions:
        answer, why = answer_to(question, reply)
        if answer is Answer.DEFERRED:
            continue
        again, words = (asked_again(question, following, reply) if following else None) or (None, "")
        is_open = answer is Answer.OPEN and not _is_taken_up(question, replying)
        is_open &= not _is_farewell(question, replying, following)
        is_open |= again is Again.SAYS_SO
        is_open |= again is Again.REPEATS and question.wants is not Wants.ACT and may_have_missed(question, reply)
        is_open |= again is Again.ELSEWHERE and not says_yes_or_no(question, reply)
        if is_open:
            yield _Open(question, f"{why}; the customer {again}: {words!r}" if again else why)


def _is_farewell(question: Question, replying: HeardTurn, following: HeardTurn | None) -> bool:
    """Whether a reply says good-bye to a "no, don't worry": what sounds like a request then wants nothing."""
    return question.wants is Wants.ACT and following is None and replying.does(_SAYS_GOODBYE) is not None


def _picked_up(
    asking: HeardTurn, questions: tuple[Question, ...], replying: HeardTurn, following: HeardTurn | None
) -> Iterator[_Open]:
    """Yield the question to which a customer comes back with a word or two."""
    again = picks_up(asking, replying, following) if following is not None else None
    if again is not None:
        words, said = again
        question = next((one for one in questions if words & one.words), questions[-1])
        yield _Open(question, f"no word of it; the customer {Again.PICKS_UP}: {said!r}")


def _is_taken_up(question: Question, replying: HeardTurn) -> bool:
    """Whether a request is at least recognised: doing it may take more than one turn."""
    return question.wants is Wants.ACT and replying.does(_TAKES_UP) is not None
