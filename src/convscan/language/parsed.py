"""A conversation with everything that the language layer found in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from convscan.conversation import Conversation, Role, Turn
from convscan.finding import Span
from convscan.language.clock import UNLIMITED, Clock
from convscan.language.zones import Zone


class Mark(NamedTuple):
    """Words in a sentence that a rule or act looked for.

    Attributes:
        owner: Rule id, or `acts/<name>`.
        start: First code point in the utterance.
        end: Code point after the last.
        pattern: The pattern as its author wrote it.
        vetoes: Cues and exceptions that cancel it; empty if it stands.
    """

    owner: str
    start: int
    end: int
    pattern: str
    vetoes: tuple[str, ...] = ()


class SentenceMarks(Protocol):
    """What was found in a sentence; places are looked up when they are asked for."""

    @property
    def norms(self) -> tuple[str, ...]:
        """The sentence's words, each in the form under which it is matched."""

    @property
    def joined(self) -> str:
        """The same words as one text, with spaces between."""

    @property
    def plain(self) -> str:
        """The sentence, of the same length, with one kind of apostrophe, hyphen and space."""

    @property
    def lowered(self) -> str:
        """The same in small letters."""

    @property
    def runs(self) -> frozenset[str]:
        """The runs of the letters a to z in `lowered`: the words of it, or parts of them."""

    @property
    def is_question(self) -> bool:
        """Whether the sentence ends with a question mark."""

    def norms_between(self, start: int, end: int) -> tuple[str, ...]:
        """Return the words between two code points of the sentence."""

    def has_any(self, owners: tuple[str, ...]) -> bool:
        """Tell whether one of these rules and acts has a mark that stands."""

    def possible(self) -> Iterable[str]:
        """Return the rules and acts that may have a mark, by the words that are there; quicker than which do."""

    def marked(self) -> frozenset[str]:
        """Return all rules and acts that have a mark that stands."""

    def of(self, owner: str) -> tuple[Mark, ...]:
        """Return the marks of a rule or act in reading order, vetoed ones included."""

    def first_of(self, owner: str) -> Mark | None:
        """Return one mark of a rule or act that stands, None if there is none."""


class Sentence(NamedTuple):
    """One sentence of an utterance, `[start, end)` in code points.

    Attributes:
        found: What rules and acts found in it.
    """

    start: int
    end: int
    text: str
    zone: Zone
    found: SentenceMarks

    def marks_of(self, owner: str) -> Iterator[Mark]:
        """Yield the marks of a rule or act that stand, in reading order."""
        return (mark for mark in self.found.of(owner) if not mark.vetoes)


@dataclass(frozen=True, slots=True)
class ParsedUtterance:
    """An utterance's own words as sentences, in order.

    Attributes:
        index: Its place in the conversation.
        sentences: Without quoted mail, signatures and disclaimers.
    """

    index: int
    role: Role
    text: str
    sentences: tuple[Sentence, ...]

    def span(self, start: int, end: int) -> Span:
        """Return words of it as a span."""
        return Span(self.index, start, end, self.text[start:end])

    @property
    def whole(self) -> Span:
        """All of it as a span, white space around it left out."""
        start = len(self.text) - len(self.text.lstrip())
        end = len(self.text.rstrip())
        return self.span(start, max(start, end))

    def marks_of(self, owner: str) -> Iterator[Mark]:
        """Yield the marks of a rule or act that stand, in reading order."""
        return (mark for sentence in self.sentences for mark in sentence.marks_of(owner))


@dataclass(frozen=True, slots=True)
class ParsedConversation:
    """A conversation, parsed.

    Attributes:
        utterances: One per utterance; those that are not looked at have no sentences.
        turns: Turns of customer and agent, in order.
        clock: When its time is over; who walks through it is stopped then.
    """

    conversation: Conversation
    utterances: tuple[ParsedUtterance, ...]
    turns: tuple[Turn, ...]
    clock: Clock = field(default=UNLIMITED, repr=False, compare=False)

    def in_turn(self, turn: Turn) -> Iterator[ParsedUtterance]:
        """Yield the utterances of a turn, in order.

        Raises:
            TimeIsUpError: If there is no time to look at one more.
        """
        for index in turn.utterances:
            self.clock.check()
            yield self.utterances[index]

    def agent_of(self, utterance: int) -> str | None:
        """Return who wrote an utterance, as an identity."""
        return self.conversation.utterances[utterance].speaker

    def lone_agent(self) -> str | None:
        """Return the one agent whom the customer heard, as an identity; None if there were several."""
        spoken = (index for turn in self.turns if turn.role is Role.AGENT for index in turn.utterances)
        agents = {self.agent_of(index) for index in spoken}
        return agents.pop() if len(agents) == 1 else None
