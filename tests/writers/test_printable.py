"""Strangers' text does a terminal no harm and takes no more room than it may."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.writers.printable import beginning, cell_width, ending, padded, printable, wrapped

TEXTS = st.text(st.characters(), max_size=60)
WIDTHS = st.integers(2, 30)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hi\r\n\tthere\u00a0you\u2028now", "Hi there you now"),
        ("\x1b[31mred\x9b0m", r"\x1b[31mred\x9b0m"),
        ("\x1b]8;;https://example.org\x07link", r"\x1b]8;;https://example.org\x07link"),
        ("\u202etxt.exe\u2066", r"\u202etxt.exe\u2066"),
        ("half \ud83d", r"half \ud83d"),
        ("Zoë 👩\u200d👧", "Zoë 👩\u200d👧"),
    ],
)
def test_what_steers_a_terminal_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize("mark", ["\u0301", "\u20dd", "\u200d"])
def test_ten_thousand_accents_do_not_bury_the_lines_around(mark: str) -> None:
    assert len(printable("Z" + mark * 10_000)) < 20


@given(TEXTS)
def test_no_text_keeps_a_control_character_or_a_lone_surrogate(text: str) -> None:
    shown = printable(text)
    assert not {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(char) for char in shown}


@given(TEXTS, WIDTHS)
def test_no_line_is_wider_than_asked(text: str, width: int) -> None:
    assert all(cell_width(line) <= width for line in wrapped(printable(text), width))


@given(TEXTS, WIDTHS)
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    shown = printable(text)
    assert "".join(wrapped(shown, width)).replace(" ", "") == shown.replace(" ", "")


@given(TEXTS, WIDTHS)
def test_a_beginning_is_a_beginning_and_fits(text: str, width: int) -> None:
    cut = beginning(text, width)
    assert cell_width(cut) <= width
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


@given(TEXTS, WIDTHS)
def test_an_ending_is_an_ending_and_fits(text: str, width: int) -> None:
    cut = ending(text, width)
    assert cell_width(cut) <= width
    assert cut == text or (cut.startswith("…") and text.endswith(cut[1:]))


def test_text_is_cut_between_words() -> None:
    assert beginning("the parcel was left outside", 14) == "the parcel…"
    assert ending("the parcel was left outside", 14) == "…left outside"


def test_a_word_longer_than_half_the_room_is_cut() -> None:
    assert beginning("an incomprehensibility", 10) == "an incomp…"


@pytest.mark.parametrize(("text", "cells"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("", 0)])
def test_width_is_counted_in_cells(text: str, cells: int) -> None:
    assert cell_width(text) == cells
    assert padded(text, 5) == text + " " * (5 - cells)
