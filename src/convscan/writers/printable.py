"""Make strangers' text fit for a terminal: harmless, on one line, no wider than it may be."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

# More accents and joiners than any script puts on one letter; ten thousand of them bury the lines around.
_MAX_MARKS = 8
# They join and part letters in Persian and the parts of an emoji; no other format character is needed to read on.
_JOINERS = "\u200c\u200d"
_ELLIPSIS = "…"


def printable(text: str) -> str:
    r"""Return text on one line that cannot steer a terminal.

    White space becomes one space. Control characters, changes of the direction of
    writing and lone surrogates are shown as escapes.

    Example:
        >>> printable("Hi\n\x1b[31mred")
        'Hi \\x1b[31mred'
    """
    spaced = re.sub(r"\s+", " ", text)
    return spaced if spaced.isascii() and spaced.isprintable() else "".join(_shown(spaced))


def _shown(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in {"Mn", "Me"} or char in _JOINERS else 0
        if category in {"Cc", "Cf", "Cs"} and char not in _JOINERS:
            yield char.encode("unicode_escape").decode("ascii")
        elif marks <= _MAX_MARKS:
            yield char


def cell_width(text: str) -> int:
    """Return how many terminal cells a text takes."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def beginning(text: str, cells: int) -> str:
    """Return as much of a text's beginning as fits, cut between words, with … for the rest."""
    if cell_width(text) <= cells:
        return text
    kept = text[: _fitting(text, cells - 1)]
    space = kept.rfind(" ")
    return (kept[:space] if space > len(kept) // 2 else kept).rstrip() + _ELLIPSIS


def ending(text: str, cells: int) -> str:
    """Return as much of a text's end as fits, cut between words, with … for the rest."""
    if cell_width(text) <= cells:
        return text
    kept = text[len(text) - _fitting(reversed(text), cells - 1) :]
    space = kept.find(" ")
    return _ELLIPSIS + (kept[space + 1 :] if 0 <= space < len(kept) // 2 else kept).lstrip()


def _fitting(chars: Iterable[str], cells: int) -> int:
    """Return how many characters fit."""
    count = 0
    for char in chars:
        cells -= _cells(char)
        if cells < 0:
            break
        count += 1
    return count


def padded(text: str, cells: int) -> str:
    """Return text with spaces after it up to a width."""
    return text + " " * (cells - cell_width(text))


def wrapped(text: str, cells: int) -> Iterator[str]:
    """Yield the lines of a text, broken between words; a word longer than a line is broken too."""
    line = ""
    for word in _words(text, cells):
        longer = f"{line} {word}" if line else word
        if line and cell_width(longer) > cells:
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line


def _words(text: str, cells: int) -> Iterator[str]:
    for word in text.split(" "):
        rest = word
        while cell_width(rest) > cells:
            cut = max(1, _fitting(rest, cells))
            yield rest[:cut]
            rest = rest[cut:]
        if rest:
            yield rest
