"""The acts of a conversation, turn by turn: one view for all detectors."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

from convscan.conversation import Role, Turn
from convscan.finding import Ledger, Span
from convscan.language.parsed import Mark, ParsedConversation, ParsedUtterance, Sentence

ACT_PREFIX = "acts/"


# A sentence and the utterance that it stands in.
Spoken: TypeAlias = tuple[ParsedUtterance, Sentence]


@dataclass(frozen=True, slots=True)
class PerformedAct:
    """An act and the words that perform it.

    Attributes:
        reason: The pattern that found it, for explanations.
        confidence: Calibrated probability; None for patterns, which are not measured here.
    """

    name: str
    at: Span
    reason: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class HeardTurn:
    """A turn and what it does.

    Attributes:
        number: Its place among the turns of the conversation.
        sentences: Those of the turn.
    """

    number: int
    turn: Turn
    sentences: tuple[Spoken, ...] = ()
    _promising: dict[str, list[Spoken]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note which sentences may hold what, so that most questions are answered without looking at them."""
        promising: dict[str, list[Spoken]] = {}
        for spoken in self.sentences:
            for owner in spoken[1].found.possible():
                if owner in promising:
                    promising[owner].append(spoken)
                else:
                    promising[owner] = [spoken]
        object.__setattr__(self, "_promising", promising)

    @property
    def role(self) -> Role:
        """Whose turn it is."""
        return self.turn.role

    @property
    def possible(self) -> Collection[str]:
        """The rules and acts that may have a mark, by the words that are there."""
        return self._promising

    def does(self, names: tuple[str, ...]) -> ParsedUtterance | None:
        """Return the first utterance that performs an act of these names; None if none does."""
        owners = _owners(names)
        for utterance, sentence in self._promising_any(owners):
            if sentence.found.has_any(owners):
                return utterance
        return None

    def any_mark_of(self, owner: str) -> tuple[ParsedUtterance, Mark] | None:
        """Return a mark that stands from the first sentence that holds any, as `marks_of` does; None if none does."""
        for utterance, sentence in self.promising(owner):
            mark = sentence.found.first_of(owner)
            if mark is not None:
                return utterance, mark
        return None

    def marks_of(self, owner: str) -> Iterator[tuple[ParsedUtterance, Mark]]:
        """Yield the marks of a rule or act that stand, in reading order, each with the utterance it stands in."""
        for utterance, sentence in self.promising(owner):
            for mark in sentence.found.of(owner):
                if not mark.vetoes:
                    yield utterance, mark

    def promising(self, owner: str) -> Sequence[Spoken]:
        """Return the sentences that may hold a mark of a rule or act, in order."""
        return self._promising.get(owner, ())

    def _promising_any(self, owners: tuple[str, ...]) -> Sequence[Spoken]:
        """Return all sentences that may hold a mark of any of these, in order; others may be among them."""
        if len(owners) == 1:
            return self._promising.get(owners[0], ())
        return () if self._promising.keys().isdisjoint(owners) else self.sentences

    def performs(self, names: tuple[str, ...]) -> Iterator[PerformedAct]:
        """Yield the acts of these names, in reading order."""
        owners = _owners(names)
        for utterance, sentence in self._promising_any(owners):
            marks = [mark for owner in owners for mark in sentence.marks_of(owner)]
            for mark in sorted(marks, key=lambda mark: (mark.start, mark.end, mark.owner)):
                yield _act(utterance, mark)


def _act(utterance: ParsedUtterance, mark: Mark) -> PerformedAct:
    return PerformedAct(mark.owner.removeprefix(ACT_PREFIX), utterance.span(mark.start, mark.end), mark.pattern)


@cache
def _owners(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(ACT_PREFIX + name for name in names)


@dataclass(frozen=True, slots=True)
class HeardConversation:
    """A parsed conversation with its acts.

    Attributes:
        turns: In order; system, bot and internal utterances are in none. They are runs
            of one of two roles, so customer and agent alternate.
        ledger: What the agents' side promised; empty until `promises.ledger` has read it.
    """

    parsed: ParsedConversation
    turns: tuple[HeardTurn, ...]
    _by_role: Mapping[Role, tuple[HeardTurn, ...]]
    _possible: Mapping[Role, frozenset[str]]
    ledger: Ledger = field(default_factory=Ledger)

    def with_ledger(self, ledger: Ledger) -> "HeardConversation":
        """Return the same with what the agents' side promised."""
        return HeardConversation(self.parsed, self.turns, self._by_role, self._possible, ledger)

    def of_role(self, role: Role) -> tuple[HeardTurn, ...]:
        """Return the turns of one role, in order."""
        return self._by_role.get(role, ())

    def may_do(self, role: Role, names: tuple[str, ...]) -> bool:
        """Tell whether any turn of a role may perform an act of these names, by the words that are there."""
        return not self._possible.get(role, frozenset()).isdisjoint(_owners(names))

    def may_hold(self, role: Role, owner: str) -> bool:
        """Tell whether any turn of a role may have a mark of a rule or act, by the words that are there."""
        return owner in self._possible.get(role, ())

    def next_of(self, role: Role, after: HeardTurn) -> HeardTurn | None:
        """Return the first later turn of a role, None if there is none."""
        return next((turn for turn in self.turns[after.number + 1 : after.number + 3] if turn.role is role), None)

    def later_of(self, role: Role, after: HeardTurn) -> tuple[HeardTurn, ...]:
        """Return all later turns of a role, in order."""
        following = self.next_of(role, after)
        if following is None:
            return ()
        # Every second turn is of this role.
        return self._by_role[role][following.number // 2 :]


def hear(parsed: ParsedConversation) -> HeardConversation:
    """Take the turns of a conversation with what is found in them."""
    turns = tuple(_heard(parsed, number, turn) for number, turn in enumerate(parsed.turns))
    by_role = {role: tuple(turn for turn in turns if turn.role is role) for role in {turn.role for turn in turns}}
    possible = {role: frozenset().union(*(turn.possible for turn in of_role)) for role, of_role in by_role.items()}
    return HeardConversation(parsed, turns, by_role, possible)


def _heard(parsed: ParsedConversation, number: int, turn: Turn) -> HeardTurn:
    sentences = [(utterance, sentence) for utterance in parsed.in_turn(turn) for sentence in utterance.sentences]
    return HeardTurn(number, turn, tuple(sentences))
