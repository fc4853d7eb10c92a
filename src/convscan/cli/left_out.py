"""How the commands say what `--min-confidence` left out."""


def left_out_in_words(*, unsure: int, unmeasured: int) -> str:
    """Return what stands behind the number of findings that were left out.

    Args:
        unsure: Those whose measured confidence is below the least.
        unmeasured: Those whose confidence nobody has measured.
    """
    reasons = [f"{count} {why}" for count, why in ((unsure, "less sure"), (unmeasured, "unmeasured")) if count]
    return f"left out by --min-confidence ({', '.join(reasons)})"
