"""Corpus examples as the transformer learns them: windows with what each sentence and turn is.

A mark is sure where it stands. Where it does not stand it is less sure: whoever marks a
corpus marks a deposit once a turn and leaves its second wording out. So deposits and what
customers do are learned by turn as well, from the sentence that speaks most for them, and
an unmarked sentence of a turn that holds the label counts little.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from convscan.conversation import Role
from convscan.learned.windows import Exchange, Floats, Pieces, Window, exchanges
from convscan.training.corpus import Example

TURN_RULES = (
    "acknowledgement/missing",
    "acknowledgement/feeling-ignored",
    "thanks/missed-moment",
    "avoidance/unanswered",
    "hidden/unexplained-refusal",
)
# What a conversation's last words tell of it as a whole; learned beside the turn rules.
ENDING_RULES = ("avoidance/abandoned", "expectations/missing")
# A line written for one rule says little of the others.
_OTHER_RULE_WEIGHT = 0.15
# A longer turn takes no line of a wording family between its sentences.
MAX_HOST_PIECES = 90


@dataclass(frozen=True, slots=True)
class Labels:
    """What is learned, in the order of the model's outputs.

    Attributes:
        spans: Span rules.
        deposits: As `+kind`.
        acts: What customers do, as `!act`.
    """

    spans: tuple[str, ...]
    deposits: tuple[str, ...]
    acts: tuple[str, ...]

    @property
    def sentence(self) -> tuple[str, ...]:
        """Labels of sentences."""
        return (*self.spans, *self.deposits, *self.acts)

    @property
    def turn(self) -> tuple[str, ...]:
        """Labels of turns, and of how a conversation ends."""
        return (*TURN_RULES, *ENDING_RULES)

    @property
    def by_turn(self) -> slice:
        """The sentence labels that are learned by turn as well."""
        return slice(len(self.spans), len(self.sentence))


@dataclass(frozen=True, slots=True)
class Taught:
    """A window and what is right about it; a weight of 0 says that nothing is known.

    Attributes:
        sentences: A row a sentence of the window, a column a sentence label.
        held: For each label that is learned by turn, whether a sentence of the window is it.
        turn: One number a turn label.
    """

    example: Example
    exchange: Exchange
    window: Window
    sentences: Floats
    sentence_weights: Floats
    held: Floats
    held_weights: Floats
    turn: Floats
    turn_weights: Floats


def taught(examples: Sequence[Example], labels: Labels, pieces: Pieces) -> Iterator[Taught]:
    """Yield the windows of examples that have been heard."""
    for example in examples:
        missing = {(mark.label, mark.utterance) for mark in example.marks if not mark.quote}
        whole = tuple(exchanges(example.heard))
        for exchange in whole:
            if example.only is not None and exchange.agent is None:
                continue
            is_ending = exchange is whole[-1] and bool(example.heard.of_role(Role.CUSTOMER))
            spoken = [example.labels_of(u.index, s.start, s.end) for u, s in exchange.sentences]
            roles = [u.role for u, _ in exchange.sentences]
            for window in exchange.windows(pieces):
                places = [number for number, _, _ in window.places]
                sentences, weights = _sentences(places, spoken, roles, labels, example.only)
                held, held_weights = _held(places, spoken, roles, labels, window, only=example.only)
                turn, turn_weights = _turn(exchange, missing, labels, is_ending=is_ending, only=example.only)
                turn_weights *= window.is_whole
                weights[:, labels.by_turn] *= 1 - 0.85 * ((held > 0) & (sentences[:, labels.by_turn] == 0))
                yield Taught(example, exchange, window, sentences, weights, held, held_weights, turn, turn_weights)


def inserted(line: Taught, host: Taught, row: int) -> Taught:
    """Return a host with a line of a wording family between its sentences, before one of its rows.

    Alone, a line says what it is; among other sentences it has to be told from them. Nothing
    is taught of the turn as a whole, for the line may have answered what the host left open.
    """
    first = _agent_rows(line)[0]
    start, end = line.window.places[first][1], line.window.places[-1][2]
    places, sides = host.window.places, host.window.sides
    at = places[row][1] if row < len(places) else places[-1][2]
    length = end - start
    moved = [(number, begin + length, stop + length) for number, begin, stop in places[row:]]
    added = [(number, begin - start + at, stop - start + at) for number, begin, stop in line.window.places[first:]]
    pieces = (*host.window.pieces[:at], *line.window.pieces[start:end], *host.window.pieces[at:])
    window = replace(
        host.window,
        pieces=pieces,
        sides=(*sides[:at], *[1] * length, *sides[at:]),
        places=(*places[:row], *added, *moved),
    )

    def with_line(own: Floats, new: Floats) -> Floats:
        return np.concatenate([own[:row], new[first:], own[row:]])

    return replace(
        host,
        window=window,
        sentences=with_line(host.sentences, line.sentences),
        sentence_weights=with_line(host.sentence_weights, line.sentence_weights),
        turn_weights=np.zeros_like(host.turn_weights),
    )


def _agent_rows(one: Taught) -> list[int]:
    return [row for row, (_, start, _) in enumerate(one.window.places) if one.window.sides[start] == 1]


def places_for_lines(host: Taught) -> list[int]:
    """Return the rows before which a line may stand among the agent's sentences; none in a long turn."""
    rows = _agent_rows(host)
    if not rows or sum(host.window.sides) > MAX_HOST_PIECES:
        return []
    return [*rows, len(host.window.places)]


