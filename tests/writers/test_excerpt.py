"""A quote is shown in its sentence."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.writers.excerpt import CLOSE, OPEN, excerpt
from convscan.writers.printable import cell_width

TEXTS = st.text(st.characters(), max_size=200)


def shown(text: str, quote: str, cells: int = 80) -> str:
    start = text.index(quote)
    return excerpt(text, start, start + len(quote), cells=cells).replace(OPEN, "»").replace(CLOSE, "«")


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        ("Good day. You must wait. Goodbye.", "must wait", "You »must wait«."),
        ("Good day.\n\nYou must\nwait here\n\nBye", "must\nwait", "You »must wait« here"),
        ("Calm down", "Calm down", "»Calm down«"),
        ("No. It is late. Sorry.", "No. It is late", "»No. It is late«."),
        ("Oh well!!!", "!!!", "Oh well»!!!«"),
        ("!!! ???", "!!!", "»!!!«"),
    ],
)
def test_the_sentence_around_a_quote_is_shown(text: str, quote: str, expected: str) -> None:
    assert shown(text, quote) == expected


def test_a_long_sentence_is_cut_around_the_quote() -> None:
    text = "one " * 100 + "you must wait " + "two " * 100
    assert shown(text, "you must wait", 40) == "…one one »you must wait« two two two…"


def test_room_that_one_side_does_not_need_goes_to_the_other() -> None:
    text = "one " * 100 + "you must wait"
    assert shown(text, "you must wait", 40) == "…one one one one one »you must wait«"


def test_a_long_quote_keeps_both_ends() -> None:
    text = "First " + "and then " * 100 + "last"
    assert shown(text, text, 40) == "»First and then and… then and then last«"


def test_a_huge_utterance_is_not_searched_from_end_to_end() -> None:
    """Ten million characters without a full stop take no time: only the surroundings are looked at."""
    text = "x " * 5_000_000
    assert cell_width(excerpt(text, 5_000_000, 5_000_001, cells=80)) <= 82


@given(TEXTS, st.integers(0, 200), st.integers(0, 200), st.integers(20, 80))
def test_an_excerpt_fits_and_is_harmless(text: str, start: int, length: int, cells: int) -> None:
    result = excerpt(text, start, start + length, cells=cells)
    bare = result.replace(OPEN, "", 1).replace(CLOSE, "", 1)
    assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in bare)
    assert cell_width(bare) <= cells + 2
