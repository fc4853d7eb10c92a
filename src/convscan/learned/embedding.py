"""Static sentence embeddings: a sentence means what its words mean on average.

The vectors are distilled from a small sentence transformer (models/en/embedding/NOTICE.md).
"""

import json
from collections.abc import Sequence
from pathlib import Path

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
        self._row: dict[str, int] = {}
        self._rows: Vectors = np.zeros((1024, self.size), np.float32)

    def sentences(self, sentences: Sequence[Sequence[str]]) -> Vectors:
        """Return one vector of length 1 a sentence, in order; zeros for one without words.

        Args:
            sentences: Each as the norms of its words.
        """
        known = self._row
        for words in sentences:
            for word in words:
                if word not in known:
                    self._learn(word)
        result = np.zeros((len(sentences), self.size), np.float32)
        for number, words in enumerate(sentences):
            if words:
                result[number] = direction(self._rows[[known[word] for word in words]])
        return result

    def _learn(self, word: str) -> None:
        row = self._row[word] = len(self._row)
        if row == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[row] = self._vector(word)

    def forget(self) -> None:
        """Let go of what is remembered if it has become too much; call it between conversations."""
        if len(self._row) > _MAX_REMEMBERED:
            self._row.clear()

    def _vector(self, word: str) -> Vectors:
        pieces = self._pieces(word[:_MAX_WORD_CHARS])
        if not pieces:
            return np.zeros(self.size, np.float32)
        return _mean(self._vectors[pieces] * self._scales[pieces, None])

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
    mean = _mean(vectors)
    length = float(np.sqrt(mean @ mean))
    return mean / length if length else mean


def _mean(vectors: Vectors) -> Vectors:
    # The same as `vectors.mean(axis=0)`, which takes twice as long for a few rows.
    mean: Vectors = np.add.reduce(vectors, axis=0) / np.float32(len(vectors))
    return mean