def _sentences(
    places: Sequence[int], spoken: Sequence[set[str]], roles: Sequence[Role], labels: Labels, only: str | None
) -> tuple[Floats, Floats]:
    names = labels.sentence
    values = np.zeros((len(places), len(names)), np.float32)
    weights = np.zeros_like(values)
    agent = np.array([not name.startswith("!") for name in names])
    for row, number in enumerate(places):
        values[row] = [name in spoken[number] for name in names]
        by_agent = roles[number] is Role.AGENT
        weights[row] = agent == by_agent
        if only is not None:
            weights[row] = 0
            if by_agent:
                weights[row, : len(labels.spans)] = _OTHER_RULE_WEIGHT
                if only in names:
                    weights[row, names.index(only)] = 1
    return values, weights


def _held(
    places: Sequence[int],
    spoken: Sequence[set[str]],
    roles: Sequence[Role],
    labels: Labels,
    window: Window,
    *,
    only: str | None,
) -> tuple[Floats, Floats]:
    names = (*labels.deposits, *labels.acts)
    values, weights = np.zeros(len(names), np.float32), np.zeros(len(names), np.float32)
    here = {role: [number for number in places if roles[number] is role] for role in (Role.AGENT, Role.CUSTOMER)}
    for column, name in enumerate(names):
        role = Role.CUSTOMER if name.startswith("!") else Role.AGENT
        is_context = role is Role.CUSTOMER and not window.is_whole and here[Role.AGENT]
        if only is not None or not here[role] or is_context:
            continue
        values[column] = any(name in spoken[number] for number in here[role])
        elsewhere = any(name in one for one, by in zip(spoken, roles, strict=True) if by is role)
        weights[column] = bool(values[column]) or not elsewhere
    return values, weights


def _turn(
    exchange: Exchange, missing: set[tuple[str, int | None]], labels: Labels, *, is_ending: bool, only: str | None
) -> tuple[Floats, Floats]:
    names = labels.turn
    places = exchange.agent.turn.utterances if exchange.agent is not None else ()
    is_answer = bool(places) and exchange.customer is not None
    values, weights = [], []
    for name in names:
        if name in ENDING_RULES:
            values.append((name, None) in missing)
            weights.append(is_ending and only is None)
        else:
            values.append(any((name, place) in missing for place in places))
            weights.append(is_answer and only in (None, name))
    return np.array(values, np.float32), np.array(weights, np.float32)
