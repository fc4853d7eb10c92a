"""The fast model: linear weights over the features of sentences, turns and conversations."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from convscan.acts.heard import HeardConversation, HeardTurn
from convscan.conversation import Role
from convscan.learned.arrays import digest, read_arrays
from convscan.learned.embedding import StaticEmbedding, Vectors
from convscan.learned.features import (
    GRAM_WEIGHT,
    SentenceFeatures,
    Told,
    bucket,
    conversation_features,
    dense_features,
    grams,
    sentence_features,
    turn_features,
)

# The name of the model and of its folder.
FAST = "fast"
FORMAT = "convscan.fast/1"


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


def load_model(folder: Path) -> "FastModel":
    """Load a model and the embedding that lies beside its folder.

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
    embedding = StaticEmbedding(folder.parent / "embedding")
    both = digest(arrays, json.dumps(kept, sort_keys=True)) + embedding.digest
    return FastModel(weights, embedding, hashlib.sha256(both.encode()).hexdigest()[:16])


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

    @property
    def weights(self) -> Weights:
        """What was learned."""
        return self.model.weights

    def of(self, row: int, label: str) -> float:
        """Return the probability that a sentence is what a label says."""
        column = self.model.columns[label]
        place = self._agent_place.get(row)
        return float(self.probabilities[row, column] if place is None else self._of_agent[place, column])

    def likely(self, label: str, threshold: float) -> list[int]:
        """Return the numbers of the agent's sentences that are what a label says with at least so much probability."""
        places = np.flatnonzero(self._of_agent[:, self.model.columns[label]] >= threshold)
        return [self._agent_rows[place] for place in places]

    @cached_property
    def probabilities(self) -> Vectors:
        """A row a sentence, a column a label; those of the other role mean nothing."""
        others = [row for row in range(len(self.sentences)) if row not in self._agent_place]
        found = np.empty_like(self._dense)
        found[self._agent_rows] = self._of_agent
        found[others] = self._probabilities(others)
        return found

    @cached_property
    def _of_agent(self) -> Vectors:
        return self._probabilities(self._agent_rows)

    @cached_property
    def _agent_rows(self) -> list[int]:
        return [row for row, one in enumerate(self.sentences) if one.role is Role.AGENT]

    @cached_property
    def _agent_place(self) -> Mapping[int, int]:
        return {row: place for place, row in enumerate(self._agent_rows)}

    def _probabilities(self, rows: list[int]) -> Vectors:
        named = self.model.named([self.sentences[row] for row in rows])
        return sigmoid(self._dense[rows] + named + self.weights.bias)

    @cached_property
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

    @cached_property
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

    @cached_property
    def of_conversation(self) -> dict[str, float]:
        """The probability of each conversation rule."""
        logits = conversation_features(self.told) @ self.weights.conversation + self.weights.conversation_bias
        return dict(zip(self.weights.conversation_rules, map(float, sigmoid(logits)), strict=True))


class FastModel:
    """Weights and embedding, ready to read conversations.

    Attributes:
        columns: The column of each label.
    """

    def __init__(self, weights: Weights, embedding: StaticEmbedding, known_by: str = "") -> None:
        """Take what was loaded or trained, and the hash it is known by."""
        self.weights = weights
        self.embedding = embedding
        self.digest = known_by
        self.columns = {label: n for n, label in enumerate((*weights.agent_labels, *weights.customer_labels))}

    def read(self, heard: HeardConversation) -> Reading:
        """Judge all sentences of a conversation."""
        self.embedding.forget()
        sentences = sentence_features(heard, self.weights.owners)
        dense, meaning = dense_features(sentences, self.embedding)
        return Reading(self, heard, sentences, meaning, dense @ self.weights.dense)

    def named(self, sentences: Sequence[SentenceFeatures]) -> Vectors:
        """Return what the named features add to the logits, a row a sentence."""
        if not sentences:
            return np.zeros((0, self.weights.named.shape[1]), np.float32)
        found = [one.buckets() for one in sentences]
        counted = [pair for _, weights in found for pair in weights]
        weights = np.repeat(np.array([weight for weight, _ in counted], np.float32), [count for _, count in counted])
        rows = self.weights.named[[bucket for buckets, _ in found for bucket in buckets]]
        starts = [0, *accumulate(len(buckets) for buckets, _ in found)][:-1]
        result: Vectors = np.add.reduceat(rows * weights[:, None], starts, axis=0)
        return result

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
