"""The fast model: what is learned from the corpus, as arrays; scikit-learn and torch are not needed to use it."""

from convscan.learned.model import FAST, FastModel, Reading, load_model

__all__ = ["FAST", "FastModel", "Reading", "load_model"]
