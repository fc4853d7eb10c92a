"""Train the fast model on an annotated corpus; the only part that needs scikit-learn."""
