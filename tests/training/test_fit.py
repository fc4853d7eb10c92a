"""Training on a made-up corpus: what is learned, that it is repeatable, and what it may not see."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from convscan.acts.heard import hear
from convscan.conversation import Conversation, Role, Utterance
from convscan.language.pipeline import LanguagePipeline
from convscan.learned import FastModel, load_model
from convscan.learned.arrays import write_arrays
from convscan.learned.embedding import StaticEmbedding, embedding_arrays
from convscan.learned.features import bucket, sentence_features
from convscan.learned.model import FORMAT, Weights
from convscan.rules.catalogue import Catalogue
from convscan.training.corpus import CUSTOMER_LABELS, Example, Marked, Split, of_split
from convscan.training.fit import train


@pytest.fixture(scope="module")
def weights(examples: list[Example], catalogue: Catalogue, embedding: StaticEmbedding) -> Weights:
    return train(examples, catalogue, embedding, jobs=1)


def same(one: Weights, two: Weights) -> bool:
    arrays = two.arrays()
    return one.header() == two.header() and all(np.array_equal(a, arrays[name]) for name, a in one.arrays().items())


def own_word(example: Example) -> str:
    """Return the word that no other conversation holds."""
    (number,) = (word for word in example.conversation.utterances[1].text.split() if word.startswith("qq"))
    return number


def whole(examples: Sequence[Example], *splits: Split) -> list[Example]:
    return [example for example in of_split(examples, *splits) if example.only is None]


def test_weights_fit_together(weights: Weights, embedding: StaticEmbedding, catalogue: Catalogue) -> None:
    labels = [*weights.agent_labels, *weights.customer_labels]
    assert weights.customer_labels == CUSTOMER_LABELS
    assert weights.agent_labels[0] == "tone/curt"
    assert {"acts/sorry", "tone/curt", "owed/all"} <= set(weights.owners)
    assert set(weights.owners) == {*catalogue.rules, *(f"acts/{name}" for name in catalogue.acts)}
    assert weights.dense.shape == (2 * embedding.size, len(labels))
    assert weights.named.shape == (2**16, len(labels))
    assert weights.bias.shape == (len(labels),)
    assert (weights.turn_rules, weights.conversation_rules) == (("owed/words",), ("owed/all",))
    assert weights.calibrations.keys() == {*labels, "owed/words", "owed/all"}
    assert all(np.isfinite(array).all() for array in weights.arrays().values())


def test_rule_without_a_mark_is_not_learned(weights: Weights) -> None:
    assert "tone/unheard" not in weights.agent_labels


def test_what_was_marked_is_learned(weights: Weights, embedding: StaticEmbedding, language: LanguagePipeline) -> None:
    said = (
        Utterance(Role.CUSTOMER, "This is my praise today."),
        Utterance(Role.AGENT, "You obviously dropped it. Bye."),
    )
    reading = FastModel(weights, embedding).read(hear(language.parse(Conversation("c", said))[0]))

    assert reading.of(1, "tone/curt") > 0.5 > reading.of(2, "tone/curt")
    assert reading.of(0, "!praise") > max(reading.of(0, label) for label in CUSTOMER_LABELS if label != "!praise")


def test_weights_load_as_a_model(
    weights: Weights, embedding: StaticEmbedding, language: LanguagePipeline, examples: list[Example], tmp_path: Path
) -> None:
    arrays = embedding_arrays(np.eye(5, dtype=np.float32), ["broken", "lamp", "obviously", "sorry", "my"])
    write_arrays(tmp_path / "embedding" / "vectors.safetensors", "convscan.embedding/1", arrays, {})
    write_arrays(tmp_path / "ours" / "weights.safetensors", FORMAT, weights.arrays(), weights.header())
    model = load_model(tmp_path / "ours")

    assert model.weights.agent_labels == weights.agent_labels
    for example in examples[:5]:
        heard = hear(language.parse(example.conversation)[0])
        loaded, trained = model.read(heard), FastModel(weights, embedding).read(heard)
        assert np.allclose(loaded.probabilities, trained.probabilities, atol=0.01)
        assert loaded.of_conversation.keys() == {"owed/all"}


def test_jobs_change_nothing(
    weights: Weights, examples: list[Example], catalogue: Catalogue, embedding: StaticEmbedding
) -> None:
    assert same(train(examples, catalogue, embedding, jobs=2), weights)


def test_words_of_the_test_split_weigh_nothing(weights: Weights, examples: list[Example]) -> None:
    """A word that only a test conversation holds was never seen; one of a training conversation was."""
    used = {
        bucket(name)
        for example in of_split(examples, Split.TRAIN, Split.DEV)
        for sentence in sentence_features(example.heard, weights.owners)
        for name, _ in sentence.named
    }
    unseen = {bucket(f"agent {own_word(example)}") for example in whole(examples, Split.TEST)} - used
    seen = {bucket(f"agent {own_word(example)}") for example in whole(examples, Split.TRAIN, Split.DEV)}

    assert len(unseen) > 5
    assert not weights.named[sorted(unseen)].any()
    assert weights.named[sorted(seen)].any(axis=1).all()
    assert not np.delete(weights.named, sorted(used), axis=0).any()


def test_test_split_changes_nothing(
    weights: Weights,
    examples: list[Example],
    catalogue: Catalogue,
    embedding: StaticEmbedding,
    language: LanguagePipeline,
) -> None:
    """Neither words nor marks of it reach weights, labels, thresholds or calibrations."""
    kept = of_split(examples, Split.TRAIN, Split.DEV)
    said = (Utterance(Role.AGENT, "Unheard of."),)
    others = [
        replace_marks(example, said, language) if example.split is Split.TEST else example for example in examples
    ]
    assert len(kept) < len(others)
    assert same(train(others, catalogue, embedding, jobs=1), weights)


def replace_marks(example: Example, said: tuple[Utterance, ...], language: LanguagePipeline) -> Example:
    marks = (Marked("tone/unheard", 0, "Unheard of."), Marked("owed/words", 0), Marked("owed/all"))
    other = Example(replace(example.conversation, utterances=said), marks, example.key, example.only)
    return other.hear(language)


@pytest.mark.parametrize("lost", ["+advocacy", "owed/all"])
def test_corpus_may_lack_a_kind_of_mark(
    examples: list[Example], catalogue: Catalogue, embedding: StaticEmbedding, language: LanguagePipeline, lost: str
) -> None:
    """A team's own corpus will hardly hold all of them."""
    fewer = [
        Example(one.conversation, tuple(m for m in one.marks if m.label != lost), one.key, one.only).hear(language)
        for one in examples
    ]
    train(fewer, catalogue, embedding, jobs=1)
