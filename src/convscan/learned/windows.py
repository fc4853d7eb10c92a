"""What the transformer reads at a time: an agent turn beside the customer turn that it answers.

Long turns are cut between sentences. Training and scanning cut alike, for both come here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from unicodedata import name

import numpy as np
import numpy.typing as npt

from convscan.acts.heard import HeardConversation, HeardTurn
from convscan.conversation import Role
from convscan.language.parsed import ParsedUtterance, Sentence
from convscan.lazy import lazy_property

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

# In pieces of words. Most turns are shorter; time grows with length.
MAX_CUSTOMER_PIECES = 112
MAX_AGENT_PIECES = 144
MAX_SENTENCE_PIECES = 72
# Of a long customer turn the first sentences are read, and the last ones in what room is left.
_OPENING_SHARE = 0.6

# A picture, repeated or not, with how it is to be shown.
_PICTURES = re.compile("([\U0001f300-\U0001faff\u2600-\u27bf])(?:\\1|[\ufe0f\u200d\U0001f3fb-\U0001f3ff])*")

_START, _STOP = 101, 102
_ONE_FROM_EACH = 2


class Pieces(Protocol):
    """Cuts texts into numbered pieces of words."""

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of the pieces of each text."""


@dataclass(frozen=True)
class Exchange:
    """An agent turn and the customer turn right before it; one of them may be absent.

    Attributes:
        is_first: Whether nothing was answered before; "how can I help?" answers nothing.
        is_last: Whether the agent says nothing more, or nobody does.
    """

    customer: HeardTurn | None
    agent: HeardTurn | None
    channel: str
    is_first: bool
    is_last: bool

    @lazy_property
    def sentences(self) -> tuple[tuple[ParsedUtterance, Sentence], ...]:
        """Those of the customer, then those of the agent."""
        return tuple(
            pair
            for turn in (self.customer, self.agent)
            if turn is not None
            for pair in turn.sentences
            if pair[1].text.strip()
        )

    @property
    def _heading(self) -> str:
        return f"{self.channel} {'first' if self.is_first else 'later'}{' last' if self.is_last else ''}"

    def windows(self, pieces: Pieces) -> Iterator["Window"]:
        """Yield what is read at a time; each sentence is in at least one window."""
        heading = pieces([self._heading])[0]
        # As their author wrote them: what stands in for a placeholder is made for rules.
        spoken = [_legible(utterance.text[sentence.start : sentence.end]) for utterance, sentence in self.sentences]
        cut = [found[:MAX_SENTENCE_PIECES] for found in pieces(spoken)] if spoken else []
        asked = sum(bool(s.text.strip()) for _, s in self.customer.sentences) if self.customer else 0
        lengths = [len(found) for found in cut]
        context = _context(lengths[:asked])
        runs = list(_runs(range(asked, len(cut)), lengths, MAX_AGENT_PIECES)) or [[]]
        for number, run in enumerate(runs):
            yield _window(heading, cut, context, run, is_whole=number == 0)
        left = [number for number in range(asked) if number not in set(context)]
        for run in _runs(left, lengths, MAX_AGENT_PIECES):
            yield _window(heading, cut, run, [], is_whole=False)


def _legible(text: str) -> str:
    """Return a text with the names of faces and other pictures in place of them: the pieces of words hold none."""
    return text if text.isascii() else _PICTURES.sub(lambda match: f" {name(match[1], 'picture').lower()} ", text)


@dataclass(frozen=True, slots=True)
class Window:
    """One input.

    Attributes:
        pieces: Numbers of pieces of words.
        sides: 0 for the heading and the customer, 1 for the agent, for each piece.
        places: For each sentence in it: its number in the exchange, its first piece, and the piece after its last.
        is_whole: Whether what it says of the turn counts; later parts of a long turn say it of themselves.
    """

    pieces: tuple[int, ...]
    sides: tuple[int, ...]
    places: tuple[tuple[int, int, int], ...]
    is_whole: bool

    @property
    def has_agent(self) -> bool:
        """Whether words of an agent are in it."""
        return sum(self.sides) > 1

    def arrays(self) -> dict[str, Numbers | Floats]:
        """Return the model's inputs; the first dimension is 1."""
        length = len(self.pieces)
        pool = np.zeros((1, max(1, len(self.places)), length), np.float32)
        for row, (_, start, end) in enumerate(self.places):
            pool[0, row, start:end] = 1 / max(1, end - start)
        agent = sum(self.sides)
        halves = np.zeros((1, 2, length), np.float32)
        halves[0, 0, : length - agent] = 1 / (length - agent)
        halves[0, 1, length - agent :] = 1 / max(1, agent)
        return {
            "pieces": np.array([self.pieces], np.int64),
            "sides": np.array([self.sides], np.int64),
            "sentences": pool,
            "halves": halves,
        }


def exchanges(heard: HeardConversation) -> Iterator[Exchange]:
    """Yield the exchanges of a conversation: one for each agent turn, and one for a customer left without answer."""
    channel = str(heard.parsed.conversation.channel or "chat")
    agents = heard.of_role(Role.AGENT)
    for turn in agents:
        before = heard.turns[turn.number - 1] if turn.number else None
        # Turns of both sides alternate: among two before it, one is the customer's.
        yield Exchange(before, turn, channel, is_first=turn.number <= _ONE_FROM_EACH, is_last=turn is agents[-1])
    if heard.turns and heard.turns[-1].role is Role.CUSTOMER:
        yield Exchange(heard.turns[-1], None, channel, is_first=heard.turns[-1].number < _ONE_FROM_EACH, is_last=True)


def _context(lengths: Sequence[int]) -> list[int]:
    """Return the numbers of the customer's sentences that fit beside the agent's."""
    if sum(lengths) <= MAX_CUSTOMER_PIECES:
        return list(range(len(lengths)))
    opening: list[int] = []
    used = 0
    for number, length in enumerate(lengths):
        if used + length > MAX_CUSTOMER_PIECES * _OPENING_SHARE:
            break
        opening.append(number)
        used += length
    ending: list[int] = []
    for number in range(len(lengths) - 1, len(opening) - 1, -1):
        if used + lengths[number] > MAX_CUSTOMER_PIECES:
            break
        ending.insert(0, number)
        used += lengths[number]
    return opening + ending or [0]


def _runs(numbers: Sequence[int], lengths: Sequence[int], limit: int) -> Iterator[list[int]]:
    run: list[int] = []
    used = 0
    for number in numbers:
        if run and used + lengths[number] > limit:
            yield run
            run, used = [], 0
        run.append(number)
        used += lengths[number]
    if run:
        yield run


def _window(
    heading: Sequence[int],
    cut: Sequence[Sequence[int]],
    customer: Sequence[int],
    agent: Sequence[int],
    *,
    is_whole: bool,
) -> Window:
    pieces: list[int] = [_START, *heading]
    places: list[tuple[int, int, int]] = []
    agent_from = 0
    for side in (customer, agent):
        for number in side:
            places.append((number, len(pieces), len(pieces) + len(cut[number])))
            pieces += cut[number]
        pieces.append(_STOP)
        agent_from = agent_from or len(pieces)
    sides = [0] * agent_from + [1] * (len(pieces) - agent_from)
    return Window(tuple(pieces), tuple(sides), tuple(places), is_whole)
