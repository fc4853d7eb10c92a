"""Decoding text of unknown encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.readers.text_encoding import decode_text


@given(st.text())
def test_utf8_is_never_doubted(text: str) -> None:
    decoded = decode_text(text.encode())

    assert (decoded.text, decoded.doubt) == (text, None)


@pytest.mark.parametrize("word", ["Größe", "déjà vu", "niño", "it\u2019s", "10 €"])
def test_windows_1252_is_told_by_its_words(word: str) -> None:
    decoded = decode_text(word.encode("cp1252"))

    assert decoded.text == word
    assert decoded.doubt == "not UTF-8 at line 1; read as Windows-1252"


def test_doubt_names_the_first_bad_line() -> None:
    assert "line 3" in (decode_text(b"a\nb\nc\xe9\n\xe9").doubt or "")


@given(st.binary())
def test_every_content_can_be_decoded(content: bytes) -> None:
    assert decode_text(content).text or not content
