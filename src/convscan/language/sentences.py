"""Divide text into sentences, with offsets, as people in support really write.

Full stops, question and exclamation marks end a sentence, so do blank lines, list
items and short unfinished lines; a line that was wrapped by a mail program does not.
"""

import re
from collections.abc import Iterator

from convscan.language.lines import is_list_item

# "Mr. Lee": a name follows, whatever its case.
_TITLES = frozenset({"mr", "mrs", "ms", "mx", "dr", "prof", "st", "rev", "messrs"})
# "e.g. Leeds", "vs. Leeds": never the last word of a sentence.
_INSIDE = frozenset({"e.g", "i.e", "eg", "ie", "vs", "cf", "viz", "incl", "excl", "approx", "attn", "re", "p.s", "ps"})
# "No. 5", "5 p.m. tomorrow", "Jan. 5", "Acme Inc. has": goes on if a number or a word in lower case follows.
_PERHAPS_LAST = frozenset(
    {
        "nr",
        "fig",
        "ext",
        "ref",
        "tel",
        "acct",
        "qty",
        "amt",
        "avg",
        "addr",
        "ver",
        "vol",
        "pp",
        "sec",
        "min",
        "max",
        "hr",
    }
    | {"hrs", "est", "dept", "etc", "jr", "sr", "inc", "ltd", "co", "corp", "a.m", "p.m", "am", "pm", "temp", "msg"}
    | {"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"}
    | {"mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"}
)
# "5 p.m. Monday", "9 a.m. GMT".
_AFTER_CLOCK = re.compile(r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[A-Z]{2}T|GMT|UTC)\b")
_CLOCKS = frozenset({"a.m", "p.m"})

_FACES = "\U0001f600-\U0001f64f\U0001f910-\U0001f92f\U0001f970-\U0001f97a\U0001f44d\U0001f44f\U0001f389"
_ENDS = f".!?\u2026{_FACES}"
# Any run of marks is one mark, whatever follows, so that a million of them are looked at once. All begin with
# one class of characters, which is sought many times faster than alternatives are.
_MARK = re.compile(
    rf"[{_ENDS}:;](?:(?<![:;])[{_ENDS}\ufe0f\u200d\U0001f3fb-\U0001f3ff]*[\"'\u201d\u2019\u00bb)\]*_]*"
    r"|(?<=\s[:;])-?[()DP](?=\s))"
)
_FOLLOWING = re.compile(r"\s{1,20}[\"'\u201c\u2018(\[*_#]{0,3}(\S)")
_NUMBERED = re.compile(r"\(?\d{1,2}\.\s")
# What a page leaves in its text where a line ended.
_BLOCK_TAG = re.compile(
    r"(?:</?(?:br|p|div|li|ul|ol|tr|td|th|table|h[1-6]|hr|blockquote)\b[^<>]{0,200}>)+", re.IGNORECASE
)
_MAX_WORD_CHARS = 12
_MAX_STEP_DIGITS = 2
_MAX_ADDRESS_CHARS = 200
# Mail programs wrap at 65 to 80 columns; a line that ends much earlier, or later, was ended by its writer.
_WRAPPED_LINE_CHARS = range(50, 100)
# "Hi Jo,", a blank line, "thank you for asking.": a letter, whose first line begins small as a letter's may.
_SALUTATION = re.compile(r"(?:^|\n)[ \t]*[A-Z][^\n]*,[ \t]*\r?\n[ \t]*\r?\n\s*\Z")
_MAX_SALUTATION_CHARS = 80
# "thank you. The sofa": not "ok. I will", for a telephone writes that by itself.
_CAPITAL_AFTER_STOP = re.compile(r"[a-z][.!?][\"')]?\s+[A-Z][a-z]")


def split_sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield the bounds of each sentence between two offsets, in order.

    White space around a sentence is not part of it; text without words yields nothing.
    Tags that a web page left between sentences belong to none.
    """
    end = len(text) if end is None else end
    for first, last in _paragraphs(text, start, end):
        if text.find("<", first, last) < 0:  # as nearly always
            yield from _sentences(text, first, last)
            continue
        for piece_start, piece_end in _between_tags(text, first, last):
            yield from _sentences(text, piece_start, piece_end)


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield runs of lines that belong together."""
    lines = text[start:end].splitlines(keepends=True)
    if len(lines) == 1:
        yield start, end
        return
    first = line_start = start
    above: str | None = None
    is_letter = _SALUTATION.search(text, max(0, start - _MAX_SALUTATION_CHARS), start) is not None
    has_capitals = False
    for raw in lines:
        line = raw.strip()
        if above is None or not _goes_on(above, line, has_capitals=has_capitals):
            if line_start > first:
                yield first, line_start
            first = line_start
            has_capitals = line[:1].isupper() or (is_letter and line_start == start)
        has_capitals = has_capitals or _CAPITAL_AFTER_STOP.search(line) is not None
        above = line
        line_start += len(raw)
    if line_start > first:
        yield first, line_start


