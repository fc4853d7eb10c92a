"""Compressed files that unpack to far more than any text would."""

from convscan.readers.base import show_size

# Text shrinks to a third, repetitive exports to a fiftieth; a bomb to a thousandth.
MAX_RATIO = 200
# Below this a ratio tells nothing: a small log of one repeated line is no bomb.
RATIO_MATTERS_BYTES = 8 * 1024 * 1024


def is_bomb(unpacked_bytes: int, packed_bytes: int) -> bool:
    """Tell whether so much from so little is no text."""
    return unpacked_bytes > RATIO_MATTERS_BYTES and unpacked_bytes > MAX_RATIO * max(1, packed_bytes)


def bomb(unpacked_bytes: int) -> str:
    """Return the error for such a file."""
    return (
        f"unpacks to {show_size(unpacked_bytes)} or more, over {MAX_RATIO} times its size, as no text does;"
        " unpack it yourself if you trust it"
    )
