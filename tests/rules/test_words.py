"""Text as words."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.rules.words import Words

_SPOKEN = st.text(string.ascii_letters + string.digits, min_size=1, max_size=9)
_OF_EVERY_KIND = st.sampled_from(
    ["cant", "thx", "I", "am", "p.m", "e.g", "5", "12am", "25kg", "http", "www", "com", "b1234"]
)


@given(_SPOKEN | _OF_EVERY_KIND, st.text(".,:;!?)", max_size=3))
def test_what_closes_a_sentence_or_bracket_is_no_part_of_its_last_word(words: Words, word: str, closing: str) -> None:
    """Behind a bracket the word is cut with great care; alone most are known for words at a glance."""
    alone, bracketed = words.tokens(word + closing), words.tokens(f"({word}{closing}")

    assert alone.norms == bracketed.norms
    assert [start + 1 for start in alone.starts] == bracketed.starts
    assert [end + 1 for end in alone.ends] == bracketed.ends


@pytest.mark.parametrize(
    ("text", "numbers", "written"),
    [
        ("Trust me, you won't ever see it.", (0, 4), "Trust me, you won't"),
        ("You can\u2019t lose.", (0, 2), "You can\u2019t"),
        ("I fear we'll be late.", (0, 3), "I fear we'll"),
        ("You'll definitely get it.", (1, 3), "You'll definitely"),
        ("I shouldn't've.", (0, 2), "I shouldn't've"),
        ("Will you not?", (0, 2), "Will you"),
    ],
)
def test_a_span_of_words_never_cuts_a_contraction(
    words: Words, text: str, numbers: tuple[int, int], written: str
) -> None:
    start, end = words.tokens(text).span(*numbers)

    assert text[start:end] == written
