"""Divide text into sentences, with offsets, as people in support really write.

Full stops, question and exclamation marks end a sentence, so do blank lines, list
items and short unfinished lines; a line that was wrapped by a mail program does not.
"""

import re
from collections.abc import Iterator

_ABBREVIATIONS = frozenset(
    {"mr", "mrs", "ms", "dr", "prof", "jr", "sr", "st", "no", "nr", "vs", "etc", "approx", "dept", "est", "ext"}
    | {"e.g", "i.e", "eg", "ie", "a.m", "p.m", "fig", "inc", "ltd", "co", "corp", "ref", "tel", "min", "max"}
    | {"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"}
    | {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
)
_END = re.compile(r"[.!?\u2026]+[\"'\u201d\u2019)\]]*(?=\s|$)|[!?]+(?=[A-Z])")
_LAST_WORD = re.compile(r"[\w.]*$")
_LIST_ITEM = re.compile(r"\s*(?:[-*\u2022\u2013]|\(?\d{1,2}[.)]|[a-z]\))\s+")
# "ok.. so" and "u. can" go on; a longer word before a full stop ends a sentence even if the next is lower case.
_MAX_CLIPPED_WORD_CHARS = 2
# Mail programs wrap at 65 to 80 columns; a line that ends much earlier was ended by its writer.
_WRAPPED_LINE_CHARS = 50


def split_sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield the bounds of each sentence between two offsets, in order.

    White space around a sentence is not part of it; text without words yields nothing.
    """
    end = len(text) if end is None else end
    for first, last in _paragraphs(text, start, end):
        yield from _sentences(text, first, last)


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield runs of lines that belong together."""
    first = start
    line = (start, _line_end(text, start, end))
    while line[1] < end:
        following = (line[1] + 1, _line_end(text, line[1] + 1, end))
        if not _goes_on(text[slice(*line)], text[slice(*following)]):
            yield first, line[1]
            first = following[0]
        line = following
    yield first, end


def _line_end(text: str, start: int, end: int) -> int:
    found = text.find("\n", start, end)
    return end if found < 0 else found


def _goes_on(line: str, following: str) -> bool:
    """Whether a sentence runs on over the break between two lines."""
    if not line.strip() or not following.strip() or _LIST_ITEM.match(following):
        return False
    return following.lstrip()[:1].islower() or len(line) >= _WRAPPED_LINE_CHARS


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = start
    for mark in _END.finditer(text, start, end):
        if mark.group().startswith(".") and _is_abbreviation(text, first, mark.start(), end):
            continue
        yield from _trimmed(text, first, mark.end())
        first = mark.end()
    yield from _trimmed(text, first, end)


def _is_abbreviation(text: str, start: int, stop: int, end: int) -> bool:
    """Whether the full stop at `stop` belongs to a word: "Mr.", "e.g.", "2.", "J."."""
    found = _LAST_WORD.search(text, max(start, stop - 12), stop)
    word = found.group().lower() if found else ""
    following = text[stop + 1 : min(end, stop + 4)].strip()
    if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i"):
        return True
    if word.isdigit() and not text[start : stop - len(word)].strip():
        return True
    return following[:1].islower() and not word.endswith(".") and len(word) <= _MAX_CLIPPED_WORD_CHARS


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if any(char.isalnum() for char in piece):
        yield start + left, start + right
