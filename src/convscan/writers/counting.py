"""Numbers with their nouns."""


def counted(number: int, one: str, more: str | None = None) -> str:
    """Return a number and its noun, in the plural unless there is one.

    Args:
        more: The plural, where an "s" at the end makes none.

    Example:
        >>> counted(2, "record"), counted(0, "match", "matches")
        ('2 records', '0 matches')
    """
    return f"{number} {one if number == 1 else more or one + 's'}"
