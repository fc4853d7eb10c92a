"""The fast model: linear weights over the features of sentences, turns and conversations."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from convscan.acts.heard import HeardConversation, HeardTurn
from convscan.conversation import Role
from convscan.lazy import lazy_property
from convscan.learned.arrays import digest, read_arrays
from convscan.learned.embedding import StaticEmbedding, Vectors
from convscan.learned.features import (
    GRAM_WEIGHT,
    OWNER_WEIGHT,
    SentenceFeatures,
    Told,
    bucket,
    conversation_features,
    dense_features,
    grams,
    match,
    sentence_features,
    turn_features,
)

# The name of the model and of its folder.
FAST = "fast"
FORMAT = "convscan.fast/1"
# So small a product stays on one thread: to wake others takes longer than the work, most of all where
# several processes scan.
_ROWS_AT_ONCE = 8
# Logits that are added up in another order differ by far less.
_ROUNDING = 0.01


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the probabilities of a label are worth, measured on conversations that were not learned from.

    Attributes:
        find: From this probability on the model reports by itself; above 1 never.
        confirm: A rule's finding is dropped below; 0 for never.
        slope: With `offset`, turns a logit into the logit of a calibrated probability; None if unmeasured.
    """

    find: float
    confirm: float = 0.0
    slope: float | None = None
    offset: float = 0.0

    def confidence(self, probability: float) -> float | None:
        """Return the calibrated probability; None if there was too little to measure it on."""
        if self.slope is None:
            return None
        clipped = min(max(probability, 1e-6), 1 - 1e-6)
        logit = self.slope * float(np.log(clipped / (1 - clipped))) + self.offset
        return round(float(1 / (1 + np.exp(-logit))), 2)


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything that was learned.

    Attributes:
        agent_labels: What sentences of the agent may be: rule ids, and deposits as `+kind`.
        customer_labels: What sentences of the customer may be, as `!act`.
        owners: Rules and acts whose matches are features.
        turn_rules: Rules that are judged by turn.
        conversation_rules: Rules that are judged by conversation.
        dense: A row a dense feature, a column a label; first the agent's labels.
        named: A row a bucket, a column a label.
    """

    agent_labels: tuple[str, ...]
    customer_labels: tuple[str, ...]
    owners: tuple[str, ...]
    turn_rules: tuple[str, ...]
    conversation_rules: tuple[str, ...]
    calibrations: Mapping[str, Calibration]
    dense: Vectors
    named: Vectors
    bias: Vectors
    turn: Vectors
    turn_bias: Vectors
    conversation: Vectors
    conversation_bias: Vectors

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays by name, in half precision."""
        names = ("dense", "named", "bias", "turn", "turn_bias", "conversation", "conversation_bias")
        return {name: getattr(self, name).astype(np.float16) for name in names}

    def header(self) -> dict[str, Any]:
        """Return all that is no array."""
        return {
            "agent_labels": self.agent_labels,
            "customer_labels": self.customer_labels,
            "owners": self.owners,
            "turn_rules": self.turn_rules,
            "conversation_rules": self.conversation_rules,
            "calibrations": {
                label: [one.find, one.confirm, one.slope, one.offset] for label, one in self.calibrations.items()
            },
        }


def load_model(folder: Path, embedding_folder: Path | None = None) -> "FastModel":
    """Load a model and its embedding.

    Args:
        folder: Of the model.
        embedding_folder: None for the one beside the model's folder.

    Raises:
        ModelError: If a file is missing, damaged or of another version.
    """
    path = folder / "weights.safetensors"
    arrays, header = read_arrays(path, FORMAT)
    kept = dict(header)
    calibrations = {label: Calibration(*values) for label, values in header.pop("calibrations").items()}
    named: dict[str, Any] = {name: tuple(values) for name, values in header.items()}
    floats: dict[str, Any] = {name: array.astype(np.float32) for name, array in arrays.items()}
    weights = Weights(**named, **floats, calibrations=calibrations)
    embedding = StaticEmbedding(embedding_folder or folder.parent / "embedding")
    both = digest(arrays, json.dumps(kept, sort_keys=True)) + embedding.digest
    return FastModel(weights, embedding, hashlib.sha256(both.encode()).hexdigest()[:16])


