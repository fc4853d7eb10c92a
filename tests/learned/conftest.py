"""A model small enough to be written by hand: two dimensions, four labels, a weight here and there."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from convscan.acts.heard import HeardConversation, hear
from convscan.conversation import Conversation
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.learned.arrays import Arrays, write_arrays
from convscan.learned.embedding import FORMAT, StaticEmbedding
from convscan.learned.features import BUCKETS, bucket
from convscan.learned.model import Calibration, FastModel, Weights
from convscan.rules.catalogue import Catalogue

FILES = {
    "acts/thanks": """
description: Thanks.
roles: [agent]
patterns: [thanks]
examples: {match: ["[[Thanks]]."], no_match: [{text: "Fine.", why: "no thanks"}]}
""",
    "tone/curt": """
title: Curt
message: Curt.
suggestion: Say more.
since: "0.1"
rationale: It hurts.
patterns: [whatever]
examples: {match: ["[[Whatever]]."], no_match: [{text: "What.", why: "another word"}]}
""",
}
LABELS = ("tone/curt", "+thanks", "!complaint", "!praise")
# What words mean here: two directions, and pieces of words.
PIECES = {
    "broken": (1, 0),
    "late": (0, 1),
    "##r": (1, 0),
    "lat": (-1, -1),
    "##er": (-1, -1),
    "a": (1, 1),
    "##a": (1, 1),
}

Hear = Callable[..., HeardConversation]
EmbeddingIn = Callable[[Path], StaticEmbedding]
ModelOf = Callable[..., FastModel]


@pytest.fixture(scope="session")
def embedding_in() -> EmbeddingIn:
    """Write the small table of words into a folder and load it."""

    def make(folder: Path) -> StaticEmbedding:
        vectors = np.array(list(PIECES.values()), np.int8)
        text = np.frombuffer("\n".join(PIECES).encode(), np.uint8)
        arrays: Arrays = {"vectors": vectors, "scales": np.ones(len(vectors), np.float16), "pieces": text}
        write_arrays(folder / "vectors.safetensors", FORMAT, arrays, {})
        return StaticEmbedding(folder)

    return make


@pytest.fixture(scope="session")
def embedding(embedding_in: EmbeddingIn, tmp_path_factory: pytest.TempPathFactory) -> StaticEmbedding:
    return embedding_in(tmp_path_factory.mktemp("embedding"))


@pytest.fixture(scope="session")
def language(catalogue_of: Callable[[Mapping[str, str]], Catalogue]) -> LanguagePipeline:
    return LanguagePipeline(catalogue_of(FILES), Budget(utterance_chars=10_000, record_seconds=60))


@pytest.fixture(scope="session")
def heard(language: LanguagePipeline, conversation: Callable[..., Conversation]) -> Hear:
    """Hear a conversation, or one written as `role: words` lines."""

    def make(*lines: str | Conversation) -> HeardConversation:
        given = lines[0] if lines and isinstance(lines[0], Conversation) else conversation(*lines)
        return hear(language.parse(given)[0])

    return make


@pytest.fixture(scope="session")
def model_of(embedding: StaticEmbedding) -> ModelOf:
    """Make a model that finds nothing likely, but for the weights given.

    `named` maps (feature, label) to a weight, `dense` (dimension, label), `turn` and
    `conversation` a place among those features.
    """
    columns = {label: column for column, label in enumerate(LABELS)}

    def filled(rows: int, given: Mapping[tuple[int, str], float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        array = np.zeros((rows, len(LABELS)), np.float32)
        for (row, label), weight in given.items():
            array[row, columns[label]] = weight
        return array

    def make(
        named: Mapping[tuple[str, str], float] | None = None,
        *,
        dense: Mapping[tuple[int, str], float] | None = None,
        turn: Mapping[int, float] | None = None,
        conversation: Mapping[int, float] | None = None,
    ) -> FastModel:
        places = {(bucket(name), label): weight for (name, label), weight in (named or {}).items()}
        # 2 agent labels, 2 of the customer, 1 deposit, 2 owners, 6 channels; see `turn_features`.
        wide = {
            "turn": 2 + 2 * 2 + 2 * 2 + 6 + 9 + 2 * 1 + 2 * 2,
            "conversation": 2 * 2 + 2 * 2 + 3 * 2 + 6 + 6 + 2 * 2,
        }
        whole = {name: np.zeros((count, 1), np.float32) for name, count in wide.items()}
        for name, given in (("turn", turn), ("conversation", conversation)):
            for place, weight in (given or {}).items():
                whole[name][place] = weight
        weights = Weights(
            agent_labels=LABELS[:2],
            customer_labels=LABELS[2:],
            owners=("acts/thanks", "tone/curt"),
            turn_rules=("owed/words",),
            conversation_rules=("owed/all",),
            calibrations={name: Calibration(2.0) for name in (*LABELS, "owed/words", "owed/all")},
            dense=filled(2 * embedding.size, dense or {}),
            named=filled(BUCKETS, places),
            bias=np.full(len(LABELS), -4, np.float32),
            turn=whole["turn"],
            turn_bias=np.zeros(1, np.float32),
            conversation=whole["conversation"],
            conversation_bias=np.zeros(1, np.float32),
        )
        return FastModel(weights, embedding)

    return make
