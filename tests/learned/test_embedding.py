"""Static embeddings: a sentence means what its words mean on average."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from convscan.errors import ModelError
from convscan.learned.arrays import write_arrays
from convscan.learned.embedding import FORMAT, StaticEmbedding, embedding_arrays

EmbeddingIn = Callable[[Path], StaticEmbedding]
WORDS = ("broken", "late", "later", "a", "aaa", "日本", "lateé", "x")
HALF = 0.5**0.5


def test_equal_words_mean_the_same_wherever_they_stand(embedding: StaticEmbedding) -> None:
    one, _, two = embedding.sentences([("late", "broken"), ("broken",), ("late", "broken")])
    assert np.array_equal(one, two)


def test_sentence_means_what_its_words_mean_on_average(embedding: StaticEmbedding) -> None:
    vectors = embedding.sentences([("broken",), ("late",), ("late", "broken"), ("late", "late")])
    assert np.allclose(vectors, [(1, 0), (0, 1), (HALF, HALF), (0, 1)])


def test_word_is_cut_into_the_longest_pieces_from_the_left(embedding: StaticEmbedding) -> None:
    """The word "later" is "late" and "r", not "lat" and "er"."""
    assert np.allclose(embedding.sentences([("later",)]), [(HALF, HALF)])


@pytest.mark.parametrize("words", [("日本",), ("lateé",), ("élate",), ("x", "y"), ("",), ()])
def test_unknown_characters_and_no_words_are_zeros(embedding: StaticEmbedding, words: tuple[str, ...]) -> None:
    """Half a word that is known says nothing about the whole."""
    assert not embedding.sentences([words]).any()


def test_no_sentences_are_no_rows(embedding: StaticEmbedding) -> None:
    assert embedding.sentences([]).shape == (0, embedding.size)


def test_of_a_very_long_word_the_beginning_counts(embedding: StaticEmbedding) -> None:
    """An address of 40 characters and more is noise, and slow to cut into pieces."""
    long, longer = embedding.sentences([("a" * 40,), ("a" * 40 + "日" * 1000,)])
    assert long.any()
    assert np.array_equal(long, longer)


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=6), max_size=4))
def test_every_sentence_has_length_one_or_none(embedding: StaticEmbedding, sentences: list[list[str]]) -> None:
    lengths = np.linalg.norm(embedding.sentences(sentences), axis=1)
    assert np.all(np.isclose(lengths, 1, atol=1e-5) | (lengths == 0))


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=6), min_size=1, max_size=4))
def test_other_sentences_change_nothing(embedding: StaticEmbedding, sentences: list[list[str]]) -> None:
    together = embedding.sentences(sentences)
    assert np.array_equal(together, np.concatenate([embedding.sentences([one]) for one in sentences]))


def test_remembering_and_forgetting_change_nothing(embedding_in: EmbeddingIn, tmp_path: Path) -> None:
    """More words than are kept ready, then all of them again."""
    embedding = embedding_in(tmp_path)
    sentences = [("late", "broken"), ("later", "a"), ("日本",)]
    fresh = embedding.sentences(sentences)
    many = [["".join(letters) for letters in product("abcdefghijklmnopqrstuvwxyz", repeat=3)]]
    many += [[f"a{word}" for word in many[0]]]

    embedding.sentences(many)
    assert np.array_equal(embedding.sentences(sentences), fresh)
    embedding.forget()
    assert np.array_equal(embedding.sentences(list(reversed(sentences))), fresh[::-1])


def test_forgetting_a_few_words_changes_nothing(embedding: StaticEmbedding) -> None:
    before = embedding.sentences([("late",)])
    embedding.forget()
    assert np.array_equal(embedding.sentences([("late",)]), before)


def test_a_table_is_stored_in_steps_of_its_scale(tmp_path: Path) -> None:
    arrays = embedding_arrays(np.array([[1.0, -0.5], [0.0, 0.25]], np.float32), ["one", "two"])
    write_arrays(tmp_path / "vectors.safetensors", FORMAT, arrays, {})
    one, two = StaticEmbedding(tmp_path).sentences([("one",), ("two",)])

    assert np.allclose(one, np.array([1.0, -0.5]) / 1.25**0.5, atol=0.01)
    assert np.allclose(two, [0, 1])


def test_missing_vectors_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=rf"^{tmp_path}/vectors\.safetensors: .*install convscan again"):
        StaticEmbedding(tmp_path)


def test_vectors_of_another_version_are_refused(embedding_in: EmbeddingIn, tmp_path: Path) -> None:
    embedding_in(tmp_path)
    write_arrays(tmp_path / "vectors.safetensors", f"{FORMAT}1", {"vectors": np.zeros((1, 2), np.int8)}, {})
    with pytest.raises(ModelError, match=rf"is of format '{FORMAT}1', this convscan needs '{FORMAT}'"):
        StaticEmbedding(tmp_path)