def _product(rows: Vectors, columns: Vectors) -> Vectors:
    """Multiply two matrices on one thread."""
    found = np.empty((len(rows), columns.shape[1]), np.float32)
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        few = slice(first, first + _ROWS_AT_ONCE)
        np.matmul(rows[few], columns, out=found[few])
    return found


def sigmoid(logits: Vectors) -> Vectors:
    """Return probabilities for logits."""
    result: Vectors = (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)
    return result


@dataclass(frozen=True)
class Reading:
    """What the model makes of a conversation; what customers say is looked at when an absence is in question.

    Attributes:
        sentences: Those of customer and agent, in order.
        meaning: A row a sentence.
    """

    model: "FastModel"
    heard: HeardConversation
    sentences: Sequence[SentenceFeatures]
    meaning: Vectors
    _dense: Vectors
    _known: dict[int, Vectors] = field(default_factory=dict)

    @property
    def weights(self) -> Weights:
        """What was learned."""
        return self.model.weights

    def of(self, row: int, label: str) -> float:
        """Return the probability that a sentence is what a label says."""
        return float(self._of([row])[0][self.model.columns[label]])

    def likely(self, label: str) -> list[int]:
        """Return the numbers of the agent's sentences that are so likely what a label says that it is reported."""
        column, find = self.model.columns[label], self.weights.calibrations[label].find
        rows = self.promising
        return [row for row, known in zip(rows, self._of(rows), strict=True) if known[column] >= find]

    @lazy_property
    def probabilities(self) -> Vectors:
        """A row a sentence, a column a label; those of the other role mean nothing."""
        found = np.empty_like(self._dense)
        for row, known in enumerate(self._of(range(len(self.sentences)))):
            found[row] = known
        return found

    @lazy_property
    def promising(self) -> list[int]:
        """The numbers of the agent's sentences that anything can be reported of."""
        rows = [row for row, one in enumerate(self.sentences) if one.role is Role.AGENT]
        promising = self.model.reported.may_hold([self.sentences[row] for row in rows], self._dense[rows])
        return [rows[place] for place in promising]

    def _of(self, rows: Sequence[int]) -> list[Vectors]:
        """Return the probabilities of some sentences, each a number a label; they are worked out when asked for."""
        new = [row for row in rows if row not in self._known]
        if new:
            named = self.model.named([self.sentences[row] for row in new])
            self._known.update(zip(new, sigmoid(self._dense[new] + named + self.weights.bias), strict=True))
        return [self._known[row] for row in rows]

    @lazy_property
    def told(self) -> Told:
        """What turns hold, by the probabilities of their sentences."""
        weights = self.weights
        return Told(
            self.heard,
            self.sentences,
            self.meaning,
            weights.agent_labels,
            weights.customer_labels,
            self.probabilities,
            weights.owners,
        )

    @lazy_property
    def by_utterance(self) -> Mapping[int, Sequence[int]]:
        """The numbers of the sentences of each utterance."""
        rows: dict[int, list[int]] = {}
        for row, one in enumerate(self.sentences):
            rows.setdefault(one.utterance.index, []).append(row)
        return rows

    def of_turn(self, turn: HeardTurn) -> dict[str, float]:
        """Return the probability of each turn rule for an agent turn."""
        logits = turn_features(self.told, turn) @ self.weights.turn + self.weights.turn_bias
        return dict(zip(self.weights.turn_rules, map(float, sigmoid(logits)), strict=True))

    @lazy_property
    def of_conversation(self) -> dict[str, float]:
        """The probability of each conversation rule."""
        logits = conversation_features(self.told) @ self.weights.conversation + self.weights.conversation_bias
        return dict(zip(self.weights.conversation_rules, map(float, sigmoid(logits)), strict=True))


