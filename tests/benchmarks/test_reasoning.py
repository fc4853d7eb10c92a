"""Figures on the blind set that must not get worse: the half that nobody looked at."""

from reasoning import FOLDER, RULES, Counts, score

# What `python benchmarks/reasoning.py` printed for all rules of the half "held" on 2026-11-22, less some points.
PRECISION, RECALL = 0.78, 0.55


def test_the_conversation_rules_do_as_well_as_they_did() -> None:
    counts = score(FOLDER / "held")
    total = sum(counts.values(), Counts())

    assert set(counts) == RULES
    assert total.precision >= PRECISION
    assert total.recall >= RECALL


def test_figures_of_nothing_are_zero() -> None:
    """A rule that is neither found nor annotated divides by nothing."""
    assert (Counts().precision, Counts().recall, Counts().f1) == (0.0, 0.0, 0.0)
