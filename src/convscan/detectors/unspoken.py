"""Absence rules: acts that were called for and did not come.

A rule names what calls for an act (`when`), what satisfies the call (`expect`) and
where that is looked for (`within`). Every call is checked as kept, missing or not
applicable; only a missing act is a finding.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from convscan.acts.heard import ACT_PREFIX, HeardConversation, HeardTurn, PerformedAct
from convscan.acts.replies import ReplyKind, reply_kind
from convscan.conversation import Channel, Role, Turn
from convscan.finding import Check, DepositKind, Finding, Kind, Outcome, Scope, Span, Step
from convscan.reasoning.heat import heat_of
from convscan.reasoning.matter import is_greeting, takes_up
from convscan.rules.rule import Absence, Position, Rule, Trigger, Within

# Turns named one by one in an explanation; of more, the first and the last.
_MAX_PLACES = 6
_DEPOSITS = tuple(kind.value for kind in DepositKind)


@dataclass(frozen=True, slots=True)
class _Call:
    """A turn that calls for an act, and by which trigger."""

    turn: HeardTurn
    trigger: Trigger

    def spoken(self) -> tuple[PerformedAct, ...]:
        """Return the words that call for it; none if the turn itself does, or nobody sees it."""
        return tuple(self.turn.performs(self.trigger.acts))

    def because(self) -> Iterator[Span]:
        """Yield the places that call for it, each once; the loud sentence if no words do."""
        places = dict.fromkeys(act.at for act in self.spoken())
        yield from places
        if self.trigger.heated and not places and (loud := heat_of(self.turn)):
            yield loud


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
        if not outcomes:
            yield Check(self.rule.id, Outcome.NOT_APPLICABLE)
            return
        if any(one.outcome is Outcome.MISSING for one in outcomes):
            settled = next((turn.number for turn in self._settlements(heard)), -1)
            outcomes = [one.where_settled(settled) for one in outcomes]
        if self.rule.scope is Scope.CONVERSATION:
            missing = (one for one in outcomes if one.outcome is Outcome.MISSING)
            outcomes = [*islice(missing, 1)] or outcomes[-1:]
        for considered in _once_per_turn(outcomes):
            yield Check(self.rule.id, considered.outcome, considered.utterance)
            if considered.outcome is Outcome.MISSING:
                yield self._finding(considered, heard)

    def _settlements(self, heard: HeardConversation) -> Iterator[HeardTurn]:
        """Return the turns in which the customer says that the matter is closed, the last first."""
        if not heard.may_do(Role.CUSTOMER, self.absence.settled_by):
            return iter(())
        return (turn for turn in reversed(heard.of_role(Role.CUSTOMER)) if turn.does(self.absence.settled_by))

    def _calls(self, heard: HeardConversation) -> list[_Call]:
        calls = [call for trigger in self.absence.when for call in _calls_by(trigger, heard)]
        # "First" is the first of all: a question that comes after the problem opens nothing.
        opening = min([c.turn.number for c in calls if c.trigger.position is Position.FIRST], default=None)
        return [c for c in calls if c.trigger.position is not Position.FIRST or c.turn.number == opening]

    def _consider(self, call: _Call, heard: HeardConversation) -> "_Considered":
        """Tell how a call came out, if the customer does not close the matter later on."""
        searched = self._window(call, heard)
        expected = (*self.absence.expect.acts, *call.trigger.also)
        if not searched and expected:
            return _Considered(Outcome.NOT_APPLICABLE, call, searched)
        kept = next((place for turn in searched if (place := self._kept_in(turn, call, expected)) is not None), None)
        if not self._owes(searched, heard):
            # A notice that happens to hold the act was not called for it: it counts in no rate.
            return _Considered(Outcome.NOT_APPLICABLE, call, searched)
        if kept is not None:
            return _Considered(Outcome.KEPT, call, searched, kept)
        if self.absence.expect.among and not all(map(self._is_known, searched)):
            return _Considered(Outcome.NOT_APPLICABLE, call, searched)
        return _Considered(Outcome.MISSING, call, searched)

    def _kept_in(self, turn: HeardTurn, call: _Call, expected: tuple[str, ...]) -> int | None:
        """Return the utterance of a turn that does what was called for; None if none does."""
        utterance = turn.does(expected)
        if utterance is not None:
            return utterance.index
        is_taken_up = self.absence.expect.taken_up and takes_up(call.turn, turn)
        return turn.turn.first if is_taken_up else None

    def _is_known(self, turn: HeardTurn) -> bool:
        """Whether all that a turn says is among what cannot satisfy."""
        known = tuple(ACT_PREFIX + name for name in self.absence.expect.among)
        return all(sentence.found.has_any(known) or is_greeting(sentence) for _, sentence in turn.sentences)

    def _owes(self, searched: Sequence[HeardTurn], heard: HeardConversation) -> bool:
        """Whether one of the turns is a complete reply, if only those are asked of."""
        if not self.absence.complete_replies_only or not searched:
            return True
        scenario = heard.parsed.conversation.scenario
        if scenario is not None:
            return scenario.is_reply
        return any(reply_kind(turn, heard) is ReplyKind.COMPLETE for turn in searched)

    def _window(self, call: _Call, heard: HeardConversation) -> Sequence[HeardTurn]:
        """Return the agent turns that are searched; none if nothing could satisfy the call."""
        if not self.absence.expect.acts:
            return ()
        match self.absence.expect.within:
            case Within.SAME_TURN:
                return (call.turn,)
            case Within.NEXT_TURN:
                following = heard.next_of(Role.AGENT, call.turn)
                return (following,) if following else ()
            case Within.LATER_TURNS:
                return heard.later_of(Role.AGENT, call.turn)
            case Within.LAST_TURN:
                return heard.of_role(Role.AGENT)[-1:]
            case Within.CONVERSATION:
                return heard.of_role(Role.AGENT)

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
            because=tuple(considered.call.because()),
            explanation=tuple(self._steps(considered)),
        )

    def _agent(self, considered: "_Considered", heard: HeardConversation) -> str | None:
        """Charge the agent of the turn; a whole conversation only if one agent led it."""
        if considered.utterance is not None and self.rule.scope is Scope.TURN:
            return heard.parsed.agent_of(considered.utterance)
        return heard.parsed.lone_agent()

    def _steps(self, considered: "_Considered") -> Iterator[Step]:
        for act in considered.call.spoken():
            yield Step("trigger", f"{act.name}: {act.at.quote!r} by {act.reason!r}")
        if considered.call.trigger.heated and (loud := heat_of(considered.call.turn)):
            yield Step("trigger", f"loud: {loud.quote!r}")
        acts = (*self.absence.expect.acts, *considered.call.trigger.also)
        if acts:
            yield Step("searched", f"agent turns at utterances {_places(considered.searched)}: no {' or '.join(acts)}")
        else:
            yield Step("searched", "nothing: no later words could make up for it")
        turns = considered.searched[:_MAX_PLACES]
        present = [kind for kind in _DEPOSITS if any(turn.does((kind,)) for turn in turns)]
        yield Step("nearest", f"deposits that are there: {', '.join(present) or 'none'}")


@dataclass(frozen=True, slots=True)
class _Considered:
    """How one call came out.

    Attributes:
        kept: The utterance that does what was called for.
    """

    outcome: Outcome
    call: _Call
    searched: Sequence[HeardTurn]
    kept: int | None = None

    @property
    def utterance(self) -> int | None:
        """Where it was kept, else where it should have been."""
        if self.kept is not None:
            return self.kept
        return self.searched[0].turn.first if self.searched else None

    def where_settled(self, settled: int) -> "_Considered":
        """Return it as it is where the customer closes the matter last in a turn of this number: nothing is missing."""
        # An agent who closes the case in answer to "it works now" leaves nothing open.
        number = self.call.turn.number
        is_later = settled > number or (self.call.trigger.role is Role.AGENT and 0 <= settled == number - 1)
        is_settled = self.outcome is Outcome.MISSING and is_later
        return replace(self, outcome=Outcome.NOT_APPLICABLE) if is_settled else self


def _calls_by(trigger: Trigger, heard: HeardConversation) -> list[_Call]:
    turns = _calling(trigger, heard)
    is_one = trigger.position in {Position.FIRST, Position.LAST}
    calls = [_Call(turn, trigger) for turn in (islice(turns, 1) if is_one else turns)]
    if trigger.is_implied and heard.parsed.conversation.channel is Channel.TEMPLATE and not calls:
        return [_Call(_UNSEEN, trigger)]
    return calls


def _calling(trigger: Trigger, heard: HeardConversation) -> Iterator[HeardTurn]:
    """Yield the turns that hold what a trigger asks for, those that count first; looked at one by one."""
    if trigger.acts and not trigger.heated and not heard.may_do(trigger.role, trigger.acts):
        return
    earliest = 0
    if trigger.after:
        spoken = (turn.number for turn in heard.of_role(Role.AGENT) if turn.does(trigger.after))
        earliest = next(spoken, len(heard.turns))
    for turn in _placed(trigger, heard):
        if turn.number < earliest:
            continue
        calls = not trigger.acts or turn.does(trigger.acts) or (trigger.heated and heat_of(turn))
        if calls and not (trigger.without and turn.does(trigger.without)):
            yield turn


def _placed(trigger: Trigger, heard: HeardConversation) -> Sequence[HeardTurn]:
    """Return the turns whose position lets them call, those that count first."""
    turns = heard.of_role(trigger.role)
    match trigger.position:
        case Position.ANY | Position.FIRST:
            return turns
        case Position.LAST:
            return turns[::-1]
        case Position.LATER:
            return turns[1:]
        case Position.CLOSING:
            return turns[-1:]
        case Position.UNANSWERED:
            # Customer and agent alternate: what anybody said before their last turn, an agent's turn follows.
            return [turn for turn in turns[-1:] if heard.next_of(Role.AGENT, turn) is None]


def _once_per_turn(outcomes: Sequence[_Considered]) -> Iterator[_Considered]:
    """Report each agent turn once; several calls for the same act are one debt."""
    seen: dict[int | None, _Considered] = {}
    for considered in outcomes:
        seen.setdefault(considered.utterance, considered)
    yield from seen.values()


def _places(turns: Sequence[HeardTurn]) -> str:
    """Return the utterances at which turns begin, for people."""
    named = [str(turn.turn.first) for turn in turns[:_MAX_PLACES]]
    if len(turns) > _MAX_PLACES:
        named = [*named, "…", str(turns[-1].turn.first)]
    return ", ".join(named) or "none"