class Reported:
    """Which sentences can hold what the model reports by itself, told without asking which rules match.

    To ask costs more than all else, and of nearly every sentence it is certain that, whatever
    matches, no label comes near the probability from which on it is reported.
    """

    def __init__(self, weights: Weights) -> None:
        """Take the weights of the labels that are reported."""
        finds = {n: weights.calibrations[label].find for n, label in enumerate(weights.agent_labels)}
        self._columns = [column for column, find in finds.items() if find <= 1]
        self._named = np.ascontiguousarray(weights.named[:, self._columns])
        self._least = np.array([_least_logit(finds[column]) for column in self._columns], np.float32)
        self._least -= weights.bias[self._columns]
        matches = OWNER_WEIGHT * self._named[[bucket(match(owner)) for owner in weights.owners]]
        self._most = np.maximum(matches, 0)
        self._row = {owner: row for row, owner in enumerate(weights.owners)}

    def may_hold(self, sentences: Sequence[SentenceFeatures], dense: Vectors) -> list[int]:
        """Return the numbers of the sentences that may.

        Args:
            sentences: Of the agent.
            dense: What their meaning adds to the logits, a row a sentence, a column a label.
        """
        if not sentences or not self._columns:
            return []
        most = added(self._named, [one.buckets(with_matches=False) for one in sentences])
        most += dense[:, self._columns]
        matched = np.zeros((len(sentences), len(self._row)), np.float32)
        for row, one in zip(matched, sentences, strict=True):
            row[[self._row[owner] for owner in one.sentence.found.possible() if owner in self._row]] = 1
        most += matched @ self._most
        return [int(row) for row in np.flatnonzero((most >= self._least - _ROUNDING).any(axis=1))]


def _least_logit(probability: float) -> float:
    """Return the logit from which on a probability is reached; at the ends of what floats can tell, a lower one."""
    if probability <= 0:
        return -np.inf
    clipped = min(probability, 1 - 1e-6)
    return float(np.log(clipped / (1 - clipped)))


def added(named: Vectors, found: Sequence[tuple[list[int], list[tuple[float, int]]]]) -> Vectors:
    """Return what named features add to logits, a row a sentence.

    Args:
        named: A row a bucket, a column a label.
        found: The buckets of each sentence and their weights, as `SentenceFeatures.buckets` gives them.
    """
    counted = [pair for _, weights in found for pair in weights]
    weights = np.repeat(np.array([weight for weight, _ in counted], np.float32), [count for _, count in counted])
    rows = named.take([bucket for buckets, _ in found for bucket in buckets], axis=0)
    rows *= weights[:, None]
    starts = [0, *accumulate(len(buckets) for buckets, _ in found)][:-1]
    result: Vectors = np.add.reduceat(rows, starts, axis=0)
    return result


class FastModel:
    """Weights and embedding, ready to read conversations.

    Attributes:
        columns: The column of each label.
        reported: What it reports by itself.
    """

    def __init__(self, weights: Weights, embedding: StaticEmbedding, known_by: str = "") -> None:
        """Take what was loaded or trained, and the hash it is known by."""
        self.weights = weights
        self.embedding = embedding
        self.digest = known_by
        self.columns = {label: n for n, label in enumerate((*weights.agent_labels, *weights.customer_labels))}
        self.reported = Reported(weights)

    def apart(self) -> Self:
        """Return the same model with a memory of its own, for another scanner; weights and table are shared."""
        other = copy(self)
        other.embedding = self.embedding.apart()
        return other

    def read(self, heard: HeardConversation) -> Reading:
        """Judge all sentences of a conversation."""
        self.embedding.forget()
        sentences = sentence_features(heard, self.weights.owners)
        dense, meaning = dense_features(sentences, self.embedding)
        return Reading(self, heard, sentences, meaning, _product(dense, self.weights.dense))

    def named(self, sentences: Sequence[SentenceFeatures]) -> Vectors:
        """Return what the named features add to the logits, a row a sentence."""
        if not sentences:
            return np.zeros((0, self.weights.named.shape[1]), np.float32)
        return added(self.weights.named, [one.buckets() for one in sentences])

    def wording(self, norms: Sequence[str], label: str, *, is_question: bool) -> float:
        """Return how much words by themselves speak for a label of the agent's, as a part of its logit."""
        column = self.columns[label]
        names = grams(norms, is_question=is_question)
        named = self.weights.named[[bucket(f"{Role.AGENT} {name}") for name in names], column].sum()
        meaning = self.embedding.sentences([norms])[0] @ self.weights.dense[: self.embedding.size, column]
        return float(GRAM_WEIGHT / len(names) ** 0.5 * named + meaning)

    def strongest(self, sentence: SentenceFeatures, label: str, count: int = 3) -> list[str]:
        """Return the named features that speak most for a label in a sentence, the strongest first."""
        column = self.columns[label]
        worth = {name: weight * float(self.weights.named[bucket(name), column]) for name, weight in sentence.named}
        best = sorted((name for name in worth if worth[name] > 0), key=lambda name: (-worth[name], name))[:count]
        return [name.removeprefix(f"{Role.AGENT} ") for name in best]
