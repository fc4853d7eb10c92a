"""Static sentence embeddings: a sentence means what its words mean on average.

The vectors are distilled from a small sentence transformer (models/en/embedding/NOTICE.md).
"""

import json
from collections.abc import Sequence
from copy import copy
from itertools import chain
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from convscan.errors import ModelError
from convscan.learned.arrays import Arrays, digest, read_arrays

Vectors = npt.NDArray[np.float32]

FORMAT = "convscan.embedding/1"
# Words whose vectors are kept ready: more than a conversation or a month of them needs.
_MAX_REMEMBERED = 20_000
# Longer than any word; what is longer is an address or noise.
_MAX_WORD_CHARS = 40


def embedding_arrays(vectors: Vectors, pieces: Sequence[str]) -> Arrays:
    """Return the arrays of a table: 8-bit vectors, a scale for each, and the pieces of words that they stand for."""
    scales = (np.abs(vectors).max(axis=1) / 127).astype(np.float16)
    steps = vectors / np.maximum(scales[:, None].astype(np.float32), 1e-8)
    text = np.frombuffer("\n".join(pieces).encode(), np.uint8)
    return {"vectors": np.round(steps).clip(-127, 127).astype(np.int8), "scales": scales, "pieces": text}


class StaticEmbedding:
    """Vectors of words, cut into the pieces that the table knows."""

    def __init__(self, folder: Path) -> None:
        """Load the table.

        Raises:
            ModelError: If a file is missing, damaged or of another version.
        """
        arrays, header = read_arrays(folder / "vectors.safetensors", FORMAT)
        if not {"vectors", "scales", "pieces"} <= arrays.keys():
            raise ModelError(f"{folder / 'vectors.safetensors'}: holds {sorted(arrays)} only; install convscan again")
        pieces = arrays["pieces"].tobytes().decode("utf-8").split("\n")
        self._number = {piece: number for number, piece in enumerate(pieces)}
        self.digest = digest(arrays, json.dumps(header, sort_keys=True))
        self._vectors = arrays["vectors"]
        self._scales = arrays["scales"].astype(np.float32)
        self.size = int(self._vectors.shape[1])
        self.forget_all()

    def forget_all(self) -> None:
        """Begin with a memory in which nothing is."""
        self._row: dict[str, int] = {}
        self._rows: Vectors = np.zeros((1024, self.size), np.float32)

    def apart(self) -> Self:
        """Return the same embedding with a memory of its own; the table is shared."""
        other = copy(self)
        other.forget_all()
        return other

    def sentences(self, sentences: Sequence[Sequence[str]]) -> Vectors:
        """Return one vector of length 1 a sentence, in order; zeros for one without words.

        Args:
            sentences: Each as the norms of its words.
        """
        self._learn(sentences)
        words = self._rows.take([self._row[word] for word in chain.from_iterable(sentences)], axis=0)
        means = _means(words, list(map(len, sentences)))
        lengths = np.sqrt(np.array([mean @ mean for mean in means], np.float32))
        lengths[lengths == 0] = 1
        means /= lengths[:, None]
        return means

    def _learn(self, sentences: Sequence[Sequence[str]]) -> None:
        """Work out the vectors of words that are new, all at once."""
        first = len(self._row)
        new = [word for word in dict.fromkeys(chain.from_iterable(sentences)) if word not in self._row]
        if not new:
            return
        self._row.update(zip(new, range(first, first + len(new)), strict=True))
        while len(self._row) > len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        pieces = [self._pieces(word[:_MAX_WORD_CHARS]) for word in new]
        used = list(chain.from_iterable(pieces))
        vectors = self._vectors.take(used, axis=0) * self._scales.take(used)[:, None]
        self._rows[first : len(self._row)] = _means(vectors, list(map(len, pieces)))

    def forget(self) -> None:
        """Let go of what is remembered if it has become too much; call it between conversations."""
        if len(self._row) > _MAX_REMEMBERED:
            self._row.clear()

    def _pieces(self, word: str) -> list[int]:
        """Return the longest known pieces from left to right; none if a part of the word is unknown."""
        found: list[int] = []
        known, lead, rest = self._number, "", word
        while rest:
            piece = lead + rest
            while piece not in known:
                piece = piece[:-1]
                if len(piece) == len(lead):
                    return []
            found.append(known[piece])
            rest, lead = rest[len(piece) - len(lead) :], "##"
        return found


def direction(vectors: Vectors) -> Vectors:
    """Return the mean of some vectors, at length 1; zeros if it has no direction."""
    return _at_length_1(_mean(vectors))


def _means(vectors: Vectors, counts: Sequence[int]) -> Vectors:
    """Return the mean of each run of vectors, which follow one another; zeros for an empty run."""
    result: Vectors = np.zeros((len(counts), vectors.shape[1]), np.float32)
    at = 0
    for total, count in zip(result, counts, strict=True):
        np.add.reduce(vectors[at : at + count], axis=0, out=total)
        at += count
    result /= np.maximum(np.array(counts, np.float32), 1)[:, None]
    return result


def _mean(vectors: Vectors) -> Vectors:
    result: Vectors = np.add.reduce(vectors, axis=0) / np.float32(len(vectors))
    return result


def _at_length_1(vector: Vectors) -> Vectors:
    length = float(np.sqrt(vector @ vector))
    return vector / length if length else vector
