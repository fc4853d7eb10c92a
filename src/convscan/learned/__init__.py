"""What is learned from the corpus, as arrays and ONNX; scikit-learn and torch are not needed to use it."""

from convscan.learned.model import FAST, FastModel, Reading, load_model
from convscan.learned.transformer import FULL, Transformer

__all__ = ["FAST", "FULL", "FastModel", "Reading", "Transformer", "load_model"]
