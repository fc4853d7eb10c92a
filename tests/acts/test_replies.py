"""Part-messages are known by their number, wherever it stands."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.acts.replies import _part

# The same in one expression, which looks at all of a text.
_ANYWHERE = re.compile(r"(?:^\W{0,2}(\d)\s?(?:/|of)\s?(\d)\b)|(?:\b(\d)\s?(?:/|of)\s?(\d)\W{0,2}(?:\W?\w{2,3})?\s*$)")
_PIECES = [
    "1",
    "2",
    "12",
    "/",
    " of ",
    "of",
    " ",
    "(",
    ")",
    "[",
    "^AB",
    " JM",
    "\n",
    "x",
    "Hello there",
    ".",
    "\u00a0",
    "  ",
]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1/2 Hello", (1, 2)),
        ("@kai33 @PlumBank 2/2 Hello", (2, 2)),
        ("(2/3) Hello", (2, 3)),
        ("Hello [1 of 2]", (1, 2)),
        ("Hello 1/2 ^AB", (1, 2)),
        ("Hello 1/2 ^AB \n", (1, 2)),
        ("It takes 1/2 an hour to get there", None),
        ("Delivered 12/3", None),
        ("", None),
    ],
)
def test_number_at_either_end_counts(text: str, part: tuple[int, int] | None) -> None:
    assert _part(text) == part


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_looking_at_the_ends_finds_what_looking_at_all_finds(text: str) -> None:
    found = _ANYWHERE.search(text)
    assert _part(text) == (tuple(int(group) for group in found.groups() if group) if found else None)
