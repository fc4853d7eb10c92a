"""Tags of languages, as sources write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.language.tags import language_code


@pytest.mark.parametrize(
    "tag",
    [
        "en",
        "EN",
        " en",
        "en ",
        "en-GB",
        "en_GB",
        "en_US.UTF-8",
        "en-Latn-US",
        "eng",
        "eng-USA",
        "English",
        "english",
        "English (UK)",
        "US English",
        "British English",
        "english-us",
    ],
)
def test_english_is_told_however_it_is_written(tag: str) -> None:
    assert language_code(tag) == "en"


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("de_AT", "de"),
        ("deu", "de"),
        ("ger", "de"),
        ("German", "de"),
        ("fra-CA", "fr"),
        ("zh-Hans", "zh"),
        ("Portuguese (Brazil)", "pt"),
        ("spa", "es"),
        ("nb-NO", "nb"),
        ("ja", "ja"),
    ],
)
def test_other_languages_have_the_code_of_two_letters(tag: str, code: str) -> None:
    assert language_code(tag) == code


@pytest.mark.parametrize(
    "tag", ["und", "mul", "zxx", "mis", "auto", "unknown", "n/a", "", " ", "-", "xx", "qaa", "engl", "en2", "1", "null"]
)
def test_what_names_no_language_is_no_language(tag: str) -> None:
    assert language_code(tag) is None


@given(st.text(max_size=40))
def test_any_tag_is_read(tag: str) -> None:
    code = language_code(tag)

    assert code is None or (len(code) == 2 and code.isascii() and code.islower())