def _goes_on(line: str, following: str, *, has_capitals: bool) -> bool:
    """Whether a sentence runs on over the break between two lines.

    Args:
        has_capitals: Whether the writer begins sentences with a capital; who does not,
            begins the next one in lower case too.
    """
    if not line or not following or is_list_item(following):
        return False
    return (has_capitals and following[0].islower()) or len(line) in _WRAPPED_LINE_CHARS


def _between_tags(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for tag in _BLOCK_TAG.finditer(text, start, end):
        yield start, tag.start()
        start = tag.end()
    yield start, end


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = start
    for mark in _MARK.finditer(text, start, end):
        stop = _stop(text, first, mark, end)
        if stop > first:
            if bounds := _trimmed(text, first, stop):
                yield bounds
            first = stop
    if bounds := _trimmed(text, first, end):
        yield bounds


def _stop(text: str, first: int, mark: re.Match[str], end: int) -> int:
    """Return where the sentence that began at `first` ends at a mark; `first` if it goes on."""
    after = mark.end()
    if after == end:
        return after
    sign = mark.group()
    following = _FOLLOWING.match(text, after, end)
    if following is None:
        return after if text[after].isspace() or _ends_without_gap(text, first, mark) else first
    if sign == ".":
        return _stop_at_point(text, first, mark, end, following[1])
    # "I waited... and waited", "a 'no!' from you", "I \u2764 it" go on.
    is_weak = sign[-1] not in ".!?" or sign.endswith("..")
    return first if is_weak and not _begins_sentence(sign, following[1]) else after


def _begins_sentence(sign: str, next_char: str) -> bool:
    """Whether a character begins a sentence after a mark that need not end one."""
    return next_char.isupper() or (not next_char.islower() and sign[0] in ".!?\u2026")


def _ends_without_gap(text: str, first: int, mark: re.Match[str]) -> bool:
    """Whether a mark ends a sentence though the next follows at once: "Late!Why", but not "/search?Page=2"."""
    after = mark.end()
    if text.startswith(("<", "&nbsp;"), after):
        return True
    if mark.group()[0] not in "!?" or not text[after].isupper():
        return False
    words = text[max(first, mark.start() - _MAX_ADDRESS_CHARS) : mark.start()].split()
    return not words or not ("://" in words[-1] or "www." in words[-1])


def _stop_at_point(text: str, first: int, mark: re.Match[str], end: int, next_char: str) -> int:
    """Return where the sentence ends at a full stop; `first` if it goes on."""
    word = _last_word(text, first, mark.start())
    if word.isdigit() and len(word) <= _MAX_STEP_DIGITS and next_char.isalpha():
        number = mark.start() - len(word)
        if not text[first:number].strip(" ("):
            return first  # "2. Open the page."
        if _NUMBERED.match(text, first + _indent(text, first)):
            return number  # "1. Open the page 2. Log in": the number opens the next step
    return first if _is_abbreviation(word, next_char, text[mark.end() + 1 : min(end, mark.end() + 12)]) else mark.end()


def _last_word(text: str, first: int, stop: int) -> str:
    words = text[max(first, stop - _MAX_WORD_CHARS) : stop].split()
    return words[-1].lstrip("\"'\u201c\u2018([*_") if words else ""


def _indent(text: str, first: int) -> int:
    piece = text[first : first + _MAX_WORD_CHARS]
    return len(piece) - len(piece.lstrip())


def _is_abbreviation(word: str, next_char: str, rest: str) -> bool:
    """Whether the point after a word belongs to the word: "Mr.", "e.g.", "J."."""
    lower = word.lower()
    if not next_char:
        return False
    if lower in _TITLES or lower in _INSIDE:
        return True
    if lower == "no":  # "No. 5", but "the answer is no. can you"
        return next_char.isdigit() or next_char == "#"
    if lower in _PERHAPS_LAST:
        return not next_char.isupper() or (lower in _CLOCKS and _AFTER_CLOCK.match(rest) is not None)
    if len(word) == 1:
        return word.isupper() and word != "I" and next_char.isupper()
    return "." in word and len(max(word.split("."), key=len)) == 1 and word.replace(".", "").isalpha()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the bounds without white space around them; None if there are no words between them."""
    piece = text[start:end]
    words = piece.lstrip()
    if not any(map(str.isalnum, words)):
        return None
    first = end - len(words)
    return first, first + len(words.rstrip())
