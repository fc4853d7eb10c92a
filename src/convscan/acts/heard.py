"""The acts of a conversation, turn by turn: one view for all detectors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from convscan.conversation import Role, Turn
from convscan.finding import Span
from convscan.language.parsed import Mark, ParsedConversation, ParsedUtterance, Sentence

ACT_PREFIX = "acts/"


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
        sentences: Those of the turn, each with the utterance it stands in.
        owners: The rules and acts that can have marks in it.
    """

    number: int
    turn: Turn
    sentences: tuple[tuple[ParsedUtterance, Sentence], ...] = ()
    owners: frozenset[str] = frozenset()

    @property
    def role(self) -> Role:
        """Whose turn it is."""
        return self.turn.role

    @property
    def acts(self) -> tuple[PerformedAct, ...]:
        """All that it does, in reading order."""
        return tuple(self.performs(self._candidates()))

    def act_names(self) -> list[str]:
        """Return the names of all acts that it performs."""
        return [name for name in self._candidates() if self.does((name,))]

    def _candidates(self) -> tuple[str, ...]:
        return tuple(o.removeprefix(ACT_PREFIX) for o in self.owners if o.startswith(ACT_PREFIX))

    def does(self, names: tuple[str, ...]) -> PerformedAct | None:
        """Return one act of these names from the first sentence that holds any; None if none does."""
        wanted = _owners(names) & self.owners
        if not wanted:
            return None
        for utterance, sentence in self.sentences:
            for owner in sorted(sentence.found.owners & wanted):
                mark = sentence.found.first_of(owner)
                if mark is not None:
                    return _act(utterance, mark)
        return None

    def performs(self, names: tuple[str, ...]) -> Iterator[PerformedAct]:
        """Yield the acts of these names, in reading order."""
        wanted = _owners(names) & self.owners
        if not wanted:
            return
        for utterance, sentence in self.sentences:
            marks = [mark for owner in sentence.found.owners & wanted for mark in sentence.marks_of(owner)]
            for mark in sorted(marks, key=lambda mark: (mark.start, mark.end, mark.owner)):
                yield _act(utterance, mark)


def _act(utterance: ParsedUtterance, mark: Mark) -> PerformedAct:
    return PerformedAct(mark.owner.removeprefix(ACT_PREFIX), utterance.span(mark.start, mark.end), mark.pattern)


@cache
def _owners(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(ACT_PREFIX + name for name in names)


@dataclass(frozen=True, slots=True)
class HeardConversation:
    """A parsed conversation with its acts.

    Attributes:
        turns: In order; system, bot and internal utterances are in none. They are runs
            of one of two roles, so customer and agent alternate.
    """

    parsed: ParsedConversation
    turns: tuple[HeardTurn, ...]
    _by_role: Mapping[Role, tuple[HeardTurn, ...]]

    def of_role(self, role: Role) -> tuple[HeardTurn, ...]:
        """Return the turns of one role, in order."""
        return self._by_role.get(role, ())

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
    roles = {turn.role for turn in turns}
    return HeardConversation(parsed, turns, {role: tuple(t for t in turns if t.role is role) for role in roles})


def _heard(parsed: ParsedConversation, number: int, turn: Turn) -> HeardTurn:
    sentences = tuple((utterance, sentence) for utterance in parsed.in_turn(turn) for sentence in utterance.sentences)
    return HeardTurn(number, turn, sentences, frozenset().union(*(s.found.owners for _, s in sentences)))
