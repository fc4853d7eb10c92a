"""Learn the models from an annotated corpus; the only part that needs scikit-learn and torch."""
