"""Absence rules: acts that were called for and did not come.

A rule names what calls for an act (`when`), what satisfies the call (`expect`) and
where that is looked for (`within`). Every call is checked as kept, missing or not
applicable; only a missing act is a finding.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from convscan.acts.heard import HeardConversation, HeardTurn, PerformedAct
from convscan.acts.replies import ReplyKind, reply_kind
from convscan.conversation import Channel, Role, Turn
from convscan.finding import Check, Finding, Kind, Outcome, Scope, Step
from convscan.rules.rule import Absence, Position, Rule, Trigger, Within


@dataclass(frozen=True, slots=True)
class _Call:
    """A turn that calls for an act, by which trigger, and the words that do."""

    turn: HeardTurn
    trigger: Trigger
    triggers: tuple[PerformedAct, ...]


# The turn that a template answers; nobody sees it.
_UNSEEN = HeardTurn(-1, Turn(Role.CUSTOMER, ()))


@dataclass(frozen=True, slots=True)
class UnspokenDetector:
    """Report acts that a rule expects and that are not there."""

    rule: Rule
    absence: Absence

    def detect(self, heard: HeardConversation) -> Iterator[Finding | Check]:
        """Yield a check per call, and a finding per turn (or conversation) where the act is missing."""
        outcomes = [self._consider(call, heard) for call in self._calls(heard)]
        if self.rule.scope is Scope.CONVERSATION:
            outcomes = (
                outcomes[-1:]
                if all(o.outcome is not Outcome.MISSING for o in outcomes)
                else [next(o for o in outcomes if o.outcome is Outcome.MISSING)]
            )
        if not outcomes:
            yield Check(self.rule.id, Outcome.NOT_APPLICABLE)
        for considered in _once_per_turn(outcomes):
            yield Check(self.rule.id, considered.outcome, considered.utterance)
            if considered.outcome is Outcome.MISSING:
                yield self._finding(considered, heard)

    def _calls(self, heard: HeardConversation) -> Iterator[_Call]:
        for trigger in self.absence.when:
            calls = [call for turn in heard.of_role(trigger.role) if (call := _call(trigger, turn, heard))]
            yield from _placed(calls, trigger, heard)
            if trigger.is_implied and heard.parsed.conversation.channel is Channel.TEMPLATE and not calls:
                yield _Call(_UNSEEN, trigger, ())

    def _consider(self, call: _Call, heard: HeardConversation) -> "_Considered":
        searched = self._window(call, heard)
        expected = (*self.absence.expect.acts, *call.trigger.also)
        if not searched and expected:
            return _Considered(Outcome.NOT_APPLICABLE, call, searched)
        kept = next((act for turn in searched for act in turn.performs(expected)), None)
        if kept is not None:
            return _Considered(Outcome.KEPT, call, searched, kept)
        if self._is_settled(call, heard) or not self._owes(searched, heard):
            return _Considered(Outcome.NOT_APPLICABLE, call, searched)
        return _Considered(Outcome.MISSING, call, searched)

    def _window(self, call: _Call, heard: HeardConversation) -> Sequence[HeardTurn]:
        agent_turns = heard.of_role(Role.AGENT)
        later = [turn for turn in agent_turns if turn.number > call.turn.number]
        match self.absence.expect.within:
            case Within.SAME_TURN:
                return [call.turn]
            case Within.NEXT_TURN:
                return later[:1]
            case Within.LATER_TURNS:
                return later
            case Within.LAST_TURN:
                return agent_turns[-1:]
            case Within.CONVERSATION:
                return agent_turns

    def _owes(self, searched: Sequence[HeardTurn], heard: HeardConversation) -> bool:
        """Whether one of the turns is a complete reply, if only those are asked of."""
        if not self.absence.complete_replies_only or not searched:
            return True
        return any(reply_kind(turn, heard) is ReplyKind.COMPLETE for turn in searched)

    def _is_settled(self, call: _Call, heard: HeardConversation) -> bool:
        later = heard.turns[call.turn.number + 1 :]
        return any(next(turn.performs(self.absence.settled_by), None) for turn in later if turn.role is Role.CUSTOMER)

    def _finding(self, considered: "_Considered", heard: HeardConversation) -> Finding:
        at = None
        if self.rule.scope is Scope.TURN and considered.utterance is not None:
            at = heard.parsed.utterances[considered.utterance].whole
        return Finding(
            rule=self.rule.id,
            severity=self.rule.severity,
            kind=Kind.MISSING,
            at=at,
            message=self.rule.message,
            suggestion=self.rule.suggestion,
            agent=self._agent(considered, heard),
            because=tuple(dict.fromkeys(act.at for act in considered.call.triggers)),
            explanation=tuple(self._steps(considered)),
        )

    def _agent(self, considered: "_Considered", heard: HeardConversation) -> str | None:
        """Charge the agent of the turn; a whole conversation only if one agent led it."""
        if considered.utterance is not None and self.rule.scope is Scope.TURN:
            return heard.parsed.agent_of(considered.utterance)
        agents = {heard.parsed.agent_of(turn.turn.first) for turn in heard.of_role(Role.AGENT)}
        return agents.pop() if len(agents) == 1 else None

    def _steps(self, considered: "_Considered") -> Iterator[Step]:
        for act in considered.call.triggers:
            yield Step("trigger", f"{act.name}: {act.at.quote!r} by {act.reason!r}")
        acts = (*self.absence.expect.acts, *considered.call.trigger.also)
        places = ", ".join(str(turn.turn.first) for turn in considered.searched) or "none"
        if acts:
            yield Step("searched", f"agent turns at utterances {places}: no {' or '.join(acts)}")
        else:
            yield Step("searched", "nothing: no later words could make up for it")
        present = sorted({act.name for turn in considered.searched for act in turn.acts})
        yield Step("nearest", f"acts that are there: {', '.join(present) or 'none'}")


@dataclass(frozen=True, slots=True)
class _Considered:
    """How one call came out."""

    outcome: Outcome
    call: _Call
    searched: Sequence[HeardTurn]
    kept: PerformedAct | None = None

    @property
    def utterance(self) -> int | None:
        """Where it was kept, else where it should have been."""
        if self.kept is not None:
            return self.kept.at.utterance
        return self.searched[0].turn.first if self.searched else None


def _call(trigger: Trigger, turn: HeardTurn, heard: HeardConversation) -> _Call | None:
    if next(turn.performs(trigger.without), None):
        return None
    if trigger.after and not any(
        next(earlier.performs(trigger.after), None)
        for earlier in heard.of_role(Role.AGENT)
        if earlier.number < turn.number
    ):
        return None
    acts = tuple(turn.performs(trigger.acts))
    return _Call(turn, trigger, acts) if acts or not trigger.acts else None


def _placed(calls: list[_Call], trigger: Trigger, heard: HeardConversation) -> list[_Call]:
    match trigger.position:
        case Position.ANY:
            return calls
        case Position.FIRST:
            return calls[:1]
        case Position.LAST:
            return calls[-1:]
        case Position.UNANSWERED:
            return [call for call in calls if heard.next_of(Role.AGENT, call.turn) is None]


def _once_per_turn(outcomes: Sequence[_Considered]) -> Iterator[_Considered]:
    """Report each agent turn once; several calls for the same act are one debt."""
    seen: dict[int | None, _Considered] = {}
    for considered in outcomes:
        seen.setdefault(considered.utterance, considered)
    yield from seen.values()
