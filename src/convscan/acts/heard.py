"""The acts of a conversation, turn by turn: one view for all detectors."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from convscan.conversation import Role, Turn
from convscan.finding import Span
from convscan.language.parsed import ParsedConversation

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
        acts: In reading order.
    """

    number: int
    turn: Turn
    acts: tuple[PerformedAct, ...]

    @property
    def role(self) -> Role:
        """Whose turn it is."""
        return self.turn.role

    def performs(self, names: Iterable[str]) -> Iterator[PerformedAct]:
        """Yield the acts of these names, in reading order."""
        wanted = frozenset(names)
        return (act for act in self.acts if act.name in wanted)


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
    """Collect the acts of every turn from the marks that stand."""
    return HeardConversation(
        parsed,
        tuple(HeardTurn(number, turn, tuple(_acts(parsed, turn))) for number, turn in enumerate(parsed.turns)),
    )


def _acts(parsed: ParsedConversation, turn: Turn) -> Iterator[PerformedAct]:
    for utterance in parsed.in_turn(turn):
        for sentence in utterance.sentences:
            for mark in sentence.marks:
                if mark.owner.startswith(ACT_PREFIX) and not mark.vetoes:
                    yield PerformedAct(
                        mark.owner.removeprefix(ACT_PREFIX), utterance.span(mark.start, mark.end), mark.pattern
                    )
