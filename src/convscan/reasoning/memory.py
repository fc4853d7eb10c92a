"""What customers have told so far, under each of the ways in which it can be asked for again."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

from convscan.acts.heard import HeardTurn
from convscan.finding import Span
from convscan.language.parsed import ParsedUtterance, Sentence
from convscan.reasoning.echoes import counted_again
from convscan.reasoning.slots import Given, answers_ask, given_in, handed_in
from convscan.reasoning.steps import Done, done_in
from convscan.reasoning.values import digits_of, named_values, values_in
from convscan.reasoning.words import content, norms_of

_PERSONAL = frozenset(
    {"name", "address", "postcode", "e-mail address", "phone number", "date of birth", "account number"}
)
# "6618, 2,150": two values in a row.
_MIN_PART = 4
# Steps that are remembered; who has taken more is asked for the last ones.
_MAX_STEPS = 40


class _CanForget(Protocol):
    def clear(self) -> None:
        """Be empty again."""


_Told = TypeVar("_Told")
_Known = TypeVar("_Known", bound=_CanForget)


class Reading(Generic[_Told, _Known]):
    """What is told of one kind; it is read when it is asked for, and only once: most is never asked for."""

    def __init__(self, told: Sequence[_Told], known: _Known, read: Callable[[_Known, _Told], None]) -> None:
        """Take what is told.

        Args:
            told: Grows while the conversation goes on.
            known: What is known before anything is told.
            read: Adds to what is known what one message tells.
        """
        self._told = told
        self._known = known
        self._read = read
        self._next = 0

    @property
    def so_far(self) -> _Known:
        """All that is known by now."""
        if self._next < len(self._told):
            for one in self._told[self._next :]:
                self._read(self._known, one)
            self._next = len(self._told)
        return self._known

    def forget(self) -> None:
        """Let all go that was told by now, read or not."""
        self._known.clear()
        self._next = len(self._told)


class Message(NamedTuple):
    """A message of the customer, and the slots that were asked for when it came."""

    utterance: ParsedUtterance
    asked: frozenset[str]


class Memory:
    """What the customer has told so far; one entry a thing, so that memory and time stay small.

    Attributes:
        given: By slot, what the customer gave and where.
        named: By the stem of any noun, the value that the customer put behind it.
        values: Where the customer first told a value.
        done: The last steps that the customer has taken.
        handed: What the customer said last was handed over.
        words: Stems of all words of the customer, with where each was first said.
        offered: Stems that the agents have said; what the customer repeats of them is no echo of the customer.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._messages: list[Message] = []
        self._turns_of_agents: list[HeardTurn] = []
        self.given: Reading[Message, dict[str, Given]] = Reading(self._messages, {}, _read_given)
        self.named: Reading[Message, dict[str, Given]] = Reading(self._messages, {}, _read_named)
        self.values: Reading[Message, dict[str, Span]] = Reading(self._messages, {}, _read_values)
        self.done: Reading[Message, deque[Done]] = Reading(self._messages, deque(maxlen=_MAX_STEPS), _read_done)
        self.handed: Reading[Message, deque[Given]] = Reading(self._messages, deque(maxlen=_MAX_STEPS), _read_handed)
        self.words: Reading[Message, dict[str, Span]] = Reading(self._messages, {}, _read_words)
        self.offered: Reading[HeardTurn, set[str]] = Reading(self._turns_of_agents, set(), _read_offered)

    def hear_customer(self, message: Message) -> None:
        """Remember a message for what it tells, by itself or as the answer to what was asked."""
        self._messages.append(message)

    def hear_agent(self, turn: HeardTurn) -> None:
        """Remember what an agent said."""
        self._turns_of_agents.append(turn)

    def forget_matter(self) -> None:
        """Keep only what is about the customer: a new matter has numbers and pictures of its own."""
        given = self.given.so_far
        for slot in given.keys() - _PERSONAL:
            del given[slot]
        for reading in (self.named, self.values, self.done, self.handed, self.words):
            reading.forget()

    def counted(self, asking: Sentence) -> Span | None:
        """Return where the customer has counted what a sentence asks to count; None if nowhere."""
        for utterance, _ in reversed(self._messages):
            for sentence in utterance.sentences:
                if counted_again(asking, sentence):
                    return utterance.span(sentence.start, sentence.end)
        return None


def _read_given(given: dict[str, Given], message: Message) -> None:
    for one in given_in(message.utterance):
        known = given.get(one.slot)
        given[one.slot] = (
            one if known is None else Given(one.slot, one.at, one.values | known.values, one.about | known.about)
        )
    for slot in sorted(message.asked - given.keys()):
        for norms in _answers(message.utterance):
            values = answers_ask(norms, slot)
            if values is not None:
                given[slot] = Given(slot, message.utterance.whole, values)
                break


def _answers(utterance: ParsedUtterance) -> Iterator[tuple[str, ...]]:
    """Yield the words of a message, and those of each of its sentences if it has several: one may answer.

    What asks does not answer: "Shall I bake it at 220 degrees?" is no date of birth.
    """
    telling = (sentence.found for sentence in utterance.sentences if not sentence.found.is_question)
    sentences = [found.norms for found in telling if found.norms]
    if sentences:
        yield tuple(norm for norms in sentences for norm in norms)
    # "Why do you need that? 20994410": the numbers answer, whatever is said around them.
    yield from (norms for norms in sentences if len(sentences) > 1 and any(map(digits_of, norms)))


def _read_named(named: dict[str, Given], message: Message) -> None:
    for sentence in message.utterance.sentences:
        for noun, value in named_values(sentence.found.norms):
            if noun not in named:
                at = message.utterance.span(sentence.start, sentence.end)
                named[noun] = Given(noun, at, frozenset({value}))


def _read_values(values: dict[str, Span], message: Message) -> None:
    for sentence in message.utterance.sentences:
        parts = (norm for norm in sentence.found.norms if digits_of(norm) >= _MIN_PART)
        for value in (*(value for _, value in values_in(sentence)), *parts):
            values.setdefault(value, message.utterance.span(sentence.start, sentence.end))


def _read_done(done: deque[Done], message: Message) -> None:
    for sentence in message.utterance.sentences:
        step = done_in(message.utterance, sentence)
        if step is not None:
            done.append(step)


def _read_handed(handed: deque[Given], message: Message) -> None:
    for sentence in message.utterance.sentences:
        one = handed_in(message.utterance, sentence)
        if one is not None:
            handed.append(one)


def _read_words(words: dict[str, Span], message: Message) -> None:
    for sentence in message.utterance.sentences:
        at = message.utterance.span(sentence.start, sentence.end)
        for word in content(sentence.found.norms):
            words.setdefault(word, at)


def _read_offered(offered: set[str], turn: HeardTurn) -> None:
    offered.update(content(norms_of(turn)))
