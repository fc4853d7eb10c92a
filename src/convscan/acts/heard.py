"""The acts of a conversation, turn by turn: one view for all detectors."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from convscan.conversation import Role, Turn
from convscan.finding import Span
from convscan.language.parsed import ParsedConversation, ParsedUtterance, Sentence

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
        names = (owner.removeprefix(ACT_PREFIX) for owner in self.owners if owner.startswith(ACT_PREFIX))
        return tuple(self.performs(tuple(names)))

    def performs(self, names: tuple[str, ...]) -> Iterator[PerformedAct]:
        """Yield the acts of these names, in reading order."""
        wanted = _owners(names) & self.owners
        if not wanted:
            return
        for utterance, sentence in self.sentences:
            marks = [mark for owner in sentence.found.owners & wanted for mark in sentence.marks_of(owner)]
            for mark in sorted(marks, key=lambda mark: (mark.start, mark.end, mark.owner)):
                name = mark.owner.removeprefix(ACT_PREFIX)
                yield PerformedAct(name, utterance.span(mark.start, mark.end), mark.pattern)


@cache
def _owners(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(ACT_PREFIX + name for name in names)


@dataclass(frozen=True, slots=True)
class HeardConversation:
    """A parsed conversation with its acts.

    Attributes:
        turns: In order; system, bot and internal utterances are in none.
    """

    parsed: ParsedConversation
    turns: tuple[HeardTurn, ...]

    def of_role(self, role: Role) -> tuple[HeardTurn, ...]:
        """Return the turns of one role, in order."""
        return tuple(turn for turn in self.turns if turn.role is role)

    def next_of(self, role: Role, after: HeardTurn) -> HeardTurn | None:
        """Return the first later turn of a role, None if there is none."""
        return next((turn for turn in self.turns[after.number + 1 :] if turn.role is role), None)


def hear(parsed: ParsedConversation) -> HeardConversation:
    """Take the turns of a conversation with what is found in them."""
    return HeardConversation(parsed, tuple(_heard(parsed, number, turn) for number, turn in enumerate(parsed.turns)))


def _heard(parsed: ParsedConversation, number: int, turn: Turn) -> HeardTurn:
    sentences = tuple((utterance, sentence) for utterance in parsed.in_turn(turn) for sentence in utterance.sentences)
    return HeardTurn(number, turn, sentences, frozenset().union(*(s.found.owners for _, s in sentences)))
