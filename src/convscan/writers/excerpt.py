"""Show words in the sentence in which they stand."""

from convscan.language.sentences import split_sentences
from convscan.writers.printable import beginning, cell_width, ending, printable

# Stand around the quote until it is known how it is marked. `printable` has escaped
# every control character of the text, so they cannot come from there.
OPEN = "\x02"
CLOSE = "\x03"

# How far a sentence is followed to both sides, in characters per cell that can be shown:
# many enough for accents and wide runs of white space, few enough for a novel in one line.
_REACH = 4


def excerpt(text: str, start: int, end: int, *, cells: int) -> str:
    """Return the sentence around a quote, the quote between `OPEN` and `CLOSE`.

    Args:
        text: An utterance.
        start: First code point of the quote.
        end: Code point after the last.
        cells: How much of it is shown; the quote goes before what stands around it.
    """
    first, last = _sentence_bounds(text, start, end, reach=_REACH * cells)
    quote = _middle_cut(printable(text[start:end]), cells)
    before, after = printable(text[first:start]), printable(text[end:last])
    room = max(0, cells - cell_width(quote) - 2)
    left = max(room // 2, room - cell_width(after))
    before = ending(before, left)
    return f"{before}{OPEN}{quote}{CLOSE}{beginning(after, max(0, room - cell_width(before)))}"


def _sentence_bounds(text: str, start: int, end: int, *, reach: int) -> tuple[int, int]:
    window = max(0, start - reach), min(len(text), end + reach)
    around = [bounds for bounds in split_sentences(text, *window) if bounds[0] < end and start < bounds[1]]
    return min([start, *(first for first, _ in around)]), max([end, *(last for _, last in around)])


def _middle_cut(quote: str, cells: int) -> str:
    """Keep both ends of a quote that is too long: it is judged as a whole."""
    if cell_width(quote) <= cells:
        return quote
    return f"{beginning(quote, cells // 2)} {ending(quote, cells // 2).removeprefix('…')}"
